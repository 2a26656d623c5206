from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
from collections.abc import Callable
from random import Random

import pytest
import zstandard

from casekit.ingest.archives import unpacked_name
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import argument_for, batch_from, format_of, read_stream
from tests.ingest.test_tapes import named, tape

LOG = b'{"prompt": "p", "output": "o"}\n' * 3
PACK = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def read(data: bytes, name: str) -> tuple[list[Parsed], list[Problem], Books]:
    batches = [batch_from(frame) for frame in read_stream(data, argument_for(Context(name=name)))]
    items = [item for batch in batches for item in batch.items]
    for item in items:
        bytes_of_it = resolve(io.BytesIO(data), item.steps)
        assert hashlib.sha256(bytes_of_it).digest() == item.sha256
    books = batches[-1].books
    assert books is not None
    assert books.total == len(data)
    return items, [p for batch in batches for p in batch.problems], books


@pytest.mark.parametrize(
    ("ending", "inner"),
    [("gz", "tgz"), ("bz2", "tbz2"), ("xz", "txz"), ("zst", "tar.zst"), ("", "tar")],
)
def test_logs_in_packed_tapes_are_read_with_their_way(ending: str, inner: str) -> None:
    data = tape({"logs/a.jsonl": LOG, "note.txt": b"Hello, this is a note."})
    packed = PACK[ending](data) if ending else data
    items, problems, books = read(packed, f"box.{inner}")
    assert [item.kind for item in items] == ["exchange"] * 3 + ["document"]
    member = "unpacked/logs/a.jsonl" if ending else "logs/a.jsonl"
    assert {(p.kind, p.path) for p in problems} == {
        ("guessed-mapping", member),
        ("model-from-name", member),
    }
    ways = [[step.how for step in item.steps] for item in items]
    outer = [{"gz": "gzip"}.get(ending, ending)] if ending else []
    assert ways == [[*outer, "tar", "slice"]] * 3 + [[*outer, "tar"]]
    assert items[-1].steps[0].name == ("box.tar" if ending else "note.txt")
    assert books.quarantined == 0


def test_what_stands_behind_the_end_of_a_tape_is_read() -> None:
    first, second = tape({"a.txt": b"open"}), tape({"b.txt": b"hidden", "c.txt": b"hidden too"})
    items, problems, books = read(first + second, "x.tar")
    assert [dict(item.texts)["body"] for item in items] == ["open", "hidden", "hidden too"]
    assert [item.steps[0].number for item in items] == [0, 1, 2]
    assert [(p.kind, p.offset) for p in problems] == [("unlisted-bytes", len(first))]
    assert books == Books(1024 + 2048, 0, len(first) + len(second) - 1024 - 2048)
    items, problems, books = read(first + b"told to nobody", "x.tar")
    assert [dict(item.texts)["body"] for item in items] == ["open", "told to nobody"]
    assert books == Books(1024 + 14, 0, len(first) - 1024)


def test_what_stands_behind_the_end_of_a_seven_is_read() -> None:
    pytest.importorskip("py7zr", reason="7z archives need the package py7zr")
    from tests.ingest.test_sevenzip import seven

    data = seven({"n.txt": b"Hello there."})
    items, problems, _ = read(data + b"told to nobody", "x.7z")
    assert [dict(item.texts)["body"] for item in items] == ["Hello there.", "told to nobody"]
    assert [(p.kind, p.offset) for p in problems] == [("unlisted-bytes", len(data))]


def test_a_packed_log_is_a_log() -> None:
    for how in ("bz2", "xz", "zst"):
        packed = PACK[how](LOG)
        assert format_of(packed, "x") == how
        items, problems, _ = read(packed, f"log.jsonl.{how}")
        assert [(item.kind, len(item.steps)) for item in items] == [("exchange", 2)] * 3
        assert {p.kind for p in problems} == {"guessed-mapping", "no-model"}


def test_damage_and_what_is_left_out_are_told_with_their_place() -> None:
    data = tape({"a.txt": b"A note of some length.", "b.txt": b"B" * 3000})
    items, problems, books = read(data[:2560], "t.tar")
    assert [(item.title, item.size) for item in items] == [("a.txt", 22), ("b.txt", 1024)]
    assert [(p.kind, p.path) for p in problems] == [("truncated", "b.txt")]
    broken = bytearray(data)
    broken[1024 + 150] ^= 1
    items, problems, books = read(bytes(broken), "t.tar")
    assert [(p.kind, p.offset, p.length) for p in problems] == [
        ("bad-archive", 1024, len(data) - 1024)
    ]
    assert books == Books(1024, len(data) - 1024)
    linked = tape({"a": b"x"}, more=(named("l", b"2", "/etc/passwd"), named("n", b"3")))
    assert [p.kind for p in read(linked, "t.tar")[1]] == ["links-skipped", "devices-skipped"]


