"""Items without families laid out as columns, on their way into the case: the same rows, made many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

from sqlalchemy import LargeBinary

from casekit.store import canonical
from casekit.store.tables import exchange, item

DIGEST_VERSION = 1
Row = dict[str, Any]
Values = Sequence[Any]
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

    def item_rows(self, names: Sequence[str], first_id: int, original_id: int) -> Iterator[Any]:
        """The values of their rows one behind the other: four ids, the columns named, the digest."""
        ids, nothing = range(first_id, first_id + len(self)), repeat(None)
        columns = [self.item.get(name, nothing) for name in names]
        return chain.from_iterable(
            zip(ids, repeat(original_id), nothing, ids, *columns, self.digests)
        )

    def text_rows(self, first_id: int) -> Iterator[Any]:
        """The values of the rows of their texts: item, number, part, text."""
        ids = range(first_id, first_id + len(self))
        if not any(None in column for _, column in self.texts):
            fours = [
                (ids, repeat(no), repeat(part), column)
                for no, (part, column) in enumerate(self.texts)
            ]
            return chain.from_iterable(zip(*chain.from_iterable(fours)))  # noqa: B905 - numbers and names go on and on
        return chain.from_iterable(self._texts_that_are(ids))

    def _texts_that_are(self, ids: Sequence[int]) -> Iterator[tuple[int, int, str, str]]:
        parts = [part for part, _ in self.texts]
        for item_id, *said in zip(ids, *(column for _, column in self.texts), strict=True):
            there = [each for each in zip(parts, said, strict=True) if each[1] is not None]
            for no, (part, text) in enumerate(there):
                yield item_id, no, part, text

    def exchange_rows(self, first_id: int) -> tuple[tuple[str, ...], Iterator[Any]]:
        """The columns filled, and the values of the rows: the item, then those."""
        ids = range(first_id, first_id + len(self))
        return tuple(self.exchange), chain.from_iterable(
            zip(ids, *self.exchange.values(), strict=True)
        )


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
    """For each item its values by name, the names in order, without what is null; bytes are hex."""
    names = sorted(columns)
    filled = [
        [each and each.hex() for each in columns[name]] if name in _BYTES else columns[name]
        for name in names
    ]
    rows = zip(*filled, strict=True)
    if not any(None in column for column in filled):
        return (dict(zip(names, row)) for row in rows)  # noqa: B905 - checked once for all
    return (
        {name: value for name, value in zip(names, row) if value is not None}  # noqa: B905
        for row in rows
    )


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
