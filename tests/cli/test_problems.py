from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from casekit.confine import WorkerCrashed
from casekit.ingest import ingest, run
from casekit.ops import items as item_ops
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.evidence import write_log
from tests.ingest.test_run import Faulty


@pytest.fixture
def troubled(case: Case, tmp_path: Path) -> Case:
    """A log with a bad line, and one whose reading broke off."""
    write_log(tmp_path / "a.jsonl", 5)
    with (tmp_path / "a.jsonl").open("ab") as f:
        f.write(b'{"cut": \n')
    ingest(case, [tmp_path / "a.jsonl"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "Worker", Faulty)
        patch.setattr(Faulty, "fault", WorkerCrashed(-11))
        write_log(tmp_path / "b.jsonl", 700)
        ingest(case, [tmp_path / "b.jsonl"])
    return case


def test_problems_are_listed_chosen_and_counted(troubled: Case, cli: Cli) -> None:
    everything = cli("problems", troubled.folder)
    assert everything.code == 0
    assert "▲ a.jsonl, line 6, byte" in everything.out
    assert "[worker, crashed]" in everything.out
    assert everything.out.endswith("2 problems.\n")
    chosen = cli("problems", troubled.folder, "--stage", "worker", "--json").json
    assert (chosen["v"], chosen["total"]) == (1, 1)
    assert [(p["path"], p["kind"], p["run_id"]) for p in chosen["problems"]] == [
        ("b.jsonl", "crashed", 2)
    ]
    counted = cli("problems", troubled.folder, "--by", "run", "--json").json
    assert [(c["value"], c["count"]) for c in counted["counts"]] == [("1", 1), ("2", 1)]
    assert "1  b.jsonl" in cli("problems", troubled.folder, "--by", "file", "--file", "B.").out
    assert "… and 1 more." in cli("problems", troubled.folder, "--limit", "1").out


def test_the_bytes_of_a_place_are_shown_and_not_obeyed(
    case: Case, tmp_path: Path, cli: Cli
) -> None:
    write_log(tmp_path / "a.jsonl", 5)
    bad = b'{"cut": "\x1b[31m\xff'
    packed = gzip.compress((tmp_path / "a.jsonl").read_bytes() + bad + b"\n")
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    ingest(case, [tmp_path / "a.jsonl.gz"])
    shown = cli("problems", case.folder, "--bytes", "12").out.splitlines()
    assert "a.jsonl.gz!unpacked, line 6, byte" in shown[0]
    assert "(counted in the unpacked bytes): " in shown[0]
    assert shown[1] == '    {"cut": "\\x1b[3'
    (found,) = cli("problems", case.folder, "--bytes", "100", "--json").json["problems"]
    assert bytes.fromhex(found["bytes"]) == bad
    assert found["counted"] == "unpacked"
    assert "bytes" not in cli("problems", case.folder, "--json").json["problems"][0]


def test_only_what_is_asked_for_is_read_again(troubled: Case, cli: Cli) -> None:
    done = cli("retry", troubled.folder, "--kind", "crashed", "--json")
    assert (done.code, done.json["files"], done.json["items"]) == (0, 1, 300)
    assert cli("problems", troubled.folder, "--json").json["total"] == 1
    assert cli("problems", troubled.folder, "--settled", "--json").json["total"] == 2
    assert cli("retry", troubled.folder, "--stage", "worker", "--json").json["files"] == 0
    assert cli("retry", troubled.folder).out.count("▲") == 1  # the bad line is bad still


def test_the_reports_of_all_imports_are_kept(troubled: Case, cli: Cli) -> None:
    listed = cli("report", troubled.folder, "--json").json
    assert [(run["id"], run["state"]) for run in listed["runs"]] == [
        (2, "finished"),
        (1, "finished"),
    ]
    assert "b.jsonl" in cli("report", troubled.folder).out.splitlines()[0]
    assert cli("report", troubled.folder, "1", "--json").json["items"] == 5
    one = cli("report", troubled.folder, "1")
    assert "% of its bytes understood" in one.out
    assert "accounted for" in one.out
    assert cli("report", troubled.folder, "7").code == 2
    with troubled.write() as s:
        item_ops.start_run(s, "[]", "none")
    assert "left no report" in cli("report", troubled.folder, "3").err
