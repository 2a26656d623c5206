"""What the tests of mail share: read bytes, check the books, and cut every part out by its pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from casekit.ingest.limits import new_budget
from casekit.ingest.mail.cms import signed_content
from casekit.ingest.mail.extract import mime_part
from casekit.ingest.mail.transfer import undo
from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256

DATA = Path(__file__).resolve().parent.parent / "data" / "mail"

Read = Callable[[bytes, Context], Iterator[Parsed | Problem | Books]]


def read_all(read: Read, data: bytes, name: str = "f") -> tuple[list[Parsed], list[Problem], Books]:
    """Items, problems and books, after checking what holds for every file."""
    new_budget()
    found = list(read(data, Context(name=name)))
    items = [each for each in found if isinstance(each, Parsed)]
    problems = [each for each in found if isinstance(each, Problem)]
    books = found[-1]
    assert isinstance(books, Books)
    assert len(items) + len(problems) + 1 == len(found)
    assert books.total == len(data)
    for item in items:
        check_pointers(data, item)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(items), type=list[Parsed]) == items
    return items, problems, books


def check_pointers(data: bytes, item: Parsed) -> None:
    """Cut the item's bytes out of `data` by slices alone, then those of the mails' parts out of it."""
    for step in item.steps:
        if step.how == "slice":
            # what is binary has no lines
            assert step.line in (None, data[: step.offset].count(b"\n") + 1)
            data = data[step.offset : step.offset + step.length]
            if step.decoding:
                assert sha256(data) == step.before
                carried = step.decoding == "pkcs7"
                data = signed_content(data) or b"" if carried else undo(data, step.decoding).data
        elif step.how == "mime":
            whole = data
            data = whole[step.offset : step.offset + step.length] if step.length else b""
            if step.decoding and step.length:
                assert sha256(data) == step.before
                data = undo(data, step.decoding).data
            if not step.length:
                data = mime_part(whole, step.name)
            assert mime_part(whole, step.name) == data
        else:
            return  # members of archives are the business of others
        assert sha256(data) == step.sha256
    assert (sha256(data), len(data)) == (item.sha256, item.size)
    for child in item.children:
        check_pointers(data, child)


def kinds(item: Parsed) -> list[str]:
    """Kinds of the item's own problems."""
    return [problem.kind for problem in item.problems]
