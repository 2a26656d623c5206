import hashlib
from pathlib import Path

import pytest

from casekit.ingest import ingest
from casekit.ingest.report import IngestReport
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.progress import Silent
from casekit.queries import items
from casekit.queries.items import ItemView
from casekit.search import index_pending, query
from casekit.store.case import Case
from tests.ingest.documents import pdf
from tests.ingest.test_load_rows import dat

MAIL = (
    b"From: a@x.example\nTo: b@x.example\nSubject: Hi\n"
    b"Date: Mon, 05 Jan 2026 02:30:00 +0000\nMessage-ID: <1@x>\n\nThe native says so.\n"
)
HEAD = [
    "BEGBATES",
    "ENDBATES",
    "BEGATTACH",
    "SUBJECT",
    "MD5HASH",
    "PAGECOUNT",
    "NATIVELINK",
    "TEXTLINK",
]
TIFF = b"II*\0" + bytes(100)


def _volume(folder: Path, *rows: list[str], opt: str = "") -> Path:
    """A production of the other side with a mail, its text, and pictures of three pages."""
    root = folder / "THEIRS"
    for name, data in {
        "NATIVES/001/Z-1.EML": MAIL,
        "TEXT/001/Z-1.txt": "Extracted quince words".encode("utf-16"),
        "TEXT/001/Z-3.txt": b"Of the third",
        "IMAGES/001/Z-1.tif": TIFF,
        "IMAGES/001/Z-2.tif": TIFF + b"2",
        "IMAGES/001/Z-3.pdf": pdf("third"),
        "DATA/their.dat": dat(HEAD, *rows).encode("cp1252"),
        "DATA/their.opt": opt.encode(),
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


ROWS = (
    ["Z-1", "Z-2", "", "Hi", hashlib.md5(MAIL).hexdigest(), "2", r"\\srv\THEIRS\NATIVES\001\z-1.eml",
     r".\TEXT\001\Z-1.txt"],
    ["Z-3", "Z-3", "", "Third", "", "1", "", r"THEIRS\TEXT\001\Z-3.txt"],
)  # fmt: skip
OPT = "Z-1,V,IMAGES\\001\\Z-1.tif,Y,,,2\nZ-2,V,IMAGES\\001\\Z-2.tif,,,,\nZ-3,V,IMAGES\\001\\Z-3.pdf,Y,,,1\n"


def _views(case: Case) -> list[ItemView]:
    with case.read() as s:
        return [items.view(s, int(i)) for i in items.item_ids(s, query(case, "*"), order="id")]


def _told(report: IngestReport) -> list[tuple[str, int | None]]:
    return [(row["kind"], row.get("line")) for row in report.problems]


def test_each_row_holds_its_text_native_and_pictures(case: Case, tmp_path: Path) -> None:
    report = ingest(case, [_volume(tmp_path, *ROWS, opt=OPT)])
    assert report.problems == []
    first, mail, one, two, second, three, opticon = _views(case)
    assert first.row.title == "Z-1 · Hi"
    assert dict(first.texts)["body"] == "Extracted quince words"
    assert [v.row.root_id for v in (mail, one, two)] == [first.row.id] * 3
    assert (mail.row.kind, dict(mail.texts)["body"].strip()) == ("mail", "The native says so.")
    assert [v.row.title for v in (one, two, three)] == ["Z-1", "Z-2", "Z-3"]
    assert (three.row.kind, three.row.media_type) == ("document", "application/pdf")
    assert (second.row.title, three.row.parent_id) == ("Z-3 · Third", second.row.id)
    assert opticon.facts == {"documents": 2, "pages": 3}
    assert raw_bytes(case, mail.row.id) == MAIL
    assert raw_bytes(case, two.row.id) == TIFF + b"2"
    assert [r.path for r in two.receipts] == ["THEIRS/IMAGES/001/Z-2.tif"]
    assert verify(case).damaged == []
    assert (report.files, report.bytes_accounted) == (8, report.bytes_total)


def test_their_numbers_are_found(case: Case, tmp_path: Path) -> None:
    ingest(case, [_volume(tmp_path, *ROWS, opt=OPT)])
    index_pending(case, Silent())
    with case.read() as s:
        for asked, found in (('"Z-3"', {5, 6, 7}), ("quince", {1})):
            assert found <= {int(i) for i in items.item_ids(s, query(case, asked))}


def test_the_same_production_again_brings_nothing(case: Case, tmp_path: Path) -> None:
    root = _volume(tmp_path, *ROWS, opt=OPT)
    ingest(case, [root])
    before = len(_views(case))
    report = ingest(case, [root])
    assert (len(_views(case)), report.items) == (before, 0)


def test_what_is_missing_wrong_or_extra_is_told_with_its_line(case: Case, tmp_path: Path) -> None:
    rows = (
        ["Z-1", "Z-2", "", "Hi", "0" * 32, "9", r"NATIVES\001\Z-1.EML", r"TEXT\001\none.txt"],
        ["Z-3", "Z-3", "", "Again", "", "", r"NATIVES\001\Z-1.EML", ""],
    )
    root = _volume(tmp_path, *rows, opt=OPT.replace("Z-2.tif", "Z-9.tif"))
    told = [each for each in _told(ingest(case, [root])) if each[0] != "bad-image"]
    assert told == [
        ("missing-file", 2), ("hash-differs", 2), ("missing-file", 2), ("page-count-differs", 2),
        ("shared-file", 3), *[("extra-file", None)] * 3,
    ]  # fmt: skip


@pytest.mark.parametrize("said", ["²", "٣", "-1", "1" * 5000, "two"])
def test_no_number_of_pages_ends_an_import(case: Case, tmp_path: Path, said: str) -> None:
    row = [*ROWS[0][:5], said, *ROWS[0][6:]]
    root = _volume(tmp_path, ROWS[0], ROWS[1], opt=OPT)
    (root / "DATA" / "their.dat").write_bytes(dat(HEAD, row, ROWS[1]).encode())
    report = ingest(case, [root])
    assert [v.row.title for v in _views(case)][:1] == ["Z-1 · Hi"]
    assert report.bytes_accounted == report.bytes_total


@pytest.mark.parametrize(
    "link", [r"..\..\secret.txt", "../secret.txt", "/etc/passwd", r"C:\secret.txt", "a\0b.txt"]
)
def test_no_link_leads_out_of_the_production(case: Case, tmp_path: Path, link: str) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    (tmp_path / "more").mkdir()
    row = ["Z-3", "Z-3", "", "Third", "", "", link, link]
    root = _volume(tmp_path / "more", row)
    (root / "TEXT" / "001" / "secret.txt").symlink_to(tmp_path / "secret.txt")
    told = {kind for kind, _ in _told(ingest(case, [root]))}
    assert (
        told & {"link-outside"}
        if ".." in link
        else told & {"missing-file", "bad-row", "link-outside"}
    )
    assert "link" in told
    assert not any("secret words" in text for v in _views(case) for _, text in v.texts)


def test_two_files_that_fit_are_told_and_neither_is_taken(case: Case, tmp_path: Path) -> None:
    root = _volume(tmp_path, ["Z-1", "Z-1", "", "x", "", "", "", "Z-1.txt"])
    (root / "OTHER").mkdir()
    (root / "OTHER" / "Z-1.txt").write_text("another")
    assert ("ambiguous-file", 2) in _told(ingest(case, [root]))
