from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from casekit.confine.program import can_confine
from casekit.errors import CaseKitError
from casekit.ingest import tesseract
from casekit.ingest.tesseract import Engine, find_engine, read_page, text_of_table

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
needs_engine = pytest.mark.skipif(
    shutil.which("tesseract") is None or not can_confine(),
    reason="Tesseract is not installed, or cannot be held in",
)


def word(block: int, line: int, number: int, text: str, sure: str = "90") -> str:
    return f"5\t1\t{block}\t1\t{line}\t{number}\t0\t0\t9\t9\t{sure}\t{text}\n"


def page(text: str) -> bytes:
    image = Image.new("L", (900, 160), 255)
    ImageDraw.Draw(image).text((30, 40), text, fill=0, font=ImageFont.load_default(60))
    room = io.BytesIO()
    image.save(room, "PNG")
    return room.getvalue()


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


@needs_engine
def test_a_page_is_read_by_the_held_in_program() -> None:
    engine = find_engine()
    assert engine.version[0].isdigit()
    found = read_page(engine, page("Evidence 4711"), "eng", 300)
    assert found.text == "Evidence 4711"
    assert found.confidence is not None
    assert found.confidence > 50


def test_a_language_is_a_name_and_nothing_else() -> None:
    for language in ("", "../../etc", "eng -c x=y", "-l"):
        with pytest.raises(CaseKitError, match="names no language"):
            read_page(Engine("/bin/false", "1"), b"", language, 0)


def test_without_the_program_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: None)
    with pytest.raises(CaseKitError, match="install the package"):
        find_engine()
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: str(Path("/bin/false")))
    monkeypatch.setattr(tesseract, "can_confine", lambda: False)
    with pytest.raises(CaseKitError, match="held in"):
        find_engine()
