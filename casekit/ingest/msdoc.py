"""The text of Word's binary files, from Word 6 on: pieces put together, deletions and field codes apart."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

WORD_97 = 0xA5EC
WORD_6 = (0xA5DC, 0xA5DB)
_ENCRYPTED, _SECOND_TABLE, _COMPLEX = 0x0100, 0x0200, 0x0004
_FC_LCB = 154
_CHARACTERS, _PIECES, _REVISERS, _COMMENTERS = 12, 33, 51, 36
_DELETED, _INSERTED = 0x0800, 0x0801
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_PAGE = 512
_MOST_CHARACTERS = 64 * 1024 * 1024
_MOST_RUNS = 2_000_000
SECTIONS = (
    "body",
    "footnotes",
    "headers",
    "macros",
    "comments",
    "endnotes",
    "boxes",
    "header_boxes",
)
"""The documents that stand one behind the other in a file, in their order (MS-DOC 2.3)."""
_LANGUAGES = {
    0x05: "cp1250", 0x0E: "cp1250", 0x15: "cp1250", 0x18: "cp1250", 0x1A: "cp1250", 0x1B: "cp1250",
    0x19: "cp1251", 0x22: "cp1251", 0x02: "cp1251", 0x23: "cp1251", 0x08: "cp1253", 0x1F: "cp1254",
    0x0D: "cp1255", 0x01: "cp1256", 0x25: "cp1257", 0x26: "cp1257", 0x27: "cp1257", 0x1E: "cp874",
    0x11: "cp932", 0x12: "cp949",
}  # fmt: skip
"""Code page of Word 6 and 95 by the low byte of the language (MS-LCID)."""
_TO_TEXT = {
    0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-", 0x1F: "", 0x09: "\t", 0x0A: "\n",
} | dict.fromkeys((*range(1, 7), 8, *range(15, 19), *range(22, 30)), "")  # fmt: skip
_SWITCH = re.compile(r'\\\*?\s?[a-z]+[0-9]*(?:\s+-?\d+)?|"[^"]*"|[(),;]', re.IGNORECASE)
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"


class BadDoc(Exception):
    """The file is no Word document, encrypted, or too damaged; `kind` says which."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


@dataclass(slots=True)
class DocText:
    """What stands in a Word file.

    Attributes:
        sections: Text by name, one of `SECTIONS`.
        deletions: What tracked changes took out.
        commands: Field codes as they stand.
        authors: Who changed it with tracking on.
        inserted: Runs that were inserted with tracking on.
        removed: Runs that were deleted with tracking on.
        damaged: Whether a part of the text lies outside the file.
        version: The number of the file format (nFib).
    """

    sections: dict[str, str] = field(default_factory=dict)
    deletions: str = ""
    commands: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    inserted: int = 0
    removed: int = 0
    damaged: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """`count` characters that lie at `offset` of the main stream, `width` bytes each."""

    count: int
    offset: int
    width: int


def doc_text(untrusted_main: bytes, untrusted_tables: tuple[bytes, bytes]) -> DocText:
    """The text of the stream `WordDocument`, with the streams `0Table` and `1Table` beside it.

    Raises:
        BadDoc: `no-word`, `encrypted` or `damaged`.

    Source: MS-DOC 2.4.1, 2.5, 2.8 and 2.9; for Word 6 and 95 the binary file format of 1997.
    """
    if len(untrusted_main) < 96:
        raise BadDoc("damaged")
    magic, version, language, flags = struct.unpack_from("<HHxxHxxH", untrusted_main)
    if magic != WORD_97 and magic not in WORD_6:
        raise BadDoc("no-word")
    if flags & _ENCRYPTED:
        raise BadDoc("encrypted")
    made = DocText(version=version)
    try:
        if magic == WORD_97 and version > 0x69:
            table = untrusted_tables[bool(flags & _SECOND_TABLE)]
            counts = struct.unpack_from("<8i", untrusted_main, 76)
            pieces = list(_pieces(*_table(untrusted_main, table, _PIECES), untrusted_main, made))
            text, gone = _joined(
                untrusted_main, pieces, "cp1252", _deleted(untrusted_main, table, made), made
            )
            made.authors = _authors(*_table(untrusted_main, table, _REVISERS))
        else:
            charset = _LANGUAGES.get(language & 0xFF, "cp1252")
            if language in (0x0404, 0x0C04):
                charset = "cp950"
            elif language in (0x0804, 0x1004):
                charset = "cp936"
            counts = struct.unpack_from("<8i", untrusted_main, 52)
            pieces = _old_pieces(untrusted_main, flags, sum(max(0, c) for c in counts), made)
            text, gone = _joined(untrusted_main, pieces, charset, [], made)
    except struct.error as error:
        raise BadDoc("damaged") from error
    _split(text, gone, counts, made)
    return made


