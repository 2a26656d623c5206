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
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
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
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found.append(((element.get("Type") or "").rpartition("/")[2], target, outside))
        return found


def open_package(untrusted_data: Any) -> Package:
    """Open an office file.

    Raises:
        zipfile.BadZipFile: It is no zip.
    """
    directory = open_zip(untrusted_data)
    names = {name.lower().lstrip("/"): index for index, (_, name, _) in enumerate(directory.files)}
    return Package(directory, names)


def flavour(untrusted_data: Any) -> str:
    """Which office format a zip is: `word`, `excel`, `powerpoint`, `odf`, or nothing."""
    try:
        names = {name.lower() for _, name, _ in open_zip(untrusted_data).files}
    except zipfile.BadZipFile:
        return ""
    if "[content_types].xml" in names:
        for folder, found in (("word/", "word"), ("xl/", "excel"), ("ppt/", "powerpoint")):
            if any(name.startswith(folder) for name in names):
                return found
    return "odf" if "content.xml" in names and "mimetype" in names else ""


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip


@dataclass(slots=True)
class WordText:
    """Text of one WordprocessingML part, gathered in document order."""

    words: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: int = 0
    authors: dict[str, None] = field(default_factory=dict)
    tables: int = 0

    @property
    def text(self) -> str:
        """What stands there now, insertions included, deletions not; a line a paragraph, cells by tabs."""
        return tidy("".join(self.words)).strip("\n")

    @property
    def deletions(self) -> str:
        """What tracked changes have taken out, a line each."""
        return tidy("".join(self.deleted)).strip("\n")


_PLAIN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": "\t"}
_LOCAL = {
    space + name: name
    for space in (W, W_STRICT)
    for name in ("t", "delText", "ins", "del", "tbl", "p", "tc", "tr", *_PLAIN)
}
"""Every element that matters for the text, under both of its names."""


def word_text(root: Any, into: WordText | None = None) -> WordText:
    """The text of a part: body, header, footer, notes or comments (ISO/IEC 29500-1, 17.3)."""
    made = into or WordText()
    walk = etree.iterwalk(root, events=("start", "end"), tag=(_FALLBACK, *_LOCAL))
    for event, element in walk:
        local = _LOCAL.get(element.tag, "")
        if event == "start":
            if not local:
                walk.skip_subtree()  # the same text again, for older programs
            else:
                _start(local, element, made)
        elif local == "p":
            made.words.append(" " if _parent(element) == "tc" else "\n")
        elif local == "tc":
            made.words.append("\t")
        elif local == "tr":
            made.words.append("\n")
        elif local == "del":
            made.deleted.append("\n")
    return made


def _start(local: str, element: Any, made: WordText) -> None:
    if local == "t":
        made.words.append(element.text or "")
    elif local == "delText":
        made.deleted.append(element.text or "")
    elif local in _PLAIN:
        if _parent(element) == "r":  # a `tab` also stands in lists of tab stops
            made.words.append(_PLAIN[local])
    elif local in ("ins", "del"):
        made.inserted += local == "ins"
        author = element.get(W + "author") or element.get(W_STRICT + "author")
        if author:
            made.authors[tidy(author)[:200]] = None
    elif local == "tbl":
        made.tables += 1


def _parent(element: Any) -> str:
    """Name of the element around this one, if it is WordprocessingML."""
    parent = element.getparent()
    tag = parent.tag if parent is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) and tag.startswith((W, W_STRICT)) else ""
