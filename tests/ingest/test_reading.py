from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from casekit.confine import Worker
from casekit.ingest import reading
from casekit.ingest.columns import items_in
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, When
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import (
    Batch,
    Inside,
    argument_for,
    batch_from,
    format_of,
    read_any,
    read_stream,
)
from tests.ingest.documents import docx, pdf, picture, zipped


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def batches(data: bytes, **values: object) -> list[Batch]:
    context = Context(**values)  # type: ignore[arg-type]
    return [batch_from(frame) for frame in read_stream(data, argument_for(context))]


def found(data: bytes, name: str = "a") -> tuple[list[Parsed], list[Problem], Books | None]:
    all_of_it = batches(data, name=name)
    items = [item for batch in all_of_it for item in batch.items]
    return items, [p for batch in all_of_it for p in batch.problems], all_of_it[-1].books


def test_reading_loads_neither_the_database_nor_keys() -> None:
    script = "import casekit.ingest.reading, sys; print([m for m in sys.modules if 'sql' in m or 'store' in m])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_lies_in_containers_is_found_with_its_way_there() -> None:
    log = b'{"prompt": "p", "output": "o"}\n' * 3
    inner = zipped({"log.jsonl": log, "empty": b""})
    packed = gzip.compress(inner, mtime=0)
    data = zipped({"folder/x.zip.gz": packed, "page.png": picture()})
    items, problems, books = found(data, "box.zip")
    assert [(item.kind, item.title) for item in items[-2:]] == [
        ("file", "empty"),
        ("image", "page.png"),
    ]
    steps = (
        Step("zip", name="folder/x.zip.gz", number=0, length=len(packed), sha256=sha(packed)),
        Step("gzip", name="folder/x.zip", length=len(inner), sha256=sha(inner)),
        Step("zip", name="log.jsonl", number=0, length=len(log), sha256=sha(log)),
    )
    assert [item.steps[:3] for item in items[:3]] == [steps] * 3
    assert [item.steps[3].line for item in items[:3]] == [1, 2, 3]
    for item in items:
        assert sha(resolve(io.BytesIO(data), item.steps)) == item.sha256
    assert {problem.path for problem in problems} == {"folder/x.zip.gz/unpacked/log.jsonl"}
    assert books == Books(len(data))


def test_damage_inside_a_container_names_its_place() -> None:
    damaged = bytearray(gzip.compress(b"some text\n" * 100))
    damaged[-8:] = bytes(8)
    data = zipped({"a/b.gz": bytes(damaged), "locked": b"x", "fine.txt": b"fine\n"})
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data = data[: at + 8] + b"\x01" + data[at + 9 :]
    items, problems, books = found(data)
    assert [(problem.path, problem.kind) for problem in problems] == [
        ("a/b.gz", "bad-checksum"),
        ("locked", "encrypted"),
    ]
    assert [item.texts[0][1][:9] for item in items] == ["some text", "fine\n"]
    assert books is not None
    assert (books.total, books.quarantined > 0) == (len(data), True)


def test_what_was_understood_of_the_files_inside_is_told_by_format() -> None:
    good = b'{"prompt": "p", "output": "o"}\n'
    bad = b'{"prompt": \n'
    packed = gzip.compress(good * 3 + bad, mtime=0)
    data = zipped({"a.gz": packed, "page.png": picture(), "what": b"\x00\x01\xfe" * 9})
    every = batches(data)
    assert [batch.inside for batch in every[:-1]] == [()] * (len(every) - 1)
    assert {each.format: each for each in every[-1].inside} == {
        "gzip": Inside("gzip", 1, len(packed), len(packed)),
        "jsonl": Inside("jsonl", 1, len(good * 3 + bad), len(good * 3) + 1),  # its end of line
        "image": Inside("image", 1, len(picture()), len(picture())),
        "unknown": Inside("unknown", 1, 27, 0),
    }
    assert batches(good)[-1].inside == ()


def test_a_container_that_cannot_be_opened_is_kept() -> None:
    items, problems, books = found(b"PK\x03\x04" + bytes(100), "broken.zip")
    assert [(item.kind, item.steps, item.size) for item in items] == [("file", (), 104)]
    assert [problem.kind for problem in problems] == ["bad-archive"]
    assert books == Books(0, 104)


