"""What a notice of clawback names, what copies of it there are, and what of ours has left and is taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import ColumnElement, Connection, func, or_, select

from casekit.errors import CaseKitError
from casekit.queries.items import bates_number
from casekit.store import hiding
from casekit.store.tables import bates, clawback, item, original, production, sending, translation

_BATES = re.compile(r"(?P<prefix>.*?[^0-9])(?P<number>[0-9]{1,12})")
MOST_OF_A_RANGE = 20_000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Left:
    """An item of ours that has left: its numbers, and the productions that held it, oldest first.

    Attributes:
        made: (title, kind, microseconds since 1970 UTC) of each production.
        basis: On which it is taken back; empty where it is not.
        sent_to: Whom the register names as recipients of those productions, with each its name.
    """

    item_id: int
    first: str
    last: str
    made: tuple[tuple[str, str, int], ...]
    basis: str = ""
    reason: str = ""
    by: str = ""
    at_us: int = 0
    sent_to: tuple[str, ...] = ()


def find(s: Connection, name: str) -> list[int]:
    """The items that a notice means by a name; empty where there is none.

    A name is `item 12`, a SHA-256 in hex (of an item or of the file that holds it), a Bates number that we
    gave or that stands in their load file or in a file's name, or a range of them, `FIRST..LAST`.
    """
    name = name.strip()
    with hiding.whole(s):
        number = re.fullmatch(r"(?:item\s+)?(\d{1,18})", name, re.IGNORECASE)
        if number:
            return _ids(s, item.c.id == int(number[1]))
        if re.fullmatch(r"[0-9a-fA-F]{64}", name):
            digest = bytes.fromhex(name)
            files = select(original.c.id).where(original.c.sha256 == digest)
            return _ids(s, or_(item.c.sha256 == digest, item.c.original_id.in_(files)))
        first, dots, last = (part.strip() for part in name.partition(".."))
        return _ranged(s, *_range(first, last)) if dots else _numbered(s, first)


def copies(s: Connection, item_ids: Sequence[int]) -> set[int]:
    """Those items, every item of the same bytes wherever it is, and the translations of any of them."""
    found = {int(i) for i in item_ids}
    with hiding.whole(s):
        for some in _chunks(sorted(found)):
            hashes = select(item.c.sha256).where(item.c.id.in_(some), item.c.size > 0)
            found |= set(_ids(s, item.c.sha256.in_(hashes)))
        pairs = select(translation.c.item_id, translation.c.translation_id)
        for pair in s.execute(pairs.where(translation.c.translation_id.is_not(None))).all():
            if not found.isdisjoint(pair):
                found.update(pair)
    return found


def left(s: Connection, item_ids: Sequence[int] | None = None) -> list[Left]:
    """Items of ours that have left under a number: those given, or all that are taken back; by number."""
    wanted = None if item_ids is None else {int(i) for i in item_ids}
    taken = {r.item_id: r for r in s.execute(select(clawback))}
    stood = _productions(s)
    sent = _recipients(s)
    found = []
    for row in s.execute(select(bates).order_by(bates.c.prefix, bates.c.first)):
        if row.item_id not in (taken if wanted is None else wanted):
            continue
        why = taken.get(row.item_id)
        first, last = bates_number(row.prefix, row.first), bates_number(row.prefix, row.last)
        made = stood.get(row.item_id, [])
        went = tuple(who for number, *_ in made for who in sent.get(number, ()))
        plain = tuple((title, kind, at_us) for _, title, kind, at_us in made)
        one = Left(row.item_id, first, last, plain, sent_to=went)
        if why:
            one = replace(one, basis=why.basis, reason=why.reason, by=why.by, at_us=why.at_us)
        found.append(one)
    return found


def _productions(s: Connection) -> dict[int, list[tuple[int, str, str, int]]]:
    """By item, the productions whose plan held it."""
    found: dict[int, list[tuple[int, str, str, int]]] = {}
    for row in s.execute(select(production).order_by(production.c.id)):
        for one in orjson.loads(row.plan).get("produced", ()):
            found.setdefault(int(one["item_id"]), []).append(
                (row.id, row.title, row.kind, row.at_us)
            )
    return found


def _recipients(s: Connection) -> dict[int, list[str]]:
    """By production, who got it."""
    found: dict[int, list[str]] = {}
    query = select(sending, production.c.title).join(
        production, production.c.id == sending.c.production_id
    )
    for row in s.execute(query.order_by(sending.c.id)):
        said = f"{row.recipient}, {row.sent}, {row.how} ({row.title})"
        found.setdefault(row.production_id, []).append(said)
    return found


def _numbered(s: Connection, number: str) -> list[int]:
    """Items that bear a number: one of ours, or one that their load file or a file's name says."""
    if not number:
        return []
    found = set()
    parts = _BATES.fullmatch(number)
    if parts:
        prefix = parts["prefix"].rstrip("-_ .")
        of = bates.c.first <= int(parts["number"])
        query = select(bates.c.item_id).where(
            func.upper(bates.c.prefix) == prefix.upper(), of, bates.c.last >= int(parts["number"])
        )
        found |= set(s.execute(query).scalars())
    low = re.sub(r"([\\%_])", r"\\\1", number.lower())
    said = func.lower(item.c.facts).like(f'%"{low}"%', escape="\\")
    stem = func.lower(item.c.name)
    named = or_(stem == number.lower(), stem.like(f"{low}.%", escape="\\"))
    return sorted(found | set(_ids(s, or_(said, named))))


