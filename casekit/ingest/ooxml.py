"""The XML inside office files: their parts, their relations and their text, read without trusting any of it."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Directory, open_zip, zip_members
from casekit.ingest.limits import LimitReached, budget

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MOST_PART = 256 * 1024 * 1024
"""Bytes of one XML part."""


class BadPart(Exception):
    """A part is missing, damaged or not XML."""


@dataclass(slots=True)
class Package:
    """An office file: parts by lower-case name, each read when asked for."""

    directory: Directory
    names: dict[str, int] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            BadPart: It is missing, damaged, encrypted or too large.
        """
        index = self.names.get(name.lower().lstrip("/"))
        if index is None:
            raise BadPart(name)
        number, shown, entry = self.directory.files[index]
        if entry.file_size > _MOST_PART:
            raise BadPart(name)
        only = Directory(self.directory.archive, ((number, shown, entry),), 0, 0, 0)
        try:
            member = next(zip_members(only, budget()))
        except LimitReached as reached:
            raise BadPart(name) from reached
        if member.data is None:
            raise BadPart(name)
        return member.data[:]

    def xml(self, name: str) -> Any:
        """The root element of a part.

        Raises:
            BadPart: It cannot be had or is no XML.
        """
        try:
            root = etree.fromstring(self.read(name), _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise BadPart(name) from error
        if root is None:
            raise BadPart(name)
        return root

    def relations(self, part: str) -> list[tuple[str, str, bool]]:
        """Type, target and whether it lies outside, for each relation of `part` (empty: of the package)."""
        folder, _, name = part.rpartition("/")
        try:
            root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        except BadPart:
            return []
        found = []
        for element in root.iter(_RELATIONS):
            outside = element.get("TargetMode") == "External"
            target = element.get("Target") or ""
            if not outside:
                target = _target(folder, element)
            found.append(((element.get("Type") or "").rpartition("/")[2], target, outside))
        return found

    def relation_ids(self, part: str) -> dict[str, str]:
        """Target by the id of the relation, for those of `part` that lie inside."""
        folder, _, name = part.rpartition("/")
        try:
            root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        except BadPart:
            return {}
        inside = (each for each in root.iter(_RELATIONS) if each.get("TargetMode") != "External")
        return {each.get("Id") or "": _target(folder, each) for each in inside}


def _target(folder: str, element: Any) -> str:
    """Name of the part that a relation leads to."""
    joined = posixpath.join("/", folder, element.get("Target") or "")
    return posixpath.normpath(joined).lstrip("/")


def open_package(untrusted_data: Any) -> Package:
    """Open an office file.

    Raises:
        zipfile.BadZipFile: It is no zip.
    """
    directory = open_zip(untrusted_data)
    names = {name.lower().lstrip("/"): index for index, (_, name, _) in enumerate(directory.files)}
    return Package(directory, names)


def flavour(untrusted_data: Any) -> str:
    """Which office format a zip is: `word`, `excel`, `powerpoint`, `odf`, `epub`, or nothing."""
    try:
        names = {name.lower() for _, name, _ in open_zip(untrusted_data).files}
    except zipfile.BadZipFile:
        return ""
    if "[content_types].xml" in names:
        for folder, found in (("word/", "word"), ("xl/", "excel"), ("ppt/", "powerpoint")):
            if any(name.startswith(folder) for name in names):
                return found
    if "meta-inf/container.xml" in names and any(name.endswith(".opf") for name in names):
        return "epub"
    return "odf" if "content.xml" in names and ("mimetype" in names or "meta.xml" in names) else ""


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip


@dataclass(slots=True)
class WordText:
    """Text of one or more WordprocessingML parts, gathered in document order.

    Attributes:
        words: Pieces of the text that stands there now.
        deleted: Pieces of what tracked changes took out or moved away.
        inserted: How many tracked insertions there are.
        removed: How many tracked deletions and moves.
        authors: Who made them.
        dates: When, as the file says.
        tables: How many tables.
        boxes: How many text boxes.
        hidden: How many runs are hidden.
        commands: Field codes such as `HYPERLINK "…"` or `DDEAUTO …`, as they stand.
        notes: Author and date of each comment.
    """

    words: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: int = 0
    removed: int = 0
    authors: dict[str, None] = field(default_factory=dict)
    dates: dict[str, None] = field(default_factory=dict)
    tables: int = 0
    boxes: int = 0
    hidden: int = 0
    commands: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands there now, insertions included, deletions not; a line a paragraph, cells by tabs."""
        return tidy("".join(self.words)).strip("\n")

    @property
    def deletions(self) -> str:
        """What tracked changes have taken out or moved away, a line each."""
        return tidy("".join(self.deleted)).strip("\n")


_PLAIN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": "\t"}
_CHANGES = ("ins", "del", "moveFrom", "moveTo")
_M_T = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SPACES = (W, W_STRICT)
_SEEN = {
    space + name: name
    for space in _SPACES
    for name in (
        "t", "delText", *_CHANGES, "tbl", "tr", "txbxContent", "vanish", "instrText",
        "delInstrText", "fldSimple", "fldChar", "comment", *_PLAIN,
    )
} | {_M_T: "t"}  # fmt: skip
_ENDED = {
    space + name: name for space in _SPACES for name in ("p", "tc", "tr", "del", "moveFrom")
}  # fmt: skip
"""Every element that matters for the text, under both of its names."""


def word_text(root: Any, into: WordText | None = None) -> WordText:
    """The text of a part: body, header, footer, notes or comments (ISO/IEC 29500-1, 17.3)."""
    made = into or WordText()
    gone = 0  # how deep we are inside what was moved away
    walk = etree.iterwalk(root, events=("start", "end"), tag=(FALLBACK, *_SEEN, *_ENDED))
    words = made.words
    for event, element in walk:
        tag = element.tag
        if event == "start":
            local = _SEEN.get(tag)
            if local == "t":
                (made.deleted if gone else words).append(element.text or "")
            elif local is not None:
                gone += local == "moveFrom"
                _start(local, element, made)
            elif tag == FALLBACK:
                walk.skip_subtree()  # the same text again, for older programs
            continue
        local = _ENDED.get(tag)
        if local == "p":
            if not gone:
                words.append(" " if _parent(element) == "tc" else "\n")
        elif local == "tc":
            words.append("\t")
        elif local == "tr":
            words.append("\n")
        elif local in ("del", "moveFrom"):
            gone -= local == "moveFrom"
            made.deleted.append("\n")
    return made


def _start(local: str, element: Any, made: WordText) -> None:
    if local == "delText":
        made.deleted.append(element.text or "")
    elif local in _PLAIN:
        if _parent(element) == "r":  # a `tab` also stands in lists of tab stops
            made.words.append(_PLAIN[local])
    elif local in _CHANGES:
        made.inserted += local in ("ins", "moveTo")
        made.removed += local in ("del", "moveFrom")
        _note(element, "author", made.authors)
        _note(element, "date", made.dates)
    elif local == "tbl":
        made.tables += 1
    elif local == "txbxContent":
        made.boxes += 1
    elif local == "vanish":
        made.hidden += _parent(_parent_of(element)) == "r"
    elif local == "comment":
        said = f"{_attribute(element, 'author')} {_attribute(element, 'date')}"
        made.notes.append(tidy(said).strip()[:200])
    else:
        _command(local, element, made.commands)


def _command(local: str, element: Any, commands: list[str]) -> None:
    """A field's code, which may stand in several runs."""
    if local == "fldSimple":
        commands.append(_attribute(element, "instr"))
    elif local == "fldChar":
        if _attribute(element, "fldCharType") == "begin":
            commands.append("")
    elif local in ("instrText", "delInstrText"):
        commands[-1:] = ["".join(commands[-1:]) + (element.text or "")]


def _note(element: Any, name: str, into: dict[str, None]) -> None:
    value = _attribute(element, name)
    if value:
        into[tidy(value)[:200]] = None


def _attribute(element: Any, name: str) -> str:
    return str(element.get(W + name) or element.get(W_STRICT + name) or "")


def _parent_of(element: Any) -> Any:
    parent = element.getparent()
    return element if parent is None else parent


def _parent(element: Any) -> str:
    """Name of the element around this one, if it is WordprocessingML."""
    parent = element.getparent()
    tag = parent.tag if parent is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) and tag.startswith(_SPACES) else ""
