"""Tables out of a SQLite database, read page by page from its bytes: no SQL of the file's is ever run.

Source: sqlite.org, Database File Format 3.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from casekit.ingest.containers import Data
from casekit.ingest.rows import Row, number_of, text_of, unlike

MAGIC = b"SQLite format 3\x00"
_HEAD = 100
_LEAF, _INNER = 0x0D, 0x05
_CHARSETS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_WHOLE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of a whole number by its serial type."""
_MOST_VALUE = 1024**3
"""SQLite writes no longer row."""
_MOST_TABLES = 10_000

_NAME = r"""(?:"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`|'(?:[^']|'')*'|[\w$]+)"""
_COLUMN = re.compile(rf"\s*({_NAME})(?P<rest>.*)", re.DOTALL)
_CONSTRAINT = re.compile(r"\s*(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b", re.IGNORECASE)
_ROWID = re.compile(r"\s*INTEGER\s(?:.*\s)?PRIMARY\s+KEY(?!\s+DESC)", re.IGNORECASE | re.DOTALL)
_COMPUTED = re.compile(r"\bAS\s*\(.*\)(?!\s*STORED)\s*(?:VIRTUAL\s*)?\Z", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(rf"{_NAME}|[(),]|[^\s\w(),\"'`\[]+|\s+|.", re.DOTALL)


Place = tuple[int, int]
"""Number of a page, and where on it a row begins."""


class Table(NamedTuple):
    """A table of a database.

    Attributes:
        name: Its own.
        root: Number of its first page.
        columns: Their names, made different.
        key: Place of the column that is the row's number, which is not in the row; or None.
    """

    name: str
    root: int
    columns: list[str]
    key: int | None


class Database:
    """A database's bytes.

    Attributes:
        ahead: Whether the program wrote its changes into a log beside it first.
        short: Pages that its head counts and that are not there.
        free: Pages that are in no table any more.
        tables: Those that can be read, in the order in which they were made.
        unread: Names of those that cannot: their rows have no numbers, or their definition is not understood.
        damaged: Numbers of the pages that could not be read so far.
        page: Bytes of a page.
    """

    def __init__(self, untrusted_data: Data) -> None:
        """Read its head and its list of tables.

        Raises:
            ValueError: The head is damaged, or there is none.
        """
        self._data = untrusted_data
        head = untrusted_data[:_HEAD]
        if len(head) < _HEAD or not head.startswith(MAGIC):
            raise ValueError("the database has no head")
        size = int.from_bytes(head[16:18])
        self.page = 65536 if size == 1 else size
        self._usable = self.page - head[20]
        if self.page < 512 or self.page & (self.page - 1) or self._usable < 480:
            raise ValueError("the database's pages have no size")
        self._charset = _CHARSETS.get(int.from_bytes(head[56:60]), "utf-8")
        self.ahead = head[18] == 2
        self.free = int.from_bytes(head[36:40])
        sure = head[24:28] == head[92:96]  # else a very early version wrote last
        pages = int.from_bytes(head[28:32]) if sure else 0
        self.short = max(0, pages - len(untrusted_data) // self.page)
        self.damaged: dict[int, None] = {}
        self.tables: list[Table] = []
        self.unread: list[str] = []
        self._owners: dict[int, Place] = {}
        for place in self.places(1):
            self._list(self._record(place) or [])

    def _list(self, values: list[object]) -> None:
        """Note what a row of the list of tables tells."""
        if len(values) < 5 or values[0] != "table" or len(self.tables) >= _MOST_TABLES:
            return
        name, root, made = values[2], values[3], values[4]
        if type(name) is not str or name.startswith("sqlite_"):
            return
        if type(made) is str and made[:14].upper() == "CREATE VIRTUAL":
            return  # its content is in other tables
        table = _table(name, root, made) if type(root) is int and type(made) is str else None
        if table is None or any(each.root == root for each in self.tables):
            self.unread.append(name)
        else:
            self.tables.append(table)

    def places(self, root: int) -> Iterator[Place]:
        """Where the rows below a page stand, in the order of their numbers; pages in a circle are damaged."""
        waiting, seen = [root], {0}
        while waiting:
            number = waiting.pop()
            if number in seen or not self._claim(number, (root, -1)):
                self.damaged[number] = None
                continue
            seen.add(number)
            try:
                leaf, found = self._cells(number)
            except (ValueError, struct.error, IndexError):
                self.damaged[number] = None
                continue
            if leaf:
                yield from ((number, at) for at in dict.fromkeys(found))
            else:
                waiting += found[::-1]

    def row(self, table: Table, place: Place) -> Row | None:
        """The row at a place; None where it is damaged."""
        values = self._record(place, table.key)
        if values is None:
            return None
        values += [None] * (len(table.columns) - len(values))
        names = table.columns
        if len(values) > len(names):
            names = unlike([*names, *[""] * (len(values) - len(names))])
        return dict(zip(names, values, strict=True))

    def _record(self, place: Place, key: int | None = None) -> list[object] | None:
        try:
            return self._row(place, key)
        except (ValueError, struct.error, IndexError, OverflowError):
            self.damaged[place[0]] = None
            return None

    def _claim(self, number: int, owner: Place) -> bool:
        """Whether a page is of this table, or this row, alone; else one could be read without end."""
        return self._owners.setdefault(number, owner) == owner

    def _page(self, number: int) -> bytes:
        page = self._data[(number - 1) * self.page : number * self.page] if number > 0 else b""
        if len(page) < self.page:
            raise ValueError("the page is not there")
        return bytes(page)

    def _cells(self, number: int) -> tuple[bool, list[int]]:
        """Whether a page holds rows, with their places; else the pages below it."""
        page = self._page(number)
        head = _HEAD if number == 1 else 0
        kind, count = page[head], int.from_bytes(page[head + 3 : head + 5])
        if kind not in (_LEAF, _INNER):
            raise ValueError("the page is of no table")
        first = head + (8 if kind == _LEAF else 12)
        places = struct.unpack_from(f">{count}H", page, first)
        if kind == _LEAF:
            return True, list(places)
        below = [int.from_bytes(page[at : at + 4]) for at in places]
        return False, [*below, int.from_bytes(page[head + 8 : head + 12])]

    def _row(self, place: Place, key: int | None) -> list[object]:
        page = self._page(place[0])
        size, at = _varint(page, place[1])
        number, at = _varint(page, at)
        if size > min(_MOST_VALUE, len(self._data)):
            raise ValueError("the row is longer than the database")
        values = self._values(self._payload(page, at, size, place))
        if key is not None and key < len(values) and values[key] is None:
            values[key] = number - (1 << 64) if number >= 1 << 63 else number
        return values

    def _payload(self, page: bytes, at: int, size: int, owner: Place) -> bytes:
        """The bytes of a row, of which those that have no room on the page stand on others."""
        most, least = self._usable - 35, (self._usable - 12) * 32 // 255 - 23
        fit = least + (size - least) % (self._usable - 4)
        local = size if size <= most else fit if fit <= most else least
        pieces = [page[at : at + local]]
        if len(pieces[0]) < local:
            raise ValueError("the row goes beyond its page")
        left = size - local
        seen: set[int] = set()
        following = int.from_bytes(page[at + local : at + local + 4]) if left else 0
        while left:
            if following in seen or not self._claim(following, owner):
                raise ValueError("the row's pages are another's too")
            seen.add(following)
            more = self._page(following)
            following = int.from_bytes(more[:4])
            pieces.append(more[4 : 4 + min(left, self._usable - 4)])
            left -= len(pieces[-1])
        return b"".join(pieces)

    def _values(self, record: bytes) -> list[object]:
        end, at = _varint(record, 0)
        if end > len(record):
            raise ValueError("the row's head goes beyond it")
        values: list[object] = []
        place = end
        while at < end:
            kind, at = _varint(record, at)
            size = _WHOLE.get(kind, 8 if kind == 7 else (kind - 12) // 2 if kind >= 12 else 0)
            piece = record[place : place + size]
            if len(piece) < size:
                raise ValueError("a value goes beyond its row")
            place += size
            values.append(self._value(kind, piece))
        return values

    def _value(self, kind: int, piece: bytes) -> object:
        if kind in _WHOLE:
            return int.from_bytes(piece, signed=True)
        if kind == 7:
            return number_of(struct.unpack(">d", piece)[0])
        if kind in (8, 9):
            return kind - 8
        if kind < 12:
            return None
        if kind % 2 and self._charset != "utf-8":
            return piece.decode(self._charset, "replace")
        return text_of(piece)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to nine bytes, and the place behind it."""
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9


def _table(name: str, root: int, made: str) -> Table | None:
    """A table by its definition; None where rows have no numbers, or no column is understood."""
    _, opened, rest = _COMMENT.sub(" ", made).partition("(")
    inside, closed, behind = rest.rpartition(")")
    if not opened or not closed or "WITHOUT" in behind.upper():
        return None
    columns: list[str] = []
    key = None
    for each in _split(inside):
        found = _COLUMN.match(each)
        if found is None or _CONSTRAINT.match(each):
            continue
        if _COMPUTED.search(found["rest"]):
            continue
        if _ROWID.match(found["rest"] + " "):
            key = len(columns)
        columns.append(_bare(found[1]))
    return Table(name, root, unlike(columns), key) if columns else None


def _split(text: str) -> Iterator[str]:
    """What stands between the commas that are in no brackets and no quotes."""
    depth = start = 0
    for piece in _PIECE.finditer(text):
        if piece[0] in "()":
            depth += 1 if piece[0] == "(" else -1
        elif piece[0] == "," and not depth:
            yield text[start : piece.start()]
            start = piece.end()
    yield text[start:]


def _bare(name: str) -> str:
    mark = name[:1]
    if mark in "\"`'":
        return name[1:-1].replace(mark * 2, mark)
    return name[1:-1] if mark == "[" else name


def row_at(untrusted_data: Data, name: str, number: int) -> Row:
    """The row with a number, counted from 0 in the order of the table.

    Raises:
        ValueError: There is none.
    """
    base = Database(untrusted_data)
    table = next((each for each in base.tables if each.name == name), None)
    place = None if table is None else next(islice(base.places(table.root), number, None), None)
    row = None if table is None or place is None else base.row(table, place)
    if row is None:
        raise ValueError("there is no such row")
    return row
