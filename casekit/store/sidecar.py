"""Every exchange of a case as Parquet, made from its tables for analytics that read columns, not rows.

`derived/exchanges/` holds a file for each fifty thousand item ids that have exchanges among them, named
by version and schema, first and last id and its own SHA-256. Files can be deleted and are made again, byte
for byte with the same version of the library; one whose bytes are not those of its name is made again too.
The last file is replaced when more comes in. Times are as assumed: `queries.times` says which may be used.
No manifest and no lock: two processes at it write the same. A large import makes them as it files the rows
(see `growing`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Executable, Float, Integer, LargeBinary, func, select

from casekit.alike import is_one
from casekit.progress import Progress, Silent
from casekit.store.case import Case
from casekit.store.tables import REVISION, exchange, item, item_text, original

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

VERSION = 2
PART_ITEMS = 50_000
FETCHED = 20_000
ITEM = ("kind", "collection", "pointer", "sha256", "size", "sent_us", "sent_raw", "sent_zone",
        "sent_resolution_us", "language")  # fmt: skip
"""Columns of `item` in the files, besides its id."""
TEXTS = ("system", "prompt", "output", "reasoning")
_UNIQUE = {
    "item_id", "pointer", "sha256", "sent_us", "sent_raw", "request_id", "upstream_id", "prompt_sha256",
    "messages", "extra", "prompt", "output", "reasoning",
}  # fmt: skip
"""Columns in which few values come twice: a dictionary of them is made for nothing."""
_MADE_AS = f"v{VERSION}.{REVISION}"
_NAME = re.compile(r"(v\d+\.\w+)-(\d{12})-(\d{12})-([0-9a-f]{64})\.parquet")
_FORGOTTEN_SECONDS = 3600
"""After so long nobody is writing a temporary file any more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file: the exchanges with ids from `first` to `last`, both included, and its SHA-256 (hex)."""

    path: Path
    first: int
    last: int
    sha256: str


def update(case: Case, progress: Progress | None = None, *, whole_only: bool = False) -> int:
    """Make the files that are missing; returns how many exchanges they hold.

    Args:
        case: The open case.
        progress: Told the items done; cancelling keeps every finished file.
        whole_only: Leave the last file's items for later, as long as none follows it, and what an import
            is writing now.
    """
    told = progress or Silent()
    have = {(part.first, part.last) for part in _listed(case)}
    with case.read() as s:
        newest = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
    made = 0
    for start in range(0, newest, PART_ITEMS):
        first, last = start + 1, min(start + PART_ITEMS, newest)
        if (first, last) in have or (whole_only and last == newest) or not _any(case, first, last):
            continue
        if whole_only and _is_begun(case, first):
            continue
        made += _write(case, first, last)
        told.step(last, newest, "Making the tables for analytics")
    return made


def parts(case: Case) -> list[Part]:
    """All files, brought up to date and checked against their hashes, in order of ids."""
    update(case)
    sound = [part for part in _listed(case) if _is_sound(part)]
    if len(sound) < len(_listed(case)):
        for part in set(_listed(case)) - set(sound):
            part.path.unlink(missing_ok=True)
        update(case)
    return _listed(case)


def _folder(case: Case) -> Path:
    return case.derived_file("exchanges/x").parent


def _listed(case: Case) -> list[Part]:
    """The files of this version; of several that begin with the same id the one that reaches farthest."""
    best: dict[int, Part] = {}
    for path in sorted(_folder(case).iterdir()):
        named = _NAME.fullmatch(path.name)
        if named is None or named[1] != _MADE_AS:
            continue
        part = Part(path, int(named[2]), int(named[3]), named[4])
        if (part.first - 1) % PART_ITEMS or not part.first <= part.last < part.first + PART_ITEMS:
            continue  # none of ours: it would count exchanges twice
        if part.first not in best or best[part.first].last < part.last:
            best[part.first] = part
    return [best[first] for first in sorted(best)]


def _is_sound(part: Part) -> bool:
    with part.path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() == part.sha256


def _any(case: Case, first: int, last: int) -> bool:
    with case.read() as s:
        found = select(exchange.c.item_id).where(exchange.c.item_id.between(first, last)).limit(1)
        return s.execute(found).first() is not None


def _is_begun(case: Case, first: int) -> bool:
    return any(_folder(case).glob(f"{_MADE_AS}-{first:012d}-*.tmp"))


class PartWriter:
    """A file being written, a group of rows for each `FETCHED` ids; one that is not published leaves nothing.

    That it is there says to others that somebody writes it.

    Args:
        case: The case.
        first: The first id it may hold.
    """

    def __init__(self, case: Case, first: int) -> None:
        self._first = first
        self._temporary = _folder(case) / f"{_MADE_AS}-{first:012d}-{uuid.uuid4().hex}.tmp"
        self._temporary.touch()
        self._schema = _schema(case)
        self._held: list[pa.RecordBatch] = []
        self._writer: pq.ParquetWriter | None = None
        self.rows = 0

    def hold(self, values: Mapping[str, Sequence[Any]]) -> None:
        """Take rows as the columns that have any value; `item_id` must be among them."""
        import pyarrow as pa

        number = len(values["item_id"])
        nothing = pa.nulls(number)
        arrays = [
            _array(values[field.name], field.type)
            if field.name in values
            else nothing.cast(field.type)
            for field in self._schema
        ]
        self._held.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self.rows += number

    def group(self) -> Callable[[], None]:
        """Take off the rows that are held; who calls what is returned writes them as one group."""
        held, self._held = self._held, []
        return partial(self._write, held)

    def write(self) -> None:
        """Write the rows that are held as one group."""
        self.group()()

    def _write(self, held: list[pa.RecordBatch]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._temporary,
                self._schema,
                compression="snappy",
                use_dictionary=[name for name in self._schema.names if name not in _UNIQUE],
            )
        if held:
            self._writer.write_table(pa.Table.from_batches(held).combine_chunks())

    def publish(self, last: int) -> None:
        """Give the file its name, up to this id, and remove those that it makes needless."""
        assert self._writer is not None
        self._writer.close()
        folder = self._temporary.parent
        with self._temporary.open("rb") as f:
            digest = hashlib.file_digest(f, "sha256").hexdigest()
            os.fsync(f.fileno())
        name = f"{_MADE_AS}-{self._first:012d}-{last:012d}-{digest}.parquet"
        self._temporary.replace(folder / name)
        for path in folder.iterdir():
            if _is_replaced(path, self._first, last):
                with contextlib.suppress(OSError):  # somebody reads it on Windows: next time
                    path.unlink()

    def close(self) -> None:
        """Leave nothing of it behind, unless it has been published."""
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()
        self._temporary.unlink(missing_ok=True)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The values of a column; what is no number at all (NaN) is null, as it is in the tables."""
    import pyarrow as pa

    first = values[0]
    if type(first) in (str, int) and is_one(values):
        return pa.repeat(pa.scalar(first, kind), len(values))
    return pa.array(values, kind, from_pandas=kind == pa.float64())


