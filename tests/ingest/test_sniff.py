from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from casekit.ingest.sniff import Format, identify
from tests.ingest.records_case import DATA


def form(data: bytes, name: str = "") -> str:
    return identify(data[: 64 * 1024], len(data), name).id


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\njunk\n%PDF-1.4\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"GIF89a", "unknown"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "unknown"),
        (b"{\\rtf1 Hello}", "rtf"),
        (b"BZh91AY&SY....", "bz2"),
        (b"BZhurst", "text"),
        (b"\xfd7zXZ\x00....", "xz"),
        (b"\x28\xb5\x2f\xfd....", "zst"),
        (b"7z\xbc\xaf\x27\x1c....", "7z"),
        (b"<svg>", "svg"),
        (b"\x00\x01\x02\x03" * 50, "unknown"),
        (b"Dear all,\nplease find, as agreed, the list.\n", "text"),
        ("Größe\n".encode("utf-16"), "text"),
        ("Schöne Grüße".encode("cp1252"), "text"),
    ],
)
def test_a_format_is_told_by_its_first_bytes(data: bytes, expected: str) -> None:
    assert form(data) == expected


@pytest.mark.parametrize(
    ("name", "expected", "kind"),
    [
        ("outputs.json", "json-records", "AlpacaEval"),
        ("gateway.jsonl", "jsonl", "request and response"),
        ("pairs.json", "json-records", "request and response"),
        ("batch.jsonl", "jsonl", "batch output"),
        ("conversations.json", "json-records", "ShareGPT"),
        ("answers.csv", "csv", "rows of 4 fields"),
        ("access.log", "access-log", "log lines"),
        ("README.md", "text", "plain text"),
    ],
)
def test_record_files_are_told_whatever_they_are_called(
    name: str, expected: str, kind: str
) -> None:
    data = (DATA / name).read_bytes()
    found = identify(data, len(data), name)
    assert (found.id, kind in found.reasons[0]) == (expected, True)
    if name != "answers.csv":  # commas alone do not make a table of a text
        assert form(data, "evidence.bin") == expected


@pytest.mark.parametrize(
    ("times", "expected"), [(1, "jsonl"), (2, "json-records"), (6000, "json-records")]
)
def test_objects_one_behind_the_other_in_one_line_are_no_lines(times: int, expected: str) -> None:
    assert form(b'{"prompt":"a","output":"b"}' * times, "a.jsonl") == expected
    assert form(b'{"prompt":"' + b"a" * 200_000, "a.jsonl") == "jsonl"


def test_a_message_that_quotes_a_pdf_is_a_message() -> None:
    assert form(b"From: a@b.example\nSubject: x\nDate: today\n\n%PDF-1.4 is a header\n") == "eml"


def test_the_name_only_decides_a_tie() -> None:
    assert form(b"%PDF-1.7\n", "evil.docx") == "pdf"
    assert form(b'{"a": 1', "x.json") == "json-records"
    assert identify(b'{"a":1}', 7, "x.csv") == Format("json-records", 0.95, ("begins as JSON",))


def test_a_byte_order_mark_is_among_the_reasons() -> None:
    data = b'\xef\xbb\xbf[{"a":1}]'
    assert identify(data, len(data), "").reasons == ("begins as JSON", "UTF-8 with byte order mark")


def test_zip_files_are_told_apart() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    assert form(made.getvalue()) == "docx"


EXPECTED = {
    ("pdf", ".pdf"): {"pdf": 683},
    ("mbox", ".mbox"): {"mbox": 51},
    ("html", ".html"): {"html": 38},
    ("office", ".docx"): {"docx": 163, "unknown": 5},
    ("office", ".xlsx"): {"unknown": 31},
    ("office", ".pptx"): {"pptx": 24, "unknown": 1},
    ("api", ".jsonl"): {"jsonl": 9},
    ("api", ".json"): {"json-records": 15, "empty": 1},
    ("archive", ".zip"): {"zip": 14, "unknown": 1},
    ("archive", ".gz"): {"gzip": 10},
}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", sorted({folder for folder, _ in EXPECTED}))
def test_real_files_are_told_for_what_they_are(corpus: Path, folder: str) -> None:
    found: dict[tuple[str, str], Counter[str]] = {}
    for path in sorted(each for each in (corpus / folder).rglob("*") if each.is_file()):
        with path.open("rb") as file:
            head = file.read(64 * 1024)
        told = identify(head, path.stat().st_size, path.name)
        found.setdefault((folder, path.suffix.lower()), Counter())[told.id] += 1
    assert {key: dict(found[key]) for key in EXPECTED if key[0] == folder} == {
        key: value for key, value in EXPECTED.items() if key[0] == folder
    }


@pytest.mark.corpus
def test_real_mails_are_told_for_mails(corpus: Path) -> None:
    missed = [
        path.name
        for path in sorted((corpus / "eml").rglob("*.eml"))
        if form(path.read_bytes(), path.name) not in ("eml", "mbox")
    ]
    assert missed == ["empty.eml"]


@pytest.mark.corpus
def test_hostile_files_have_a_format(corpus: Path) -> None:
    known = json.loads('["json-records","text","unknown","empty","zip","jsonl","csv"]')
    for path in (corpus / "hostile").rglob("*"):
        if path.is_file():
            assert form(path.read_bytes(), path.name) in known


def test_a_models_weights_are_no_text_however_long_their_header() -> None:
    header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}' + b" " * 70_000 + b"}"
    weights = len(header).to_bytes(8, "little") + header + bytes(4)
    assert identify(weights[: 64 * 1024], len(weights), "m.safetensors").id == "unknown"
    cut = identify(weights[: 64 * 1024], len(header), "m.safetensors")  # longer than the file
    assert cut.id == "text"
