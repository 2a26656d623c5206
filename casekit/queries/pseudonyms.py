"""Pseudonyms: what is printed instead of which values, and where values to be given one stand."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.queries.redactions import find_preset, tokens
from casekit.queries.whole_values import Kind, is_too_short
from casekit.store.tables import exchange, item_party, item_text, pseudonym, pseudonym_value

CHUNK = 400
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[\s().\-/]{0,2}\d){7,14}(?!\d)")
_DAY = re.compile(r"(?:19|20)\d{2}[-./ ](?:0[1-9]|1[0-2])[-./ ]")
_PRESETS: dict[Kind, str] = {"address": "email", "phone": "phone", "key": "key"}


@dataclass(frozen=True, slots=True)
class PseudonymRow:
    """One pseudonym: number `id`, given once and to nothing else, with every spelling that it stands for.

    Attributes:
        in_use: Whether it is printed instead of them; one taken out of use keeps its number.
        by: Who gave it; `at_us` is when.
    """

    id: int
    kind: Kind
    in_use: bool
    values: tuple[str, ...]
    by: str
    at_us: int


def pseudonyms(s: Connection, *, in_use: bool = False) -> list[PseudonymRow]:
    """All pseudonyms of the case in order of their numbers, or those in use only."""
    values: dict[int, list[str]] = {}
    for row in s.execute(select(pseudonym_value).order_by(pseudonym_value.c.id)):
        values.setdefault(row.pseudonym_id, []).append(row.value)
    query = select(pseudonym).order_by(pseudonym.c.id)
    rows = (
        PseudonymRow(r.id, r.kind, bool(r.in_use), tuple(values.get(r.id, ())), r.by, r.at_us)
        for r in s.execute(query)
    )
    return [row for row in rows if row.in_use or not in_use]


def same(value: str) -> tuple[str, ...]:
    """What two spellings of one value have in common: their words as they are compared."""
    return tuple(word for _, _, word in tokens(value)) or (value.strip(),)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that could be given a pseudonym, and in how many items it was found."""

    value: str
    items: int


def candidates(s: Connection, ids: Sequence[int], kind: Kind) -> list[Candidate]:
    """The values of a kind in some items that have no pseudonym in use yet, the most frequent first.

    Accounts, keys and IP addresses are taken from the fields of logs, people and their addresses from those
    of messages; addresses, telephone numbers and keys from all texts too, by their form.
    """
    known = {same(value) for row in pseudonyms(s, in_use=True) for value in row.values}
    spelt: dict[tuple[str, ...], str] = {}
    count: Counter[tuple[str, ...]] = Counter()
    for start in range(0, len(ids), CHUNK):
        found: dict[int, set[tuple[str, ...]]] = {}
        for item_id, value in _found(s, list(ids[start : start + CHUNK]), kind):
            value = " ".join(value.split())
            if value and not is_too_short(value):
                spelt.setdefault(same(value), value)
                found.setdefault(item_id, set()).add(same(value))
        for values in found.values():
            count.update(values)
    rows = [Candidate(spelt[key], n) for key, n in count.items() if key not in known]
    return sorted(rows, key=lambda row: (-row.items, row.value.casefold()))


def _found(s: Connection, ids: list[int], kind: Kind) -> Iterator[tuple[int, str]]:
    columns = {
        "account": (exchange.c.account, exchange.c.end_user),
        "key": (exchange.c.api_key,),
        "address": (exchange.c.ip, item_party.c.address),
        "phone": (item_party.c.address,),
        "person": (item_party.c.name,),
    }[kind]
    for column in columns:
        of = column.table.c.item_id
        for item_id, value in s.execute(select(of, column).where(of.in_(ids))):
            if value and _fits(kind, value):
                yield item_id, value
    if kind in _PRESETS:
        query = select(item_text.c.item_id, item_text.c.text).where(item_text.c.item_id.in_(ids))
        for item_id, text in s.execute(query):
            yield from ((item_id, text[a:b]) for a, b in _by_form(text, kind))


def _by_form(text: str, kind: Kind) -> list[tuple[int, int]]:
    """Where a text has what looks like the kind; a number with the code of a country is always one."""
    found = find_preset(text, _PRESETS[kind])
    if kind == "phone":
        found = [each for each in found if not _DAY.match(text, each[0])]
        found = sorted({*found, *(match.span() for match in _ABROAD.finditer(text))})
        return [
            each
            for each in found
            if not any(o != each and o[0] <= each[0] and each[1] <= o[1] for o in found)
        ]
    return found


def _fits(kind: Kind, value: str) -> bool:
    """Whether a field that may hold several kinds holds this one."""
    if kind == "address":
        return "@" in value or is_ip(value)
    if kind == "phone":
        return bool(_by_form(value, "phone"))
    return kind != "person" or ("@" not in value and not is_ip(value))


def is_ip(value: str) -> bool:
    """Whether it is an IP address."""
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return False
    return True


def kind_of(value: str) -> Kind:
    """What a value most likely is, by its form."""
    if "@" in value or is_ip(value):
        return "address"
    if find_preset(value, "key"):
        return "key"
    if _by_form(value, "phone"):
        return "phone"
    words = value.split()
    if len(words) in (2, 3, 4) and not any(c.isdecimal() or c == "_" for c in value):
        return "person"
    return "account"
