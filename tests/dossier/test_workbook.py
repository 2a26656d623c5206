import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from casekit.dossier.plain_sheet import LONGEST_CELL, fitting
from casekit.dossier.sheet import Column, Grid
from casekit.dossier.workbook import write_workbook
from tests.dossier.test_word_file import COVER, sheet

FORMULAS = ('=HYPERLINK("http://x")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "'=1")


def rows(path: Path) -> list[list[str]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def test_caption_head_and_rows_stand_in_their_order(tmp_path: Path) -> None:
    write_workbook(sheet(), tmp_path / "a.xlsx")
    found = [[c for c in row if c] for row in rows(tmp_path / "a.xlsx")]
    assert [row for row in found if row] == [
        ["Superior Court,, County of R&D"], ["A <b> Inc., Plaintiff, v. Meridian Ltd., Defendant."],
        ["Case No. 1 · Hon. X"], ["SECRET"], ["Index of exhibits"], ["Over it."], ["Exhibit", "What"],
        ["A-1", "x"], ["Under it."], ["State 7."],
    ]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_nor_becomes_one_when_it_is_edited(text: str, tmp_path: Path) -> None:
    grid = Grid((Column(text, 1), Column("b", 1)), ((text, "b"),))
    write_workbook(sheet(grid=grid, before=(text,), after=(text,), state=text), tmp_path / "a.xlsx")
    made = part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    assert "<f>" not in made
    assert not re.findall(r"<c [^>]*><v>", made.replace(' t="s"><v>', ""))
    styles = part(tmp_path / "a.xlsx", "xl/styles.xml")
    used = {int(n) for n in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', made)}
    formats = re.findall(r'<xf numFmtId="(\d+)"[^>]*xfId', styles)
    assert {formats[n] for n in used} == {"49"}  # “@”, text
    assert [row[0] for row in rows(tmp_path / "a.xlsx")].count(text.replace("\t", "    ")) == 5


def test_head_and_foot_print_signs_as_signs(tmp_path: Path) -> None:
    write_workbook(
        sheet(head=("R&D v. 1", "2", "X&P"), paper="a4", landscape=True), tmp_path / "a.xlsx"
    )
    made = part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    assert (
        "<oddHeader>&amp;L&amp;8R&amp;&amp;D v. 1 · 2&amp;R&amp;8X&amp;&amp;P</oddHeader>" in made
    )
    assert "Page &amp;P of &amp;N</oddFooter>" in made
    assert 'paperSize="9" ' in made
    assert 'orientation="landscape"' in made


def test_a_cell_too_long_says_that_it_was_cut(tmp_path: Path) -> None:
    assert len(fitting("x" * 40_000, " cut")) == LONGEST_CELL
    assert fitting("x" * 40_000, " cut").endswith("x cut")
    write_workbook(sheet(grid=Grid((Column("b", 1),), (("y" * 40_000,),))), tmp_path / "a.xlsx")
    assert any(str(row[0]).endswith("y (cut)") for row in rows(tmp_path / "a.xlsx"))


def test_nobody_s_name_is_in_it_and_equal_lists_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(sheet(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    core = part(tmp_path / "a.xlsx", "docProps/core.xml")
    assert "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert "2026-01-09T23:06:40Z" in core
    assert COVER.number not in core
