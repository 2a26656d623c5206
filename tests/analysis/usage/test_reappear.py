from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from casekit.analysis.usage import finding, reappear, running
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.reappear import Models
from casekit.progress import Silent
from casekit.queries.exchanges import Answer
from casekit.store import canonical
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]
KNOWN = "We hold these truths to be plain, that all lanterns are lit by the harbour master at dusk, every day."


def answer(number: int, output: str, prompt: str = "a question") -> Answer:
    return Answer(number, b"", b"", prompt, output)


def rows_of() -> list[Row]:
    """Answers of a small campaign and of others; everybody is served one text that all models know."""
    rows = [*logs.ordinary(2, 150, 1_500), *logs.campaign(2, 24, 240)]
    rng = random.Random(2)
    for n, row in enumerate(rows):
        row["output"] = logs.free_text(rng, 20, 40)
        if n % 50 == 0:
            row["output"] = f"{row['output']} {KNOWN}"
    return rows


def models_of(rows: Sequence[Row]) -> Models:
    """A subject that repeats a third of what the campaign was served, in other words before and after."""
    rng = random.Random(3)
    served = [row["output"] for row in rows if row["account"].startswith("ring")][::3]
    pieces = [" ".join(text.split()[3:18]) for text in served]
    own = [answer(10_000 + n, f"{logs.free_text(rng)} {piece.upper()}, {logs.free_text(rng)}")
           for n, piece in enumerate(pieces)]  # fmt: skip
    others = {
        f"control-{k}": [
            answer(
                20_000 + 1_000 * k + n, f"{logs.free_text(rng, 30, 50)} {KNOWN if n == 0 else ''}"
            )
            for n in range(80)
        ]
        for k in range(3)
    }
    subject = [*own, answer(19_999, KNOWN)]
    return Models("subject", tuple(others), {"subject": subject, **others})


def test_what_the_campaign_was_served_is_found_again_and_what_all_know_counts_for_nobody(
    framed: Framed,
) -> None:
    rows = rows_of()
    models = models_of(rows)
    run = running.analyse(framed(rows), 1, Silent(), models)
    body = finding.body_of(run, [], 1)
    again = next(one for one in body["analytics"] if one["id"] == "A15")
    told = {one["model"]: one["reappearing"] for one in again["models"]}
    known = sum(KNOWN in row["output"] for row in rows)
    assert told["control-0"] == told["control-1"] == told["control-2"] == known
    assert told["subject"] == 80 + known - sum(
        KNOWN in row["output"] for row in [r for r in rows if r["account"].startswith("ring")][::3]
    )
    assert (again["p"], again["p_floor"]) == (0.25, 0.25)
    (share,) = [c.measure for _, c in run.compared if c.measure.id == "A15"]
    ring = np.array([name.startswith("ring") for name in run.frame.accounts])
    assert share.hits[~ring].sum() == 0
    assert share.hits[ring].sum() >= 75
    group = again["measures"][0]["groups"][0]
    assert group["mean"] > 0.3
    assert (group["control_mean"], group["p"] < 0.001) == (0.0, True)
    assert again["pairs"][0]["words"] >= 15
    assert {pair["account"] is None for pair in again["pairs"] if pair["in_controls"]} <= {
        True,
        False,
    }
    assert body["parameters"]["subject"] == "subject"
    assert "3 control models cannot bring p below 0.25" in again["sentence"]
    canonical.encode(body)


def test_a_quotation_of_the_prompt_is_no_answer_that_re_appears(framed: Framed) -> None:
    rng = random.Random(1)
    quoted = "the quick grey heron stands on one leg beside the cold river all morning long"
    who = logs.account(rng, "one")
    rows = [logs.row(rng, who, logs.START_US, f"Translate: {quoted}", output=f"Here: {quoted}")]
    models = Models("s", ("c",), {"s": [answer(9, quoted)], "c": [answer(10, "Nothing like it.")]})
    found = reappear.read(framed(rows), models, Silent())
    assert not isinstance(found, str)
    assert found.hits == {"s": (), "c": ()}
    rows[0]["prompt"] = "Tell me of a bird."
    found = reappear.read(framed(rows), models, Silent())
    assert not isinstance(found, str)
    assert [hit.words for hit in found.hits["s"]] == [15]


@pytest.mark.parametrize("shift", range(12))
def test_every_run_of_enough_words_is_found_wherever_it_stands(framed: Framed, shift: int) -> None:
    rng = random.Random(shift)
    words = [f"w{chr(97 + n)}{chr(97 + shift)}" for n in range(reappear.RUN)]
    before, after = logs.free_text(rng, shift, shift), logs.free_text(rng, 5, 9)
    served = f"{before} {' '.join(words)} {after}"
    row = logs.row(rng, logs.account(rng, "one"), logs.START_US, "why", output=served)
    said = f"{logs.free_text(rng, 3, 9)} {'  '.join(words).title()}!"
    short = " ".join(words[:-1])
    models = Models("s", ("c",), {"s": [answer(9, said)], "c": [answer(10, short)]})
    found = reappear.read(framed([row]), models, Silent())
    assert not isinstance(found, str)
    assert [(hit.other, hit.words) for hit in found.hits["s"]] == [(9, reappear.RUN)]
    assert found.hits["c"] == ()


def test_without_answers_it_is_refused(framed: Framed) -> None:
    rows = [{**row, "output": None} for row in logs.ordinary(1, 5, 20)]
    models = Models("s", ("c",), {"s": [answer(1, "a")], "c": [answer(2, "b")]})
    assert reappear.read(framed(rows), models, Silent()) == "this log has no answers"
