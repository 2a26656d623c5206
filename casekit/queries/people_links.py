"""Who uses what together: accounts, keys, IP addresses and people around one of them, with counts.

A link says that two values stand in the same records, no more: many people share an address or a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from casekit.errors import CaseKitError
from casekit.queries import people
from casekit.store.arrays import Columns, Ints

NODE_KINDS = ("person", "account", "key", "ip", "organisation", "end-user", "address", "name")
MOST = 200
_COLUMN = {"account": "account", "key": "api_key", "ip": "ip", "organisation": "organisation",
           "end-user": "end_user"}  # fmt: skip
_PAIRS = (
    ("account", "key"),
    ("account", "ip"),
    ("account", "end-user"),
    ("account", "organisation"),
)
_WITHOUT_ACCOUNT = (("key", "ip"), ("key", "end-user"), ("key", "organisation"))

Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A value or a person.

    Attributes:
        kind: One of `NODE_KINDS`.
        value: As the evidence has it; of a person its number.
        name: What is shown: the value, or the person's name.
        away: Steps from where it was begun.
    """

    kind: str
    value: str
    name: str
    away: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two places among the nodes that hang together.

    Attributes:
        first: Place of the one; `second` likewise.
        items: In how many items both stand; of what people decided, in how many the value appears.
        is_decided: A person said so; otherwise the same records hold both.
    """

    first: int
    second: int
    items: int
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Network:
    """What lies around a value, nearest first and the most used before the less used.

    Attributes:
        nodes: The first is where it was begun.
        links: Between those nodes, the most used first.
        left_out: How many further values lie as near.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    left_out: int


def around(
    s: Connection, columns: Columns, start: Value, *, steps: int = 2, most: int = MOST
) -> Network:
    """What hangs together with a value: by the same records, and by what people decided.

    A record links its account to its key, IP address, organisation and end user; one that names no account
    links its key to them.

    Args:
        s: Reading session.
        columns: The items.
        start: Kind and value; of a person `person` and its number.
        steps: How far from there, at least 1.
        most: How many nodes at most.

    Raises:
        CaseKitError: It does not appear, or a number is none.
    """
    if steps < 1 or most < 2:
        raise CaseKitError("Ask for at least one step and two values: nothing else is a link.")
    kind, value = start
    first = (kind, people.folded(kind, value))
    decided = people.persons(s, columns)
    names = {("person", str(row.id)): row.name for row in decided}
    near = _neighbours(columns, decided)
    if first not in near and first not in names and not len(people.items_of(columns, [first])):
        raise CaseKitError("{kind} “{value}” does not appear in this case.", kind=kind, value=value)
    away, left_out = _walk(near, first, steps, most)
    place = {each: n for n, each in enumerate(away)}
    links = [
        Link(place[one], place[other], items, is_decided)
        for one in away
        for other, (items, is_decided) in near.get(one, {}).items()
        if other in place and place[one] < place[other]
    ]
    links.sort(key=lambda row: (-row.items, row.first, row.second))
    nodes = [Node(*each, names.get(each, each[1]), far) for each, far in away.items()]
    return Network(tuple(nodes), tuple(links), left_out)


def items_of_link(columns: Columns, one: Value, other: Value) -> Ints:
    """Ids of the items in which both of two values stand, ascending."""
    return np.intersect1d(people.items_of(columns, [one]), people.items_of(columns, [other]))


_Near = dict[Value, dict[Value, tuple[int, bool]]]


def _neighbours(columns: Columns, decided: list[people.PersonRow]) -> _Near:
    near: _Near = {}

    def join(one: Value, other: Value, items: int, is_decided: bool) -> None:
        near.setdefault(one, {})[other] = (items, is_decided)
        near.setdefault(other, {})[one] = (items, is_decided)

    for pairs, rows in (
        (_PAIRS, np.ones(len(columns.ids), dtype=bool)),
        (_WITHOUT_ACCOUNT, columns.codes["account"] == 0),
    ):
        for one, other in pairs:
            for first, second, items in _counts(columns, one, other, rows):
                join((one, first), (other, second), items, False)
    for row in decided:
        for alias in row.aliases:
            if alias.kind in NODE_KINDS:
                value = (alias.kind, alias.value)
                items = len(people.items_of(columns, [value]))
                join(("person", str(row.id)), value, items, True)
    return near


def _counts(columns: Columns, one: str, other: str, rows: Any) -> list[tuple[str, str, int]]:
    """Every two values of two kinds that stand in the same record, with how many records."""
    firsts, seconds = columns.codes[_COLUMN[one]], columns.codes[_COLUMN[other]]
    which = np.flatnonzero(rows & (firsts != 0) & (seconds != 0))
    width = len(columns.words[_COLUMN[other]])
    pairs, counts = np.unique(
        firsts[which].astype(np.int64) * width + seconds[which], return_counts=True
    )
    words, others = columns.words[_COLUMN[one]], columns.words[_COLUMN[other]]
    return [
        (words[pair // width], others[pair % width], count)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True)
    ]


def _walk(near: _Near, first: Value, steps: int, most: int) -> tuple[dict[Value, int], int]:
    """The values by steps from the first, and how many as near were left out."""
    away = {first: 0}
    edge, left_out = [first], set()
    for step in range(1, steps + 1):
        found: dict[Value, int] = {}
        for one in edge:
            for other, (items, _) in near.get(one, {}).items():
                if other not in away:
                    found[other] = found.get(other, 0) + items
        edge = sorted(found, key=lambda each: (-found[each], each))
        left_out |= set(edge[most - len(away) :])
        edge = edge[: most - len(away)]
        away |= dict.fromkeys(edge, step)
    return away, len(left_out)
