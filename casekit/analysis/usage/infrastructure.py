"""A1: accounts that share traits of two or more independent kinds, by an exact test against chance.

A *cell* is a pair of values of different kinds, such as a network block and a payment reference. Under
chance, how many of the accounts that bear the one also bear the other is hypergeometric, whatever the
popularity of both: a crowded network or a common program links nobody by itself. Accounts of one cell are
linked; a group is what hangs together by such links. Two accounts that share one kind of trait only,
such as the address of a large office, are never linked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from casekit.analysis.stats import hypergeometric_tail
from casekit.analysis.usage.frame import Frame, Ints

KINDS: Mapping[str, tuple[str, ...]] = {
    "network": ("network",),
    "key": ("api_key",),
    "client": ("ja4", "ja3", "user_agent", "sdk"),
    "payment": ("payment",),
}
"""The kinds that are taken as independent, with the columns of each: a program determines both its user
agent and its TLS fingerprint, so that these are one kind."""
_KIND_NAMES = tuple(KINDS)

LEAST_ACCOUNTS = 3  # of a cell
LEAST_GROUP = 5
LARGEST_SHARE = 0.2  # of the accounts: what more of them bear marks nobody
MOST_VALUES = 100  # of a kind that are looked at for one account, those of most requests first
LEVEL = 0.01  # Bonferroni over all cells that could have been
LIFT = 3.0
REWIRINGS = 199


@dataclass(frozen=True, slots=True)
class Traits:
    """Who bears what: rows of account and value, each once.

    Attributes:
        account: Number of the account.
        value: Number of the value.
        kind: Of each value, its number in `KINDS`.
        names: Of each value, its column and text.
        accounts: How many accounts the log has.
        lacking: Kinds that the log does not have.
    """

    account: Ints
    value: Ints
    kind: Ints
    names: tuple[tuple[str, str], ...]
    accounts: int
    lacking: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Two values that the same accounts bear more often than chance explains."""

    left: int
    right: int
    kinds: tuple[str, str]
    members: Ints
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that hang together, with the cells that link them and the kinds of these, by name."""

    members: Ints
    cells: tuple[Cell, ...]
    kinds: tuple[str, ...]


def traits(frame: Frame) -> Traits:
    """The traits that two or more accounts share, and at most `LARGEST_SHARE` of them."""
    rows: list[tuple[Ints, list[str], str, int]] = []
    queries, lacking = [], []
    for k, (kind, columns) in enumerate(KINDS.items()):
        there = [column for column in columns if frame.present.get(column)]
        if not there:
            lacking.append(kind)
        for column in there:
            query = _borne(frame, column)
            queries.append(frame.sql(query))
            found = frame.fetch(query)
            rows.append((frame.numbers(found["account"]), found["trait"].to_pylist(), column, k))
    account, value, kinds, names = _coded(rows)
    return Traits(
        account, value, kinds, names, len(frame.accounts), tuple(lacking), "; ".join(queries)
    )


def groups(borne: Traits) -> list[Group]:
    """The groups, largest first."""
    cells = _cells(borne.account, borne)
    if not cells:
        return []
    label = _components(cells, borne.accounts)
    by_label: dict[int, list[Cell]] = {}
    for cell in cells:
        by_label.setdefault(int(label[cell.members[0]]), []).append(cell)
    found = []
    for linked in by_label.values():
        members = np.unique(np.concatenate([cell.members for cell in linked]))
        kinds = {kind for cell in linked for kind in cell.kinds}
        if len(members) >= LEAST_GROUP:
            names = tuple(name for name in KINDS if name in kinds)
            found.append(Group(members, tuple(sorted(linked, key=lambda c: c.p)), names))
    return sorted(found, key=lambda g: (-len(g.members), int(g.members[0])))


def rewired(borne: Traits, seed: int, draws: int = REWIRINGS) -> Ints:
    """The largest group in each of some random re-assignments of traits.

    Each kind's values are given to other accounts as they are, so that every value keeps as many accounts
    and every account gets as many values as another had.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    largest = np.zeros(draws, dtype=np.int64)
    kind = borne.kind[borne.value]
    for n in range(draws):
        account = borne.account.copy()
        for k in range(len(KINDS)):
            account[kind == k] = rng.permutation(borne.accounts)[account[kind == k]]
        cells = _cells(account, borne)
        if cells:
            sizes = np.unique(
                _components(cells, borne.accounts)[
                    np.unique(np.concatenate([c.members for c in cells]))
                ],
                return_counts=True,
            )[1]
            largest[n] = sizes.max()
    return largest


