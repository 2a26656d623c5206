"""Who and what appears in a case: addresses, names, accounts, keys and the like, and who is who.

An appearance is a value as the evidence has it. A person is what somebody has decided: these values are one.
Nothing here is evidence but the appearances; decisions never change an item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.queries import timeline
from casekit.store import hiding
from casekit.store.arrays import NO_TIME, Columns, Ints
from casekit.store.people_tables import person, person_alias

KINDS = ("address", "name", "account", "key", "ip", "organisation", "agent", "end-user")
"""What appearances are: of people first, then of those who use an API."""
EXCLUSIVE = frozenset({"address", "name"})
"""Kinds of which a value belongs to one person at most; an account or a key may be shared."""
COUNTED = frozenset({"address", "name", "account", "key", "end-user"})
"""Kinds by which a person's items are counted: an IP or a program may be many people's."""
PERSON_KINDS = ("person", "organisation", "shared")
MOST = 2_000
_COLUMN = {"account": "account", "key": "api_key", "ip": "ip", "organisation": "organisation",
           "agent": "user_agent", "end-user": "end_user"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Appearance:
    """A value as the evidence has it.

    Attributes:
        kind: One of `KINDS`; a `name` is one that stands without an address.
        value: Addresses in small letters.
        names: The names that stand with an address, most used first.
        roles: Such as `from`, `to`; `exchange` of what uses an API.
        items: How many items it appears in.
        first_us: The earliest instant that may be relied on; None without any. `last_us` likewise.
        person_id: The person it was decided to be, or None.
    """

    kind: str
    value: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    items: int
    first_us: int | None
    last_us: int | None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class AliasRow:
    """What a person appears as, with the item that says so, or None, and why."""

    id: int
    person_id: int
    kind: str
    value: str
    item_id: int | None
    reason: str
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person, organisation or shared mailbox, as decided."""

    id: int
    name: str
    kind: str
    note: str
    by: str
    at_us: int
    aliases: tuple[AliasRow, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """All that appears, the most frequent of each kind first.

    Attributes:
        appearances: Up to `MOST` of each kind.
        left_out: How many more there are, by kind.
        persons: Those decided, by name.
    """

    appearances: tuple[Appearance, ...]
    left_out: dict[str, int]
    persons: tuple[PersonRow, ...]


def who(
    s: Connection, columns: Columns, *, kind: str = "", text: str = "", most: int = MOST
) -> Who:
    """Everybody and everything that appears.

    Args:
        s: Reading session.
        columns: The items.
        kind: One of `KINDS`, or empty for all.
        text: Only values and names that hold it, in any case of letters.
        most: How many of each kind at most.
    """
    us, is_open, is_left_out = timeline.decided(s, columns)
    us = np.where(is_open | is_left_out, NO_TIME, us)
    decided = persons(s, columns)
    of_value = {(a.kind, a.value): p.id for p in decided for a in p.aliases}
    found: list[Appearance] = []
    left_out: dict[str, int] = {}
    for each in KINDS if not kind else (kind,):
        rows = list(_appearances(columns, each, us))
        rows = [row for row in rows if _holds(row, text.casefold())] if text else rows
        rows.sort(key=lambda row: (-row.items, row.value))
        if len(rows) > most:
            left_out[each] = len(rows) - most
        found += [_with_person(row, of_value) for row in rows[:most]]
    return Who(tuple(found), left_out, tuple(decided))


def persons(s: Connection, columns: Columns | None = None) -> list[PersonRow]:
    """The persons decided, by name; nobody known only from what is sequestered.

    Args:
        s: Reading session.
        columns: The items, which say what may be seen where something is hidden.
    """
    aliases: dict[int, list[AliasRow]] = {}
    query = select(person_alias).order_by(person_alias.c.id)
    seen = None
    if hiding.is_hiding(s) and columns is not None:
        seen = {kind: set(_values(columns, kind)) for kind in KINDS}
    for found in s.execute(query):
        row = AliasRow(**found._asdict())
        if seen is None or row.value in seen[row.kind]:
            aliases.setdefault(row.person_id, []).append(row)
    rows = []
    for found in s.execute(select(person).order_by(person.c.name, person.c.id)):
        if seen is not None and found.id not in aliases:
            continue
        values = {**found._asdict(), "note": found.note or ""}
        rows.append(PersonRow(**values, aliases=tuple(aliases.get(found.id, ()))))
    return rows


def one(s: Connection, number: int, columns: Columns | None = None) -> PersonRow:
    """One person.

    Raises:
        CaseKitError: There is none of that number.
    """
    for row in persons(s, columns):
        if row.id == number:
            return row
    raise CaseKitError("There is no person {n} in this case.", n=number)


def items_of(columns: Columns, values: Iterable[tuple[str, str]]) -> Ints:
    """Ids of the items in which any of some values, each with its kind, appears, ascending."""
    rows = [_rows_of(columns, kind, value) for kind, value in values]
    return columns.ids[np.unique(np.concatenate(rows))] if rows else np.empty(0, np.int64)


def items_of_person(columns: Columns, row: PersonRow) -> Ints:
    """Ids of the items in which a person appears as one of `COUNTED`, ascending."""
    return items_of(columns, [(a.kind, a.value) for a in row.aliases if a.kind in COUNTED])


def folded(kind: str, value: str) -> str:
    """A value as appearances have it: addresses in small letters, none with spaces around it."""
    value = " ".join(value.split())
    return value.lower() if kind == "address" else value


# -- appearances ------------------------------------------------------------------------------------


def _values(columns: Columns, kind: str) -> list[str]:
    """Every value of a kind that appears in an item that may be seen."""
    if kind in _COLUMN:
        words, codes = columns.words[_COLUMN[kind]], columns.codes[_COLUMN[kind]]
        return [words[n] for n in np.unique(codes) if words[n]]
    codes, names, _ = _people(columns, kind)
    return [names[n] for n in np.unique(codes)]


def _people(columns: Columns, kind: str) -> tuple[Any, list[str], Any]:
    """Of those who appear in mails and messages: codes, the values behind them, and which they are."""
    addresses = columns.words["address"]
    has = columns.parties["address"] != 0
    if kind == "name":
        which = np.flatnonzero(~has & (columns.parties["name"] != 0))
        return columns.parties["name"][which], columns.words["name"], which
    which = np.flatnonzero(has)
    low = [address.strip().lower() for address in addresses]
    first: dict[str, int] = {}
    same = np.array([first.setdefault(value, n) for n, value in enumerate(low)], dtype=np.int32)
    return same[columns.parties["address"][which]], low, which


def _appearances(columns: Columns, kind: str, us: Ints) -> Iterable[Appearance]:
    if kind in _COLUMN:
        codes, words = columns.codes[_COLUMN[kind]], columns.words[_COLUMN[kind]]
        rows = np.flatnonzero(codes)
        for n, items, first, last in _counted(codes[rows], us[rows]):
            yield Appearance(kind, words[n], (), ("exchange",), items, first, last)
        return
    codes, words, which = _people(columns, kind)
    order = np.argsort(codes, kind="stable")
    numbers, starts = np.unique(codes[order], return_index=True)
    stops = np.append(starts, len(order))[1:]
    for n, start, stop in zip(numbers, starts, stops, strict=True):
        mine = which[order[start:stop]]
        rows = np.unique(columns.party_rows[mine])
        ((_, items, first, last),) = _counted(np.zeros(len(rows), np.int32), us[rows])
        names = _most_used(columns, "name", mine) if kind == "address" else ()
        yield Appearance(
            kind, words[n], names, _most_used(columns, "role", mine), items, first, last
        )


def _most_used(columns: Columns, name: str, which: Ints) -> tuple[str, ...]:
    codes, counts = np.unique(columns.parties[name][which], return_counts=True)
    words = columns.words[name]
    return tuple(words[codes[n]] for n in np.argsort(-counts, kind="stable") if words[codes[n]])


def _counted(codes: Any, us: Ints) -> Iterable[tuple[int, int, int | None, int | None]]:
    """Of each code how often it stands, and its first and last instant."""
    totals = np.bincount(codes)
    first = np.full(len(totals), np.iinfo(np.int64).max)
    last = np.full(len(totals), NO_TIME)
    has = us != NO_TIME
    np.minimum.at(first, codes[has], us[has])
    np.maximum.at(last, codes[has], us[has])
    for n in np.flatnonzero(totals):
        known = last[n] != NO_TIME
        yield (
            int(n),
            int(totals[n]),
            int(first[n]) if known else None,
            int(last[n]) if known else None,
        )


def _rows_of(columns: Columns, kind: str, value: str) -> Ints:
    if kind in _COLUMN:
        words = columns.words[_COLUMN[kind]]
        code = words.index(value) if value and value in words else -1
        return np.flatnonzero(columns.codes[_COLUMN[kind]] == code)
    codes, words, which = _people(columns, kind)
    wanted = [n for n, word in enumerate(words) if word == value and word]
    return np.unique(columns.party_rows[which[np.isin(codes, wanted)]])


def _holds(row: Appearance, text: str) -> bool:
    return text in row.value.casefold() or any(text in name.casefold() for name in row.names)


def _with_person(row: Appearance, of_value: dict[tuple[str, str], int]) -> Appearance:
    number = of_value.get((row.kind, row.value))
    if number is None:
        return row
    return Appearance(
        row.kind, row.value, row.names, row.roles, row.items, row.first_us, row.last_us, number
    )


# -- suggestions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Values that may be one person, and why; nobody has decided it.

    Attributes:
        name: What the person might be called.
        values: Kind and value of each.
        reason: One of `REASONS`, with `about` the very name or address that it rests on.
    """

    name: str
    values: tuple[tuple[str, str], ...]
    reason: str
    about: str


REASONS = ("same-name", "same-mailbox", "account-is-address")


def suggestions(seen: Who, most: int = 200) -> list[Suggestion]:
    """Which values may be one person: the same name, the same mailbox, an account called like an address.

    Only what is not one person already is suggested, the most frequent first.
    """
    groups: dict[tuple[str, str], dict[tuple[str, str], Appearance]] = {}

    def put(reason: str, about: str, row: Appearance) -> None:
        groups.setdefault((reason, about), {})[(row.kind, row.value)] = row

    for row in seen.appearances:
        if row.kind in EXCLUSIVE:
            for name in row.names[:3] if row.kind == "address" else (row.value,):
                if _is_name(name):
                    put("same-name", " ".join(sorted(_words(name))), row)
        if row.kind == "address" and "@" in row.value:
            local, _, domain = row.value.rpartition("@")
            put("same-mailbox", f"{local.partition('+')[0]}@{domain}", row)
        if row.kind in {"address", "account", "end-user"} and "@" in row.value:
            put("account-is-address", row.value.lower(), row)
    found = []
    for (reason, about), rows in groups.items():
        if len(rows) < 2 or _are_one(rows.values()):
            continue
        if reason == "account-is-address" and len({row.kind for row in rows.values()}) < 2:
            continue
        best = max(rows.values(), key=lambda row: row.items)
        name = best.names[0] if best.names else best.value
        items = sum(row.items for row in rows.values())
        found.append((-items, Suggestion(name, tuple(rows), reason, about)))
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].about))[:most]]


def _are_one(rows: Iterable[Appearance]) -> bool:
    numbers = {row.person_id for row in rows}
    return len(numbers) == 1 and None not in numbers


def _words(name: str) -> Sequence[str]:
    return [w for w in name.casefold().replace(",", " ").replace('"', " ").split() if w]


def _is_name(name: str) -> bool:
    """Whether a name can tell people apart: two words and more, or one in a script without spaces."""
    return "@" not in name and (len(_words(name)) > 1 or (not name.isascii() and len(name) > 1))
