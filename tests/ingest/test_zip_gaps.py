from __future__ import annotations

import io
import struct
import zipfile

from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.reading import read_any
from casekit.ingest.zip_gaps import gaps
from tests.ingest.test_containers import zipped


def found_in(data: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, int | None]], Books]:
    """Name and text of each item, kind and offset of each problem, and the books."""
    items, problems = [], []
    books = Books(0)
    for each in read_any(data, Context(name="x.zip"), "zip"):
        if isinstance(each, Parsed):
            items.append((each.title, dict(each.texts).get("body", "")))
        elif isinstance(each, Problem):
            problems.append((each.kind, each.offset))
        else:
            books = each
    return items, problems, books


def where(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [data[slice(*gap)] for gap in gaps(data, archive)]


class Pipe(io.RawIOBase):
    """A file that cannot be gone back in: the sizes of members then stand behind their data."""

    def __init__(self) -> None:
        self.room = io.BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self.room.write(data)


def test_an_archive_without_anything_beside_its_members_has_no_gaps() -> None:
    assert where(zipped({"a": b"A" * 50, "b": b""})) == []
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"A" * 50)
        with archive.open("b", "w", force_zip64=True) as member:
            member.write(b"B" * 50)
    assert where(pipe.room.getvalue()) == []
    assert where(bytes(64) + zipped({"a": b"A"})) == []


def test_a_whole_archive_in_front_is_read_too() -> None:
    front, behind = zipped({"a.txt": b"hidden"}), zipped({"b.txt": b"open"})
    assert where(front + behind) == [front]
    items, problems, books = found_in(front + behind)
    assert items == [("b.txt", "open"), ("a.txt", "hidden")]
    assert (problems, books) == ([("unlisted-bytes", 0)], Books(len(front + behind)))


def test_a_member_taken_off_the_list_and_a_text_behind_the_end_are_kept() -> None:
    data = zipped({"a.txt": b"hidden", "b.txt": b"open"}, zipfile.ZIP_STORED)
    start = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", start + 4)
    end = data.index(b"PK\x05\x06")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, end - second, start, 0)
    made = data[:start] + data[second:end] + tail + b"told to nobody"
    local = made[: made.index(b"PK\x03\x04", 4)]
    assert where(made) == [local, b"told to nobody"]
    items, problems, _ = found_in(made)
    assert items == [
        ("b.txt", "open"),
        ("a.txt", "hidden"),
        (f"bytes {len(made) - 14} to {len(made) - 1}", "told to nobody"),
    ]
    assert [kind for kind, _ in problems] == ["unlisted-bytes", "bad-archive", "unlisted-bytes"]


def test_what_lies_in_a_gap_is_found_again_by_its_pointer() -> None:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("b.txt", b"open")
        archive.comment = b"a comment"
    data = room.getvalue()
    last = [
        each for each in read_any(data, Context(name="x.zip"), "zip") if isinstance(each, Parsed)
    ][-1]
    at = data.index(b"a comment")
    assert last.steps == (Step("slice", offset=at, length=9, sha256=last.sha256),)
