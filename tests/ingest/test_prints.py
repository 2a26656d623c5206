import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from casekit.confine import Worker
from casekit.errors import CaseKitError
from casekit.ingest.prints import printed, prints
from tests.ingest.documents import pdf


def _page() -> Image.Image:
    page = Image.new("RGB", (600, 800), "white")
    draw = ImageDraw.Draw(page)
    for y in range(40, 760, 40):
        draw.text((40, y), "The quick brown fox jumps over the lazy dog", fill="black")
    return page


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_letters_become_group_4() -> None:
    ending, data = printed(_page(), 300, jpeg=True)
    made = _opened(data)
    assert (ending, made.mode, made.info["compression"]) == (".tif", "1", "group4")
    assert [round(n) for n in made.info["dpi"]] == [300, 300]
    assert made.convert("L").getextrema() == (0, 255)
    assert data == printed(_page(), 300, jpeg=True)[1]


@pytest.mark.parametrize(
    ("fill", "box", "mode"),
    [
        ("#ffee55", (100, 100, 300, 130), "RGB"),  # a highlighter
        ("#909090", (100, 100, 300, 300), "L"),  # a tone
        ("#e0e0e0", (300, 500, 420, 505), "L"),  # a faint pencil
    ],
)
def test_what_black_and_white_would_lose_stays(
    fill: str, box: tuple[int, int, int, int], mode: str
) -> None:
    page = _page()
    ImageDraw.Draw(page).rectangle(box, fill=fill)
    ending, data = printed(page, 300, jpeg=True)
    assert (ending, _opened(data).mode) == (".jpg", mode)
    ending, data = printed(page, 300, jpeg=False)
    assert (ending, _opened(data).mode) == (".tif", mode)
    assert _opened(data).convert("RGB").tobytes() == page.tobytes()
    assert printed(page, 300, jpeg=True, plain=True)[0] == ".tif"


def test_all_pages_come_or_none_does(tmp_path: Path) -> None:
    file = tmp_path / "two.pdf"
    file.write_bytes(pdf("first", "second"))
    with Worker() as worker, file.open("rb") as f:
        made = list(prints(worker, f.fileno(), 2, 150, "tiff"))
        assert [(each.page, each.ending) for each in made] == [(1, ".tif"), (2, ".tif")]
        assert _opened(made[0].data).size == (1275, 1650)
        with pytest.raises(CaseKitError, match=r"Only 2 of 3 pages|could not be drawn"):
            list(prints(worker, f.fileno(), 3, 150, "tiff"))
