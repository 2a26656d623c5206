from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from casekit.confine.line import WorkerFailed
from casekit.errors import CaseKitError
from casekit.ingest.ocr import rapidocr
from casekit.ingest.ocr.engine import PageText, ReadWord
from casekit.ingest.ocr.rapidocr import RapidOcr, find
from tests.ingest.ocr.engines import page

needs_package = pytest.mark.skipif(
    not rapidocr.is_installed(), reason="RapidOCR is not installed (extra ocr)"
)
LINES = (
    "The parties met on 14 March 2025",
    "and key sk-live-4f9A asked 18,422",
    "times for reasoning.",
)
CHINESE = ("双方于2025年3月14日会面，", "同意不使用模型的训练数据。")


@pytest.fixture(scope="module")
def engine() -> Iterator[RapidOcr]:
    with closing(find()) as found:
        yield found


def drawn(lines: tuple[str, ...], *, chinese: bool = False, turned: int = 0) -> bytes:
    image = Image.new("L", (900, 70 * len(lines) + 60), 255)
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont = ImageFont.load_default(42)
    if chinese:
        fonts = find_spec("justmytype_intl_cjk")
        assert fonts is not None
        (place,) = Path(str(fonts.origin)).parent.rglob("NotoSansSC*.ttf")
        font = ImageFont.truetype(place, 42)
    for n, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 30 + 70 * n), line, fill=0, font=font)
    room = io.BytesIO()
    image.rotate(turned, expand=True).save(room, "PNG")
    return room.getvalue()


def around(words: tuple[ReadWord, ...], text: str) -> tuple[int, int, int, int]:
    (word,) = (w for w in words if w.text == text)
    return word.left, word.top, word.right, word.bottom


@needs_package
def test_a_page_is_read_with_the_places_of_its_words(engine: RapidOcr) -> None:
    png = drawn(LINES)
    found = engine.read(png, "eng", 0)
    assert found.text == "\n".join(LINES)
    assert found.confidence is not None
    assert found.confidence > 90
    assert found.pixels_sha256 == hashlib.sha256(png).digest()
    assert [w.text for w in found.words] == " ".join(LINES).split()
    with Image.open(io.BytesIO(png)) as image:
        for word in found.words:  # each box holds all ink of its word and little of its neighbours'
            ink = image.crop((word.left, word.top, word.right, word.bottom)).point(
                lambda v: 255 - v
            )
            assert ink.getbbox() is not None
        left, top, right, bottom = around(found.words, "18,422")
        image.paste(255, (left, top, right, bottom))
        room = io.BytesIO()
        image.save(room, "PNG")
    assert "18" not in engine.read(room.getvalue(), "eng", 0).text
    assert "times for reasoning" in engine.read(room.getvalue(), "eng", 0).text


@needs_package
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lies_or_stands_on_its_head_is_read(engine: RapidOcr, turned: int) -> None:
    found = engine.read(drawn(LINES, turned=turned), "eng", 0)
    assert found.text == "\n".join(LINES)
    first, last = found.words[0], found.words[-1]
    assert {90: first.top > last.top or first.left < last.left, 180: first.top > last.top,
            270: first.left > last.left}[turned]  # fmt: skip
    upright = [w.bottom - w.top > w.right - w.left for w in found.words if len(w.text) > 3]
    assert set(upright) == {turned != 180}


@needs_package
def test_chinese_is_read_sign_by_sign(engine: RapidOcr) -> None:
    found = engine.read(drawn(CHINESE, chinese=True), "chi_sim", 0)
    assert found.text == "\n".join(CHINESE)
    assert [w.text for w in found.words][-6:] == [*"训练数据。"][-6:] or found.words[
        -1
    ].text == "。"
    signs = [w for w in found.words if w.text in "训练数据"]
    assert [w.left for w in signs] == sorted(w.left for w in signs)


@needs_package
def test_nothing_is_read_where_nothing_stands_whatever_its_form(engine: RapidOcr) -> None:
    for size in ((1, 1), (40, 9000), (9000, 40), (1200, 1600)):
        room = io.BytesIO()
        Image.new("RGB", size, (240, 240, 230)).save(room, "PNG")
        found = engine.read(room.getvalue(), "eng", 0)
        assert (found.text, found.confidence, found.words) == ("", None, ())


@needs_package
def test_what_is_no_picture_costs_its_page_and_the_next_is_read(engine: RapidOcr) -> None:
    with pytest.raises(WorkerFailed):
        engine.read(b"\x89PNG\r\n\x1a\nnothing", "eng", 0)
    assert engine.read(page("Evidence 4711"), "eng", 0).text == "Evidence 4711"


@needs_package
def test_it_runs_confined_and_says_which_models_read(engine: RapidOcr) -> None:
    release, runtime, *hashes = engine.version.split(", ")
    assert (release, runtime) == (version("rapidocr"), f"onnxruntime {version('onnxruntime')}")
    assert [each.split(" SHA-256 ")[0] for each in hashes] == ["det", "rec"]
    assert {len(each.split(" SHA-256 ")[1]) for each in hashes} == {64}
    assert engine.level.startswith(("rlimits", "separate process"))


@needs_package
def test_languages_it_cannot_read_are_refused(engine: RapidOcr) -> None:
    assert engine.spoken("eng+deu") == engine.spoken("chi_sim") == "zh+ja+latin"
    with pytest.raises(CaseKitError, match="not “rus”: install Tesseract"):
        engine.spoken("eng+rus")
    with pytest.raises(CaseKitError, match="names no language"):
        engine.read(b"", "-l", 0)


def test_without_package_or_models_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rapidocr, "is_installed", lambda: False)
    with pytest.raises(CaseKitError, match=r"extra “ocr”"):
        find()
    monkeypatch.setattr(rapidocr, "is_installed", lambda: True)
    monkeypatch.setattr(rapidocr, "_folder", lambda: tmp_path)
    with pytest.raises(CaseKitError, match="without its models"):
        find()


def test_an_answer_that_is_none_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(RapidOcr(rapidocr.Models("", ""), "3")) as made:
        monkeypatch.setattr(made._worker, "call", lambda *_a, **_k: b"\xc1")
        with pytest.raises(WorkerFailed):
            made.read(b"", "eng", 0)
        answer = rapidocr.msgspec.msgpack.encode(("a\x00b", 7.0, ()))
        monkeypatch.setattr(made._worker, "call", lambda *_a, **_k: answer)
        assert made.read(b"", "eng", 0) == PageText("a␀b", 100, hashlib.sha256(b"").digest(), ())
