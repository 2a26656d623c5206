from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest.ocr import tesseract
from casekit.ingest.ocr.engine import ReadWord
from casekit.ingest.ocr.tesseract import Tesseract, find, text_of_table, words_of_table
from tests.ingest.ocr.engines import page

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
needs_program = pytest.mark.skipif(
    not tesseract.is_installed(), reason="Tesseract is not installed, or cannot be held in"
)


def word(block: int, line: int, number: int, text: str, sure: str = "90") -> str:
    return f"5\t1\t{block}\t1\t{line}\t{number}\t0\t0\t9\t9\t{sure}\t{text}\n"


def test_words_become_lines_and_paragraphs() -> None:
    table = (
        HEAD
        + "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n"
        + word(1, 1, 1, "Dear")
        + word(1, 1, 2, "all,", "70")
    )
    table += word(1, 2, 1, "hello") + word(2, 1, 1, "Bye", "odd")
    assert text_of_table(table) == ("Dear all,\nhello\n\nBye", 83)


@pytest.mark.parametrize("table", ["", HEAD, "nonsense\n\t\t\t", HEAD + "5\t1"])
def test_a_table_without_words_is_no_text(table: str) -> None:
    assert text_of_table(table) == ("", None)


def test_words_have_their_boxes_and_chinese_ones_no_space_between() -> None:
    table = HEAD + word(1, 1, 1, "训练") + word(1, 1, 2, "数据") + word(1, 1, 3, "ok")
    assert text_of_table(table)[0] == "训练数据 ok"
    assert words_of_table(table)[1] == ReadWord("数据", 0, 0, 9, 9)
    assert words_of_table(HEAD + word(1, 1, 1, "odd").replace("\t9\t9\t", "\tx\t9\t")) == ()


@needs_program
def test_a_page_is_read_by_the_held_in_program() -> None:
    with closing(find()) as engine:
        assert engine.version[0].isdigit()
        found = engine.read(page("Evidence 4711"), engine.spoken("eng"), 300)
    assert found.text == "Evidence 4711"
    assert [w.text for w in found.words] == ["Evidence", "4711"]
    assert found.confidence is not None
    assert found.confidence > 50


def test_a_language_is_a_name_and_nothing_else() -> None:
    for language in ("", "../../etc", "eng -c x=y", "-l"):
        with pytest.raises(CaseKitError, match="names no language"):
            Tesseract("/bin/false", "1").read(b"", language, 0)


def test_without_the_program_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: None)
    with pytest.raises(CaseKitError, match="install the package"):
        find()
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: str(Path("/bin/false")))
    monkeypatch.setattr(tesseract, "can_confine", lambda: False)
    with pytest.raises(CaseKitError, match="held in"):
        find()
