"""Every block with contents of every length: drawn, and read back by a library that had no part in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from casekit.dossier.blocks import set_block
from casekit.dossier.draw import Drawing
from casekit.dossier.flow import PAPERS, Flow, Link, Page, Picture, Text
from casekit.dossier.front import set_chapter_head, set_contents, set_cover, set_reading
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.sheet import (
    Block,
    Chapter,
    Column,
    Cover,
    Fact,
    Facts,
    Grid,
    Mark,
    Pages,
    PageText,
    Pair,
    Prose,
    Raw,
    Remark,
    Side,
    Spoken,
    Subhead,
    Talk,
)
from casekit.dossier.wording import wording
from tests.dossier.pdf_text import Glyph, glyphs_of

PAPER = PAPERS["letter"]
TEXTS = {
    "empty": "",
    "letter": "x",
    "word": "W" * 10_000,
    "words": "the parties agree to these terms " * 300,
    "lines": "\n".join(f"line {n}" for n in range(500)),
    "wide": "文" * 2_000,
    "wide letters": "MWÆŒ@%" * 200,
}
BLOCKS: dict[str, Callable[[str], Block]] = {
    "facts": lambda t: Facts((Fact("Label", t), Fact(t[:200], "value"), Fact("Hash", t, "mono")), "HEAD"),
    "narrow facts": lambda t: Facts((Fact("1", t), Fact("2", "y")), "HEAD", narrow=True),
    "whole facts": lambda t: Facts((Fact("Label", t),), "HEAD", whole=True),
    "serif": lambda t: Prose("HEAD", t, 1, "output"),
    "sans": lambda t: Prose("HEAD", t, 1, "output", "sans", numbered=False),
    "mono": lambda t: Prose("HEAD", t, 1, "output", "mono", dense=True),
    "grid": lambda t: Grid(
        (Column("One", 1), Column("Two", 3, "mono"), Column("Three", 2, "serif")), ((t, "b", "c"), ("a", t, t)),
        "HEAD",
    ),
    "grid with links": lambda t: Grid((Column("One", 1), Column("Two", 9)), ((t, "b"),), "HEAD", ("EX-A",)),
    "forty columns": lambda t: Grid(
        tuple(Column(f"C{n}", 1 + n % 3) for n in range(40)), (tuple(f"{n}{t[:30]}" for n in range(40)),) * 3,
        "HEAD",
    ),
    "head of a table": lambda t: Grid((Column(t[:400], 1), Column("Two", 1)), (("a", "b"),) * 120, "HEAD"),
    "empty grid": lambda t: Grid((Column("One", 1),), (), "HEAD"),
    "pages": lambda t: Pages(1, t[:3000], (PageText(1, "a"), PageText(2, "")), 150),
    "inline page": lambda t: Pages(1, t[:3000], (PageText(1, "a"),), 150, inline=True),
    "raw": lambda t: Raw("HEAD", 1, "00", 4),
    "remark": lambda t: Remark(t, "HEAD"),
    "small remark": lambda t: Remark(t, "HEAD", small=True),
    "heading": lambda t: Remark("below", t),
    "subhead": lambda t: Subhead(t, bates="AUR-0000001"),
    "subhead on a new page": lambda t: Subhead(t, new_page=True),
    "talk": lambda t: Talk(
        (
            Spoken(1, "Monday", "09:00\nUTC", t[:900], t, t[:900], t[:300]),
            Spoken(1_234_567, "Monday", t[:60], "Ann", "short", marked=True),
        ),
        "HEAD",
    ),
    "pair": lambda t: Pair(
        Side(t[:900], t[:900], t, (Mark(1, 0, min(20, len(t))),) if t else (), 1, "EX-A"),
        Side("Right", "detail", "short", ()),
    ),
}  # fmt: skip


def drawn(pages: list[Page], faces: Mapping[str, Glyphs], target: Path) -> list[list[Glyph]]:
    """The characters of the pages, without those of head and foot."""
    drawing = Drawing(target, PAPER, dict(faces), ("", "", ""), "")
    for page in pages:
        page.bare = True
        drawing.page(page, len(pages), lambda _: "no picture", "|")
    drawing.save()
    return glyphs_of(target)


def assert_within(pages: list[list[Glyph]]) -> None:
    """Every character lies in the text area of its page, but for what a serif or a descender hangs over."""
    left, bottom, right, top = PAPER.frame
    for number, page in enumerate(pages, 1):
        for g in page:
            if g.character.isspace() or g.right <= g.left:
                continue
            assert g.left >= left - 1.5, f"page {number}: {g}"
            assert g.right <= right + 1.5, f"page {number}: {g}"
            assert g.bottom >= bottom - 2.5, f"page {number}: {g}"
            assert g.top <= top + 3, f"page {number}: {g}"


def assert_apart(pages: list[list[Glyph]]) -> None:
    """No character is drawn over another one."""
    for number, page in enumerate(pages, 1):
        rows: dict[int, list[Glyph]] = {}
        for g in page:
            if not g.character.isspace() and g.right > g.left:
                rows.setdefault(round(g.bottom / 2), []).append(g)
        for row in rows.values():
            row.sort(key=lambda g: g.left)
            for a, b in pairwise(row):
                over = min(a.right, b.right) - b.left
                narrow = min(a.right - a.left, b.right - b.left)
                high = min(a.top, b.top) - max(a.bottom, b.bottom)
                assert over <= 0.45 * narrow + 0.3 or high <= 0, f"page {number}: {a} over {b}"


def letters(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace())


@pytest.mark.parametrize("length", TEXTS)
@pytest.mark.parametrize("kind", BLOCKS)
def test_every_block_stays_in_its_page_at_any_length(
    faces: Mapping[str, Glyphs], tmp_path: Path, kind: str, length: str
) -> None:
    text = TEXTS[length]
    flow = Flow(PAPER, faces, 1)
    flow.turn()
    flow.space(500)
    set_block(flow, BLOCKS[kind](text), lambda _: text)
    pages = drawn(flow.pages, faces, tmp_path / "d.pdf")
    assert_within(pages)
    assert_apart(pages)
    found = letters("".join(g.character for page in pages for g in page))
    if kind in {"facts", "serif", "sans", "mono", "grid", "raw", "remark", "small remark", "subhead", "talk",
                "whole facts", "narrow facts"}:  # fmt: skip
        assert letters(text) - found == Counter()


@pytest.mark.parametrize("length", TEXTS)
def test_the_front_stays_in_its_pages_at_any_length(
    faces: Mapping[str, Glyphs], tmp_path: Path, length: str
) -> None:
    text, words = TEXTS[length][:2500], wording("neutral")
    side = ((text[:300], "Plaintiff,"), ("B", text[:100]))
    cover = Cover(text[:600], side, "v.", side, text[:200], text[:200], text[:400],
                  (Fact("Label", text), Fact(text[:200], "v")), text[:30], "DRAFT")  # fmt: skip
    chapter = Chapter("A-1" + text[:20], "EX-A", "mail", "Exhibit A-1", text, text[:80], text, text[:40],
                      text[:80], "AUR-0000001 – AUR-0000999", text[:20], ())  # fmt: skip
    flow = Flow(PAPER, faces, 1)
    set_cover(flow, cover)
    assert_apart(drawn(flow.pages[:1], faces, tmp_path / "c.pdf"))
    set_reading(flow, (Remark(text, "Heading"), Remark("short", text[:120])), words)
    set_contents(
        flow,
        [chapter] * 3,
        [("READING", text[:400])],
        {"EX-A": 12345},
        words,
        [text],
        {"EX-A": "part 12"},
    )
    set_chapter_head(flow, chapter)
    flow.pages[0].ops = [
        op for op in flow.pages[0].ops if not isinstance(op, Text) or op.y < PAPER.frame[3]
    ]
    pages = drawn(flow.pages, faces, tmp_path / "d.pdf")
    assert_within(pages)
    assert_apart(pages)


@pytest.mark.parametrize("kind", sorted(set(BLOCKS) - {"empty grid", "heading"}))
def test_a_heading_is_never_alone_at_the_end_of_a_page(
    faces: Mapping[str, Glyphs], kind: str
) -> None:
    for gap in range(300, 660, 6):
        for length in ("letter", "words"):
            flow = Flow(PAPER, faces, 1)
            flow.turn()
            flow.y = PAPER.frame[3] - gap
            first = "subhead" not in kind
            if not first:
                set_block(flow, BLOCKS[kind]("Title"), lambda _: "")
                set_block(flow, Prose("", TEXTS[length], 1, "output"), lambda _: "")
            else:
                set_block(flow, BLOCKS[kind](TEXTS[length]), lambda _, text=TEXTS[length]: text)
            page = next(p for p in flow.pages if p.ops)
            tops = sorted({round(op.y, 1) for op in page.ops if isinstance(op, Text)}, reverse=True)
            pictures = [op for op in page.ops if isinstance(op, Picture)]
            assert len(tops) >= 2 or pictures, f"{kind}, {length}, {gap} points down: {tops}"


def test_no_link_is_larger_than_what_it_stands_on(faces: Mapping[str, Glyphs]) -> None:
    flow = Flow(PAPER, faces, 1)
    flow.turn()
    flow.space(400)
    set_block(flow, BLOCKS["grid with links"](TEXTS["lines"]), lambda _: "")
    left, bottom, right, top = PAPER.frame
    links = [op for page in flow.pages for op in page.ops if isinstance(op, Link)]
    assert links
    assert all(bottom <= o.y0 < o.y1 <= top + 1 and left <= o.x0 < o.x1 <= right for o in links)
