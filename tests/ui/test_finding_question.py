from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ui.finding_question import Question, lacking, split


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Question("overlap", "s"), "Tick the model"),
        (Question("overlap", "s", ("t", "u"), ("c",)), "one source at a time"),
        (Question("lineage", "s", ("s",), population=Path("p.csv")), "its own source"),
        (Question("overlap", "s", ("t",)), "at least one control"),
        (Question("overlap", "s", ("t",), ("t",)), "neither the subject nor a source"),
        (Question("exposure", "s", ("t",), ("c",)), "Name the accounts"),
        (Question("identity", "s", controls=("c",)), "Name the lab"),
        (Question("identity", "s", lab="x"), "at least one control"),
        (Question("overlap"), "Import the answers"),
        (Question("own", "s", controls=("c",)), "Choose the method"),
        (Question("own", "s", method=Path("m.py")), "at least one control"),
        (Question("scores"), "Choose the scores"),
        (Question("canaries", "s"), "no set of canaries"),
        (Question("canaries", "s", controls=("s",), canaries="set"), "neither the subject"),
        (Question("canaries", "s", canaries="set"), ""),
        (Question("usage"), ""),
        (Question("sets", "s", ("t",)), "whose strangers are the controls"),
        (Question("sets", "s", ("t",), population=Path("p.csv")), ""),
        (Question("sets", "s", ("t",), ("t",)), "neither the subject nor a source"),
        (Question("change", "s", ("t",), before="b", rivals=("r",)), "at least two rivals"),
        (Question("change", "s", ("t",), before="s", rivals=("r", "q")), "all different models"),
        (Question("change", "s", ("t",), before="b", rivals=("r", "q")), ""),
        (Question("change", "s", before="b"), "Tick the model"),
        (Question("lineage", "s", ("t",)), "Choose the population"),
        (Question("lineage", "s", ("t",), population=Path("p.csv")), ""),
    ],
)
def test_what_is_missing_is_said(asked: Question, said: str) -> None:
    assert said in lacking(asked)
    assert bool(lacking(asked)) == bool(said)


def test_a_question_is_named_as_the_command_names_it() -> None:
    assert Question("sets", "s", ("t",)).title == "Overlap of sets: s and t"
    assert (
        Question("change", "s", ("t",), before="b").title == "Before and after: b and s towards t"
    )
    assert split(" a, ,b ") == ("a", "b")
