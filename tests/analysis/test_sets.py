from __future__ import annotations

import random
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from casekit.analysis import again, sets
from casekit.analysis.population import Member
from casekit.errors import CaseKitError
from casekit.queries import exchanges
from casekit.queries.findings import FindingRow
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

PROMPTS = 60
WORDS = ["".join(letters) for letters in product("bcdfg", "aeiou", "lmnrst", "aeiou")]
COMMON = "i hope that this answer is of some help to you"
CONTROLS = ("c1", "c2", "c3", "c4", "c5a", "c5b")
FAMILIES = {"c5a": "c5", "c5b": "c5"}


def sentence(rng: random.Random, words: int = 14) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def fill(case: Case, tmp_path: Path) -> None:
    """The subject takes runs of 12 words of the source on every third prompt, from the answer to the next one.

    It gives two answers twice, one of them with a word changed; everybody ends one answer in four alike.
    """
    rng = random.Random(3)
    source = [f"{sentence(rng)}. {sentence(rng)}." for _ in range(PROMPTS)]
    heads = []
    for n in range(PROMPTS):
        asked = f"Question {n}?"
        for model in ("subject", *CONTROLS):
            said = f"{sentence(rng)}. {sentence(rng)}."
            if model == "subject" and n % 3 == 0:
                said += " " + " ".join(source[(n + 1) % PROMPTS].split()[:12])
            if model == "subject" and n in {40, 43}:
                said = " ".join(WORDS[:39]) + (" end" if n == 43 else " fin")
            if model == "c1" and n == 10:
                said = source[10].upper()
            heads.append(make_exchange(asked, said + (f" {COMMON}." if n % 4 == 1 else ""), model))
        heads.append(
            make_exchange(asked, source[n] + (f" {COMMON}." if n % 4 == 1 else ""), "source")
        )
        heads.append(make_exchange(f"Logged {n}", source[n] + " Yes.", "source", account="a"))
        heads[-1].columns["collection"] = "api-log"
    file_items(case, heads, tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from casekit.store.case import create_case

    folder = tmp_path_factory.mktemp("sets")
    with create_case(folder / "Sets", "Aurora v. Meridian") as made:
        fill(made, folder)
        yield made


def compared(case: Case, names: tuple[str, ...] = CONTROLS, **values: Any) -> dict[str, Any]:
    asked = {"subject": "subject", "source": "source", **values}
    with case.read() as s:
        return sets.compare(s, controls=sets.Controls(names, FAMILIES), **asked)


def test_the_subject_stands_beside_every_family_of_controls(filled: Case) -> None:
    body = compared(filled)
    own, result = body["examined"], body["result"]
    # 20 answers with a run of the next answer, 15 with the common ending, 5 with both.
    assert own["runs"] == round(30 / 60, 4)
    assert own["same"] == round(15 / 60, 4)
    assert own["longest"] == 12
    assert [(c["model"], c["family"]) for c in body["controls"]] == [
        (m, FAMILIES.get(m, m)) for m in CONTROLS
    ]
    assert body["controls"][0]["longest"] == 28
    assert {c["longest"] for c in body["controls"][1:]} <= {11, 12}  # the ending, a word before it
    assert body["controls"][0]["exact"] == round(1 / 60, 4)
    assert own["exact"] == 0
    assert own["rare"] > 3 * max(c["rare"] for c in body["controls"][1:])
    assert (result["families"], result["families_at_least_as_high"]) == (5, 0)
    assert (result["p"], result["p_floor"]) == (0.1667, 0.1667)
    assert result["false_positive_upper_bound"] == pytest.approx(0.4507, abs=1e-4)
    longest = next(m for m in result["measures"] if m["measure"] == "longest")
    assert longest["controls_highest"] == 28
    assert "50.0 % share a run of at least 8 words" in body["sentence"]
    assert "0 of 5 families" in body["sentence"]


def test_sets_are_compared_inside_and_with_one_another(filled: Case) -> None:
    body = compared(filled)
    inside = {row["set"]: (row["exact"], row["near"]) for row in body["inside"]}
    assert inside["subject"] == (0, 2)
    assert inside["c2"] == inside["source"] == (0, 0)
    assert "prompts" in inside
    matrix = body["matrix"]
    assert matrix["rows"] == matrix["columns"] == ["subject", *CONTROLS, "source"]
    assert [row[n] for n, row in enumerate(matrix["hits"])] == [0] * 8
    assert matrix["hits"][0] == [0, *([15] * 6), 30]
    assert matrix["hits"][1][-1] == 16  # the ending, and the answer that is equal throughout
    hits = {(h["model"], h["measure"]): h["items"] for h in body["hits"] if h["with"] == "source"}
    assert [len(h["items"]) for h in body["hits"] if h["with"] == "c2"] == [15]
    assert len(hits["subject", "runs"]) == 30
    with filled.read() as s:
        [equal] = hits["c1", "exact"]
        assert exchanges.by_item(s, "c1", "outputs", equal).prompt == "Question 10?"


def test_the_longest_runs_are_shown_beside_how_many_controls_have_them(filled: Case) -> None:
    pairs = compared(filled)["pairs"]
    assert [p["why"].split(",")[0] for p in pairs[:4]] == [
        f"rank {k} of 60 by longest run" for k in range(1, 5)
    ]
    run = max(pairs[0]["runs"], key=lambda r: r["words"])
    assert (run["words"], run["controls_with"], run["controls"]) == (12, 0, 6)
    left, right = pairs[0]["left"]["text"], pairs[0]["right"]["text"]
    assert left[slice(*run["left"])].lower() == right[slice(*run["right"])].lower()
    assert [p["why"] for p in pairs[4:]] == [
        "drawn at random with seed 20260101, against the answer to the same prompt"
    ] * 2


def test_the_same_question_gives_the_same_bytes(filled: Case) -> None:
    for values in ({}, {"served": True}, {"min_words": 12}):
        body = compared(filled, **values)
        with filled.read() as s:
            made = again.compute(s, FindingRow(1, "sets", "", 0, body))
        assert again.differences(body, made) == []


def test_what_a_log_served_is_a_set_without_prompts_in_common(filled: Case) -> None:
    body = compared(filled, served=True)
    assert body["examined"]["runs"] == round(20 / 60, 4)  # what was served lacks the common ending
    assert "same" not in body["examined"]
    assert body["matrix"]["columns"][-1] == "source"
    assert len(body["matrix"]["hits"]) == 7
    assert (body["inputs"][-1]["role"], body["inputs"][-1]["answers"]) == ("source", 60)
    with pytest.raises(CaseKitError, match="an API log"):
        compared(filled, source="c1", names=("source", *CONTROLS[1:]), served=True)


def test_meanings_are_compared_where_asked(filled: Case) -> None:
    body = compared(filled, meaning=HashEmbedder())
    assert body["examined"]["meaning"] == 0
    assert body["controls"][0]["meaning"] == round(1 / 60, 4)
    assert {row["set"]: row["meaning"] for row in body["inside"]}["subject"] == 2
    assert body["versions"]["engine"] == "hash f32"
    with pytest.raises(CaseKitError, match="outputs only"):
        compared(filled, meaning=HashEmbedder(), served=True)


def test_what_the_data_cannot_support_is_refused(case: Case, filled: Case, tmp_path: Path) -> None:
    few = compared(filled, names=("c1", "c2", "c3", "c5a", "c5b"))
    assert few["result"] == {
        "refused": "there are 4 families of controls that answered these prompts; at least 5 are needed"
    }
    assert few["sentence"].startswith("No figure: there are 4 families")
    assert (few["controls"], few["pairs"], few["hits"]) == ([], [], [])
    assert compared(filled, names=(*CONTROLS, "nobody"))["dropped"] == [
        "nobody: it lacks answers to 60 of these prompts"
    ]
    heads = [make_exchange(f"Q {n}?", f"It is {n}.", m, temperature=n % 2 if m == "hot" else 1)
             for n in range(55) for m in ("hot", "cold", "source", *CONTROLS)]  # fmt: skip
    short = [make_exchange(f"Q {n}?", "It is.", "short") for n in range(20)]
    file_items(case, [*heads, *short], tmp_path)
    assert "only 20 prompts" in compared(case, subject="short")["result"]["refused"]
    assert "answers of hot" in compared(case, subject="hot")["result"]["refused"]
    assert compared(case, subject="cold")["result"]["refused"] is None
    for values, said in (
        ({"subject": "absent"}, "no answers of a model “absent”"),
        ({"subject": "c1"}, "cannot be two"),
        ({"names": ()}, "needs control models"),
    ):
        with pytest.raises(CaseKitError, match=said):
            compared(filled, **values)


def test_controls_come_from_a_population_and_never_from_the_subjects_family() -> None:
    members = (
        Member("t", "lab-t", "original"), Member("s", "fam-s", "undocumented"),
        Member("s2", "fam-s", "nonstudent"), Member("n1", "fam-n", "nonstudent"),
        Member("n2", "fam-n", "nonstudent"), Member("p", "fam-p", "student", ("lab-t",), "lab"),
        Member("dark", "fam-d", "undocumented"),
    )  # fmt: skip
    found = sets.controls_of(members, "s", "t")
    assert (found.models, found.families) == (("n1", "n2"), {"n1": "fam-n", "n2": "fam-n"})
    assert "dark: its training is not documented" in found.left
    assert "s2: it is of the subject’s own family" in found.left
    assert sets.controls_of(members, "s", "t", ["n2"]).models == ("n2",)
    for name in ("dark", "s2", "p"):
        with pytest.raises(CaseKitError, match="cannot be a control"):
            sets.controls_of(members, "s", "t", [name])
    assert sets.controls_of((), "s", "t", ["a", "a"]) == sets.Controls(("a",), {})