def test_depth_ends_where_the_limit_is() -> None:
    data = b"in the middle\n"
    for _ in range(12):
        data = gzip.compress(data, mtime=0)
    items, problems, books = found(data)
    assert [(item.kind, [step.how for step in item.steps]) for item in items] == [
        ("file", ["gzip"] * 8)
    ]
    assert [problem.kind for problem in problems] == ["depth"]
    assert books == Books(len(data))
    assert sha(resolve(io.BytesIO(data), items[0].steps)) == items[0].sha256


def test_a_bomb_is_kept_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.MAX_UNPACKED", 1 << 20)
    data = gzip.compress(bytes(2 << 20))
    items, problems, books = found(data, "bomb.gz")
    assert [(item.kind, item.sha256) for item in items] == [("file", sha(data))]
    assert [(problem.stage, problem.kind) for problem in problems] == [("limits", "size")]
    assert books == Books(0, len(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (docx("<w:p/>"), "docx"),
        (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "docx"),
        (zipped({"a.txt": b""}), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown"),
        (b"\x00\x01 a program" + zipped({"a.txt": b"x"}), "zip"),
        (b"GIF89a" + bytes(20), "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image"),
        (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(40), "image"),
        (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x29\0\0\0" + bytes(40), "unknown"),
        (pdf("x"), "pdf"),
    ],
)
def test_formats_by_content(data: bytes, expected: str) -> None:
    assert format_of(data, "name.bin") == expected


def test_batches_are_small_and_can_be_resumed() -> None:
    data = zipped({f"{n}.txt": f"text {n}\n".encode() for n in range(450)} | {"bad": b"x"})
    at = data.rindex(b"PK\x01\x02")
    data = data[: at + 8] + b"\x01" + data[at + 9 :]
    whole = batches(data)
    assert [(len(batch.items), batch.number) for batch in whole] == [
        (200, 0),
        (200, 200),
        (50, 400),
    ]
    assert [batch.books is None for batch in whole] == [True, True, False]
    rest = batches(data, skip=200)
    assert [item for batch in rest for item in batch.items] == [
        i for b in whole[1:] for i in b.items
    ]
    assert [batch.number for batch in rest] == [200, 400]
    assert [problem.kind for batch in rest for problem in batch.problems] == ["encrypted"]
    assert batches(data, skip=450)[-1].books == whole[-1].books


def test_a_flood_of_problems_is_sent_on_and_a_long_way_says_it_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flood = [
        Problem("frame", "bad-json", "It is no JSON.", line=n, offset=n, length=1)
        for n in range(2500)
    ]
    item = Parsed("file", "other", "t", (), b"", 0)
    with_reader(monkeypatch, [*flood, item, Books(0, 4)])
    assert [(len(b.problems), len(b.items)) for b in batches(b"data")] == [
        (1000, 0),
        (1000, 0),
        (500, 1),
    ]
    monkeypatch.setattr(reading, "_SIGN_OF_LIFE", -1.0)
    late = batches(b"data", skip=1)
    assert len(late) == 2502
    assert {(batch.items, batch.problems) for batch in late} == {((), ())}
    assert late[-1].books == Books(0, 4)


def test_a_batch_ends_after_a_mebibyte_of_text() -> None:
    data = zipped({f"{n}.txt": b"word " * 100_000 for n in range(5)})
    assert [len(batch.items) for batch in batches(data)] == [3, 2]


def with_reader(monkeypatch: pytest.MonkeyPatch, things: list[object]) -> None:
    def read(data: bytes, context: Context) -> Iterator[object]:
        for thing in things:
            if isinstance(thing, BaseException):
                raise thing
            yield thing

    monkeypatch.setattr(reading, "format_of", lambda *_: "unknown")
    monkeypatch.setattr("casekit.ingest.readers.READERS", {"unknown": read})


@pytest.mark.parametrize(
    ("error", "kind"),
    [(ValueError("x"), "reader-failed"), (MemoryError(), "memory"), (RecursionError(), "nesting")],
)
def test_a_reader_that_fails_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str
) -> None:
    with_reader(monkeypatch, [error])
    items, problems, books = found(b"data", "x")
    assert [(item.kind, item.sha256) for item in items] == [("file", sha(b"data"))]
    assert ([problem.kind for problem in problems], books) == ([kind], Books(0, 4))


def test_books_that_do_not_add_up_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with_reader(monkeypatch, [Books(3)])
    assert [problem.kind for problem in found(b"data")[1]] == ["books"]
    assert list(read_any(b"data", Context(), "unknown"))[-1] == Books(3)


def test_half_a_surrogate_pair_does_not_stop_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    item = Parsed("file", "other", "t\ud800", (), sha(b""), 0, texts=(("body", "ok \udc00 😀"),))
    with_reader(monkeypatch, [item, Books(4)])
    items, _, _ = found(b"data", "n\udcff")
    assert (items[0].title, items[0].texts) == ("t\ufffd", (("body", "ok \ufffd 😀"),))


def test_a_family_too_large_for_a_frame_is_kept_without_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAX_FRAME", 1000)
    items, _, _ = found(b"word " * 1000)
    assert [(item.kind, item.texts, item.problems[0].kind) for item in items] == [
        ("file", (), "too-much-text")
    ]


def test_the_same_comes_out_of_the_confined_worker(tmp_path: Path) -> None:
    place = tmp_path / "box.zip"
    place.write_bytes(
        zipped({"a.pdf": pdf("Text"), "b.docx": docx("<w:p/>"), "c.html": b"<html><p>x"})
    )
    argument = argument_for(Context(name="box.zip"))
    with Worker() as worker, place.open("rb") as file:
        frames = list(worker.stream("casekit.ingest.reading:read_stream", file.fileno(), argument))
    assert frames == list(read_stream(place.read_bytes(), argument))
    assert [item.title for item in batch_from(frames[0]).items] == ["a.pdf", "b.docx", "c.html"]
    assert json.loads(batch_from(frames[0]).items[0].facts)["version"] == "1.4"
    assert os.listdir(tmp_path) == ["box.zip"]  # noqa: PTH208 - nothing was unpacked beside it


def test_plain_records_come_as_columns_for_those_who_ask() -> None:
    data = b"".join(b'{"prompt": "p%d", "output": "o"}\n' % n for n in range(250))
    frames = list(read_stream(data, argument_for(Context(name="m-1.jsonl"))))
    as_items = [batch_from(frame) for frame in frames]
    as_columns = [batch_from(frame, columns=True) for frame in frames]
    assert [len(batch.items) for batch in as_items] == [200, 50]
    for batch, plain in zip(as_items, as_columns, strict=True):
        assert plain.columns is not None
        assert items_in(plain.columns) == batch.items
        assert msgspec.structs.replace(batch, items=(), columns=plain.columns) == plain
    both = msgspec.structs.replace(as_columns[0], items=as_items[0].items)
    with pytest.raises(msgspec.ValidationError):
        batch_from(msgspec.msgpack.encode(both))


def test_a_frame_that_no_reader_sends_is_refused_in_one_way() -> None:
    item = Parsed("file", "other", "t", (), b"", 1)
    good = Batch((item,), (), None, "text")
    encode = msgspec.msgpack.encode
    child = encode(item)
    deep = child[:-2] + b"\x91"  # up to its list of children, which now has one
    head = b"\x95\x91"  # a batch of one item

    def family(generations: int) -> bytes:
        after = child[-1:]  # `beside` of each
        return head + deep * generations + child + after * generations + b"\x90\xc0\xa4text\x00"

    assert batch_from(encode(good)) == good
    assert len(batch_from(family(3)).items[0].children[0].children[0].children) == 1
    for frame in (
        b"\xc1",
        encode(good)[:-1],
        family(50_000),
        family(150),
        encode(structs.replace(good, items=(structs.replace(item, size=2**63),))),
        encode(structs.replace(good, items=(structs.replace(item, when=When(2**64 - 1, "", "")),))),
        encode(structs.replace(good, number="1")),
    ):
        with pytest.raises(msgspec.ValidationError):
            batch_from(frame)
