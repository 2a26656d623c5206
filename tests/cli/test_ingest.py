from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.jobs.verify import verify_folder
from casekit.store.case import Case, open_case
from tests.cli.conftest import Cli
from tests.conftest import ROOT
from tests.evidence import write_folder, write_log
from tests.waiting import wait_until


def test_an_import_prints_its_report(cli: Cli, case: Case, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Server 1", records=160, mails=10)
    done = cli(
        "ingest", case.folder, folder, "--custodian", "Helen Marsh", "--role", "source", "--json"
    )
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    report = done.json
    assert done.code == 0
    assert {name: report[name] for name in ("v", "files", "items", "exchanges", "duplicates", "cancelled")} == {
        "v": 1, "files": 10, "items": 218, "exchanges": 200, "duplicates": 1, "cancelled": False,
    }  # fmt: skip
    assert report["bytes_total"] == report["bytes_accounted"] == size
    assert report["seconds"] > 0
    torn, unknown = report["problems"]
    assert (torn["path"], torn["stage"], torn["kind"], torn["line"]) == (
        "Server 1/api.jsonl",
        "parse",
        "bad-json",
        151,
    )
    assert torn["offset"] > 0
    assert torn["text"]
    assert (unknown["path"], unknown["kind"], "line" in unknown) == (
        "Server 1/letters/data.bin",
        "unknown-format",
        False,
    )
    assert done.err.startswith("Importing")
    assert "218 items from 10 files, 2 problems" in done.err


def test_an_import_tells_people_of_its_problems(cli: Cli, case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "bad\x1b[2Jname").symlink_to("x")
    write_log(folder / "log.jsonl", 60, torn_every=1)
    done = cli("ingest", case.folder, folder)
    lines = done.out.splitlines()
    assert done.code == 0
    assert (
        lines[0]
        == "▲ s/bad\\x1b[2Jname: A link was not followed; import what it points to by itself."
    )
    assert lines[1].startswith("▲ s/log.jsonl, line 2: ")
    assert lines[-3:-1] == [
        "… and 11 more problems, all kept in the case.",
        "  jsonl: 1 files, 60 items · 93.71 % of its bytes understood",
    ]
    assert lines[-1:] == [
        f"1 files, 0 of them known; 60 items; {(folder / 'log.jsonl').stat().st_size:,} of "
        f"{(folder / 'log.jsonl').stat().st_size:,} bytes accounted for.",
    ]


def test_an_import_tells_people_what_became_of_the_files_inside(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    good = b'{"prompt": "p", "output": "o"}\n'
    bad = b'{"prompt": \n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(good * 9 + bad))
    lines = cli("ingest", case.folder, tmp_path / "a.jsonl.gz").out.splitlines()
    share = 100 * (len(good * 9) + 1) / len(good * 9 + bad)
    assert lines[-3:-1] == [
        "  gzip: 1 files, 9 items · 100 % of its bytes understood · missing: no-time 9",
        f"  inside them, jsonl: 1 files · {share:.4g} % of its bytes understood",
    ]


def test_supplied_hashes_and_a_mapping_are_read_from_files(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"q":"Why?","a":"Because."}\n')
    digest = hashlib.sha256((tmp_path / "a.jsonl").read_bytes()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  a.jsonl\n")
    (tmp_path / "map.json").write_text(json.dumps({"prompt": "q", "output": "a"}))
    done = cli(
        "ingest", case.folder, tmp_path / "a.jsonl", "--supplied-hashes", tmp_path / "SHA256SUMS", "--mapping",
        tmp_path / "map.json", "--model", "meridian-7b", "--json",
    )  # fmt: skip
    assert (done.code, done.json["exchanges"], done.json["problems"]) == (0, 1, [])
    (item,) = cli("items", case.folder, "--json").lines
    assert (item["kind"], item["model"], item["title"]) == ("exchange", "meridian-7b", "Why?")
    refused = cli(
        "ingest", case.folder, tmp_path / "a.jsonl", "--supplied-hashes", tmp_path / "map.json"
    )
    assert (refused.code, "holds no hashes" in refused.err) == (2, True)


def test_a_source_that_is_not_there_is_refused(cli: Cli, case: Case, tmp_path: Path) -> None:
    refused = cli("ingest", case.folder, tmp_path / "absent")
    assert (refused.code, refused.out) == (2, "")
    assert "does not exist" in refused.err


@pytest.mark.skipif(os.name == "nt", reason="sends a signal as POSIX does")
def test_an_import_stopped_by_ctrl_c_keeps_what_it_did_and_goes_on(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    write_log(tmp_path / "a.jsonl", 12_000)
    running = subprocess.Popen(
        [sys.executable, "-m", "casekit", "ingest", str(case.folder), str(tmp_path / "a.jsonl"), "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: case.head() >= 3 or running.poll() is not None, "a first batch", 0.005)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()
    assert (running.returncode, json.loads(out)["cancelled"]) == (130, True)
    assert "Stopping at the next safe place" in err
    assert verify_folder(case.folder).ok
    with open_case(case.folder) as again:
        kept = len(cli("items", again.folder, "--json").lines)
    assert 0 < kept < 12_000
    assert cli("ingest", case.folder, tmp_path / "a.jsonl", "--json").json["items"] == 12_000 - kept


def test_the_index_is_made_and_there_is_nothing_left_to_do(cli: Cli, filled: Case) -> None:
    first = cli("index", filled.folder, "--words-only", "--json").json
    assert (first["v"], first["words"], first["vectors"]) == (1, 5, 0)
    again = cli("index", filled.folder, "--words-only")
    assert (again.code, again.out) == (0, "")
    assert "0 items by words" in again.err


def test_scans_are_read_on_demand_and_their_text_is_shown_apart(
    cli: Cli, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.ingest.ocr.engine import PageText
    from tests.ingest.documents import pdf
    from tests.ingest.ocr.engines import use_engine

    (tmp_path / "scan.pdf").write_bytes(pdf(""))
    assert cli("ingest", case.folder, tmp_path / "scan.pdf").code == 0
    use_engine(monkeypatch, lambda *_: PageText("Read by machine", 77, bytes(32)))
    assert cli("ocr", case.folder, "kind:document", "--json").json == {
        "v": 1, "engine": "tesseract 9", "items": 1, "pages": 1, "with_text": 1, "failed": [],
    }  # fmt: skip
    assert "0 pages of 0 items" in cli("ocr", case.folder).out
    unknown = cli("ocr", case.folder, "--engine", "abbyy")
    assert (unknown.code, "there are tesseract, rapidocr" in unknown.err) == (2, True)
    (hit,) = cli("search", case.folder, "machine", "--json").lines
    shown = cli("item", case.folder, hit["id"], "--json").json
    assert (shown["text"], shown["machine_text"][0]["text"]) == ("", "Read by machine")
    assert "read by tesseract 9, 77 % sure" in cli("item", case.folder, hit["id"]).out
