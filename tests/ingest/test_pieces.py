from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator

import pytest

from casekit.confine import Worker
from casekit.ingest.parsed import Context, Problem
from casekit.ingest.pieces import PRELOAD, Place, cut
from casekit.ingest.reading import read_any

LINE = b'{"cut": \n'
DATA = b'{"prompt": "Why?", "output": "So."}\n' + LINE
AT = DATA.index(LINE)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(preload=PRELOAD) as made:
        yield made


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def taped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "path"),
    [
        ("a.jsonl", DATA, ""),
        ("a.jsonl.gz", gzip.compress(DATA, mtime=0), "unpacked"),
        ("a.jsonl.gz", gzip.compress(DATA, mtime=0)[:-6], "unpacked"),
        ("a.jsonl.gz", gzip.compress(DATA, mtime=0), ""),
        ("a.jsonl.bz2", bz2.compress(DATA), "unpacked"),
        ("a.jsonl.bz2", bz2.compress(DATA), ""),
        ("a.gz.gz", gzip.compress(gzip.compress(DATA, mtime=0), mtime=0), "unpacked/unpacked"),
        ("a.zip", zipped(("x/a.jsonl.gz", gzip.compress(DATA, mtime=0))), "x/a.jsonl.gz/unpacked"),
        ("a.tgz", taped("m/a.jsonl", DATA), "unpacked/m/a.jsonl"),
        ("a.zip", zipped(("x/a.jsonl", DATA), ("y.txt", b"y")), "x/a.jsonl"),
        ("a.zip", zipped(("x/a.jsonl", DATA), ("y.txt", b"y"))[:-9], "x/a.jsonl"),
        ("a.zip", zipped(("x/a.jsonl.gz", gzip.compress(DATA, mtime=0))), "x/a.jsonl.gz"),
        ("a.zip", zipped(("in.zip", zipped(("a.jsonl", DATA)))), "in.zip/a.jsonl"),
        ("a.tgz", taped("m/a.jsonl", DATA), "m/a.jsonl"),
    ],
)
def test_the_bytes_are_those_of_the_member_that_the_problem_names(
    worker: Worker, name: str, data: bytes, path: str
) -> None:
    assert cut(worker, data, Place(name, path, "bad-json", AT, 8)) == LINE[:8]


def test_a_run_of_bytes_that_no_member_has_is_named_by_its_place(worker: Worker) -> None:
    data = DATA + zipped(("a.txt", b"a"))
    path = f"bytes 0 to {len(DATA) - 1}"
    assert cut(worker, data, Place("a.zip", path, "bad-json", AT, 8)) == LINE[:8]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (zipped(("a.jsonl", DATA)), Place("a.zip", "b.jsonl", "bad-json", AT, 8)),
        (DATA, Place("a.jsonl", "some/part", "bad-json", AT, 8)),
        (DATA, Place("a.jsonl", "", "bad-json", len(DATA), 8)),
        (gzip.compress(DATA, mtime=0)[:-12], Place("a.jsonl.gz", "", "bad-json", AT, 8)),
        (b"PK\3\4" + b"x" * 200, Place("a.zip", "a.jsonl", "bad-json", AT, 8)),
        (DATA, Place("a.jsonl", "", "bad-json", -5, 3)),
        (DATA, Place("a.zip", f"bytes 0 to {len(DATA)}", "bad-json", AT, 8)),
    ],
)
def test_what_cannot_be_told_for_certain_is_not_shown(
    worker: Worker, data: bytes, place: Place
) -> None:
    assert cut(worker, data, place) is None


def test_the_place_of_every_problem_of_a_damaged_packed_log_leads_to_its_bytes(
    worker: Worker,
) -> None:
    """Damage, then members that can be read again: each problem's path leads to where it is counted."""
    parts = [
        b"".join(b'{"prompt": "%d", "output": "o"}\n{"cut%d \n' % (n, n) for _ in range(40))
        for n in range(6)
    ]
    packed = [gzip.compress(part, mtime=0) for part in parts]
    packed[2] = packed[2][:40] + bytes(8) + packed[2][48:]
    data = zipped(("log.jsonl.gz", b"".join(packed)))
    found = [
        each for each in read_any(data, Context(name="a.zip"), "zip") if isinstance(each, Problem)
    ]
    cuts = [each for each in found if each.kind == "bad-json"]
    assert {each.path.rpartition("/")[2] for each in cuts} == {"unpacked"}
    assert len({each.path for each in cuts}) == 2
    assert len(cuts) > 160
    for each in cuts[:3] + cuts[-3:]:
        assert each.offset is not None
        place = Place("a.zip", each.path, each.kind, each.offset, 5)
        assert cut(worker, data, place) == b'{"cut'


def test_of_two_members_with_one_name_neither_is_shown(worker: Worker) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.jsonl", DATA), ("a.jsonl", b"x" * 99))
    assert cut(worker, data, Place("a.zip", "a.jsonl", "bad-json", AT, 8)) is None


def test_what_stands_behind_packed_data_is_counted_in_the_file(worker: Worker) -> None:
    packed = gzip.compress(DATA, mtime=0)
    place = Place("a.jsonl.gz", "", "trailing-bytes", len(packed), 100)
    assert cut(worker, packed + b"behind", place) == b"behind"
