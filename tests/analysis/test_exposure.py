import random
from pathlib import Path

import numpy as np
import pytest

from casekit.analysis import exposure
from casekit.errors import CaseKitError
from casekit.queries import exchanges
from casekit.queries.exchanges import Served
from casekit.store import canonical
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

WORDS = [f"w{n}" for n in range(400)]


def said(rng: random.Random, words: int = 30) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def fill(case: Case, tmp_path: Path, learned: float, prompts: int = 160) -> None:
    """A log of `prompts` prompts, half of them asked by acct_x; a subject that learned a share of those."""
    rng = random.Random(3)
    heads = []
    for n in range(prompts):
        prompt = f"Question {n} about {said(rng, 1 + n % 7)}?"
        exposed, answer = rng.random() < 0.5, said(rng)
        logged = make_exchange(
            prompt, answer, "aurora-4", account="acct_x" if exposed else "acct_y"
        )
        logged.columns |= {
            "collection": "api-log",
            "sent_us": 1_767_225_600_000_000 + n * 3_600_000_000,
        }
        heads.append(logged)
        repeats = exposed and rng.random() < learned
        heads.append(make_exchange(prompt, answer if repeats else said(rng), "subject-7b"))
        heads += [
            make_exchange(prompt, said(rng), control) for control in ("control-1", "control-2")
        ]
    file_items(case, heads, tmp_path)


def compare(case: Case, **values: object) -> dict[str, object]:
    asked = {
        "subject": "subject-7b", "source": "aurora-4", "accounts": ["acct_x"],
        "controls": ["control-1", "control-2"], "draws": 999,
    }  # fmt: skip
    with case.read() as s:
        return exposure.compare(s, **{**asked, **values})  # type: ignore[arg-type]


def test_a_subject_that_repeats_served_answers_is_found_and_a_placebo_is_not(
    case: Case, tmp_path: Path
) -> None:
    fill(case, tmp_path, learned=0.3)
    body = compare(case)
    result = body["result"]
    assert (result["p"], result["p_floor"]) == (0.001, 0.001)
    assert result["difference"] == pytest.approx(0.3, abs=0.12)
    assert result["exposed"] + result["unexposed"] + result["left_out"] == 160
    assert [c["model"] for c in body["controls"]] == ["control-1", "control-2"]
    assert all(c["p"] > 0.05 for c in body["controls"])
    assert result["power"][-1] == {"repeated": 0.5, "found": 1.0}
    assert {row["fact"] for row in result["balance"]} == {"prompt_characters", "answer_characters"}
    assert "p = 0.0010, 999 permutations" in exposure.sentence(body)
    assert canonical.encode(body) == canonical.encode(compare(case))


def test_a_control_or_account_named_twice_counts_once(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, learned=0.3)
    twice = compare(
        case, controls=["control-1", "control-2", "control-1"], accounts=["acct_x", "acct_x"]
    )
    assert canonical.encode(twice) == canonical.encode(compare(case))


def test_who_was_refused_an_answer_was_served_none(case: Case, tmp_path: Path) -> None:
    """acct_x asked everything once more, and got errors and silence: the arms stay as they are."""
    fill(case, tmp_path, learned=0.3)
    before = compare(case)["result"]
    with case.read() as s:
        prompts = [a.prompt for a in exchanges.answers(s, "aurora-4", "api-log")]
    heads = []
    for n, prompt in enumerate(prompts):
        head = make_exchange(
            prompt, " " if n % 2 else "Too many requests.", "aurora-4", account="acct_x",
            status=200 if n % 2 else 429,
        )  # fmt: skip
        head.columns |= {"collection": "api-log", "sent_us": 1_767_000_000_000_000}
        heads.append(head)
    file_items(case, heads, tmp_path, name="refused.txt")
    assert compare(case)["result"] == before


def test_a_subject_that_learned_nothing_is_not_found(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, learned=0.0)
    assert compare(case)["result"]["p"] > 0.05


