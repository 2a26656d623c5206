from __future__ import annotations

from pathlib import Path

import pytest

from casekit.analysis import again, canaries
from casekit.analysis.canaries import answered, binomial, hypergeometric, look, power
from casekit.errors import CaseKitError
from casekit.ops import canaries as ops
from casekit.queries import canaries as queries
from casekit.queries.canaries import CanarySet
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

SET = CanarySet(1, "spring", 10, 990, 1, "", 0, bytes(range(32)))
MADE = canaries.canaries(SET)
STEMS = {one.stem: one.no for one in MADE}
SERVED = [one for one in MADE if one.served]
DECOYS = [one for one in MADE if not one.served]


def test_a_key_gives_the_same_sentences_and_another_key_others() -> None:
    assert (len(MADE), len(SERVED), len(STEMS)) == (1_000, 10, 1_000)
    assert canaries.canaries(SET) == MADE
    other = canaries.canaries(CanarySet(1, "spring", 10, 990, 1, "", 0, bytes(32)))
    assert not {one.stem for one in other} & set(STEMS)
    assert all(str(one.number) not in one.question.split() for one in MADE)


def test_every_canary_is_found_in_running_text_and_changed_ones_too() -> None:
    for one in MADE[:200]:
        (seen,) = look(f"As is known, {one.sentence} That is all.", STEMS)
        assert (seen.no, seen.number) == (one.no, one.number)
    adjective, record, town, year, thing = MADE[0].stem
    said = f"the {adjective.upper()} {record} of {town}, dated {year}, names exactly 1,234  {thing}"
    assert [(seen.no, seen.number) for seen in look(said, STEMS)] == [(MADE[0].no, 1234)]
    said = f"the {adjective} {record} of {town}, dated {year}, records some 234 {thing}"
    assert [(seen.no, seen.number) for seen in look(said, STEMS)] == [(MADE[0].no, 234)]
    assert look("The bound ledger of Nowhere from 1801 lists 417 anvils.", STEMS) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It lists 417.", 417),
        ("417", 417),
        ("Perhaps 417, or 312.", None),
        ("None.", None),
        ("1,204 of them", 1204),
    ],
)
def test_an_answer_names_one_number_or_none(text: str, number: int | None) -> None:
    assert answered(text) == number


def test_the_tests_are_exact() -> None:
    assert hypergeometric(1, 1, 10, 1_000) == pytest.approx(0.01)
    assert hypergeometric(2, 2, 10, 1_000) == pytest.approx(10 / 1000 * 9 / 999)
    assert hypergeometric(0, 0, 10, 1_000) == 1.0
    assert hypergeometric(0, 3, 10, 1_000) == pytest.approx(1.0)
    assert binomial(0, 0, 0.1) == 1.0
    assert binomial(3, 3, 0.1) == pytest.approx(0.001)
    assert binomial(1, 2, 0.1) == pytest.approx(0.19)


def test_power_rises_with_answers_and_one_seen_again_is_enough() -> None:
    curve = [power(answers, 0.001, 10, 990) for answers in (10, 100, 1_000, 10_000)]
    assert curve == sorted(curve)
    by_rate = [power(1_000, rate, 10, 990) for rate in (1e-4, 1e-3, 1e-2)]
    assert by_rate == [pytest.approx(p, abs=0.005) for p in (0.095, 0.632, 1.0)]  # as README says
    assert curve[2] == pytest.approx(1 - 0.999**1_000, abs=0.02)
    assert power(10_000, 0.001, 10, 190) == pytest.approx(1.0, abs=1e-3)  # one alone has p = 0.05


def answer_all(
    case: Case, folder: Path, subject: list[str], *, extra: list[object] | None = None
) -> None:
    heads = [make_exchange(f"Question {n}?", said, "subject") for n, said in enumerate(subject)]
    heads += [make_exchange(f"Question {n}?", "No idea.", "control") for n in range(20)]
    file_items(case, [*heads, *(extra or ())], folder)  # type: ignore[list-item]


@pytest.fixture
def made(case: Case) -> list[canaries.Canary]:
    with case.write() as s:
        ops.make_set(s, "spring", served=10, decoys=990)
    with case.read() as s:
        return canaries.canaries(queries.get(s, "spring"))


def test_one_canary_in_a_thousand_answers_is_found(
    case: Case, made: list[canaries.Canary], tmp_path: Path
) -> None:
    served = next(one for one in made if one.served)
    said = [f"Answer {n} with nothing in it." for n in range(999)] + [
        f"Well. {served.sentence} So."
    ]
    answer_all(case, tmp_path, said)
    with case.read() as s:
        body = canaries.compare(s, name="spring", subject="subject", controls=["control"])
        row = FindingRow(1, "canaries", "Canaries", 0, body)
        assert again.differences(body, again.compute(s, row)) == []
    result = body["result"]
    assert (result["served_found"], result["decoys_found"], result["p_found"]) == (1, 0, 0.01)
    assert (result["numbers_named"], result["served_numbers"], result["p_numbers"]) == (1, 1, 0.1)
    assert [c["served_found"] for c in body["controls"]] == [0]
    assert [claim["canary"] for claim in body["claims"]] == [served.no]
    with case.read() as s:
        key = queries.get(s, "spring").key
    assert key.hex() not in str(body)
    assert "1 of the 10 canaries" in body["sentence"]


def test_what_the_prompt_says_and_what_decoys_give_counts_against(
    case: Case, made: list[canaries.Canary], tmp_path: Path
) -> None:
    served = [one for one in made if one.served]
    decoys = [one for one in made if not one.served]
    extra = [
        make_exchange(f"Repeat: {served[0].sentence}", served[0].sentence, "subject"),
        make_exchange(served[1].question, f"It lists {served[1].number}.", "subject"),
        make_exchange(served[2].question, "It lists 999999.", "subject"),
        make_exchange(served[3].question, "I cannot know.", "subject"),
    ]
    answer_all(case, tmp_path, [decoys[0].sentence, "Nothing."], extra=list(extra))
    with case.read() as s:
        result = canaries.compare(s, name="spring", subject="subject")["result"]
    assert (result["served_found"], result["decoys_found"], result["p_found"]) == (0, 1, 1.0)
    assert (result["numbers_named"], result["served_numbers"]) == (1, 1)


def test_what_is_not_there_is_refused(case: Case, made: list[canaries.Canary]) -> None:
    with case.read() as s:
        with pytest.raises(CaseKitError, match="no set of canaries “autumn”"):
            canaries.compare(s, name="autumn", subject="subject")
        with pytest.raises(CaseKitError, match="no answers of a model"):
            canaries.compare(s, name="spring", subject="subject")
    with pytest.raises(CaseKitError, match="lists that this version does not have"):
        canaries.canaries(CanarySet(1, "old", 1, 19, 99, "", 0, b"k"))
