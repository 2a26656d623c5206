import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT

from casekit.dossier.companion import Companion
from casekit.dossier.sheet import Column, Cover, Grid
from casekit.dossier.word_file import write_word

COVER = Cover(
    court="Superior Court,\nCounty of R&D", above=(("A <b> Inc.,", "Plaintiff,"),), versus="v.",
    below=(("Meridian Ltd.,", "Defendant."),), number="Case No. 1", judge="Hon. X", title="", lines=(),
    designation="SECRET", draft="",
)  # fmt: skip


def sheet(**values: object) -> Companion:
    given = {
        "kind": "index", "title": "Index of exhibits", "cover": COVER, "head": ("A v. M", "1", "SECRET"),
        "before": ("Over it.",), "grid": Grid((Column("Exhibit", 1), Column("What", 3)), (("A-1", "x"),)),
        "after": ("Under it.",), "state": "State 7.", "at_us": 1_768_000_000_000_000,
        "page": "Page {page} of {total}", "cut": " (cut)", "paper": "letter", "language": "en-US",
        "landscape": False, **values,
    }  # fmt: skip
    return Companion(**given)  # type: ignore[arg-type]


def test_another_program_reads_caption_table_and_notes(tmp_path: Path) -> None:
    write_word(sheet(), tmp_path / "a.docx")
    found = docx.Document(tmp_path / "a.docx")
    caption, table = found.tables
    assert (
        caption.rows[0].cells[0].text == "A <b> Inc.,\nPlaintiff,\nv.\nMeridian Ltd.,\nDefendant."
    )
    assert caption.rows[0].cells[1].text == "Case No. 1\nHon. X"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Exhibit", "What"],
        ["A-1", "x"],
    ]
    texts = [p.text for p in found.paragraphs]
    assert texts == [
        "SUPERIOR COURT,", "COUNTY OF R&D", "Index of exhibits", "Over it.", "Under it.", "State 7.",
    ]  # fmt: skip
    assert found.sections[0].header.paragraphs[0].text == "A v. M · 1\tSECRET"
    assert found.sections[0].footer.paragraphs[0].text == "Index of exhibits\tPage 1 of 1"


@pytest.mark.parametrize(
    ("paper", "wide", "size"), [("letter", False, (12240, 15840)), ("a4", True, (16838, 11906))]
)
def test_paper_is_the_matter_s_and_may_lie_on_its_side(
    paper: str, wide: bool, size: tuple[int, int], tmp_path: Path
) -> None:
    write_word(sheet(paper=paper, landscape=wide), tmp_path / "a.docx")
    section = docx.Document(tmp_path / "a.docx").sections[0]
    assert (section.page_width.twips, section.page_height.twips) == size  # type: ignore[union-attr]
    assert (section.orientation == WD_ORIENT.LANDSCAPE) is wide


def test_the_head_is_repeated_and_pages_are_counted(tmp_path: Path) -> None:
    write_word(sheet(), tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        body, foot = package.read("word/document.xml"), package.read("word/footer1.xml")
    assert body.count(b"<w:tblHeader/>") == 1
    assert (foot.count(b" PAGE "), foot.count(b" NUMPAGES ")) == (1, 1)


def test_hostile_text_is_text_and_breaks_nothing(tmp_path: Path) -> None:
    nasty = '</w:t><w:fldSimple w:instr="DDEAUTO c:\\\\calc"/>&\x07\u202e]]>\n=1+1\tend'
    write_word(sheet(grid=Grid((Column("One", 1),), ((nasty,),))), tmp_path / "a.docx")
    cell = docx.Document(tmp_path / "a.docx").tables[1].rows[1].cells[0].text
    shown = nasty.replace("\x07", "[U+0007]").replace("\u202e", "[U+202E]").replace("\t", "    ")
    assert cell == shown
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert b"<w:fldSimple" not in package.read("word/document.xml")


def test_nobody_s_name_is_in_it_and_equal_lists_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        write_word(sheet(), tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    properties = docx.Document(tmp_path / "a.docx").core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Index of exhibits"
    assert properties.created.isoformat() == "2026-01-09T23:06:40+00:00"  # type: ignore[union-attr]
