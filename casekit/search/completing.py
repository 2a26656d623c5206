"""What can be written next in a search: fields, the values that the case has, operators, saved searches.

The values of a field are counted once and kept until the custody log has a new entry: the first count of a
large case takes about a second, the letters that follow none.
"""

from __future__ import annotations

import re
import threading
import weakref
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection

from casekit.queries import filters, items
from casekit.queries.parties import PartyRow, named_parties
from casekit.queries.people import persons
from casekit.queries.saved_searches import saved_searches
from casekit.search import facet_counts, language
from casekit.search.facet_counts import Ids
from casekit.store.case import Case

SHOWN = 12
MOST_KEPT = 50_000
OPERATORS = {
    "AND": "both of them", "OR": "one or the other", "NOT": "without", "NEAR/5": "at most five words between",
}  # fmt: skip
ABOUT = {
    "account": "account that asked",
    "bcc": "who got a blind copy",
    "body": "words of a message's text",
    "cc": "who got a copy",
    "cluster": "cluster that was named",
    "coded": "coded by a field of the templates",
    "conversation": "conversation it belongs to",
    "custodian": "who held it",
    "date": "day, month, year or a range",
    "exhibit": "exhibit number",
    "from": "who sent it",
    "has": "what it has: note, exhibit, attachment …",
    "hidden": "kind of hidden characters in it, any of any kind",
    "id": "number of the item or a range",
    "in": "collection",
    "ip": "address it came from",
    "key": "API key that was used",
    "kind": "kind of item",
    "language": "language of the text",
    "message-id": "identifier of a mail",
    "model": "model that answered",
    "name": "file name",
    "near": "near-duplicates of an item, * of any",
    "original": "original by the start of its SHA-256",
    "output": "words of an answer",
    "people": "anybody who appears in it",
    "person": "all that somebody united under a name appears as",
    "privilege": "state of the privilege review",
    "privileged": "withheld or not",
    "prompt": "words of a prompt",
    "reasoning": "words of the reasoning",
    "request-id": "identifier of a request",
    "role": "subject, source or control",
    "saved": "what a saved search finds",
    "sha256": "SHA-256 or its start",
    "status": "answer code of the API",
    "subject": "words of the subject line",
    "tag": "tag, with those below it",
    "thread": "mail thread it belongs to",
    "time": "how sure its time is",
    "title": "words of the title",
    "to": "who received it",
    "topic": "topic by its number, * any",
    "type": "media type of the file",
}
PEOPLE = {
    "from": ("from", "sender"), "to": ("to",), "cc": ("cc",), "bcc": ("bcc",), "people": (), "person": (),
}  # fmt: skip

_FIELD = re.compile(
    r"(?:^|[\s(\-])([A-Za-z][A-Za-z-]*):(\"[^\"]*|[^\s()\"]*|\((?:[^()]*[\s(])?[^\s()\"]*)$"
)
_BARE = re.compile(r"[^\s()\":]*$")

