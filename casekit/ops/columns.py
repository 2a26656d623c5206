"""Items without families laid out as columns, on their way into the case: the same rows, made many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table

from casekit.alike import is_one
from casekit.store import canonical
from casekit.store.bulk import insert_alike, insert_rows
from casekit.store.tables import exchange, item, item_text

DIGEST_VERSION = 1
Row = dict[str, Any]
Values = Sequence[Any]
_ITEM = [str(c.name) for c in item.columns][4:-1]  # behind the ids, before the digest
_BYTES = {
    str(c.name) for c in (*item.columns, *exchange.columns) if isinstance(c.type, LargeBinary)
}


@dataclass(slots=True)
class ItemColumns:
    """Exchanges of one original, each the head of a family of its own, a value for each in every column.

    Attributes:
        item: Columns of `item` but ids and digest; None is null.
        texts: For each part its texts, None where an item has no such part; the order is that of the parts.
        exchange: Columns of `exchange` that have any value.
        problems: (the item's place from 0, columns of `problem` from `path` on).
        digests: Of each item, set by `digest_columns`.
    """

    item: Mapping[str, Values]
    texts: Sequence[tuple[str, Values]]
    exchange: Mapping[str, Values]
    problems: Sequence[tuple[int, Row]] = ()
    digests: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.item["kind"])


class LaidOut:
    """Plain records on their way into the tables: one statement for as many as have the same values set."""

    def __init__(self) -> None:
        self._found: list[tuple[range, int, ItemColumns]] = []

    def add(self, found: ItemColumns, first_id: int, original_id: int) -> None:
        """Take records that get ids from `first_id` on."""
        if len(found):
            self._found.append((range(first_id, first_id + len(found)), original_id, found))

    def insert(self, s: Connection) -> None:
        """Insert all of them; either all or an error."""
        for original_id, some in groupby(self._found, key=itemgetter(1)):
            _insert_items(s, original_id, [(ids, found) for ids, _, found in some])
        for parts, some in groupby(self._found, key=lambda each: _parts(each[2])):
            _insert_texts(s, parts, [(ids, found) for ids, _, found in some])
        by_names: dict[tuple[str, ...], list[tuple[range, ItemColumns]]] = {}
        for ids, _, found in self._found:
            by_names.setdefault(tuple(found.exchange), []).append((ids, found))
        for names, these in by_names.items():
            columns = {name: [found.exchange[name] for _, found in these] for name in names}
            rows = _Rows("item_id", [ids for ids, _ in these], columns)
            rows.insert(s, exchange, [{name: name for name in ("item_id", *names)}])


_Some = Sequence[tuple[range, ItemColumns]]


class _Rows:
    """Columns that come in pieces, parted into those with one value throughout and those that vary."""

    def __init__(
        self, key: str, ids: Sequence[range], columns: Mapping[str, Sequence[Values]]
    ) -> None:
        self._alike: dict[str, Any] = {}
        self._varying: dict[str, Values] = {key: list(chain.from_iterable(ids))}
        for name, pieces in columns.items():
            if all(map(is_one, pieces)) and is_one([piece[0] for piece in pieces]):
                self._alike[name] = pieces[0][0]
            else:
                self._varying[name] = list(chain.from_iterable(pieces))

    def insert(self, s: Connection, table: Table, rows: Sequence[Mapping[str, str]]) -> None:
        """Insert for each key the rows that say which of its values stands in each column, by its name here."""
        names = (*self._alike, *self._varying)
        places = tuple(tuple(map(names.index, row.values())) for row in rows)
        values = (tuple(self._alike.values()), tuple(self._varying.values()))
        insert_alike(s, table.name, tuple(rows[0]), places, *values)


def _insert_items(s: Connection, original_id: int, some: _Some) -> None:
    ids = [ids for ids, _ in some]
    nothing = [(None,) * len(each) for each in ids]
    columns: dict[str, Sequence[Values]] = {
        "digest": [found.digests for _, found in some],
        "original_id": [(original_id,) * len(each) for each in ids],
    }
    for name in _ITEM:
        values = [found.item.get(name) for _, found in some]
        columns[name] = [
            none if column is None else column for column, none in zip(values, nothing, strict=True)
        ]
    rows = {name: name for name in ("id", *columns)}
    _Rows("id", ids, columns).insert(s, item, [{**rows, "root_id": "id"}])


def _insert_texts(s: Connection, parts: tuple[str, ...] | None, some: _Some) -> None:
    if parts is None:
        said = chain.from_iterable(_texts_that_are(ids, found) for ids, found in some)
        insert_rows(s, item_text.name, [c.name for c in item_text.columns], list(said))
        return
    columns: dict[str, Sequence[Values]] = {}
    rows = []
    for no, part in enumerate(parts):
        columns[f"no {no}"] = [(no,)]
        columns[f"part {no}"] = [(part,)]
        columns[f"text {no}"] = [found.texts[no][1] for _, found in some]
        row = {"item_id": "item_id", "no": f"no {no}", "part": f"part {no}", "text": f"text {no}"}
        rows.append(row)
    if rows:
        _Rows("item_id", [ids for ids, _ in some], columns).insert(s, item_text, rows)


def _parts(found: ItemColumns) -> tuple[str, ...] | None:
    """The parts that each of its items has; None if they differ."""
    if any(None in column for _, column in found.texts):
        return None
    return tuple([part for part, _ in found.texts])


def _texts_that_are(ids: range, found: ItemColumns) -> Iterator[tuple[int, int, str, str]]:
    parts = [part for part, _ in found.texts]
    for item_id, *said in zip(ids, *(column for _, column in found.texts), strict=True):
        there = [each for each in zip(parts, said, strict=True) if each[1] is not None]
        for no, (part, text) in enumerate(there):
            yield item_id, no, part, text


def digest_columns(found: ItemColumns, original_sha256: bytes) -> None:
    """Set the digests, which are those that `items.item_digest` gives; needs no transaction."""
    original = original_sha256.hex()
    items = _objects(found.item)
    exchanges = _objects(found.exchange) if found.exchange else repeat({})
    for one, of_exchange, texts in zip(items, exchanges, _hashed(found), strict=False):
        # The keys stand in order, here and in the objects: nothing is left to be sorted.
        form: Row = {"exchange": of_exchange} if of_exchange else {}
        form.update(item=one, original=original, texts=texts, v=DIGEST_VERSION)
        found.digests.append(hashlib.sha256(canonical.encode_sorted(form)).digest())


def _objects(columns: Mapping[str, Values]) -> Iterator[Row]:
    """For each item its values by name, the names in order, without what is null; bytes are hex.

    It may be the same object each time, changed: it must be used before the next one is asked for.
    """
    alike: Row = {}
    varying: dict[str, Values] = {}
    for name in sorted(columns):
        column = columns[name]
        if name in _BYTES:
            column = [each and each.hex() for each in column]
        if not column or not is_one(column):
            alike[name] = None  # which keeps its place
            varying[name] = column
        elif column[0] is not None:
            alike[name] = column[0]
    rows = zip(*varying.values(), strict=True) if varying else repeat(())
    if not any(None in column for column in varying.values()):
        for row in rows:
            alike.update(zip(varying, row))  # noqa: B905 - checked once for all
            yield alike
        return
    for row in rows:
        one = {**alike, **dict(zip(varying, row))}  # noqa: B905
        yield {name: value for name, value in one.items() if value is not None}


def _hashed(found: ItemColumns) -> Iterator[list[list[str]]]:
    """For each item its parts with the SHA-256 of their texts."""
    parts = [part for part, _ in found.texts]
    if not parts:
        yield from ([] for _ in range(len(found)))
    hashed = [
        [None if text is None else canonical.sha256_text(text) for text in column]
        for _, column in found.texts
    ]
    for row in zip(*hashed, strict=True):
        yield [[part, value] for part, value in zip(parts, row) if value is not None]  # noqa: B905
