"""What can be written next in a search: fields, the values that the case has, operators, saved searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from casekit.queries import facets, filters
from casekit.queries.parties import parties
from casekit.search import facet_counts, language
from casekit.store.case import Case

SHOWN = 12
OPERATORS = {
    "AND": "both", "OR": "one or the other", "NOT": "without", "NEAR/5": "at most five words between",
}  # fmt: skip
PEOPLE = {"from": ("from", "sender"), "to": ("to",), "cc": ("cc",), "bcc": ("bcc",), "people": ()}

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


def complete(case: Case, text: str, cursor: int, limit: int = SHOWN) -> Completion:
    """What can stand where the cursor is in an unfinished query.

    Args:
        case: The open case.
        text: The whole query as written so far.
        cursor: How many characters stand before the cursor.
        limit: Greatest number of options.
    """
    before = text[:cursor]
    inside = _FIELD.search(before)
    if inside:
        return _value(case, inside, cursor, limit)
    if before.count('"') % 2:
        return Completion(cursor, cursor)
    found = _BARE.search(before)
    start = found[0] if found else ""
    if not start.lstrip("-"):
        return Completion(cursor, cursor)
    begin = start.lstrip("-")
    return Completion(cursor - len(begin), cursor, tuple(_names(case, begin, before, limit)))


def values(case: Case, field: str, start: str, limit: int = SHOWN) -> list[tuple[str, int | None]]:
    """Values of a field that begin with some letters, or hold them, each with how many items have it.

    A closed choice is given whole, in its own order; people by how often they appear.
    """
    name = language.SYNONYMS.get(field, field)
    if name == "saved":
        with case.read() as s:
            known: list[tuple[str, int | None]] = [
                (r.name, None) for r in facets.saved_searches(s) if r.mode == "words"
            ]
    elif name in PEOPLE:
        with case.read() as s:
            return list(parties(s, PEOPLE[name], start, limit))
    elif name in facet_counts.FIELDS:
        (facet,) = facet_counts.count_facets(case, fields=[name], limit=1_000_000)
        known = [(v.text, v.count) for v in facet.values]
    else:
        known = []
    had = {text for text, _ in known}
    known += [(choice, 0) for choice in language.CHOICES.get(name, ()) if choice not in had]
    wanted = start.lower()
    begin = [v for v in known if v[0].lower().startswith(wanted)]
    hold = [v for v in known if wanted in v[0].lower() and not v[0].lower().startswith(wanted)]
    return [*begin, *hold][:limit]


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
        Option(f"{name}:", "field", about=language.SYNONYMS.get(name, ""))
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