Sort = Literal["field", "value", "operator", "saved"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be written: `text` goes in, `count` items have it where that is known."""

    text: str
    sort: Sort
    count: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What can replace the characters from `start` up to `stop`, the likeliest first."""

    start: int
    stop: int
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class _Offered:
    """A value with what it is found by (in small letters) and how many items have it."""

    text: str
    begins: str
    holds: str
    count: int | None


@dataclass(slots=True)
class _Kept:
    """The values of a case by field, and its items, as they were at an entry of the custody log."""

    head: int = -1
    ids: Ids | None = None
    fields: dict[str, list[_Offered]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: weakref.WeakKeyDictionary[Case, _Kept] = weakref.WeakKeyDictionary()
_keeping = threading.Lock()


def complete(
    case: Case, text: str, cursor: int, limit: int = SHOWN, *, every: bool = False
) -> Completion:
    """What can stand where the cursor is in an unfinished query.

    Args:
        case: The open case.
        text: The whole query as written so far.
        cursor: How many characters stand before the cursor.
        limit: Greatest number of options.
        every: Offer every field also where no letter of one was written yet, without a limit.
    """
    limit = MOST_KEPT if every else limit
    before = text[:cursor]
    inside = _FIELD.search(before)
    if inside:
        return _value(case, inside, cursor, limit)
    if before.count('"') % 2:
        return Completion(cursor, cursor)
    found = _BARE.search(before)
    start = found[0] if found else ""
    if not start.lstrip("-") and not every:
        return Completion(cursor, cursor)
    begin = start.lstrip("-")
    return Completion(cursor - len(begin), cursor, tuple(_names(case, begin, before, limit)))


def values(case: Case, field: str, start: str, limit: int = SHOWN) -> list[tuple[str, int | None]]:
    """Values of a field that begin with some letters, or hold them, each with how many items have it.

    A closed choice is given whole; the commonest come first, `MOST_KEPT` of a field at most.
    """
    name = language.SYNONYMS.get(field, field)
    wanted = start.lower()
    begin: list[_Offered] = []
    hold: list[_Offered] = []
    for offered in _values_of(case, name):
        if offered.begins.startswith(wanted):
            begin.append(offered)
            if len(begin) == limit:
                break
        elif wanted in offered.holds and len(hold) < limit:
            hold.append(offered)
    return [(v.text, v.count) for v in [*begin, *hold][:limit]]


def _values_of(case: Case, name: str) -> list[_Offered]:
    """Every value of a field, from memory where nothing was done in the case since they were counted."""
    with _keeping:
        kept = _kept.setdefault(case, _Kept())
    with kept.lock:
        head = case.head()
        if head != kept.head:
            kept.head, kept.ids, kept.fields = head, None, {}
        if name not in kept.fields:
            kept.fields[name] = _count(case, name, kept)
        return kept.fields[name]


def _count(case: Case, name: str, kept: _Kept) -> list[_Offered]:
    if name in PEOPLE:
        with case.read() as s:
            rows = named_parties(s, PEOPLE[name], MOST_KEPT)
            if name == "person":
                rows = [*_united(s), *rows]
        return [_Offered(r.who, r.who.lower(), f"{r.who} {r.names}".lower(), r.count) for r in rows]
    known: list[tuple[str, int | None]] = []
    if name == "saved":
        with case.read() as s:
            known += [(r.name, None) for r in saved_searches(s) if r.mode == "words"]
    elif name in facet_counts.FIELDS:
        if kept.ids is None:
            with case.read() as s:
                kept.ids = items.item_ids(s, order="id")
        (facet,) = facet_counts.count_facets(case, ids=kept.ids, fields=[name], limit=MOST_KEPT)
        known += [(v.text, v.count) for v in facet.values]
    had = {text for text, _ in known}
    known += [(choice, 0) for choice in language.CHOICES.get(name, ()) if choice not in had]
    return [_Offered(text, text.lower(), text.lower(), count) for text, count in known]


def _united(s: Connection) -> list[PartyRow]:
    """Those who are united under a name, with their values, by how many items each appears in.

    Who appears in nothing that may be seen is left out.
    """
    found = []
    for row in persons(s):
        count = len(items.item_ids(s, filters.FieldIs("person", row.name), order="id"))
        if count:
            found.append(PartyRow(row.name, " ".join(a.value for a in row.aliases), count))
    return sorted(found, key=lambda row: (-row.count, row.who))


def _names(case: Case, start: str, before: str, limit: int) -> list[Option]:
    """Operators where a word stands before, fields and saved searches."""
    found: list[Option] = []
    if before[: len(before) - len(start)].strip(" ("):
        found += [
            Option(f"{o} ", "operator", about=a)
            for o, a in OPERATORS.items()
            if o.startswith(start)
        ]
    low = start.lower()
    names = (*language.FIELDS, *language.SYNONYMS)
    found += [
        Option(f"{name}:", "field", about=ABOUT.get(language.SYNONYMS.get(name, name), ""))
        for name in sorted(names, key=lambda n: (n in language.SYNONYMS, n)) if name.startswith(low)
    ]  # fmt: skip
    if len(start) > 1:
        found += [
            Option(f"saved:{_written('saved', name)}", "saved", about=name)
            for name, _ in values(case, "saved", start)
        ]
    return found[:limit]


def _value(case: Case, inside: re.Match[str], cursor: int, limit: int) -> Completion:
    field, written = inside[1].lower(), inside[2]
    field = language.SYNONYMS.get(field, field)
    if field not in language.FIELDS or written.count('"') > 1:
        return Completion(cursor, cursor)
    if written.startswith("("):
        written = re.split(r"[\s(]", written)[-1]
    offered = values(case, field, written.lstrip('"'), limit)
    options = (Option(_written(field, text), "value", count, about=text) for text, count in offered)
    return Completion(cursor - len(written), cursor, tuple(options))


def _written(field: str, text: str) -> str:
    """A value as it is written behind its colon."""
    if field in filters.WORD_FIELDS:
        return f'"{text}"' if re.search(r"[^\w@.-]", text) else text
    return language.to_text(filters.FieldIs(field, text)).partition(":")[2]