def _table(main: bytes, table: bytes, number: int) -> tuple[bytes, int]:
    """One of the structures that the file information block points to, and its length there."""
    start, length = struct.unpack_from("<Ii", main, _FC_LCB + 8 * number)
    return table[start : start + max(0, length)], max(0, length)


def _pieces(clx: bytes, stated: int, main: bytes, made: DocText) -> Iterator[_Piece]:
    """The piece table (MS-DOC 2.9.38, 2.9.177)."""
    at = 0
    while at < len(clx) and clx[at] == 1:  # property modifiers come before it
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise BadDoc("damaged")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    body = clx[at + 5 : at + 5 + length]
    made.damaged = made.damaged or len(clx) < stated
    count = (len(body) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}i", body)
    for number in range(count):
        (packed,) = struct.unpack_from("<I", body, 4 * (count + 1) + 8 * number + 2)
        wide = not packed & 0x40000000
        offset = packed & 0x3FFFFFFF if wide else (packed & 0x3FFFFFFF) // 2
        size = places[number + 1] - places[number]
        if 0 < size <= _MOST_CHARACTERS:
            yield _Piece(size, offset, 2 if wide else 1)
        else:
            made.damaged = made.damaged or size != 0
    made.damaged = made.damaged or not main


def _old_pieces(main: bytes, flags: int, characters: int, made: DocText) -> list[_Piece]:
    """Word 6 and 95: all the text in one piece, or a piece table in the main stream itself."""
    if flags & _COMPLEX:
        start, length = struct.unpack_from("<Ii", main, 0x160)
        clx = main[start : start + max(0, length)]
        return [
            _Piece(piece.count, piece.offset if piece.width == 2 else piece.offset * 2, 1)
            for piece in _pieces(clx, max(0, length), main, made)
        ]
    start, end = struct.unpack_from("<II", main, 0x18)
    return [_Piece(min(max(0, end - start), characters, _MOST_CHARACTERS), start, 1)]


