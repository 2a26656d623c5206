"""Load files: the table that a review program reads beside a production, written and read back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from casekit.errors import CaseKitError

Encoding = Literal["utf-8", "cp1252"]

QUOTE, BETWEEN, NEW_LINE = "\u00fe", "\x14", "\u00ae"
"""Source: the Concordance DAT convention: text qualifier 254, field separator 20, line within a value 174."""

_BOM = "\ufeff"
_POINT = re.compile(r"\[U\+(10[0-9A-F]{4}|[0-9A-F]{4,5})\]")


def dat(fields: Sequence[str], rows: Iterable[Mapping[str, str]], encoding: Encoding) -> bytes:
    """A DAT file with a head line: UTF-8 with its mark, or Windows' cp1252.

    The values are from `written`; a field that a row lacks is empty.
    """
    lines = [fields, *([row.get(name, "") for name in fields] for row in rows)]
    text = "".join(BETWEEN.join(f"{QUOTE}{v}{QUOTE}" for v in line) + "\r\n" for line in lines)
    return (_BOM + text if encoding == "utf-8" else text).encode(encoding)


def opt(volume: str, documents: Iterable[Sequence[tuple[str, str]]]) -> bytes:
    """An Opticon file: a line a page picture, comma-separated, in the order of the production.

    Source: the seven fields that review programs agree on: image key, volume, path, `Y` on a document's
    first page, folder break, box break, and on the first page the number of pages.

    Args:
        volume: Its name.
        documents: Of each document with pictures the (number, path) of each page.
    """
    lines = []
    for pages in documents:
        for no, (key, path) in enumerate(pages):
            first = ("Y", str(len(pages))) if no == 0 else ("", "")
            lines.append(f"{key},{volume},{path},{first[0]},,,{first[1]}\r\n")
    return "".join(lines).encode()


def read_opt(untrusted_data: bytes) -> list[list[tuple[str, str]]]:
    """The documents of an Opticon file: of each page its number and path.

    Raises:
        CaseKitError: It is none, or a document has not as many pages as it says.
    """
    found: list[list[tuple[str, str]]] = []
    due: list[int] = []
    for no, line in enumerate(untrusted_data.decode("utf-8", "replace").splitlines(), 1):
        parts = line.split(",")
        if len(parts) != 7 or not (found or parts[3] == "Y"):
            raise CaseKitError(
                "Line {no} is not that of an OPT load file: ask for it again.", no=no
            )
        if parts[3] == "Y":
            found.append([])
            due.append(int(parts[6]) if parts[6].isascii() and parts[6].isdigit() else -1)
        found[-1].append((parts[0], parts[2]))
    for pages, count in zip(found, due, strict=True):
        if count not in (-1, len(pages)):
            raise CaseKitError(
                "Document {key} of the OPT load file has {n} pages and says {m}: ask for it again.",
                key=pages[0][0], n=len(pages), m=count,
            )  # fmt: skip
    return found


_LFP_TYPES = {"tif": "2", "jpg": "4", "pdf": "6"}


def lfp(
    volume: str, documents: Iterable[Sequence[tuple[str, str]]], attached: Collection[str] = ()
) -> bytes:
    """An IPRO list of pictures: a line a page, in the order of the production.

    Source: the command `IM` of IPRO's LFP files: image key, boundary (`D` on a document's first page, `C` on
    that of an attachment), offset within a file of several pages (0: it has one), then volume, folder, file and
    its type (2 TIFF, 4 JPEG, 6 PDF).

    Args:
        volume: Its name.
        documents: Of each document with pictures the (number, path below the volume) of each page.
        attached: First numbers of the documents that are attached to others.
    """
    lines = []
    for pages in documents:
        for no, (key, path) in enumerate(pages):
            boundary = "" if no else ("C" if key in attached else "D")
            folder, _, name = path.replace("/", "\\").rpartition("\\")
            kind = _LFP_TYPES[name.rpartition(".")[2].lower()]
            lines.append(f"IM,{key},{boundary},0,@{volume};{folder};{name};{kind}\r\n")
    return "".join(lines).encode()


def read_lfp(untrusted_data: bytes) -> list[list[tuple[str, str]]]:
    """The documents of an IPRO list: of each page its number and path below the volume.

    Raises:
        CaseKitError: A line is not one of a picture.
    """
    found: list[list[tuple[str, str]]] = []
    for no, line in enumerate(untrusted_data.decode("utf-8", "replace").splitlines(), 1):
        parts = line.split(",", 4)
        where = parts[4].split(";") if len(parts) == 5 else []
        if len(where) != 4 or parts[0] != "IM" or not (found or parts[2]):
            raise CaseKitError(
                "Line {no} is not that of a picture in an LFP file: ask for it again.", no=no
            )
        if parts[2]:
            found.append([])
        found[-1].append((parts[1], f"{where[1]}\\{where[2]}"))
    return found


def written(value: str, encoding: Encoding) -> tuple[str, tuple[str, ...]]:
    """A value as it stands in a DAT file, and the characters that have no place there, each once.

    Those are the signs of the format itself, control characters, and what the encoding lacks. They are
    written as visible code points such as `[U+00FE]`, so that no value breaks the table or is lost in silence.
    """
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    odd = [c for c in dict.fromkeys(plain) if c != "\n" and not _fits(c, encoding)]
    table = str.maketrans({c: f"[U+{ord(c):04X}]" for c in odd} | {"\n": NEW_LINE})
    return plain.translate(table), tuple(odd)


def unwritten(value: str) -> str:
    """A value with what `written` made visible as it was: no word can hide behind a code point."""
    plain = value.replace(NEW_LINE, "\n")
    return _POINT.sub(lambda point: chr(int(point[1], 16)), plain)


def read_dat(untrusted_data: bytes) -> list[dict[str, str]]:
    """The rows of a DAT file in either encoding, by field, with the lines within values as lines again.

    Raises:
        CaseKitError: It is no DAT file, or a row has not as many values as there are fields.
    """
    marked = untrusted_data.startswith(_BOM.encode())
    text = untrusted_data.decode("utf-8-sig" if marked else "cp1252", "replace")
    lines = [
        _values(line, no) for no, line in enumerate(text.removesuffix("\r\n").split("\r\n"), 1)
    ]
    head, *rows = lines
    for no, row in enumerate(rows, 2):
        if len(row) != len(head):
            raise CaseKitError(
                "Line {no} of the load file has {n} values for {m} fields: ask for it again.",
                no=no, n=len(row), m=len(head),
            )  # fmt: skip
    return [dict(zip(head, row, strict=True)) for row in rows]


def _values(line: str, no: int) -> list[str]:
    values = line.split(BETWEEN)
    if any(len(v) < 2 or v[0] != QUOTE or v[-1] != QUOTE or QUOTE in v[1:-1] for v in values):
        raise CaseKitError("Line {no} is not that of a DAT load file: ask for it again.", no=no)
    return [v[1:-1].replace(NEW_LINE, "\n") for v in values]


def _fits(character: str, encoding: Encoding) -> bool:
    if character in (QUOTE, NEW_LINE) or ord(character) < 32 or 0x7F <= ord(character) < 0xA0:
        return False
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
