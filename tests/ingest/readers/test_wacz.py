from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import format_of, read_any
from tests.ingest.documents import zipped
from tests.ingest.readers.test_warc import INFO, PAGE_RECORD
from tests.ingest.records_case import texts

ARCHIVE = gzip.compress(INFO, mtime=0) + gzip.compress(PAGE_RECORD, mtime=0)
PAGES = (b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
         b'{"url": "https://h.example/a", "ts": "2026-01-02T03:04:05Z", "title": "A page"}\n')  # fmt: skip


def members(**more: bytes) -> dict[str, bytes | str]:
    made: dict[str, bytes | str] = {
        "archive/data.warc.gz": ARCHIVE, "pages/pages.jsonl": PAGES, "indexes/index.cdx": b"cdx\n",
    }  # fmt: skip
    package = {
        "profile": "data-package", "wacz_version": "1.1.1", "title": "My capture",
        "created": "2026-01-03T00:00:00Z", "software": "test",
        "resources": [
            {"name": name.rpartition("/")[2], "path": name, "bytes": len(data),
             "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
            for name, data in made.items() if isinstance(data, bytes)
        ],
    }  # fmt: skip
    text = json.dumps(package, indent=1)
    seal = {
        "path": "datapackage.json",
        "hash": "sha256:" + hashlib.sha256(text.encode()).hexdigest(),
    }
    return {**made, "datapackage.json": text, "datapackage-digest.json": json.dumps(seal), **more}


def read_all(data: bytes) -> tuple[list[Parsed], list[Problem]]:
    *found, books = read_any(data, Context(name="f"), format_of(data, "f"))
    assert isinstance(books, Books)
    assert books.total == len(data)
    items = [each for each in found if isinstance(each, Parsed)]
    for item in items:
        assert sha256(resolve(io.BytesIO(data), item.steps)) == item.sha256
    return items, [each for each in found if isinstance(each, Problem)]


def test_a_capture_with_true_hashes() -> None:
    data = zipped(members(), zipfile.ZIP_STORED)
    assert format_of(data, "x") == "wacz"
    items, problems = read_all(data)
    assert problems == []
    assert [(item.kind, item.title) for item in items] == [
        ("document", "warcinfo x.warc"),
        ("document", "A page"),
        ("document", "pages/pages.jsonl"),
        ("file", "indexes/index.cdx"),
        ("document", "My capture"),
        ("file", "datapackage-digest.json"),
    ]
    assert [step.how for step in items[1].steps] == ["zip", "gzip", "slice"]
    assert texts(items[2]) == {"body": "2026-01-02T03:04:05Z\thttps://h.example/a\tA page"}
    assert json.loads(items[4].facts)["software"] == "test"
    assert items[4].when is not None
    assert items[4].when.raw == "2026-01-03T00:00:00Z"


def test_what_the_package_says_wrongly_is_told() -> None:
    changed = members(**{"pages/pages.jsonl": PAGES + b"\n", "extra.txt": b"x"})
    del changed["indexes/index.cdx"]
    changed["datapackage.json"] = str(changed["datapackage.json"]).replace("My capture", "My other")
    _, problems = read_all(zipped(changed))
    assert [(each.kind, each.path) for each in problems] == [
        ("hash-mismatch", "pages/pages.jsonl"),
        ("missing-member", "indexes/index.cdx"),
        ("unlisted-member", "extra.txt"),
        ("hash-mismatch", "datapackage.json"),
    ]


@pytest.mark.parametrize("package", [None, b"{broken", b"[]", b'{"resources": 7}'])
def test_without_a_package_nothing_is_checked(package: bytes | None) -> None:
    made = members(**({"datapackage.json": package} if package else {}))
    if package is None:
        del made["datapackage.json"]
    items, problems = read_all(zipped(made))
    assert "no-package" in [each.kind for each in problems]
    assert "A page" in [item.title for item in items]


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ({"hash": "md5:0"}, "hash-mismatch"),
        ({"hash": "0"}, "hash-mismatch"),
        ({"hash": "blake3:0"}, "unknown-hash"),
        ({"bytes": 1}, "size-mismatch"),
        ({}, ""),
    ],
)
def test_hashes_of_other_kinds(resource: dict[str, object], kind: str) -> None:
    package = {"resources": [{"path": "archive/data.warc.gz", **resource}, 7, {"path": 3}]}
    made = {"archive/data.warc.gz": ARCHIVE, "datapackage.json": json.dumps(package)}
    _, problems = read_all(zipped(made))
    assert [each.kind for each in problems] == ([kind] if kind else [])


def test_cut_and_damaged_files_end_in_a_clear_state() -> None:
    data = zipped(members())
    for size in range(4, len(data), 97):
        items, problems = read_all(data[:size])
        assert items or problems
    damaged = data.replace(ARCHIVE[20:30], b"0123456789")
    items, problems = read_all(damaged)
    assert items
    assert problems
