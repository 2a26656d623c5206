from pathlib import Path
from typing import Any

import pytest

from casekit.ui import companions, exporting, issuing, producing
from casekit.ui.asking import Ask
from casekit.ui.tiering import GiveTier


@pytest.mark.parametrize(
    ("form", "asked", "given"),
    [
        ((companions, "WriteList"), "companion", (Path("a"),)),
        ((producing, "Produce"), "volume", ("q", None, "P", Path("a"))),
        ((producing, "SureOfVolume"), "sure_of_volume", ([("a", "b")],)),
        ((exporting, "Dossier"), "dossier", ("title", Path("a"))),
        ((issuing, "DossierFile"), "dossier_file", (Path("a"),)),
    ],
)
def test_each_question_is_answered_by_its_form_with_what_was_given(
    monkeypatch: pytest.MonkeyPatch, form: tuple[Any, str], asked: str, given: tuple[Any, ...]
) -> None:
    made: list[Any] = []

    class Form:
        def __init__(self, *arguments: Any, **named: Any) -> None:
            made.append((arguments, named))

        def answer(self) -> str:
            return "answered"

    monkeypatch.setattr(*form, Form)
    named = {"issue": True} if asked == "dossier_file" else {}
    ask = Ask("window")  # type: ignore[arg-type]
    assert getattr(ask, asked)(*given, **named) == "answered"
    assert made == [(("window", *given), named)]


def test_a_form_that_a_part_made_is_answered_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GiveTier, "answer", lambda _self: ("Counsel", True))
    assert Ask("window").form(GiveTier.__new__(GiveTier)) == ("Counsel", True)  # type: ignore[arg-type]
