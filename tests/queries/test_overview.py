from __future__ import annotations

from pathlib import Path

from casekit.ingest import ingest
from casekit.ops import claims, clawback, exhibits, privilege, reviews
from casekit.ops import items as item_ops
from casekit.ops.clawback import Notice
from casekit.queries.overview import STEPS, Overview, overview
from casekit.store.case import Case
from tests.evidence import write_log

MAIL = b"From: a@x.example\r\nTo: b@y.example\r\nSubject: %b\r\n\r\nA word on the terms.\r\n"


def read(case: Case) -> Overview:
    with case.read() as s:
        return overview(s)


def steps(case: Case) -> list[tuple[str, int, str]]:
    return [(step.key, step.count, step.name) for step in read(case).steps]


def test_an_empty_matter_says_how_to_begin(case: Case) -> None:
    found = read(case)
    assert [step.key for step in found.steps] == ["begin"]
    assert (found.items, found.originals, found.bytes, found.arrivals) == (0, 0, 0, ())


def test_each_state_asks_for_its_next_step(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL % b"One")
    (tmp_path / "b.eml").write_bytes(MAIL % b"Two")
    write_log(tmp_path / "log.jsonl", 3)
    with (tmp_path / "log.jsonl").open("ab") as log:
        log.write(b'{"cut": \n')
    ingest(case, [tmp_path / "a.eml", tmp_path / "b.eml", tmp_path / "log.jsonl"])
    assert steps(case) == [
        ("problems", 3, ""), ("undecided", 2, ""), ("claim", 1, ""), ("finding", 2, ""),
        ("exhibit", 1, ""),
    ]  # fmt: skip
    with case.write() as s:
        item_ops.start_run(s, '["/far/away/rest.jsonl"]', "none")
        run_id = item_ops.start_run(s, '["/far/away/more.jsonl"]', "none")
        item_ops.finish_run(s, run_id, "cancelled", '{"v": 1}')
        privilege.clear_items(s, [1])
        exhibits.mark_exhibit(s, 1)
        reviews.make_set(s, "Mails", [1, 2])
        claims.add_claim(s, "Breach of the terms")
    found = read(case)
    assert [(step.key, step.count, step.name) for step in found.steps] == [
        ("broken-off", 1, ""), ("problems", 3, ""), ("unassigned", 1, "Mails"), ("left", 2, "Mails"),
        ("undecided", 1, ""), ("finding", 2, ""), ("issue", 1, ""),
    ]  # fmt: skip
    assert [each.sources for each in found.arrivals[:2]] == [("more.jsonl",), ("rest.jsonl",)]
    assert found.arrivals[2].problems == 3
    assert found.privilege == {"undecided": 1, "not-privileged": 1, "privileged": 0}
    assert [(act.label, act.count) for act in found.lately[:1]] == [
        ("Claim “Breach of the terms” added", 1)
    ]
    assert {step.key for step in found.steps} <= STEPS.keys()


def test_an_import_that_was_run_again_is_no_longer_to_do(case: Case, tmp_path: Path) -> None:
    with case.write() as s:
        for state in ("cancelled", "finished"):
            run_id = item_ops.start_run(s, '["x.jsonl"]', "none")
            item_ops.finish_run(s, run_id, state, '{"v": 1}')
    assert "broken-off" not in [key for key, _, _ in steps(case)]


def test_what_is_sequestered_counts_nowhere(case: Case, tmp_path: Path) -> None:
    for name, subject in (("open.eml", b"One"), ("secret.eml", b"Two")):
        (tmp_path / name).write_bytes(MAIL % subject)
        ingest(case, [tmp_path / name])
    before = read(case)
    assert [each.sources for each in before.arrivals] == [("secret.eml",), ("open.eml",)]
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    found = read(case)
    assert (found.items, found.originals) == (1, 1)
    assert found.bytes == (tmp_path / "open.eml").stat().st_size
    assert [each.sources for each in found.arrivals] == [(), ("open.eml",)]
    assert found.privilege["undecided"] == 1