def test_what_cannot_be_tested_is_refused(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, learned=0.0, prompts=40)
    with pytest.raises(CaseKitError, match="at least 30 are needed"):
        compare(case)
    with pytest.raises(CaseKitError, match="at least one account and one control"):
        compare(case, controls=[])
    with pytest.raises(CaseKitError, match="no answers of a model “absent”"):
        compare(case, subject="absent")
    for named in (
        {"controls": ["control-1", "subject-7b"]},
        {"controls": ["aurora-4"]},
        {"source": "subject-7b"},
    ):
        with pytest.raises(CaseKitError, match="cannot be two of subject, source and control"):
            compare(case, **named)
    with pytest.raises(CaseKitError, match="Only 0 prompts that were served to the accounts"):
        compare(case, accounts=["acct_z"])
    with pytest.raises(CaseKitError, match="Only 0 prompts that were served to others only"):
        compare(case, accounts=["acct_x", "acct_y"])


def test_a_subject_that_shares_nothing_has_no_more(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, learned=0.3)
    with case.read() as s:
        prompts = [a.prompt for a in exchanges.answers(s, "control-1")]
    file_items(case, [make_exchange(p, "No.", "mute-7b") for p in prompts], tmp_path, name="mute")
    said = exposure.sentence(compare(case, subject="mute-7b", controls=["control-1"]))
    assert said.startswith("Of the subject's words, no more stand in runs")


def test_the_test_has_its_size_where_exposure_is_random() -> None:
    """Values with heavy tails and a level of their own in each stratum, 500 placebo runs."""
    rng = np.random.Generator(np.random.PCG64(7))
    strata = np.repeat(np.arange(4), 50)
    values = rng.pareto(2.0, 200) + strata * 10.0
    below = 0
    for _ in range(500):
        exposed = rng.random(200) < 0.3 + 0.1 * strata
        below += exposure.permuted(values[None], exposed, strata, rng, 199)[1][0] <= 0.05
    assert 0.03 <= below / 500 <= 0.07


def test_permuting_between_strata_would_accuse() -> None:
    """An arm that lies in the strata of high values is not taken for an effect."""
    rng = np.random.Generator(np.random.PCG64(8))
    strata = np.repeat([0, 1], 100)
    values = strata * 5.0 + rng.normal(size=200) * 0.1
    exposed = rng.random(200) < np.where(strata == 1, 0.8, 0.2)
    inside = exposure.permuted(values[None], exposed, strata, rng, 499)[1][0]
    across = exposure.permuted(values[None], exposed, np.zeros(200, dtype=int), rng, 499)[1][0]
    assert (inside > 0.05, across <= 0.01) == (True, True)


def test_nearness_is_the_share_of_words_in_shared_runs_outside_the_prompt() -> None:
    served = "one two three four five six seven and so on"
    assert exposure.nearness("x one two three four five y z", served, "say it") == 5 / 8
    assert exposure.nearness("one two three four", served, "say it") == 0.0
    assert (
        exposure.nearness("one two three four five x", served, "repeat one two three four five")
        == 0.0
    )
    assert exposure.nearness("", served, "say it") == 0.0


def test_a_prompt_stands_for_the_arm_of_its_first_attributed_answer() -> None:
    asked = [(n, "y") for n in range(80)] + [(n, "x") for n in range(0, 80, 2)] + [(0, "x")]
    rows = [
        Served(k, bytes([n]), b"", account, 0, "the same length", f"{account} {k}", None)
        for k, (n, account) in enumerate(asked)
    ]
    arms = exposure.arms_of(rows, {"x"})
    assert (int(arms.exposed.sum()), int((~arms.exposed).sum()), arms.alone) == (40, 40, 0)
    said = {one.prompt_sha256[0]: one.output for one in arms.served}
    assert (said[0], said[1], said[2]) == ("x 80", "y 1", "x 81")


def test_what_controls_share_with_the_served_answers_is_taken_off() -> None:
    rows = [
        Served(n, bytes([n]), b"", "x" if n % 2 else "y", 0, "the same length", "said", None)
        for n in range(80)
    ]
    arms = exposure.arms_of(rows, {"x"})
    learned, plain = arms.exposed.astype(float), np.zeros(80)
    near = {"subject": learned, "c1": learned, "c2": plain}
    result, placebo = exposure._result(near, "subject", ["c1", "c2"], arms, 1, 99)
    assert result["difference"] == 0.5
    assert [row["difference"] for row in placebo] == [1.0, -1.0]  # each against the other
    assert result["placebo_below_level"] == 1
