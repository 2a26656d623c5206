from __future__ import annotations

import random

import numpy as np

from casekit.analysis.usage import scripts
from casekit.analysis.usage.running import Run
from tests.analysis.usage import logs


def test_a_sentence_is_found_with_its_blanks_and_what_fills_them() -> None:
    rng = random.Random(1)
    texts = [logs.filled(rng, logs.SCRIPTS[1]) for _ in range(40)]
    sentence, filled = scripts.skeleton(texts)
    assert sentence == (
        "Rate the answer about {1} on a scale of 1 to 7 by the criteria truth and form. "
        "Number {2}, {3}."
    )
    assert [len(values) for values in filled] == [40, 40, 40]
    assert set(filled[2]) <= set(logs.WORDS[:40])


def test_one_text_is_a_sentence_without_blanks() -> None:
    assert scripts.skeleton(["Say yes!", "Say yes!"]) == ("Say yes!", [])


def test_the_planted_scripts_are_found_as_the_groups_own(run: Run) -> None:
    place = next(
        n for n, g in enumerate(run.groups) if run.frame.accounts[g.members[0]].startswith("ring")
    )
    own = run.own[place]
    cards = [scripts.card(run.frame, run.scripts, int(c)) for c in own.clusters]
    heads = sorted(card["sentence"].split(" {")[0] for card in cards)
    assert heads == [
        "As a specialist in",
        "Compose a full lesson on",
        "Rate the answer about",
    ]
    asked = run.frame.requests[run.groups[place].members]
    assert (own.requests[run.groups[place].members] == asked).all()
    assert own.requests.sum() == asked.sum() == 900


def test_scripts_of_one_customer_are_not_counted_as_the_groups(run: Run) -> None:
    place = next(
        n
        for n, g in enumerate(run.groups)
        if run.frame.accounts[g.members[0]].startswith("eval-False")
    )
    assert (len(run.own[place].clusters), run.own[place].of_one) == (0, 2)
    nobody = np.arange(len(run.frame.accounts))
    loose = scripts.of_group(run.scripts, run.groups[place].members, nobody, 0.5)
    assert len(loose.clusters) == 2


def test_the_measure_counts_prompts_that_many_others_repeat(run: Run) -> None:
    made = scripts.measure(run.frame, run.scripts)
    by_name = dict(zip(run.frame.accounts, made.values, strict=True))
    assert by_name["ring-001"] == 1.0
    assert max(v for name, v in by_name.items() if name.startswith("user-")) == 0.0
