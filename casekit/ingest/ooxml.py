"""The XML inside office files: their parts, their relations and their text, read without trusting any of it."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data, Directory, zip_members
from casekit.ingest.limits import LimitReached, budget
from casekit.ingest.zip_rescue import directory_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MOST_PART = 256 * 1024 * 1024
"""Bytes of one XML part."""
_QUICK = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Methods of which a member's bytes are had in one go."""


class BadPart(Exception):
    """A part is missing, damaged or not XML."""


@dataclass(slots=True)
class Package:
    """An office file: parts by lower-case name, each read when asked for; `twice` if one name has two.

    `cut` says that the file has no directory, and only the parts that are whole are known.
    """

    directory: Directory
    data: Data
    names: dict[str, int] = field(default_factory=dict)
    twice: bool = False
    cut: bool = False
    _relations: dict[str, list[tuple[str, str, bool]]] = field(default_factory=dict)
    _ids: dict[str, dict[str, str]] = field(default_factory=dict)
    _looked_at: dict[str, bytes] = field(default_factory=dict)  # relations that are not parsed yet

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
        quick = _stored(self.data, entry)
        if quick is not None:
            try:
                budget().use(len(quick), len(quick), entry.compress_size)
            except LimitReached as reached:
                raise BadPart(name) from reached
            return quick
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
        return _tree(name, self.read(name))

    def word_text(self, name: str, into: WordText | None = None) -> WordText:
        """The text of a WordprocessingML part, added to `into` if that is given; see `word_text`.

        Raises:
            BadPart: It cannot be had or is no XML.
        """
        data = self.read(name)
        shorter = _without_looks(data)
        if _says_nothing(shorter):
            return into or WordText()
        rare = shorter is data or b"Fallback" in shorter or b"moveFrom" in shorter
        return word_text(_tree(name, shorter), into, rare=rare)

    def relations(self, part: str) -> list[tuple[str, str, bool]]:
        """Type, target and whether it lies outside, for each relation of `part` (empty: of the package)."""
        if part not in self._relations:
            self._relate(part)
        return self._relations[part]

    def relation_ids(self, part: str) -> dict[str, str]:
        """Target by the id of the relation, for those of `part` that lie inside."""
        if part not in self._ids:
            self._relate(part)
        return self._ids[part]

    def reaches_outside(self, part: str) -> bool:
        """Whether any relation of `part` may lie outside, by a look at its bytes."""
        if part in self._relations:
            return any(away for _, _, away in self._relations[part])
        try:
            raw = self._looked_at[part] = self.read(_relations_of(part))
        except BadPart:
            return False
        return b"External" in raw or not raw.isascii() or b"&#" in raw

    def _relate(self, part: str) -> None:
        folder = part.rpartition("/")[0]
        found: list[tuple[str, str, bool]] = []
        ids: dict[str, str] = {}
        self._relations[part], self._ids[part] = found, ids
        name = _relations_of(part)
        try:
            root = _tree(name, self._looked_at.pop(part, b"") or self.read(name))
        except BadPart:
            return
        for element in root.iter(_RELATIONS):
            away = element.get("TargetMode") == "External"
            target = element.get("Target") or ""
            kind = (element.get("Type") or "").rpartition("/")[2]
            if not away:
                target = ids[element.get("Id") or ""] = _target(folder, target)
            found.append((kind, target, away))


