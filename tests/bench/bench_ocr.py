"""How much of a printed page RapidOCR reads, and what it costs: pages drawn here, whose every letter is known.

    python -m tests.bench.bench_ocr

Each page is the sample's engineering notes in 11-point Source Serif (a paragraph in 11-point Noto Sans SC for
Chinese), spoiled in one way. Right is the share of its letters, blanks left out, that stand in what was read
in the same order. Processor time is that of the confined process over all pages, its start included.
"""

from __future__ import annotations

import difflib
import io
import resource
import textwrap
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from casekit.ingest.ocr.rapidocr import find
from casekit.paths import resource as sample
from tests.bench import Figure, tell

POINTS, LEADING = 11, 15
PAPER = (8.27, 11.69)  # inches: ISO 216 A4
CHINESE = (
    "双方于二〇二五年三月十四日会面，讨论数据的来源。供应商说明四批数据中的两批来自分包商，"
    "并提供了采购记录与许可文件。我方要求对方保存全部日志、邮件和模型输出，不得删除或修改。"
    "对方同意在十日内答复，并指定一名负责人。"
)


def main() -> None:
    """Read every page once, and say how many letters were right and what it took."""
    started = _children()
    pages = 0
    with closing(find()) as engine:
        for what, png, text in drawn():
            read = engine.read(png, "chi_sim" if "Chinese" in what else "eng", 0)
            tell(Figure(what, 100 * right(text, read.text), "% right", more_is_better=True))
            pages += 1
    tell(Figure("processor time of a page", (_children() - started) / pages, "s"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    tell(Figure("memory of the process at most", peak, "MB"))


def drawn() -> Iterator[tuple[str, bytes, str]]:
    """What was done to each page, its pixels and its text."""
    notes = (sample("sample", "documents", "engineering-notes.txt")).read_text("utf-8")
    words = " ".join(notes.replace("=", "").split())  # the rule under its title is no letter
    for dpi in (300, 200, 100, 72, 60, 50):
        yield f"{dpi} dpi", _png(_page(words, dpi)), words
    plain = _page(words, 200)
    for degrees in (90, 180, 270, 2, 5):
        turned = plain.rotate(
            degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC
        )
        yield f"200 dpi, turned by {degrees} degrees", _png(turned), words
    yield "200 dpi, two columns", _png(_page(words, 200, columns=2)), words
    room = io.BytesIO()
    plain.save(room, "JPEG", quality=30)
    yield "200 dpi, JPEG of quality 30", _png(Image.open(room)), words
    yield "200 dpi, Chinese", _png(_page(CHINESE, 200, face="chinese")), CHINESE


def right(text: str, read: str) -> float:
    """The share of the text's letters, blanks left out, that were read in their order (0 to 1)."""
    wanted, found = ("".join(each.split()) for each in (text, read))
    blocks = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


def _page(words: str, dpi: int, *, columns: int = 1, face: str = "latin") -> Image.Image:
    """A page of these words with an inch of margin, in one column or more."""
    wide, high = (round(side * dpi) for side in PAPER)
    image = Image.new("L", (wide, high), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(_font(face), round(POINTS * dpi / 72))
    room = (wide - 2 * dpi - (columns - 1) * dpi // 3) // columns
    letters = int(room / draw.textlength("n" if face == "latin" else "国", font=font))
    wrapped = textwrap.wrap if face == "latin" else _cut
    lines = wrapped(words, letters)
    each = -(-len(lines) // columns)
    for n, line in enumerate(lines):
        x, y = dpi + (n // each) * (room + dpi // 3), dpi + (n % each) * LEADING * dpi // 72
        assert y < high - dpi, "the words take more than a page"
        draw.text((x, y), line, fill=0, font=font)
    return image


def _cut(words: str, letters: int) -> list[str]:
    return [words[n : n + letters] for n in range(0, len(words), letters)]


@cache
def _font(face: str) -> Path:
    package, name = {
        "latin": ("justmytype_western_core", "SourceSerif4[[]*.ttf"),
        "chinese": ("justmytype_intl_cjk", "NotoSansSC*.ttf"),
    }[face]
    found = find_spec(package)
    assert found is not None
    return next(Path(str(found.origin)).parent.rglob(name))


def _png(image: Image.Image) -> bytes:
    room = io.BytesIO()
    image.save(room, "PNG")
    return room.getvalue()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
