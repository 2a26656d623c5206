from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import clawback
from casekit.ops import redactions
from casekit.ops.clawback import Notice
from casekit.queries import sequestered
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_notice_forgets_the_tables_for_analytics(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("one"), make_item("two")], tmp_path)
    for work in (
        lambda: clawback.receive(case, Notice("A", ["1"], reference="x")),
        lambda: clawback.release(case, [1], "B", "C"),
    ):
        table = case.derived_file("exchanges/old.parquet")
        table.write_bytes(b"PAR1")
        work()
        assert not table.exists()
    with case.read() as s:
        assert sequestered.held(s) == set()


def test_a_letter_that_cannot_be_written_leaves_nothing(case: Case, tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="Nothing is taken back"):
        clawback.write_letter(case, tmp_path / "a.docx")
    with pytest.raises(CaseKitError, match=r"\.docx or \.txt"):
        clawback.write_letter(case, tmp_path / "a.rtf")
    assert not list(tmp_path.glob("a.*"))


def test_no_name_of_a_letter_tells_what_is_redacted(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("one")], tmp_path)
    with case.write() as s:
        redactions.redact(s, [(1, "body", 4, 8)], "privacy")
    with pytest.raises(CaseKitError, match=r"redaction no\. 1"):
        clawback.write_letter(case, tmp_path / "text of it.docx")
