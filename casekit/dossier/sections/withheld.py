"""The privilege log: every withheld item by document, by category or by its metadata, never by what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from casekit.clock import iso
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.privilege_log import LogEntry

Format = Literal["document", "category", "metadata"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SHARES = {
    "description": 16, "author": 14, "authors": 14, "to": 14, "recipients": 14, "cc": 12, "bcc": 6,
    "numbers": 11, "number": 13, "date": 9, "first": 9, "last": 9, "privilege": 10, "bates": 11,
    "attached": 10, "treatment": 10, "custodian": 12, "type": 10, "kind": 7, "pages": 5, "items": 5,
    "category": 7,
}  # fmt: skip

Cells = Sequence[tuple[str, Callable[[LogEntry, Wording], str]]]


def table(found: Sequence[LogEntry], form: Format, words: Wording) -> Grid:
    """A log with a column for everything, for a spreadsheet or a page on its side."""
    if form == "category":
        heads, rows = _CATEGORY, _categories(found, words)
    else:
        cells = _DOCUMENT if form == "document" else _METADATA
        heads = tuple(name for name, _ in cells)
        rows = tuple(tuple(cell(one, words) for _, cell in cells) for one in found)
    columns = tuple(Column(words(f"withheld_log.{n}"), _SHARES[n]) for n in heads)
    return Grid(columns, rows)


def blocks(found: Sequence[LogEntry], form: Format, words: Wording) -> tuple[Block, ...]:
    """The log on paper: the same entries, with people and numbers stacked where a page is narrow."""
    if not found:
        return (Remark(words("withheld_log.none")),)
    intro = Remark(words(f"withheld_log.intro_{form}"))
    if form == "category":
        return (intro, _stacked_categories(found, words))
    last = "description" if form == "document" else "held"
    columns = (
        Column(words("withheld_log.number"), 15), Column(words("withheld_log.date"), 11),
        Column(words("withheld_log.kind"), 9), Column(words("withheld_log.people"), 30),
        Column(words("withheld_log.privilege"), 13), Column(words(f"withheld_log.{last}"), 22),
    )  # fmt: skip
    rows = tuple(
        (
            _lines(one.number, one.bates, _attached(one, words)),
            _when(one.sent_us),
            one.kind if form == "document" else _lines(one.kind, one.media_type, _pages(one, words)),
            _people(one, words),
            basis(one.basis, words),
            one.description or words("withheld_log.undescribed")
            if form == "document"
            else _joined(one.custodians) or "–",
        )
        for one in found
    )  # fmt: skip
    return (intro, Grid(columns, rows))


def basis(name: str, words: Wording) -> str:
    """The ground as a log names it."""
    text = words.get(f"basis.{name}", name)
    return text[:1].upper() + text[1:]


def _joined(people: Sequence[str]) -> str:
    return "; ".join(people)


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _when(us: int | None) -> str:
    """An instant that a spreadsheet takes for one and that a narrow column can break."""
    return "" if us is None else iso(us).replace("T", " ").removesuffix("Z")


def _attached(one: LogEntry, words: Wording) -> str:
    return words("withheld_log.attached_to", number=one.attached_to) if one.attached_to else ""


def _pages(one: LogEntry, words: Wording) -> str:
    return "" if one.pages is None else words("withheld_log.of_pages", n=f"{one.pages:,}")


def _people(one: LogEntry, words: Wording) -> str:
    sides = (("author", one.authors), ("to", one.to), ("cc", one.cc), ("bcc", one.bcc))
    lines = [f"{words(f'withheld_log.{k}')}: {_joined(people)}" for k, people in sides if people]
    return "\n".join(lines) or "–"


_WHO: Cells = (
    ("date", lambda one, _: _when(one.sent_us)),
    ("author", lambda one, _: _joined(one.authors)),
    ("to", lambda one, _: _joined(one.to)),
    ("cc", lambda one, _: _joined(one.cc)),
    ("bcc", lambda one, _: _joined(one.bcc)),
)
_FIRST: Cells = (
    ("number", lambda one, _: one.number),
    ("bates", lambda one, _: one.bates),
    ("attached", lambda one, _: one.attached_to),
    ("kind", lambda one, _: one.kind),
)
_DOCUMENT: Cells = (
    *_FIRST, *_WHO,
    ("privilege", lambda one, words: basis(one.basis, words)),
    ("description", lambda one, _: one.description),
    ("treatment", lambda _, words: words("withheld_log.in_full")),
)  # fmt: skip
_METADATA: Cells = (
    *_FIRST,
    ("type", lambda one, _: one.media_type),
    ("pages", lambda one, _: "" if one.pages is None else str(one.pages)),
    *_WHO,
    ("custodian", lambda one, _: _joined(one.custodians)),
    ("privilege", lambda one, words: basis(one.basis, words)),
)
_CATEGORY: tuple[str, ...] = (
    "category", "privilege", "description", "kind", "items", "first", "last", "authors", "recipients",
    "numbers",
)  # fmt: skip


def _categories(found: Sequence[LogEntry], words: Wording) -> tuple[tuple[str, ...], ...]:
    groups: dict[tuple[str, str, str], list[LogEntry]] = {}
    for one in found:
        groups.setdefault((one.basis, one.description, one.kind), []).append(one)
    made = []
    for n, ((ground, description, kind), members) in enumerate(sorted(groups.items()), 1):
        times = sorted(one.sent_us for one in members if one.sent_us is not None)
        authors = sorted({who for one in members for who in one.authors})
        recipients = sorted({who for one in members for who in (*one.to, *one.cc, *one.bcc)})
        made.append((
            str(n), basis(ground, words), description, kind, str(len(members)),
            _when(times[0]) if times else "", _when(times[-1]) if times else "", _joined(authors),
            _joined(recipients), _joined([one.number for one in members]),
        ))  # fmt: skip
    return tuple(made)


def _stacked_categories(found: Sequence[LogEntry], words: Wording) -> Grid:
    columns = (
        Column(words("withheld_log.category"), 8), Column(words("withheld_log.privilege"), 14),
        Column(words("withheld_log.description"), 22), Column(words("withheld_log.items"), 14),
        Column(words("withheld_log.people"), 24), Column(words("withheld_log.numbers"), 18),
    )  # fmt: skip
    rows = []
    for no, ground, text, kind, count, first, last, authors, recipients, numbers in _categories(
        found, words
    ):
        span = first[:10] if first[:10] == last[:10] else f"{first[:10]} –\n{last[:10]}"
        people = _lines(
            authors and f"{words('withheld_log.author')}: {authors}",
            recipients and f"{words('withheld_log.recipients')}: {recipients}",
        )
        text = text or words("withheld_log.undescribed")
        rows.append((no, ground, text, _lines(f"{count} {kind}", span), people or "–", numbers))
    return Grid(columns, tuple(rows))