def _joined(
    main: bytes, pieces: list[_Piece], charset: str, gone: list[tuple[int, int]], made: DocText
) -> tuple[str, list[tuple[int, int]]]:
    """All characters in their order, and which of them (first, behind the last) were deleted."""
    texts: list[str] = []
    deleted: list[tuple[int, int]] = []
    at = 0
    starts = [start for start, _ in gone]
    for piece in pieces:
        raw = main[piece.offset : piece.offset + piece.count * piece.width]
        if len(raw) < piece.count * piece.width:
            made.damaged = True
        if piece.width == 2:
            text = _units(raw[: len(raw) // 2 * 2])
        else:
            text = raw.decode(charset, "replace") if charset != "cp1252" else _western(raw)
        end = piece.offset + len(raw)
        number = max(0, bisect_right(starts, piece.offset) - 1)
        while number < len(gone) and gone[number][0] < end:
            first, last = max(gone[number][0], piece.offset), min(gone[number][1], end)
            if first < last:
                shift = [(place - piece.offset) // piece.width for place in (first, last)]
                deleted.append((at + shift[0], at + shift[1]))
            number += 1
        texts.append(text)
        at += len(text)
        if at > _MOST_CHARACTERS:
            made.damaged = True
            break
    return "".join(texts), deleted


def _units(raw: bytes) -> str:
    """UTF-16 with each half of a surrogate pair a letter of its own: places are counted in these."""
    text = raw.decode("utf-16-le", "surrogatepass")
    if len(text) * 2 == len(raw):
        return text
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _western(raw: bytes) -> str:
    """Code page 1252, its five empty places as the control characters they stand for (MS-DOC 2.9.73)."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
            for byte in raw
        )


def _deleted(main: bytes, table: bytes, made: DocText) -> list[tuple[int, int]]:
    """Ranges of bytes of the main stream that are marked as deleted (MS-DOC 2.8.25, 2.9.33, 2.6.1)."""
    plc, _ = _table(main, table, _CHARACTERS)
    count = (len(plc) - 4) // 8
    found: list[tuple[int, int]] = []
    runs = 0
    for number in range(max(0, count)):
        (page,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)
        start = (page & 0x3FFFFF) * _PAGE
        held = main[start : start + _PAGE]
        if len(held) < _PAGE or not held[-1] or 5 * held[-1] + 4 > _PAGE:
            continue
        places = struct.unpack_from(f"<{held[-1] + 1}I", held)
        for run in range(held[-1]):
            runs += 1
            if runs > _MOST_RUNS:
                return sorted(found)
            at = held[4 * (held[-1] + 1) + run] * 2
            if not at:
                continue
            marks = _marks(held[at + 1 : at + 1 + held[at]])
            made.inserted += _INSERTED in marks
            if _DELETED in marks and places[run] < places[run + 1]:
                made.removed += 1
                found.append((places[run], places[run + 1]))
    return sorted(found)


def _marks(properties: bytes) -> set[int]:
    """Which of the two marks of tracking are on in a list of property modifiers."""
    found: set[int] = set()
    at = 0
    while at + 2 < len(properties):
        (sprm,) = struct.unpack_from("<H", properties, at)
        at += 2
        if sprm in (_DELETED, _INSERTED) and properties[at] == 1:
            found.add(sprm)
        size = _OPERANDS.get(sprm >> 13)
        at += properties[at] + 1 if size is None else size
    return found


def _authors(strings: bytes, _length: int) -> list[str]:
    """The table of those who changed it (MS-DOC 2.2.4, SttbfRMark)."""
    made: list[str] = []
    if len(strings) < 6 or strings[:2] != b"\xff\xff":
        return made
    (count,) = struct.unpack_from("<H", strings, 2)
    at = 6
    for _ in range(min(count, 1000)):
        if at + 2 > len(strings):
            break
        (size,) = struct.unpack_from("<H", strings, at)
        name = strings[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "replace")
        at += 2 + 2 * size
        if name and name != "Unknown":
            made.append(name)
    return made


def _split(text: str, gone: list[tuple[int, int]], counts: tuple[int, ...], made: DocText) -> None:
    deletions: list[str] = []
    at = 0
    for name, count in zip(SECTIONS, counts, strict=True):
        end = at + min(max(0, count), _MOST_CHARACTERS)
        section = _without(text, at, end, gone, deletions)
        made.sections[name] = _readable(section, made.commands)
        at = end
    made.deletions = _readable("\n".join(deletions), [])


def _without(
    text: str, start: int, end: int, gone: list[tuple[int, int]], deletions: list[str]
) -> str:
    """`text[start:end]` without what was deleted, which goes to `deletions`."""
    pieces: list[str] = []
    at = start
    first = bisect_right(gone, (start, 0))
    for left, right in gone[max(0, first - 1) :]:
        if left >= end:
            break
        left, right = max(left, at), min(right, end)
        if left < right:
            pieces.append(text[at:left])
            deletions.append(text[left:right])
            at = right
    pieces.append(text[at:end])
    return "".join(pieces)


def _readable(text: str, commands: list[str]) -> str:
    """Marks become tabs and line feeds; field codes go to `commands`, their results stay."""
    kept: list[str] = []
    codes: list[list[str]] = []
    in_code: list[bool] = []
    for piece in _cut(text):
        if piece == _FIELD_BEGIN:
            codes.append([])
            in_code.append(True)
        elif piece == _FIELD_MIDDLE:
            if in_code:
                in_code[-1] = False
        elif piece == _FIELD_END:
            if codes:
                code = "".join(codes.pop()).strip()
                in_code.pop()
                commands.append(code)
                if code.upper().startswith("EQ ") and not any(in_code):
                    kept.append(_formula(code))
        elif any(in_code):
            codes[-1].append(piece)
        else:
            kept.append(piece)
    text = "".join(kept).replace("\x07\x07", "\n").translate(_TO_TEXT)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _formula(code: str) -> str:
    """The words that the field EQ shows, such as syllables above Japanese letters."""
    return " ".join(_SWITCH.sub(" ", code[2:]).split())


def _cut(text: str) -> Iterator[str]:
    """The text in pieces, each mark of a field one of its own."""
    start = 0
    for at, letter in enumerate(text):
        if letter in "\x13\x14\x15":
            if at > start:
                yield text[start:at]
            yield letter
            start = at + 1
    if start < len(text):
        yield text[start:]