def _tree(name: str, untrusted_data: bytes) -> Any:
    """The root element of a part's bytes.

    Raises:
        BadPart: They are no XML.
    """
    try:
        root = etree.fromstring(untrusted_data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadPart(name) from error
    if root is None:
        raise BadPart(name)
    return root


def _relations_of(part: str) -> str:
    """Name of the part that holds a part's relations (ISO/IEC 29500-2, 6.5)."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _target(folder: str, target: str) -> str:
    """Name of the part that a relation leads to."""
    if not folder and "." not in target.partition("/")[0]:
        return target.lstrip("/")
    joined = f"{folder}/{target}"
    if (
        target
        and "//" not in joined
        and "/." not in joined
        and joined[0] not in "./"
        and joined[-1] != "/"
    ):
        return joined  # nothing to be made shorter
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _stored(untrusted_data: Data, entry: zipfile.ZipInfo) -> bytes | None:
    """A member's bytes where its headers agree and its checksum fits; else it is for `zip_members`."""
    head = untrusted_data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or entry.compress_type not in _QUICK:
        return None
    flags, names, extra = struct.unpack_from("<6xH18xHH", head)
    if flags & 1 or entry.flag_bits & 1:
        return None
    start = entry.header_offset + 30 + names + extra
    data = untrusted_data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpack.decompress(data, entry.file_size + 1)
        except zlib.error:
            return None
        if not unpack.eof:
            return None
    whole = len(data) == entry.file_size and zlib.crc32(data) == entry.CRC
    return data if whole else None


def open_package(untrusted_data: Any) -> Package:
    """Open an office file.

    Raises:
        zipfile.BadZipFile: It is no zip.
    """
    directory, cut = directory_of(untrusted_data, budget())
    names = {name.lower().lstrip("/"): index for index, (_, name, _) in enumerate(directory.files)}
    return Package(directory, untrusted_data, names, len(names) < len(directory.files), cut)


def flavour(directory: Directory) -> str:
    """Which office format a zip is: `word`, `excel`, `powerpoint`, `odf`, `epub`, or nothing."""
    names = {name.lower() for _, name, _ in directory.files}
    if "[content_types].xml" in names:
        for folder, found in (("word/", "word"), ("xl/", "excel"), ("ppt/", "powerpoint")):
            if any(name.startswith(folder) for name in names):
                return found
    if "meta-inf/container.xml" in names and any(name.endswith(".opf") for name in names):
        return "epub"
    return "odf" if "content.xml" in names and ("mimetype" in names or "meta.xml" in names) else ""


@cache
def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, collect_ids=False,
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
        described: What drawings and pictures are said to show, which a page does not.
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
    described: list[str] = field(default_factory=list)

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
_TAGS = {
    space + name: name
    for space in _SPACES
    for name in (
        "t", "delText", *_CHANGES, "tbl", "tr", "tc", "p", "txbxContent", "vanish", "instrText",
        "delInstrText", "fldSimple", "fldChar", "comment", *_PLAIN,
    )
} | {_M_T: "t"} | {
    f"{{{space}}}docPr": "docPr" for space in (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
    )
}  # fmt: skip
"""Every element that matters for the text, under both of its names."""
_NAMES = tuple(f"{{*}}{name}" for name in dict.fromkeys(_TAGS.values()))
"""The same in any namespace: half as many to be looked for."""
_PLAIN_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?<(?:[A-Za-z]|\?xml [^>]*encoding=[\"']UTF-8[\"'][^>]*>)", re.IGNORECASE
)
_LOOKS = re.compile(
    rb"<w:(?:rFonts|s(?:z(?:Cs)?|pacing|hd)|b(?:Cs|ottom)?|t(?:op|cW|blCellSpacing)|l(?:eft|ang)|right|jc|"
    rb"hideMark|p(?:Style|roofErr)|color|vAlign|ind|noProof|gridCol|i|u)(?: w:\w+=\"[^\"<&]*\")*/>"
)
"""Whole tags that say what text looks like and hold none, as Word writes them (ISO/IEC 29500-1, 17.3, 17.4)."""
_EMPTIED = tuple(
    f"<w:{name}></w:{name}>".encode()
    for name in ("tcBorders", "tcMar", "rPr", "pPr", "tcPr", "trPr")
)
"""What held nothing else, from the inside outwards."""
_BESIDE = re.compile(rb"</w:(?:hdr|ftr|footnotes|endnotes)>\s*\Z")
_SAYING = re.compile(
    rb"[<:](?:t|delText|ins|del|move(?:From|To)|txbxContent|vanish|(?:delI|i)nstrText|fld(?:Simple|Char)|docPr|"
    rb"(?:noBreak|soft)Hyphen)[\s/>]"
)
"""Elements of `_TAGS` that are more than a place for text."""
_CELLS = frozenset(f"{space}tc" for space in _SPACES)
_MOVED = tuple(f"{space}moveFrom" for space in _SPACES)


def word_text(root: Any, into: WordText | None = None, *, rare: bool = True) -> WordText:
    """The text of a part: body, header, footer, notes or comments (ISO/IEC 29500-1, 17.3).

    The tree is changed: text for older programs is taken out, and what was moved away counts as deleted.

    Args:
        root: Its root element.
        into: Where the text is added.
        rare: Whether text for older programs or moved text may be in it; looking costs two walks.
    """
    made = into or WordText()
    if rare:
        _set_apart(root)
    say = made.words.append
    for _, element in etree.iterwalk(root, events=("end",), tag=_NAMES):
        local = _TAGS.get(element.tag)
        if local is None:
            continue
        if local == "t":
            if text := element.text:
                say(text)
        elif local == "p":
            parent = element.getparent()
            say(" " if parent is not None and parent.tag in _CELLS else "\n")
        elif local == "tc":
            say("\t")
        elif local == "tr":
            say("\n")
        else:
            _mark(local, element, made)
    return made


def _set_apart(root: Any) -> None:
    """Take out text for older programs, and make what was moved away deleted."""
    for again in list(root.iter(FALLBACK)):
        again.clear()
    for moved in list(root.iter(*_MOVED)):
        for element in moved.iter(*(f"{space}t" for space in _SPACES)):
            element.tag = element.tag[:-1] + "delText"


def _without_looks(untrusted_data: bytes) -> bytes:
    """A part's bytes without most tags that hold neither text nor what holds text: they are most of a file.

    Only from UTF-8 without comments, sections or a DTD, in which other things may look like a tag. A bang is
    looked for by itself first, which is ten times as quick.
    """
    odd = b"!" in untrusted_data and b"<!" in untrusted_data
    if odd or not _PLAIN_HEAD.match(untrusted_data):
        return untrusted_data
    data = _LOOKS.sub(b"", untrusted_data)
    for emptied in _EMPTIED:
        data = data.replace(emptied, b"")
    return data


def _says_nothing(untrusted_data: bytes) -> bool:
    """Whether a whole part beside the body, as Word writes one to each document, holds nothing to read."""
    return (
        _BESIDE.search(untrusted_data[-40:]) is not None
        and _PLAIN_HEAD.match(untrusted_data) is not None
        and b"<!" not in untrusted_data
        and _SAYING.search(untrusted_data) is None
    )


def _mark(local: str, element: Any, made: WordText) -> None:
    if local == "delText":
        made.deleted.append(element.text or "")
    elif local in _PLAIN:
        if _parent(element) == "r":  # a `tab` also stands in lists of tab stops
            made.words.append(_PLAIN[local])
    elif local in _CHANGES:
        made.inserted += local in ("ins", "moveTo")
        if local in ("del", "moveFrom"):
            made.removed += 1
            made.deleted.append("\n")
        _note(element, "author", made.authors)
        _note(element, "date", made.dates)
    elif local == "tbl":
        made.tables += 1
    elif local == "txbxContent":
        made.boxes += 1
    elif local == "vanish":
        made.hidden += _parent(_parent_of(element)) == "r"
    elif local == "docPr":
        made.described += [
            said for key in ("title", "descr") if (said := (element.get(key) or "").strip())
        ]
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
