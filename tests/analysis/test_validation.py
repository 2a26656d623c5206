import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekit.analysis import population, validation
from casekit.analysis.calibration import cap_of
from casekit.analysis.stats import upper_bound
from casekit.store.case import Case
from tests.analysis import worlds


def test_every_known_model_is_measured_without_its_family(world: Case) -> None:
    with world.read() as s:
        body = validation.validate(s, sources=list(worlds.SOURCES), members=worlds.members())
    result = body["result"]
    assert (result["students"], result["strangers"], result["null_families"]) == (6, 7, 6)
    assert result["auc"] > 0.95
    assert result["cllr_min"] <= result["cllr"] < 0.6
    assert {r["model"] for r in body["controls"]} == {
        m for side in (worlds.STRANGERS, worlds.RIVALS) for ms in side.values() for m in ms
    }
    ends = [max(abs(r["log10_lr"]) for r in body[side]) for side in ("controls", "students")]
    assert ends == [round(cap_of(5), 4), round(cap_of(6), 4)]  # a stranger by one family fewer
    assert result["cap"] == round(cap_of(6), 4)
    assert result["false_positive_upper_bound"] == round(
        upper_bound(result["null_families_above_1"], result["null_families"]), 4
    )
    assert [r["lr_above"] for r in result["rates"]] == [1, 3, 10]
    for row in result["rates"]:
        above = [sum(r["log10_lr"] > np.log10(row["lr_above"]) for r in body[side])
                 for side in ("students", "controls")]  # fmt: skip
        assert (row["students"], row["strangers"]) == (f"{above[0]} of 6", f"{above[1]} of 7")
    assert [r["prompts"] for r in result["curve"]] == [25, 50, 100]
    assert "AUC" in validation.sentence(body)


def test_labels_that_mean_nothing_have_an_even_area(world: Case) -> None:
    """Sides drawn by lot: the way of measuring must not part students from strangers by itself."""
    areas = []
    for seed in range(12):
        families = [*worlds.STUDENTS, *worlds.STRANGERS]
        random.Random(seed).shuffle(families)
        drawn = [
            replace(m, role="student", teachers=("source-a",)) if m.family in families[:5]
            else replace(m, role="nonstudent", teachers=()) if m.family in families
            else m
            for m in worlds.members()
        ]  # fmt: skip
        with world.read() as s:
            body = validation.validate(s, sources=list(worlds.SOURCES), members=drawn)
        areas.append(body["result"]["auc"])
    assert 0.35 < sum(areas) / len(areas) < 0.65


def test_a_question_without_students_is_refused(world: Case) -> None:
    members = tuple(m for m in worlds.members() if m.role != "student")
    with world.read() as s:
        body = validation.validate(s, sources=list(worlds.SOURCES), members=members)
    assert "0 families of documented students" in body["result"]["refused"]
    assert validation.sentence(body).startswith("No validation: ")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ratios_are_as_good_on_real_models_as_is_said(corpus: Path, public: Case) -> None:
    members = population.read(corpus / "model_outputs" / "lineage.csv")
    with public.read() as s:
        body = validation.validate(s, sources=worlds.OPENAI, members=members)
    result = body["result"]
    assert result["auc"] >= 0.95
    assert result["cllr"] <= 0.40
    assert max(row["log10_lr"] for row in body["controls"]) < 0.4771  # nobody at a ratio of 3
