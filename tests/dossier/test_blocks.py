from collections.abc import Mapping

import pytest

from casekit.dossier.blocks import INDENT, MEASURE, set_block
from casekit.dossier.flow import PAPERS, Flow, Picture, Rule, Text
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.pieces import Placed
from casekit.dossier.sheet import (
    Block,
    Column,
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
    Subhead,
)

FRAME = PAPERS["letter"].frame


@pytest.fixture
def flow(faces: Mapping[str, Glyphs]) -> Flow:
    made = Flow(PAPERS["letter"], faces, 1)
    made.turn()
    return made


def words(flow: Flow) -> str:
    return "".join(
        run for page in flow.pages for op in page.ops if isinstance(op, Text) for _, run in op.runs
    )


def put(flow: Flow, *blocks: Block) -> None:
    for block in blocks:
        set_block(flow, block, lambda raw: f"raw of {raw.item_id}")
    assert_inside(flow)


def assert_inside(flow: Flow) -> None:
    """Nothing leaves the frame; only line numbers stand left of the text, and inside it too."""
    left, bottom, right, top = FRAME
    for page in flow.pages:
        for op in page.ops:
            if isinstance(op, Text):
                width = sum(flow_width(flow, font, run) for font, run in op.runs) * op.size
                assert left - 0.01 <= op.x
                assert op.x + width <= right + 0.01
                assert bottom - 0.01 <= op.y
                assert op.y + op.size * 0.8 <= top + 0.01
            if isinstance(op, Rule):
                assert left <= min(op.x0, op.x1)
                assert max(op.x0, op.x1) <= right + 0.01
                assert bottom - 0.01 <= min(op.y0, op.y1)


def flow_width(flow: Flow, font: str, run: str) -> float:
    faces = {g.main.name: g.main for g in flow.faces.values()}
    others = {f.name: f for g in flow.faces.values() for f in g.fallback}
    face = faces.get(font) or others[font]
    return sum(face.widths[c] for c in run)


def test_a_cell_higher_than_many_pages_goes_on_and_its_head_comes_again(flow: Flow) -> None:
    value = " ".join(f"word{n}" for n in range(9000))
    columns = (Column("Field", 20), Column("Value", 80, "mono"))
    put(flow, Grid(columns, (("body", value), ("next", "x"))))
    assert len(flow.pages) > 10
    text = words(flow)
    assert text.count("Field") == len(flow.pages)
    assert all(f"word{n}" in text for n in (0, 4500, 8999))


def test_many_rows_split_between_rows(flow: Flow) -> None:
    columns = (Column("No.", 10), Column("What", 90))
    put(flow, Grid(columns, tuple((str(n), f"row {n}") for n in range(300))))
    text = words(flow)
    assert all(f"row {n}" in text for n in range(300))


def test_a_fact_keeps_every_character(flow: Flow) -> None:
    value = "x" * 5000 + "<b>&amp;"
    put(
        flow, Facts((Fact("Evidence", value), Fact("Hash", "a" * 64, "mono"), Fact("L" * 300, "v")))
    )
    assert value in words(flow)


def test_headings_never_stand_alone_at_the_foot(flow: Flow) -> None:
    flow.y = FRAME[1] + 30
    put(flow, Prose("ANSWER", "one\ntwo\nthree", 1, "output"))
    first = "".join(run for op in flow.pages[0].ops if isinstance(op, Text) for _, run in op.runs)
    assert "ANSWER" not in first


def test_lines_from_right_to_left_are_numbered_and_end_at_the_right(flow: Flow) -> None:
    text = "החוזה נחתם ביום 12 במרץ 2024 בין OpenAI לבין החברה. " * 6
    set_block(flow, Prose("ANSWER", text, 4, "output"), lambda _: "")
    assert [(c.item_id, c.part, c.line) for c in flow.cited] == [
        (4, "output", n + 1) for n in range(len(flow.cited))
    ]
    assert [c.start for c in flow.cited[1:]] == [c.stop for c in flow.cited[:-1]]
    lines = [op for op in flow.page.ops if isinstance(op, Text) and op.size == 10.5]
    ends = {
        round(op.x + max(p.x + p.width for p in op.runs if isinstance(p, Placed)) * op.size, 3)
        for op in lines
    }
    assert ends == {round(FRAME[0] + INDENT + MEASURE, 3)}
    assert len({op.x for op in lines}) > 1


def test_raw_records_are_fetched_and_numbered(flow: Flow) -> None:
    put(flow, Raw("RECORD", 12, "00" * 32, 9))
    assert "raw of 12" in words(flow)
    assert (flow.cited[0].item_id, flow.cited[0].part) == (12, "raw")


def test_each_page_of_a_document_has_a_page_and_nothing_over_it(flow: Flow) -> None:
    put(flow, Facts(tuple(Fact("Row", "x" * 900) for _ in range(6))))
    put(flow, Pages(5, "Terms.pdf", (PageText(1, "one"), PageText(2, "two")), 150))
    pictures = [(page.no, op) for page in flow.pages for op in page.ops if isinstance(op, Picture)]
    assert [(op.page, op.text) for _, op in pictures] == [(1, "one"), (2, "two")]
    for number, picture in pictures:
        for op in flow.pages[number - 1].ops:
            if isinstance(op, Text):
                assert op.y >= picture.y + picture.height


def test_an_image_stands_under_its_facts(flow: Flow) -> None:
    put(
        flow,
        Facts((Fact("Type", "image/png"),)),
        Pages(5, "a.png", (PageText(1, ""),), 150, inline=True),
    )
    assert len(flow.pages) == 1


def test_an_attachment_begins_on_a_new_page_under_its_own_number(flow: Flow) -> None:
    put(flow, Remark("Letter."), Subhead("Attachment 1", new_page=True, bates="AUR-0000002"))
    assert [p.bates for p in flow.pages] == ["", "AUR-0000002"]


def side(text: str, *marks: tuple[int, int, int]) -> Side:
    return Side("Model", "whole", text, tuple(Mark(*m) for m in marks), 1, "EX-A-1")


def test_marked_runs_are_underlined_and_numbered(flow: Flow) -> None:
    put(flow, Pair(side("one two three", (1, 4, 7)), side("two", (1, 0, 3))))
    assert "one two [1] three" in words(flow)
    assert "two [1]" in words(flow)
    underlines = [op for op in flow.page.ops if isinstance(op, Rule) and op.weight == 0.6]
    assert len(underlines) == 2


def test_overlapping_runs_keep_their_places(flow: Flow) -> None:
    put(flow, Pair(side("alpha beta gamma delta", (1, 0, 10), (2, 6, 16)), side("")))
    assert "alpha beta [1] gamma [2] delta" in words(flow)


def test_a_long_pair_goes_over_pages_together(flow: Flow) -> None:
    text = "word " * 4000
    put(flow, Pair(side(text), side("short")))
    assert len(flow.pages) > 5
    assert words(flow).count("word") == 4000
