from pathlib import Path

import pytest

from casekit.analysis import overlap
from casekit.errors import CaseKitError
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

RUN = "passed from molecule to molecule like gossip in a small town"
COMMON = "drain it on a sheet of clean kitchen paper before serving"


def fill(case: Case, tmp_path: Path, prompts: int = 24) -> None:
    """Subject and source share a rare run on 6 prompts, all three models a common one on 2."""
    heads = []
    for n in range(prompts):
        for model in ("subject", "source", "control"):
            own = f"{model} says number {n} in {model} words only, as {model} would."
            if n < 6 and model != "control":
                own += f" It is {RUN}, {model} adds."
            if n in {10, 11}:
                own += f" Then {COMMON}."
            if n == 12:
                own += f" Say what is asked: {RUN}"
            heads.append(
                make_exchange(f"Question {n}?" + (f" Quote: {RUN}" if n == 12 else ""), own, model)
            )
    file_items(case, heads, tmp_path)


def compare(case: Case, **values: object) -> dict[str, object]:
    with case.read() as s:
        return overlap.compare(
            s, **{"subject": "subject", "source": "source", "controls": ["control"], **values}
        )  # type: ignore[arg-type]


def test_the_rate_stands_beside_the_controls_and_the_prompt_does_not_count(
    case: Case, tmp_path: Path
) -> None:
    fill(case, tmp_path)
    body = compare(case)
    assert body["result"] == {
        "hits": 8, "prompts": 24, "share": 0.3333, "interval": [0.1563, 0.5532], "controls": 1,
        "controls_at_least_as_high": 0, "p": 0.5,
        "p_floor": 0.5, "false_positive_upper": 0.95,
    }  # fmt: skip
    assert body["controls"] == [
        {"model": "control", "prompts": 24, "hits": 2, "share": 0.0833, "interval": [0.0103, 0.27]}
    ]
    pairs = body["pairs"]
    assert [p["why"] for p in pairs][:2] == [
        "rank 1 of 24 by longest run",
        "rank 2 of 24 by longest run",
    ]
    run = pairs[0]["runs"][0]
    assert RUN in pairs[0]["left"]["text"][run["left"][0] : run["left"][1]]
    assert (run["controls_with"], run["controls"], run["upper"]) == (0, 1, 0.95)
    assert sum("drawn at random" in p["why"] for p in pairs) == 2
    assert "cannot bring below 0.50" in overlap.sentence(body)


def test_the_same_case_gives_the_same_finding(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    assert compare(case) == compare(case)
    assert compare(case, seed=1)["pairs"] != compare(case, seed=2)["pairs"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"controls": []}, "at least one control"),
        ({"controls": ["nobody"]}, "no answers of a model “nobody”"),
        ({"controls": ["control", "subject"]}, "cannot be two of subject, source and control"),
        ({"source": "subject"}, "cannot be two of subject, source and control"),
    ],
)
def test_what_the_data_cannot_support_is_refused(
    case: Case, tmp_path: Path, values: dict[str, object], why: str
) -> None:
    fill(case, tmp_path)
    with pytest.raises(CaseKitError, match=why):
        compare(case, **values)


def test_too_few_common_prompts_are_refused(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, prompts=19)
    with pytest.raises(CaseKitError, match="Only 19 prompts"):
        compare(case)
