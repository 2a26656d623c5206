from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import term_report as job
from casekit.ops import exhibits, privilege
from casekit.progress import Silent
from casekit.search import filling
from casekit.search.finding import NotSearched
from casekit.search.term_report import TermReport, TermRow
from casekit.store.case import Case
from tests.builders import file_items, make_item

MADE = TermReport(
    rows=(
        TermRow(1, "=1+1", 1200, 3, 1500, b"\x01" * 32, warnings=("odd",)),
        TermRow(2, "a (b", error="never closed.", position=2),
    ),
    scope="in:outputs",
    searched=4000,
    set_hash=b"\x02" * 32,
    total=1200,
    total_with_family=1500,
    not_searched=(NotSearched("no-text", 7),),
    at_us=0,
    head=9,
    index="words 3",
    indexed=4000,
)


def test_a_workbook_holds_figures_terms_as_text_and_what_was_searched(
    case: Case, tmp_path: Path
) -> None:
    out = tmp_path / "terms.xlsx"
    job.write(case, MADE, out)
    with zipfile.ZipFile(out) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        terms = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1200</v>" in terms
    assert "<v>1500</v>" in terms
    assert "<f>" not in terms
    assert "=1+1" in strings
    assert "not searched: never closed." in strings
    assert "odd" in strings
    assert "02" * 32 in strings
    assert "no text (scans, images)" in strings
    assert list(tmp_path.glob(".*.part")) == []


def test_its_name_may_not_tell_what_is_withheld(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("settle quietly before audit")], tmp_path)
    filling.index_pending(case, Silent())
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        privilege.assert_privilege(s, [1], "attorney-client")
    with pytest.raises(CaseKitError):
        job.write(case, MADE, tmp_path / "settle quietly before audit.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []
