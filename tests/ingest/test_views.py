from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.confine import Worker
from casekit.errors import CaseKitError
from casekit.ingest.views import PRELOAD, harmless_html, render_page, words_of_page
from tests.ingest.documents import pdf, picture


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(preload=PRELOAD) as made:
        yield made


def test_pages_words_and_html_come_out_of_the_worker(worker: Worker, tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    place.write_bytes(pdf("Hello there", "Two"))
    with place.open("rb") as file:
        image = render_page(worker, file.fileno(), "application/pdf", 2, 72)
        words = words_of_page(worker, file.fileno(), 1)
    assert (image.width, image.height, image.pages) == (612, 792, 2)
    assert [word.text for word in words.words] == ["Hello", "there"]
    assert render_page(worker, picture(size=(7, 5)), "image/png").width == 7
    assert harmless_html(worker, b"<b>x<script>y</script>").html == "<b>x</b>"


def test_a_refusal_says_what_is_wrong(worker: Worker) -> None:
    with pytest.raises(CaseKitError, match="no page 9"):
        render_page(worker, pdf("x"), "application/pdf", 9)
    with pytest.raises(CaseKitError, match="damaged"):
        render_page(worker, b"nothing", "image/png")
    with pytest.raises(CaseKitError, match="damaged"):
        words_of_page(worker, b"nothing")


FORGED = [b"", b"\xc1", b"\x94\xc0\xc0\xc0\xc0", b"\x91\x95\x01\x01\xc4\x01x\x01\x01"]


@pytest.mark.parametrize("frame", FORGED)
def test_no_answer_is_refused(
    monkeypatch: pytest.MonkeyPatch, worker: Worker, frame: bytes
) -> None:
    monkeypatch.setattr(worker, "call", lambda *_, **__: frame)
    with pytest.raises(CaseKitError, match="damaged"):
        render_page(worker, b"", "image/png")
