from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import clawback
from casekit.ops import items as item_ops
from casekit.ops.clawback import Notice
from casekit.queries import items, problems, runs
from casekit.store.case import Case
from tests.evidence import write_log


def test_every_import_is_remembered_with_its_report(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 3)
    report = ingest(case, [tmp_path / "a.jsonl"])
    with case.write() as s:
        item_ops.start_run(s, '["killed"]', "none")
    with case.read() as s:
        killed, finished = runs.runs(s)
        assert runs.run(s, finished.id) == finished
        with pytest.raises(CaseKitError, match="no import 9"):
            runs.run(s, 9)
    assert (killed.state, killed.sources, killed.finished_us, killed.report) == (
        "running", ("killed",), None, {},
    )  # fmt: skip
    assert (finished.state, finished.sources) == ("finished", (str(tmp_path / "a.jsonl"),))
    assert finished.confinement == report.confinement
    assert finished.report == report.as_json()


def test_a_report_of_an_earlier_version_is_read_too(case: Case) -> None:
    with case.write() as s:
        run_id = item_ops.start_run(s, "a folder", "none")
        item_ops.finish_run(
            s, run_id, "finished", '{"v": 1, "files": 2, "formats": {"eml": {"files": 2}}}'
        )
    with case.read() as s:
        found = runs.run(s, run_id)
    assert found.sources == ("a folder",)
    assert (found.report["files"], found.report["items"], found.report["problems"]) == (2, 0, [])
    assert found.report["formats"]["eml"] == {"files": 2, "items": 0, "bytes": 0, "understood": 0}


def test_a_sequestered_file_is_named_in_no_report(case: Case, tmp_path: Path) -> None:
    """A problem of a file that is sequestered in part may quote it, so it is counted and not told."""
    (tmp_path / "zanzibar").mkdir()
    (tmp_path / "zanzibar" / "zanzibar.txt").write_text("All of the reserve.")
    (tmp_path / "mixed.jsonl").write_text(
        '{"prompt": "a", "output": "b"}\n{"prompt": "d", "output": "e"}\n{"prompt": zanzibar}\n'
    )
    (tmp_path / "open.jsonl").write_text('{"prompt": "a", "output": "c"}\nno record\n')
    for name in ("zanzibar/zanzibar.txt", "mixed.jsonl", "open.jsonl"):
        ingest(case, [tmp_path / name])
    with case.read() as s:
        whole = runs.runs(s)
        names = {row.path for row in problems.problems(s)}
    assert names == {"mixed.jsonl", "open.jsonl"}
    clawback.receive(case, Notice("Them", ["item 1", "item 2"], reference="letter"))
    with case.read() as s:
        (third, second, first) = runs.runs(s)
        assert first.sources == (runs.HIDDEN,)
        assert second.sources == (str(tmp_path / "mixed.jsonl"),)
        assert third == whole[0]
        told, before = second.report["problems"], whole[1].report["problems"]
        assert (
            [(t["path"], t["kind"]) for t in told]
            == [(runs.HIDDEN, b["kind"]) for b in before]
            != []
        )
        assert "zanzibar" not in str(first) + str(second)
        assert runs.run(s, first.id) == first
    clawback.release(case, [1, 2], "Judge", "Order")
    with case.read() as s:
        assert runs.runs(s) == whole


def test_an_item_says_what_confined_the_process_that_read_it(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 3)
    report = ingest(case, [tmp_path / "a.jsonl"])
    with case.write() as s:
        item_ops.start_run(s, "[]", "another")
    ingest(case, [tmp_path / "a.jsonl"])  # known already: nothing is read
    with case.read() as s:
        assert report.confinement
        assert items.view(s, 1).confinement == report.confinement
        assert runs.read_under(s, 99) == ""
