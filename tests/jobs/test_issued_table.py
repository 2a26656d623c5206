import zipfile
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import issued_table
from casekit.queries.issued import Issued, Sending
from casekit.store.case import Case


def test_every_cell_is_a_string(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Sending(1, "=HYPERLINK(0)", "counsel", "portal", "2026-03-14", "", "ann")
    one = Issued(
        2, "dossier", "=1+1", 0, "ab" * 32, 4, "filing", "A-1", 3, 1, (4,), (3,), True, (sent,)
    )
    monkeypatch.setattr(issued_table, "issued", lambda _: [one])
    assert issued_table.write(case, tmp_path / "r.xlsx") == 1
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<c ") == sheet.count('t="s"') == 2 * len(issued_table.HEADS)
    assert "<f>" not in sheet
    assert issued_table.cells(one)[9:] == (
        "1", "4", "3", "changed", "", "=HYPERLINK(0) (counsel), 2026-03-14, portal",
    )  # fmt: skip


def test_another_name_or_place_is_refused(case: Case, tmp_path: Path) -> None:
    for name in ("r.csv", "nowhere/r.xlsx"):
        with pytest.raises(CaseKitError):
            issued_table.write(case, tmp_path / name)
    assert not list(tmp_path.glob("*r.*"))
