"""What the tests of the record readers share: read bytes, check the books and every pointer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256
from casekit.ingest.reading import format_of, read_any

DATA = Path(__file__).resolve().parent.parent / "data" / "records"

Read = Callable[[bytes, Context], Iterator[Parsed | Problem | Books]]


def read_all(
    read: Read, data: bytes, context: Context | None = None
) -> tuple[list[Parsed], list[Problem], Books]:
    """Items, problems and books, after checking what holds for every file."""
    found = list(read(data, context or Context(name="f")))
    items = [each for each in found if isinstance(each, Parsed)]
    problems = [each for each in found if isinstance(each, Problem)]
    books = found[-1]
    assert isinstance(books, Books)
    assert len(items) + len(problems) + 1 == len(found)
    assert books.total == len(data)
    for item in items:
        piece = _cut(data, item)
        for step in item.steps:
            assert step.line == data[: step.offset].count(b"\n") + 1
        for child in item.children:
            _cut(data if child.beside else piece, child)
    beside = sum(child.size for item in items for child in item.children if child.beside)
    assert sum(item.size for item in items) + beside == books.good
    assert sum(each.length or 0 for each in problems) == books.quarantined
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(items), type=list[Parsed]) == items
    return items, problems, books


def _cut(data: bytes, item: Parsed) -> bytes:
    """The item's bytes, out of those that its steps lead from."""
    piece = data
    for step in item.steps:
        piece = piece[step.offset : step.offset + step.length]
    assert (sha256(piece), len(piece)) == (item.sha256, item.size)
    return piece


def items_in(document: object) -> list[Parsed]:
    """The items of a JSON document, read as a file is that says nothing of its kind."""
    data = json.dumps(document).encode()
    found = read_any(data, Context(), format_of(data, "x"))
    return [each for each in found if isinstance(each, Parsed)]


def texts(item: Parsed) -> dict[str, str]:
    """An item's texts by part."""
    return dict(item.texts)
