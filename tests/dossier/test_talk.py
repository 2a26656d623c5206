from __future__ import annotations

from collections.abc import Mapping

import pytest

from casekit.dossier.flow import ACCENT, PAPERS, Flow, Rule, Text
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.sheet import Spoken, Talk
from casekit.dossier.talk import BAR, set_talk


@pytest.fixture
def flow(faces: Mapping[str, Glyphs]) -> Flow:
    made = Flow(PAPERS["a4"], faces, 1)
    made.turn()
    return made


def words(flow: Flow, page: int) -> str:
    ops = flow.pages[page].ops
    return " ".join("".join(r for _, r in op.runs) for op in ops if isinstance(op, Text))


def bars(flow: Flow, page: int) -> list[Rule]:
    ops = flow.pages[page].ops
    return [op for op in ops if isinstance(op, Rule) and (op.weight, op.colour) == (BAR, ACCENT)]


def test_messages_stand_under_their_day_with_number_time_and_name(flow: Flow) -> None:
    first = Spoken(1, "2026-01-01", "23:59 UTC\n00:59 local", "Ann", "hi", "edited: x", "f, line 1")
    second = Spoken(2, "2026-01-02", "00:01 UTC", "", "withheld", own=True)
    set_talk(flow, Talk((first, second)))
    assert words(flow, 0) == (
        "2026-01-01 1 23:59 UTC Ann 00:59 local hi edited: x f, line 1 "
        "2026-01-02 2 00:01 UTC withheld"
    )
    assert bars(flow, 0) == []


def test_the_exhibit_has_a_bar_as_high_as_its_words(flow: Flow) -> None:
    said = [Spoken(n, "d", "t", "Ann", "one\ntwo\nthree", marked=n == 2) for n in (1, 2, 3)]
    set_talk(flow, Talk(tuple(said)))
    found = bars(flow, 0)
    assert {op.x0 for op in found} == {op.x1 for op in found} == {flow.paper.left + 1.5}
    assert sum(op.y0 - op.y1 for op in found) == pytest.approx(12 + 3 * 13 + 2 * 4)


def test_a_long_message_goes_over_pages_with_its_day_and_bar(flow: Flow) -> None:
    said = Spoken(
        7, "2026-01-01", "t", "Ann", "\n".join(f"line {n}" for n in range(120)), marked=True
    )
    set_talk(flow, Talk((said,)))
    assert len(flow.pages) == 3
    assert [words(flow, n).startswith("2026-01-01 ") for n in range(3)] == [True] * 3
    assert all(bars(flow, n) for n in range(3))
    left, bottom, right, top = flow.paper.frame
    for page in flow.pages:
        for op in page.ops:
            if isinstance(op, Text):
                assert left <= op.x <= right
                assert bottom - 0.01 <= op.y <= top
    assert flow.head_again is None
