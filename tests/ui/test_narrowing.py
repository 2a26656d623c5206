from __future__ import annotations

import pytest

from casekit.errors import QueryError
from casekit.search import parse
from casekit.ui.narrowing import (
    chosen_values,
    parts_of,
    with_value,
    without_part,
    without_value,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("cap", ()),
        ('model:"a b"', ('model:"a b"',)),
        ("cap -status:429", ("cap", "NOT status:429")),
        ("cap (a OR b)", ("cap", "(a OR b)")),
        ("cap AND (", ()),
    ],
)
def test_a_search_is_told_in_parts_that_can_go(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts
    for number in range(len(parts)):
        left = without_part(text, number)
        assert parse(left) == parse(" ".join(p for n, p in enumerate(parts) if n != number))


@pytest.mark.parametrize("mode", ["meaning", "both"])
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cap", ()),
        ("who raised the cap", ("who raised the cap",)),
        ("who model:a raised -status:429", ("who raised", "model:a", "NOT status:429")),
        ("cap (bar OR baz)", ("cap (bar OR baz)",)),
        ("model:a -status:429", ("model:a", "NOT status:429")),
    ],
)
def test_a_question_is_one_part_by_meaning(mode: str, text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text, mode) == parts
    for number in range(len(parts)):
        left = without_part(text, number, mode)
        assert parse(left) == parse(" ".join(p for n, p in enumerate(parts) if n != number))


def test_values_are_put_in_taken_out_and_left_out() -> None:
    assert with_value("", "model:a") == "model:a"
    assert with_value("model:a", "model:a") == ""
    assert with_value("cap OR bar", "model:a") == "(cap OR bar) model:a"
    assert without_value("", "model:a") == "NOT model:a"
    assert without_value("cap", "model:a") == "cap NOT model:a"
    assert without_value("cap NOT model:a", "model:a") == "cap NOT model:a"
    with pytest.raises(QueryError):
        with_value("cap AND (", "model:a")
    assert chosen_values("(model:a OR model:b) x", "model") == ("a", "b")
    assert chosen_values("(", "model") == ()
