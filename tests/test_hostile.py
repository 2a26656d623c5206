"""Files, names and folders made to break an importer: each ends in a clear state, and none escapes."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.ingest import ingest
from casekit.ingest.report import IngestReport
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.store.case import Case
from casekit.store.tables import item, original, problem, receipt
from tests.evidence import mail, write_log

STEPPED_ASIDE = {
    "hung",
    "failed",
    "bad-answer",
    "crashed",
    "reader-failed",
}  # what only a bug of ours gives


def assert_settled(case: Case, report: IngestReport) -> None:
    """Every original is read, has an item or a problem, its bytes add up, and the case is whole."""
    with case.read() as s:
        states = Counter(s.execute(select(original.c.state)).scalars())
        known = set(s.execute(select(item.c.original_id)).scalars())
        known |= set(s.execute(select(problem.c.original_id)).scalars())
        assert set(s.execute(select(original.c.id)).scalars()) <= known
    assert states.keys() <= {"read"}
    assert report.bytes_accounted == report.bytes_total
    assert [p for p in report.problems if p["kind"] in STEPPED_ASIDE] == []
    assert verify(case).damaged == []


def outside(case: Case, folder: Path) -> list[str]:
    """What lies beside the case and the evidence: nothing an import may have made."""
    return sorted(
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if not p.is_relative_to(case.folder) and not p.is_relative_to(folder / "evidence")
    )


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    (tmp_path / "evidence").mkdir()
    return tmp_path / "evidence"


@pytest.mark.corpus
def test_every_hostile_file_ends_in_a_clear_state(case: Case, corpus: Path, tmp_path: Path) -> None:
    hostile = corpus / "hostile"
    files = [f for f in hostile.rglob("*") if f.is_file()]
    report = ingest(case, [hostile])
    assert report.files == len(files)
    assert_settled(case, report)
    assert outside(case, tmp_path) == []
    with case.read() as s:
        rows = s.execute(select(item.c.id, item.c.sha256)).all()
    for row in rows:
        assert hashlib.sha256(raw_bytes(case, row.id)).digest() == row.sha256


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize(
    "folder",
    [
        "eml", "mbox", "pdf", "office", "html", "text", "msg", "tnef", "api", "archive", "calendar", "chat",
        "mail-load", "model_outputs", "ocr", "pst", "slack", "teams", "threads", "warc",
    ],
)  # fmt: skip
def test_every_file_of_the_corpus_ends_in_a_clear_state(
    case: Case, corpus: Path, folder: str
) -> None:
    report = ingest(case, [corpus / folder])
    assert report.files > 0
    assert_settled(case, report)


# -- names ----------------------------------------------------------------------------------------

RESERVED = (
    "CON",
    "con.txt",
    "NUL",
    "aux.txt",
    "COM1.jsonl",
    "LPT9",
    "trailing dot.",
    "trailing space ",
    "a:b",
    "q?.txt",
)
ODD = (
    "../escape.txt",
    "..\\escape.txt",
    "/etc/passwd",
    "C:\\Windows\\x",
    "\\\\server\\share\\x",
    "~root",
    "$(reboot)",
    "`id`",
    "%2e%2e%2f",
    "-rf",
    "--json",
    "a\nb",
    "a\tb",
    "\x1b[31mred",
    "\u202egnp.exe",
    "\ufeff",
    ".hidden",
    "x" * 5000,
    "图纸 第1页.txt",
    "🙂.txt",
    "e\u0301.txt",
    "é.txt",
    "ǅ.txt",
)


def zipped(names: Iterator[str] | list[str]) -> bytes:
    """An archive of small texts with those names, whatever they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number, name in enumerate(names):
            about = zipfile.ZipInfo("x")
            about.filename = name
            archive.writestr(about, f"text {number}")
    return target.getvalue()


