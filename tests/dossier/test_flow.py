from collections.abc import Mapping

import pytest

from casekit.dossier.flow import PAPERS, Box, Flow, Link, Picture, Rule, Text
from casekit.dossier.glyphs import Glyphs


@pytest.fixture
def flow(faces: Mapping[str, Glyphs]) -> Flow:
    made = Flow(PAPERS["letter"], faces, 7, chapter="Exhibit A-1", bates="AUR-0000001")
    made.turn()
    return made


def numbers(flow: Flow, page: int) -> list[str]:
    """The line numbers in a page's margin."""
    return [op.runs[0][1] for op in flow.pages[page].ops if isinstance(op, Text) and op.size == 6.5]


def test_numbered_lines_begin_at_one_on_every_page(flow: Flow) -> None:
    lines = flow.lines("\n".join(f"line {n}" for n in range(60)), "serif", 10.5, 376)
    flow.put_numbered(lines, 100, 10.5, 15, (4, "output"), 300)
    assert len(flow.pages) == 2
    assert numbers(flow, 0) == ["1", "5", "10", "15", "20", "25", "30", "35", "40"]
    assert numbers(flow, 1)[:2] == ["1", "5"]
    assert [(c.page, c.line) for c in flow.cited][:2] == [(1, 1), (1, 2)]
    assert flow.cited[-1].page == 2


def test_the_last_line_of_a_text_never_stands_alone_on_a_page(flow: Flow) -> None:
    fits = int(flow.room // 15)
    lines = flow.lines("\n".join(["x"] * (fits + 1)), "serif", 10.5, 376)
    flow.put_numbered(lines, 100, 10.5, 15, (4, "output"), 300)
    assert [sum(c.page == page for c in flow.cited) for page in (1, 2)] == [fits - 1, 2]


def test_pages_carry_their_place(flow: Flow) -> None:
    flow.turn()
    assert [(p.no, p.part, p.chapter, p.bates) for p in flow.pages] == [
        (7, 1, "Exhibit A-1", "AUR-0000001"), (8, 2, "Exhibit A-1", "AUR-0000001"),
    ]  # fmt: skip


def test_white_is_left_only_below_something(flow: Flow) -> None:
    top = flow.y
    flow.space(40)
    assert flow.y == top
    flow.put(flow.lines("x", "sans", 8, 100), 72, 8, 11)
    flow.space(40)
    assert flow.y == top - 51


def test_need_turns_the_page_once_and_never_an_empty_one(flow: Flow) -> None:
    assert flow.need(10_000) is False
    flow.put(flow.lines("x", "sans", 8, 100), 72, 8, 11)
    assert flow.need(10_000) is True
    assert len(flow.pages) == 2


def test_a_table_head_comes_again_on_the_next_page(flow: Flow) -> None:
    flow.head_again = lambda: flow.add(Rule(0, 0, 1, 1))
    flow.turn()
    assert flow.page.ops == [Rule(0, 0, 1, 1)]


def test_a_page_packed_is_the_same_when_it_is_drawn(
    flow: Flow, faces: Mapping[str, Glyphs]
) -> None:
    flow.put_numbered(
        flow.lines("plain text 中文 🙂\n" * 30, "serif", 10.5, 376),
        100,
        10.5,
        15,
        (4, "output"),
        300,
    )
    flow.add(Rule(1, 2, 3.5, 4))
    flow.add(Box(1, 2, 3, 4))
    flow.add(Link(1, 2, 3, 4, "EX-A-1"))
    flow.add(Picture(1, 2, 3, 4, 5, 6, 150, "text", "name"))
    before = list(flow.page.ops)
    flow.page.pack()
    assert flow.page.ops == []
    assert len(flow.page.packed) < 4000
    flow.page.unpack()
    assert flow.page.ops == before
    assert [type(op) for op in flow.page.ops] == [type(op) for op in before]
    shaped = Flow(PAPERS["letter"], faces, 1)
    shaped.put(shaped.lines("אבג", "serif", 10.5, 376), 100, 10.5, 15)
    before = list(shaped.page.ops)
    shaped.page.pack()
    assert shaped.page.ops == before