def shared(group: Group, borne: Traits) -> list[dict[str, Any]]:
    """What links a group, by kind: how many values, and those of most members."""
    told = []
    for kind in group.kinds:
        values = {
            v
            for cell in group.cells
            for v in (cell.left, cell.right)
            if _KIND_NAMES[borne.kind[v]] == kind
        }
        inside = np.isin(borne.account, group.members) & np.isin(borne.value, sorted(values))
        found, counts = np.unique(borne.value[inside], return_counts=True)
        top = sorted(zip((-counts).tolist(), (borne.names[v] for v in found), strict=True))[:12]
        told.append(
            {
                "kind": kind,
                "values": len(values),
                "members": len(np.unique(borne.account[inside])),
                "most": [{"column": name[0], "value": name[1], "members": -n} for n, name in top],
            }
        )
    return told


def _borne(frame: Frame, column: str) -> Any:
    """Account, value and number of requests, of the values that two or more accounts share."""
    log = frame.log
    by_pair = log.filter(log[column].notnull()).group_by("account", trait=log[column])
    counted = by_pair.aggregate(requests=ibis._.count())
    bearers = counted.mutate(bearers=ibis._.count().over(ibis.window(group_by="trait")))
    most = max(LEAST_ACCOUNTS, int(LARGEST_SHARE * len(frame.accounts)))
    some = bearers.filter(bearers.bearers.between(2, most))
    ranked = some.mutate(
        place=ibis.row_number().over(
            ibis.window(group_by="account", order_by=[ibis.desc("requests"), "trait"])
        )
    )
    kept = ranked.filter(ranked.place < MOST_VALUES)
    return kept.select("account", "trait", "requests").order_by("account", "trait")


def _coded(
    rows: Sequence[tuple[Ints, list[str], str, int]],
) -> tuple[Ints, Ints, Ints, tuple[tuple[str, str], ...]]:
    numbers: dict[tuple[str, str], int] = {}
    kinds: list[int] = []
    account, value = [], []
    for at, texts, column, kind in rows:
        for text in texts:
            if (column, text) not in numbers:
                numbers[column, text] = len(numbers)
                kinds.append(kind)
            value.append(numbers[column, text])
        account.append(at)
    together = np.concatenate(account) if account else np.zeros(0, dtype=np.int64)
    return (
        together, np.array(value, dtype=np.int64), np.array(kinds, dtype=np.int64), tuple(numbers),
    )  # fmt: skip


def _cells(account: Ints, borne: Traits) -> list[Cell]:
    """The cells that chance does not explain, with `account` as who bears each value."""
    many = len(borne.names)
    borders = np.bincount(borne.value, minlength=many)
    often = borders[borne.value] >= LEAST_ACCOUNTS
    left, right, who = _pairs(account[often], borne.value[often], borne.kind)
    if not len(left):
        return []
    keys = left * many + right
    order = np.argsort(keys, kind="stable")
    found, first, counts = np.unique(keys[order], return_index=True, return_counts=True)
    common = [int((borders[borne.kind == k] >= LEAST_ACCOUNTS).sum()) for k in range(len(KINDS))]
    tests = sum(a * b for i, a in enumerate(common) for b in common[:i])
    cells = []
    for key, start, n in zip(found, first, counts, strict=True):
        a, b = divmod(int(key), many)
        expected = borders[a] * borders[b] / borne.accounts
        if n < LEAST_ACCOUNTS or n < LIFT * expected:
            continue
        p = hypergeometric_tail(int(n), borne.accounts, int(borders[a]), int(borders[b]))
        if p * tests <= LEVEL:
            members = np.sort(who[order[start : start + n]])
            kinds = (_KIND_NAMES[borne.kind[a]], _KIND_NAMES[borne.kind[b]])
            cells.append(Cell(a, b, kinds, members, float(expected), p))
    return cells


def _pairs(account: Ints, value: Ints, kind: Ints) -> tuple[Ints, Ints, Ints]:
    """Every two values of different kinds that one account bears, with that account."""
    lefts, rights, whos = [], [], []
    for a in range(len(KINDS)):
        for b in range(a + 1, len(KINDS)):
            left, right = kind[value] == a, kind[value] == b
            i, j = _joined(account[left], account[right])
            lefts.append(value[left][i])
            rights.append(value[right][j])
            whos.append(account[left][i])
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(whos)


def _joined(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Places of all pairs with equal values, as a join makes them."""
    order = np.argsort(right, kind="stable")
    begin = np.searchsorted(right[order], left, side="left")
    end = np.searchsorted(right[order], left, side="right")
    counts = end - begin
    i = np.repeat(np.arange(len(left)), counts)
    within = np.arange(len(i)) - np.repeat(np.cumsum(counts) - counts, counts)
    return i, order[np.repeat(begin, counts) + within]


def _components(cells: Sequence[Cell], accounts: int) -> NDArray[np.int32]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left = np.concatenate([np.full(len(c.members), c.members[0]) for c in cells])
    right = np.concatenate([c.members for c in cells])
    graph = coo_array(
        (np.ones(len(left), dtype=np.int8), (left, right)), shape=(accounts, accounts)
    )
    return np.asarray(connected_components(graph, directed=False)[1])
