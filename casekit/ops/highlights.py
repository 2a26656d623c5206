"""Sets of terms that are marked in every text that is read, which changes nothing of the texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries.highlights import COLOURS, PATTERNS, HighlightSet, highlight_sets, phrase
from casekit.queries.matching import searchable
from casekit.store.tables import highlight_set

MOST_TERMS = 500


def set_highlights(
    s: Connection,
    name: str,
    *,
    terms: Iterable[str] | None = None,
    colour: str | None = None,
    pattern: str | None = None,
    shown: bool | None = None,
    new_name: str | None = None,
) -> Changes:
    """Make a set of terms, or change the one of that name; what is not given stays as it is.

    Args:
        s: Writing session.
        name: Of the set.
        terms: All its terms; needed for a new one. Equal terms are one.
        colour: One of `COLOURS`; of a new set the first that is free.
        pattern: One of `PATTERNS`; likewise.
        shown: Whether its terms are marked; a new set's are.
        new_name: What it is called from now on.

    Raises:
        CaseKitError: A new set has no term, a term no letter or digit, or a name or colour is unfit.
    """
    known = highlight_sets(s)
    found = next((one for one in known if one.name == _one_line(name)), None)
    values: dict[str, Any] = {}
    if terms is not None or found is None:
        values["terms"] = "\n".join(_terms(terms or ()))
    if new_name is not None or found is None:
        values["name"] = _free_name(known, found, new_name or name)
    values |= _looks(known, found, colour, pattern)
    if shown is not None or found is None:
        values["shown"] = int(shown is not False)
    if found is None:
        act = Act(s, "highlight.set", f"Highlights “{values['name']}” made")
        last = s.execute(select(func.max(highlight_set.c.position))).scalar() or 0
        act.insert(highlight_set, {**values, "position": last + 1})
        return act.record({"highlights"})
    label = f"Highlights “{found.name}” changed"
    if set(values) == {"shown"}:
        label = f"Highlights “{found.name}” {'shown' if shown else 'hidden'}"
    act = Act(s, "highlight.set", label)
    act.update(highlight_set, {"id": found.id}, values)
    return act.record({"highlights"})


def add_terms(s: Connection, name: str, terms: Sequence[str]) -> Changes:
    """Add terms to a set, which is made if there is none of that name."""
    found = next((one for one in highlight_sets(s) if one.name == _one_line(name)), None)
    before = found.terms if found else ()
    return set_highlights(s, name, terms=[*before, *terms], shown=True)


def remove_highlights(s: Connection, name: str) -> Changes:
    """Take a set away.

    Raises:
        CaseKitError: There is none of that name.
    """
    found = next((one for one in highlight_sets(s) if one.name == _one_line(name)), None)
    if found is None or read_row(s, highlight_set, {"id": found.id}) is None:
        raise CaseKitError("There is no set of highlights called “{name}”.", name=name)
    act = Act(s, "highlight.remove", f"Highlights “{found.name}” taken away")
    act.delete(highlight_set, {"id": found.id})
    return act.record({"highlights"})


def _terms(untrusted_terms: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for each in untrusted_terms:
        term = _one_line(each)
        if not term:
            continue
        wanted = phrase(term)
        if not searchable(wanted.text):
            raise CaseKitError("“{term}” holds no letter or digit that could be marked.", term=term)
        found.setdefault(f"{wanted.text.casefold()}{'*' if wanted.prefix else ''}", term)
    if not found:
        raise CaseKitError("Write at least one term, a line each.")
    if len(found) > MOST_TERMS:
        raise CaseKitError("A set may have {n} terms at most: make several.", n=MOST_TERMS)
    return list(found.values())


def _free_name(known: Sequence[HighlightSet], found: HighlightSet | None, name: str) -> str:
    plain = _one_line(name)
    if not plain:
        raise CaseKitError("A set of highlights needs a name.")
    if any(one.name == plain and one is not found for one in known):
        raise CaseKitError("There is a set of highlights called “{name}” already.", name=plain)
    return plain


def _looks(
    known: Sequence[HighlightSet],
    found: HighlightSet | None,
    colour: str | None,
    pattern: str | None,
) -> dict[str, str]:
    for field, words, wanted in (("colour", COLOURS, colour), ("pattern", PATTERNS, pattern)):
        if wanted is not None and wanted not in words:
            raise CaseKitError(
                "The {field} must be one of: {words}.", field=field, words=", ".join(words)
            )
    if found is None:
        used = [one.colour for one in known]
        colour = colour or min(COLOURS, key=used.count)
        pairs = [(one.colour, one.pattern) for one in known]
        patterns = [one.pattern for one in known]
        pattern = pattern or min(
            PATTERNS, key=lambda each: (pairs.count((colour, each)), patterns.count(each))
        )
    given = {"colour": colour, "pattern": pattern}
    return {field: wanted for field, wanted in given.items() if wanted is not None}


def _one_line(text: str) -> str:
    return " ".join(text.split())
