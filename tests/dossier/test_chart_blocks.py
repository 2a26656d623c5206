from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from casekit.dossier import scales
from casekit.dossier.blocks import set_block
from casekit.dossier.charts import Axis, Curves, Dots, Guide, Pile, Piles, Series, Strip
from casekit.dossier.flow import PAPERS, Flow, Shape, Text
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.tags import Tag

AXIS = scales.numbers((-1, 2), "log10 of the ratio")


@pytest.fixture
def flow(faces: Mapping[str, Glyphs]) -> Flow:
    made = Flow(PAPERS["a4"], faces, 1, tag=Tag("Sect"))
    made.turn()
    return made


def put(flow: Flow, *blocks: Strip | Curves | Piles) -> None:
    for block in blocks:
        set_block(flow, block, lambda _: "")


def words(flow: Flow, page: int = 0) -> list[str]:
    ops = flow.pages[page].ops
    return ["".join(r for _, r in op.runs) for op in ops if isinstance(op, Text)]


def shapes(flow: Flow) -> Iterator[Shape]:
    return (op for page in flow.pages for op in page.ops if isinstance(op, Shape))


def outside(flow: Flow) -> list[object]:
    left, bottom, right, top = flow.paper.frame
    found: list[object] = []
    for page in flow.pages:
        for op in page.ops:
            if isinstance(op, Shape):
                xs, ys = op.points[::2], op.points[1::2]
                if min(xs) < left - 1 or max(xs) > right + 1 or min(ys) < bottom or max(ys) > top:
                    found.append(op)
            elif isinstance(op, Text) and not bottom - 1 <= op.y <= top:
                found.append(op)
    return found


def figures(tag: Tag) -> list[Tag]:
    return [
        t
        for inside in tag.inside
        for t in ([inside] if inside.role == "Figure" else figures(inside))
    ]


def test_a_strip_names_every_row_and_shows_interval_and_guides(flow: Flow) -> None:
    rows = (
        Dots("meridian-r1", (1.0,), "diamond", 0.5, 1.5, "24 of 60"),
        Dots("halden", (0.1, 0.2)),
    )
    put(flow, Strip(AXIS, rows, "two rows", "RATIOS", "Beside controls.", (Guide(0.0, "LR 1"),)))
    said = words(flow)
    assert said[:2] == ["RATIOS", "Beside controls."]
    assert {"meridian-r1", "24 of 60", "halden", "LR 1", "log10 of the ratio", "-1", "2"} <= set(
        said
    )
    ends = [s for s in shapes(flow) if len(s.points) == 4 and s.weight == 1.0]
    assert len(ends) == 3  # the interval and its two ends
    assert outside(flow) == []


def test_every_mark_and_fill_is_of_another_shape(flow: Flow) -> None:
    for mark in ("diamond", "disc", "ring", "square", "cross"):
        put(flow, Strip(AXIS, (Dots(mark, (1.0,), mark),), mark))
    drawn = {(len(s.points), s.fill) for s in shapes(flow) if s.weight in (0.9, 1.1)}
    assert drawn == {(8, "#1D2126"), (32, "#1D2126"), (32, "#FFFFFF"), (4, "")}
    before = len(list(shapes(flow)))
    put(flow, Strip(AXIS, (Dots("unknown", (2.0,), fill="hatched"),), "bar", bars=True))
    assert len(list(shapes(flow))) - before > 20  # the lines of the hatching


def test_a_strip_of_300_rows_goes_over_pages_each_with_its_axis(flow: Flow) -> None:
    rows = tuple(Dots(f"账户 {n} " + "very-long-name-" * (n % 9), (n / 200,)) for n in range(300))
    put(flow, Strip(AXIS, rows, "many", "MANY"))
    assert len(flow.pages) > 4
    for page in range(len(flow.pages)):
        assert "log10 of the ratio" in words(flow, page)
    assert outside(flow) == []
    root = flow.pages[0].root
    assert root is not None
    found = figures(root)
    assert [t.alt for t in found][:2] == ["many", "many (2)"]
    assert all(t.box is not None for t in found)


def test_lines_are_told_apart_by_dash_and_named_in_a_key(flow: Flow) -> None:
    up = scales.shares((1.0,), "Share")
    series = (
        Series("students", ((-1, 1.0), (2, 0.0)), "solid", steps=True),
        Series("others", ((-1, 0.5), (2, 0.0)), "dashed"),
        Series("one point", ((0, 0.5),), "dotted"),
    )
    put(flow, Curves(AXIS, up, series, "Tippett", guides=(Guide(0, "LR 1"),)))
    assert {"students", "others", "one point", "Share"} <= set(words(flow))
    lines = [s for s in shapes(flow) if len(s.points) >= 4 and not s.fill]
    assert len({(s.weight, s.dash) for s in lines}) >= 4
    assert outside(flow) == []


def test_piles_are_stacked_and_named(flow: Flow) -> None:
    up = scales.numbers((0, 9), "Requests", whole=True)
    piles = (Pile("named", (1, 0, 4), "ink"), Pile("others", (2, 0, 5), "grey"))
    put(flow, Piles(Axis(0, 3, "Days", ()), up, piles, "volume"))
    bars = [s for s in shapes(flow) if len(s.points) == 8 and s.fill and s.points[1] != s.points[5]]
    assert len(bars) == 4 + 2  # two stretches, two piles, and the key
    assert {"named", "others"} <= set(words(flow))
    assert outside(flow) == []


def test_a_chart_never_parts_from_its_heading(flow: Flow) -> None:
    flow.y = flow.paper.bottom + 60
    put(flow, Strip(AXIS, (Dots("one", (1.0,)),) * 3, "alt", "HEADING"))
    assert words(flow, 0) == []
    assert words(flow, 1)[0] == "HEADING"


def test_a_chart_of_nothing_is_drawn(flow: Flow) -> None:
    put(
        flow,
        Strip(AXIS, (Dots("refused", ()),), "nothing"),
        Curves(AXIS, AXIS, (), "nothing"),
        Piles(AXIS, AXIS, (), "nothing"),
    )
    assert outside(flow) == []