def test_names_inside_archives_and_mails_are_shown_and_never_used(
    case: Case, evidence: Path, tmp_path: Path
) -> None:
    names = [*ODD, *RESERVED]
    (evidence / "names.zip").write_bytes(zipped(names))
    for number, name in enumerate(n for n in ODD if "\n" not in n and len(n) < 500):
        (evidence / f"{number}.eml").write_bytes(
            mail(number, attachment=b"text %d" % number, name=name)
        )
    report = ingest(case, [evidence])
    assert_settled(case, report)
    assert outside(case, tmp_path) == []
    with case.read() as s:
        rows = s.execute(select(item.c.id, item.c.name, item.c.sha256, item.c.parent_id)).all()
    assert sum(row.parent_id is not None for row in rows) == len(
        [n for n in ODD if "\n" not in n and len(n) < 500]
    )
    texts = [row.id for row in rows if raw_bytes(case, row.id).startswith(b"text ")]
    assert len(texts) >= len(names)
    for row in rows:
        assert hashlib.sha256(raw_bytes(case, row.id)).digest() == row.sha256


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot have such names")
def test_files_with_hostile_names_keep_their_bytes_and_names(
    case: Case, evidence: Path, tmp_path: Path
) -> None:
    names = [
        *RESERVED,
        *(n for n in ODD if "/" not in n and len(n.encode()) < 255),
        "x" * 255,
        "图" * 80 + ".txt",
        "Case.TXT",
        "case.txt",
        "CASE.txt",
    ]
    for number, name in enumerate(names):
        (evidence / name).write_text(f"text {number} of a file with an odd name")
    report = ingest(case, [evidence])
    assert (report.files, report.items, report.problems) == (len(names), len(names), [])
    assert_settled(case, report)
    with case.read() as s:
        shown = list(s.execute(select(receipt.c.path)).scalars())
    assert sorted(shown) == sorted(f"evidence/{name}" for name in names)
    assert outside(case, tmp_path) == []


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are any bytes only on Linux")
def test_names_that_are_no_text_are_kept_apart(case: Case, evidence: Path) -> None:
    for number, name in enumerate(
        [b"caf\xe9.txt", b"caf\xc3\xa9.txt", b"\xff\xfe\xfd", b"\x80.eml"]
    ):
        (Path(os.fsdecode(os.fsencode(evidence) + b"/" + name))).write_text(f"text {number}")
    report = ingest(case, [evidence])
    assert_settled(case, report)
    with case.read() as s:
        assert sorted(s.execute(select(receipt.c.path)).scalars()) == [
            "evidence/\\x80.eml",
            "evidence/\\xff\\xfe\\xfd",
            "evidence/caf\\xe9.txt",
            "evidence/café.txt",
        ]


def test_a_case_in_a_place_with_an_odd_name(tmp_path: Path) -> None:
    from casekit.store.case import create_case, open_case

    place = tmp_path / "Müller & Söhne – “Q1” 图 100% #1;?mode=ro" / ("n" * 100)
    place.mkdir(parents=True)
    write_log(place / "log 1.jsonl", 5)
    with create_case(place / "Aurora v. Meridian (No. 3)", "m") as case:
        ingest(case, [place / "log 1.jsonl"])
    with open_case(case.folder) as again:
        assert verify(again).checked["items"] == 5


# -- files ----------------------------------------------------------------------------------------


def test_files_of_no_use_end_in_a_clear_state(case: Case, evidence: Path) -> None:
    (evidence / "empty.json").touch()
    (evidence / "zeros").write_bytes(bytes(100_000))
    (evidence / "one line").write_bytes(b"x" * 3_000_000)
    (evidence / "nested.json").write_bytes(b"[" * 200_000)
    (evidence / "nested.jsonl").write_bytes((b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"\n") * 20)
    (evidence / "deep.eml").write_bytes(b"Content-Type: message/rfc822\n\n" * 3000)
    (evidence / "parts.eml").write_bytes(
        b'Content-Type: multipart/mixed; boundary="a"\n\n' + b"--a\n\nx\n" * 20_000
    )
    (evidence / "numbers.json").write_bytes(
        b'[{"instruction":"q","output":' + b"9" * 100_000 + b"}]"
    )
    (evidence / "surrogate.jsonl").write_bytes(
        b'{"instruction":"\\ud800","output":"\\udfff"}\n' * 3
    )
    (evidence / "nul.jsonl").write_bytes(b'{"instruction":"a\\u0000b","output":"\\u0000"}\n' * 3)
    (evidence / "crlf.csv").write_bytes(b'"a","b"\r\n"1\r\n2","3"\r\n"unclosed')
    (evidence / "link").symlink_to("nowhere")
    os.mkfifo(evidence / "pipe")
    report = ingest(case, [evidence])
    assert_settled(case, report)
    kinds = {
        p["path"].partition("/")[2]: p["kind"]
        for p in report.problems
        if p["stage"] in {"receive", "sniff"}
    }
    assert (kinds["link"], kinds["pipe"], kinds["empty.json"]) == ("link", "not-a-file", "empty")


def bomb(levels: int, size: int) -> bytes:
    """Zeros, packed so often."""
    data = bytes(size)
    for _ in range(levels):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("again.zip", data)
        data = target.getvalue()
    return data


def test_archives_that_unfold_without_end_are_cut(case: Case, evidence: Path) -> None:
    (evidence / "flat.zip").write_bytes(bomb(1, 60_000_000))
    (evidence / "deep.zip").write_bytes(bomb(9, 10))
    report = ingest(case, [evidence])
    assert_settled(case, report)
    kinds = {(p["path"].partition("/")[2].partition("!")[0], p["kind"]) for p in report.problems}
    assert {("flat.zip", "ratio"), ("deep.zip", "depth")} <= kinds
