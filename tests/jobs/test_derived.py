from __future__ import annotations

from pathlib import Path

from casekit.ingest import ingest
from casekit.jobs.derived import wrong_joins, wrong_threads
from casekit.jobs.verify import verify
from casekit.ops import exhibits
from casekit.ops import items as item_ops
from casekit.store.case import Case
from tests.batches import openai_answer, openai_request, write_lines
from tests.evidence import write_mbox
from tests.jobs.test_verify import tamper


def test_changed_threads_and_joins_are_named(case: Case, tmp_path: Path) -> None:
    write_lines(tmp_path / "b" / "in.jsonl", [openai_request(k, k) for k in "ab"])
    write_lines(tmp_path / "b" / "out.jsonl", [openai_answer(k, k) for k in "ab"])
    write_mbox(tmp_path / "b" / "z.mbox", 6)
    ingest(case, [tmp_path / "b"])
    assert verify(case).damaged == []
    tamper(case, "UPDATE exchange_join SET join_id = 2 WHERE item_id = 3")
    tamper(case, "DELETE FROM mail_thread WHERE item_id = 6")
    with case.read() as s:
        assert list(wrong_joins(s)) == [3]
        assert list(wrong_threads(s)) == [6]
    found = {d.what for d in verify(case).damaged if not d.what.startswith("schema")}
    assert found == {"join of item 3", "thread of item 6"}


def test_a_table_that_was_emptied_is_named_row_by_row(case: Case, tmp_path: Path) -> None:
    write_lines(tmp_path / "b" / "in.jsonl", [openai_request("a", "a")])
    write_lines(tmp_path / "b" / "out.jsonl", [openai_answer("a", "a")])
    ingest(case, [tmp_path / "b"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 2, "A-1")
    tamper(case, "DELETE FROM exchange_join")
    found = [d for d in verify(case).damaged if not d.what.startswith("schema")]
    assert [(d.what, d.depends) for d in found] == [
        ("join of item 1", ()), ("join of item 2", ("Exhibit A-1",)),
    ]  # fmt: skip


def test_items_that_an_import_has_not_come_to_are_not_missing(case: Case, tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", [openai_request("a", "a")])
    ingest(case, [tmp_path / "in.jsonl"])
    with case.write() as s:
        item_ops.start_run(s, "[]", "none")  # at work, or killed
    write_lines(tmp_path / "out.jsonl", [openai_answer("a", "a")])
    ingest(case, [tmp_path / "out.jsonl"])
    tamper(case, "DELETE FROM exchange_join")
    tamper(case, "INSERT INTO exchange_join VALUES (1, 1, 'alone')")  # as before the second import
    with case.read() as s:
        assert list(wrong_joins(s)) == []