def test_a_damaged_header_costs_its_own_member_alone() -> None:
    members = {f"{n}.txt": b"text %d " % n * 100 for n in range(5)}
    broken = bytearray(tape(members))
    second, fourth = broken.index(b"1.txt"), broken.index(b"3.txt")
    for at in (second, fourth):
        broken[at + 150] ^= 1
    items, problems, books = read(bytes(broken), "t.tar")
    assert [item.title for item in items] == ["0.txt", "2.txt", "4.txt"]
    assert [item.steps[0].number for item in items] == [0, 1, 2]
    assert [(p.kind, p.offset, p.length) for p in problems] == [
        ("resumed", second, 1536),
        ("resumed", fourth, 1536),
    ]
    assert books.quarantined == 2 * 1536


def test_a_tape_of_damaged_headers_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.archives._MOST_RESUMED", 3)
    block = tape({"a.txt": b""})[:512]
    bad = block[:150] + b"9" + block[151:]
    items, problems, books = read(tape({"f.txt": b"f"})[:1024] + (bad + block) * 10, "t.tar")
    assert [item.title for item in items] == ["f.txt", "a.txt", "a.txt", "a.txt"]
    assert [p.kind for p in problems] == ["resumed"] * 3 + ["bad-archive"]
    assert books.quarantined == sum(p.length or 0 for p in problems)


def test_a_tape_without_members_is_kept() -> None:
    data = tape({})
    items, problems, _ = read(data, "empty.tar")
    assert [item.kind for item in items] == ["file"]
    data = bytearray(tape({"a": b"x"}))
    data[150] ^= 1
    items, problems, _ = read(bytes(data), "bad.tar")
    assert ([item.kind for item in items], [p.kind for p in problems]) == (
        ["file"],
        ["bad-archive"],
    )


def test_nested_archives_end_at_the_limit() -> None:
    data = os.urandom(10)
    for number in range(12):
        data = tape({f"{number}.tar": data}) if number % 2 else bz2.compress(data)
    items, problems, _ = read(data, "deep")
    assert [p.kind for p in problems] == ["depth"]
    assert len(items[0].steps) == 8


def test_a_bomb_is_kept_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.RATIO_FLOOR", 1 << 20)
    data = lzma.compress(bytes(16 << 20))
    items, problems, books = read(data, "zeros.xz")
    assert ([item.kind for item in items], [p.kind for p in problems]) == (["file"], ["ratio"])
    assert books == Books(0, len(data))


def test_sevenzip_members_are_read() -> None:
    pytest.importorskip("py7zr", reason="7z archives need the package py7zr")
    from tests.ingest.test_sevenzip import seven

    items, problems, books = read(seven({"a.jsonl": LOG, "n.txt": b"Hello there."}), "x.7z")
    assert [[step.how for step in item.steps] for item in items] == [["7z", "slice"]] * 3 + [["7z"]]
    assert ({p.path for p in problems}, books.quarantined) == ({"a.jsonl"}, 0)
    items, problems, _ = read(seven({"a": b"x"}, password="p"), "x.7z")
    assert [item.kind for item in items] == ["file"]
    assert [(p.kind, p.path) for p in problems] == [("encrypted", "a")]


@pytest.mark.parametrize(
    ("form", "name", "inner"),
    [
        ("gzip", "a.JSONL.GZ", "a.JSONL"),
        ("gzip", "a.tgz", "a.tar"),
        ("xz", "b.txz", "b.tar"),
        ("zst", "c", "c"),
    ],
)
def test_names_lose_the_ending_of_their_packing(form: str, name: str, inner: str) -> None:
    assert unpacked_name(form, name) == inner


@pytest.mark.parametrize(
    ("how", "hurt", "kind"),
    [
        ("bz2", lambda data: data[:-40], "truncated"),
        ("zst", lambda data: data[:-40], "truncated"),
        ("bz2", lambda data: data[:-40] + bytes(20) + data[-20:], "bad-data"),
    ],
)
def test_of_a_packed_file_hurt_in_its_only_block_nothing_counts_as_read(
    how: str, hurt: Callable[[bytes], bytes], kind: str
) -> None:
    data = hurt(PACK[how](Random(3).randbytes(600).hex().encode()))
    items, problems, books = read(data, f"log.jsonl.{how}")
    assert [(item.kind, item.size, item.steps) for item in items] == [("file", len(data), ())]
    assert [problem.kind for problem in problems] == [kind]
    assert problems[0].text.endswith("nothing of it can be read.")
    assert books == Books(0, len(data))


def test_what_a_cut_block_held_back_is_counted_with_its_place() -> None:
    data = bz2.compress(Random(3).randbytes(1_500_000))[:-40]
    items, problems, books = read(data, "noise.bz2")
    assert [(item.kind, item.size > 800_000) for item in items] == [("file", True)]
    (problem,) = problems
    assert (problem.kind, problem.length) == ("truncated", books.quarantined)
    assert books == Books(problem.offset or 0, len(data) - (problem.offset or 0))
    assert books.quarantined > 300_000


@pytest.mark.parametrize("ending", PACK)
def test_a_text_behind_a_packed_file_is_read(ending: str) -> None:
    data = PACK[ending](b"open text\n")
    items, problems, books = read(data + b"told to nobody", f"a.txt.{ending}")
    assert [dict(item.texts)["body"] for item in items] == ["open text\n", "told to nobody"]
    assert [(p.kind, p.offset) for p in problems] == [("trailing-bytes", len(data))]
    assert books == Books(len(data) + 14)
