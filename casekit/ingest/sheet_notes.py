"""What a workbook in XML says beside its cells: notes, drawings, headers, names, and who is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.ooxml import BadPart, Package

_MOST_SHEETS = 1000
_STATES = {"hidden": "hidden", "veryHidden": "very hidden"}
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ID_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_HEADERS = tuple(
    f"{{*}}{when}{what}" for when in ("odd", "even", "first") for what in ("Header", "Footer")
)


@dataclass(slots=True)
class Notes:
    """What is gathered, each text with the sheet it belongs to and the cell where it has one.

    Attributes:
        sheets: Name and state of each sheet (`visible`, `hidden`, or `very hidden`: only a macro shows it).
        comments: Notes and comments.
        drawings: Text boxes and charts.
        headers: Headers and footers of the printed pages.
        names: Names that the workbook defines, with what they stand for.
    """

    sheets: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """How many sheets are hidden."""
        return sum(state != "visible" for _, state in self.sheets)

    def texts(self) -> list[tuple[str, str]]:
        """(part, text) of what there is."""
        parts = (
            ("comments", self.comments),
            ("drawings", self.drawings),
            ("headers", self.headers),
            ("names", self.names),
        )
        return [(part, tidy("\n".join(lines))) for part, lines in parts if lines]


def sheet_notes(package: Package) -> Notes:
    """Everything a workbook says beside its cells (ECMA-376 part 1, 12 and 18).

    A part that is damaged gives nothing; the reader of the cells tells of it.
    """
    notes = Notes()
    mains = (t for kind, t, away in package.relations("") if kind == "officeDocument" and not away)
    main = next(mains, "xl/workbook.xml")
    book = _root(package, main)
    if book is None:
        return notes
    targets = package.relation_ids(main)
    for sheet in list(book.iter("{*}sheet"))[:_MOST_SHEETS]:
        name = tidy(sheet.get("name") or "")[:200]
        notes.sheets.append((name, _STATES.get(sheet.get("state") or "", "visible")))
        target = targets.get(sheet.get(_ID) or sheet.get(_ID_STRICT) or "")
        if target:
            _read_sheet(package, target, name, notes)
    for defined in book.iter("{*}definedName"):
        said = (defined.text or "").strip()
        if said:
            notes.names.append(f"{defined.get('name') or ''}: {said}")
    return notes


def _root(package: Package, part: str) -> Any:
    try:
        return package.xml(part)
    except BadPart:
        return None


def _read_sheet(package: Package, part: str, name: str, notes: Notes) -> None:
    root = _root(package, part)
    for element in () if root is None else root.iter(*_HEADERS):
        if said := (element.text or "").strip():
            notes.headers.append(f"[{name}] {said}")
    for kind, target, away in package.relations(part):
        if away or kind not in _READERS:
            continue
        inner = _root(package, target)
        if inner is not None:
            _READERS[kind](package, target, inner, name, notes)


def _read_comments(_package: Package, _part: str, root: Any, name: str, notes: Notes) -> None:
    for element in root.iter("{*}comment", "{*}threadedComment"):
        said = _texts(element, "{*}t", "{*}text") if len(element) else ""
        if said:
            notes.comments.append(f"[{name} {element.get('ref') or ''}] {said}")


def _read_drawing(package: Package, part: str, root: Any, name: str, notes: Notes) -> None:
    for shape in root.iter("{*}sp"):
        if said := _texts(shape, "{*}t"):
            notes.drawings.append(f"[{name}] {said}")
    for kind, target, away in package.relations(part):
        chart = None if away or kind not in ("chart", "chartEx") else _root(package, target)
        if chart is not None and (said := _texts(chart, "{*}t")):
            notes.drawings.append(f"[{name}] {said}")


def _texts(root: Any, *names: str) -> str:
    """The texts of some elements; those of one paragraph are cut into runs and joined again."""
    return "".join(
        element.text or "" for element in root.iter(*names) if not _is_phonetic(element)
    ).strip()


def _is_phonetic(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and isinstance(parent.tag, str) and parent.tag.endswith("}rPh")


_READERS = {
    "comments": _read_comments,
    "threadedComment": _read_comments,
    "drawing": _read_drawing,
}