def _range(first: str, last: str) -> tuple[str, int, int, int]:
    """Prefix, first and last number of a range, and with how many digits they are written."""
    one, other = _BATES.fullmatch(first), _BATES.fullmatch(last)
    if not one or not other or one["prefix"].lower() != other["prefix"].lower():
        raise CaseKitError(
            "{first} and {last} are no range of numbers: write it as ABC-0000001..ABC-0000009.",
            first=first, last=last,
        )  # fmt: skip
    low, high = int(one["number"]), int(other["number"])
    if not 0 <= high - low < MOST_OF_A_RANGE:
        raise CaseKitError(
            "A range names up to {most} numbers, the lower one first: name several ranges.",
            most=MOST_OF_A_RANGE,
        )
    return one["prefix"], low, high, len(one["number"])


def _ranged(s: Connection, prefix: str, low: int, high: int, digits: int) -> list[int]:
    """Items that bear a number of a range, as `_numbered`; the items are gone through once."""
    own = prefix.rstrip("-_ .").upper()
    ours = select(bates.c.item_id).where(
        func.upper(bates.c.prefix) == own, bates.c.first <= high, bates.c.last >= low
    )
    found = set(s.execute(ours).scalars())
    begun = re.sub(r"([\\%_])", r"\\\1", prefix.lower())
    said = func.lower(item.c.facts).like(f'%"{begun}%', escape="\\")
    named = func.lower(item.c.name).like(f"{begun}%", escape="\\")
    number = rf"{re.escape(prefix)}([0-9]{{{digits},12}})"
    in_facts = re.compile(rf'"{number}"', re.IGNORECASE)
    in_name = re.compile(rf"{number}(?:\..*)?", re.IGNORECASE | re.DOTALL)
    for row in s.execute(select(item.c.id, item.c.facts, item.c.name).where(or_(said, named))):
        name = in_name.fullmatch(row.name)
        numbers = [*in_facts.findall(row.facts), *([name[1]] if name else [])]
        if any(low <= int(n) <= high and n == f"{int(n):0{digits}d}" for n in numbers):
            found.add(row.id)
    return sorted(found)


def _ids(s: Connection, *conditions: ColumnElement[bool]) -> list[int]:
    return list(s.execute(select(item.c.id).where(*conditions)).scalars())


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + _CHUNK] for n in range(0, len(ids), _CHUNK))
