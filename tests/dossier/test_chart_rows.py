from __future__ import annotations

from collections.abc import Mapping

import pytest

from casekit.dossier.blocks import set_block
from casekit.dossier.charts import Axis, Raster, RasterRow, Template, Tick
from casekit.dossier.flow import PAPERS, Cells, Flow, Shape, Text, Turned
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.tags import Tag

AXIS = Axis(0, 30, "Time (UTC)", (Tick(0, "2025-11-02"), Tick(14, "2025-11-16")))
KEY = ("1", "2", "3", "4", "≥ 5")


@pytest.fixture
def flow(faces: Mapping[str, Glyphs]) -> Flow:
    made = Flow(PAPERS["letter"], faces, 1, tag=Tag("Sect"))
    made.turn()
    return made


def said(flow: Flow, page: int) -> list[str]:
    kinds = (Text, Turned)
    return ["".join(r for _, r in op.runs) for op in flow.pages[page].ops if isinstance(op, kinds)]


def test_a_raster_of_300_accounts_has_axis_and_key_on_every_page(flow: Flow) -> None:
    rows = (
        RasterRow("Group 1, 150 accounts", ()),
        *(RasterRow("acct-" + "x" * (n % 90) + f"中文{n}", (n % 6,) * 30) for n in range(150)),
        RasterRow("Matched controls", ()),
        *(RasterRow(f"control {n}", (0, 1, 9) * 10) for n in range(150)),
    )
    set_block(flow, Raster(AXIS, rows, KEY, "raster", "RASTER", "One cell is a day."), lambda _: "")
    assert len(flow.pages) >= 5
    left, bottom, right, top = flow.paper.frame
    drawn = 0
    for number, page in enumerate(flow.pages):
        assert {"2025-11-02", "Time (UTC)", "≥ 5"} <= set(said(flow, number))
        for op in page.ops:
            if isinstance(op, Cells):
                drawn += len(op.rows)
                assert left <= op.x
                assert op.x + op.width * max(map(len, op.rows)) <= right + 0.01
                assert bottom <= op.top - op.height * len(op.rows)
                assert op.top <= top
                assert max(map(max, filter(None, op.rows))) <= 5
    assert drawn == 302
    assert all(
        not names or names[-1] != "Matched controls" for names in (said(flow, 0), said(flow, 1))
    )


def test_named_columns_stand_upright_and_apart(flow: Flow) -> None:
    rows = tuple(RasterRow(f"account {n}", (5, 0, 5)) for n in range(3))
    names = ("network 203.0.113.0/24", "payment 1", "TLS fingerprint " + "y" * 200)
    axis = Axis(0, 3, "", ())
    set_block(
        flow, Raster(axis, rows, ("", "", "", "", "bears it"), "alt", names=names), lambda _: ""
    )
    turned = [op for op in flow.pages[0].ops if isinstance(op, Turned)]
    assert len(turned) == 3
    assert {op.y for op in turned} == {turned[0].y}  # all from one line, under the frame's top
    assert flow.paper.frame[3] - 120 < turned[0].y < flow.paper.frame[3] - 60
    (cells,) = (op for op in flow.pages[0].ops if isinstance(op, Cells))
    assert cells.apart > 0
    assert "bears it" in said(flow, 0)


def test_the_blanks_of_a_template_stand_in_boxes_above_what_filled_them(flow: Flow) -> None:
    block = Template(
        "Grade the answer on {1} for {2}.", (("{1}", "9 of 60", "tides"), ("{2}", "3 of 60", "中文")),
        "40 requests", "TEMPLATE 1", ("Blank", "Different", "Such as"),
    )  # fmt: skip
    set_block(flow, block, lambda _: "")
    boxes = [op for op in flow.pages[0].ops if isinstance(op, Shape) and len(op.points) == 10]
    assert len(boxes) == 2
    text = said(flow, 0)
    assert text[0] == "TEMPLATE 1"
    assert text.index("40 requests") < text.index("Blank")


def test_a_template_longer_than_a_page_goes_on(flow: Flow) -> None:
    block = Template("word {1} " * 1200, (), "note", "LONG", ("a", "b", "c"))
    set_block(flow, block, lambda _: "")
    assert len(flow.pages) > 1
    bottom = flow.paper.bottom
    assert all(op.y >= bottom for page in flow.pages for op in page.ops if isinstance(op, Text))


def test_long_names_that_differ_at_their_end_stay_apart(flow: Flow) -> None:
    names = [f"acct-{'x' * 200}-{n}" for n in range(3)] + [f"中文{'你' * 90}{n}" for n in range(3)]
    rows = tuple(RasterRow(name, (1,) * 30) for name in names)
    set_block(flow, Raster(AXIS, rows, KEY, "alt"), lambda _: "")
    shown = [text for text in said(flow, 0) if "…" in text]
    assert len(set(shown)) == len(names)
    assert all(text.startswith(("acct-", "中文")) for text in shown)