def _write(case: Case, first: int, last: int) -> int:
    with contextlib.closing(PartWriter(case, first)) as out:
        for values in _values(case, first, last):
            out.hold(values)
            out.write()
        out.publish(last)
    return out.rows


def _is_replaced(path: Path, first: int, last: int) -> bool:
    """Whether the file of a range makes another one needless, or a crash has left it behind."""
    if path.suffix == ".tmp":
        with contextlib.suppress(OSError):
            return path.stat().st_mtime < time.time() - _FORGOTTEN_SECONDS
        return False
    named = _NAME.fullmatch(path.name)
    if named is None:
        return False
    return named[1] != _MADE_AS or (int(named[2]) == first and int(named[3]) < last)


def _columns() -> list[Any]:
    own = [c for c in exchange.columns if c.name != "item_id"]
    return [
        exchange.c.item_id,
        item.c.original_id,
        *(item.c[name] for name in ITEM),
        *own,
    ]


def _schema(case: Case) -> pa.Schema:
    """The columns: those of the tables by name, the four texts of an exchange, hashes as 32 bytes."""
    import pyarrow as pa

    def kind(column: Any) -> pa.DataType:
        if isinstance(column.type, BigInteger | Integer):
            return pa.int64()
        if isinstance(column.type, Float):
            return pa.float64()
        if isinstance(column.type, LargeBinary):
            return pa.binary(32)
        return pa.string()

    fields = [pa.field(c.name, kind(c)) for c in _columns()]
    fields[:2] = [
        pa.field("item_id", pa.int64(), nullable=False),
        pa.field("original_sha256", pa.binary(32), nullable=False),
    ]
    fields += [pa.field(name, pa.string()) for name in TEXTS]
    return pa.schema(fields, metadata={"casekit_case": case.uuid, "casekit_sidecar": str(VERSION)})


def _values(case: Case, first: int, last: int) -> Iterator[dict[str, Sequence[Any]]]:
    """The columns that have any value, for each `FETCHED` ids."""
    with case.read() as s:
        filled = _filled(s, first, last)
        query = (
            select(*filled).join(item, item.c.id == exchange.c.item_id).order_by(exchange.c.item_id)
        )
        hashes = dict(_tuples(s, select(original.c.id, original.c.sha256)))
        for start in range(first, last + 1, FETCHED):
            stop = min(start + FETCHED - 1, last)
            rows = _tuples(s, query.where(exchange.c.item_id.between(start, stop)))
            if not rows:
                continue
            values = dict(zip([c.name for c in filled], zip(*rows, strict=True), strict=True))
            values["original_sha256"] = tuple(map(hashes.get, values.pop("original_id")))
            values.update(_texts(s, start, stop, values["item_id"]))
            yield values


def _filled(s: Connection, first: int, last: int) -> list[Any]:
    """The columns that have any value in the range: most exchanges lack most of theirs."""
    optional = [c for c in _columns() if c.table is exchange and c.name != "item_id"]
    counts = select(*(func.count(c) for c in optional))
    (row,) = _tuples(s, counts.where(exchange.c.item_id.between(first, last)))
    empty = {c.name for c, count in zip(optional, row, strict=True) if not count}
    return [c for c in _columns() if c.table is not exchange or c.name not in empty]


def _texts(s: Connection, first: int, last: int, ids: Sequence[int]) -> dict[str, list[str | None]]:
    """For each of `TEXTS` the text of every exchange in order of `ids`."""
    place = {item_id: n for n, item_id in enumerate(ids)}
    found: dict[str, list[str | None]] = {name: [None] * len(ids) for name in TEXTS}
    query = select(item_text.c.item_id, item_text.c.part, item_text.c.text).where(
        item_text.c.item_id.between(first, last), item_text.c.part.in_(TEXTS)
    )
    for item_id, part, text in _tuples(s, query):
        at = place.get(item_id)
        if at is not None:
            found[part][at] = text
    return found


def _tuples(s: Connection, query: Executable) -> list[tuple[Any, ...]]:
    """The driver's own tuples: rows with names cost as much again."""
    cursor = s.execute(query).cursor
    return [] if cursor is None else list(cursor.fetchall())
