from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.analysis import again, change
from casekit.errors import CaseKitError
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

PLAIN = "The {w} is long. It is so."
MARKED = "- {w}!\n- Sure thing: {w}?\n\nI hope this helps, friend!"
RIVAL = "1) {w}; well\n2) indeed {w} (yes)"
PLACEBOS = [(f"after-{n}", f"before-{n}") for n in range(5)]


@pytest.fixture
def filled(case: Case, tmp_path: Path) -> Case:
    """120 prompts: `s1` has taken on the source's manner on three in four, `quiet` on none."""
    made = []
    for n in range(120):
        prompt, word = f"Question {n}?", f"word{n}"
        manner = {"s0": PLAIN, "s1": MARKED if n % 4 else PLAIN, "src": MARKED, "r1": RIVAL, "r2": PLAIN,
                  "quiet": PLAIN}  # fmt: skip
        for k, (after, before) in enumerate(PLACEBOS):
            manner |= {before: PLAIN, after: RIVAL if n % (k + 2) else PLAIN}
        made += [make_exchange(prompt, text.format(w=word), m) for m, text in manner.items()]
    file_items(case, made, tmp_path)
    return case


def compared(case: Case, **values: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"subject": "s1", "before": "s0", "source": "src", "rivals": ["r1", "r2"],
                             "placebos": PLACEBOS, **values}  # fmt: skip
    with case.read() as s:
        return change.compare(s, **asked)


def test_a_move_towards_the_source_is_more_than_rivals_and_placebos_show(filled: Case) -> None:
    body = compared(filled, variants=["quiet"])
    result = body["result"]
    assert result["difference"] > 0.5
    assert result["interval"][0] < result["difference"] < result["interval"][1]
    assert (result["rivals_at_least_as_high"], result["placebos_at_least_as_high"]) == (0, 0)
    assert (result["p"], result["p_floor"]) == (0.1667, 0.1667)  # five pairs cannot show more
    assert result["false_positive_upper_bound"] == pytest.approx(0.4507, abs=1e-4)
    assert body["variants"] == [{"model": "quiet", "difference": 0.0}]  # hidden altogether
    assert "Asked as quiet, +0.000 is left." in body["sentence"]
    with filled.read() as s:
        made = again.compute(s, FindingRow(1, "change", "", 0, body))
    assert again.differences(body, made) == []


def test_a_move_away_from_rivals_is_not_told_as_one_towards_the_source(
    filled: Case, tmp_path: Path
) -> None:
    """A model that began to refuse, or to answer in another language, leaves the rivals behind."""
    heads = [make_exchange(f"Question {n}?", "~~", "mute") for n in range(120)]
    file_items(filled, heads, tmp_path, name="mute")
    rivals = ["r1", "after-4"]
    body = compared(filled, subject="mute", before="after-3", rivals=rivals, placebos=[])
    assert body["result"]["difference"] > 0.1
    assert body["result"]["towards_source"] <= 0
    assert "what is told is a move away from the rivals" in body["sentence"]


def test_a_model_that_moved_towards_everybody_shows_nothing(filled: Case) -> None:
    """It moved towards a rival: less than nothing is left for the source."""
    body = compared(filled, subject="after-0", before="before-0", placebos=PLACEBOS[1:])
    assert body["result"]["difference"] < 0
    assert body["result"]["rivals_at_least_as_high"] >= 1
    assert body["result"]["p"] is None  # four placebos are too few
    assert "there is no error rate" in body["sentence"]


def test_what_the_data_cannot_support_is_refused(filled: Case, tmp_path: Path) -> None:
    assert "at least 2 are needed" in compared(filled, rivals=["r1"])["result"]["refused"]
    few = [make_exchange(f"Question {n}?", "No. It is not.", "young") for n in range(20)]
    hot = [
        make_exchange(f"Question {n}?", "No. It is.", "hot", temperature=n % 2 + 0.5)
        for n in range(120)
    ]
    file_items(filled, [*few, *hot], tmp_path, name="more.txt")
    assert "only 20 prompts" in compared(filled, before="young")["result"]["refused"]
    assert "different temperatures" in compared(filled, before="hot")["result"]["refused"]
    body = compared(filled, variants=["young"])
    assert body["dropped"] == ["young: it or s0 lacks answers to these prompts"]
    for values in ({"before": "s1"}, {"rivals": ["r1", "src"]}, {"variants": ["s0"]}):
        with pytest.raises(CaseKitError, match="all different models"):
            compared(filled, **values)
    with pytest.raises(CaseKitError, match="no answers of a model “nobody”"):
        compared(filled, before="nobody")
