from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from casekit import settings
from casekit.errors import CaseKitError
from casekit.ingest.ocr import UsualEngine, find_engine, installed, rapidocr, tesseract, usual_name
from casekit.ingest.ocr.engine import PageText, label
from tests.ingest.ocr.engines import FakeEngine, use_engine, use_none


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def test_the_first_that_is_installed_is_taken_unless_another_was_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = use_engine(monkeypatch, lambda *_: PageText("", None, b""))
    monkeypatch.setattr(rapidocr, "is_installed", lambda: True)
    assert (installed(), usual_name()) == (["tesseract", "rapidocr"], "tesseract")
    assert find_engine() is fake
    settings.remember_engine("rapidocr")
    assert usual_name() == "rapidocr"
    monkeypatch.setattr(rapidocr, "is_installed", lambda: False)
    assert usual_name() == "tesseract"  # what was chosen is gone
    assert label(fake) == "tesseract 9"


def test_without_any_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use_none(monkeypatch)
    assert usual_name() == ""
    with pytest.raises(CaseKitError, match=r"Tesseract .* extra “ocr”"):
        find_engine()
    with pytest.raises(CaseKitError, match="RapidOCR is not installed"):
        find_engine("rapidocr")
    with pytest.raises(CaseKitError, match="“abbyy” is no engine"):
        find_engine("abbyy")


def test_the_usual_engine_is_kept_until_another_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (FakeEngine(lambda *_: PageText("", None, b"")) for _ in range(2))
    second.name = "rapidocr"
    for module, engine in ((tesseract, first), (rapidocr, second)):
        monkeypatch.setattr(module, "is_installed", lambda: True)
        monkeypatch.setattr(module, "find", lambda engine=engine: engine)
    with closing(UsualEngine()) as eyes:
        assert eyes.get() is eyes.get() is first
        settings.remember_engine("rapidocr")
        assert eyes.get() is second
        assert (first.closed, second.closed) == (1, 0)
    assert second.closed == 1
