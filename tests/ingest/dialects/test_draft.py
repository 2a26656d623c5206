from __future__ import annotations

import pytest

from casekit.ingest.dialects.draft import Draft, finish, title_of
from casekit.ingest.parsed import Context, Exchange, Parsed, Problem, Step, When, sha256


def test_a_draft_becomes_an_item_with_pointer_and_hashes() -> None:
    draft = Draft(b"{}", Context(model="m", provider="p"))
    draft.prompt, draft.output, draft.reasoning = "Why?\nSay.", "So.", "Hm."
    draft.extra["x"] = 1
    assert finish(draft, 7, 2, "") == Parsed(
        kind="exchange",
        collection="outputs",
        title="Why?",
        steps=(Step("slice", offset=7, length=2, line=2, sha256=sha256(b"{}")),),
        sha256=sha256(b"{}"),
        size=2,
        media_type="application/json",
        texts=(("prompt", "Why?\nSay."), ("output", "So."), ("reasoning", "Hm.")),
        exchange=Exchange(
            model="m",
            provider="p",
            prompt_sha256=sha256(b"Why?\nSay."),
            extra='{"x":1}',
            completeness=("no-time",),
        ),
    )


@pytest.mark.parametrize("field", ["account", "api_key", "ip", "payment"])
def test_who_asked_makes_it_part_of_the_log(field: str) -> None:
    draft = Draft(b"", Context())
    draft.fields[field] = "x"
    assert finish(draft, 0, 1, "").collection == "api-log"


def test_what_is_missing_is_said_once() -> None:
    draft = Draft(b"", Context())
    draft.fields["ip"] = "81.2.69.***"
    draft.missing = ("truncated", "no-time")
    exchange = finish(draft, 0, 1, "").exchange
    assert exchange is not None
    assert exchange.completeness == ("no-prompt", "no-output", "no-time", "ip-masked", "truncated")


def test_a_note_becomes_a_problem() -> None:
    problems = finish(Draft(b"", Context()), 0, 1, "lone-surrogate").problems
    assert [(type(each), each.kind) for each in problems] == [(Problem, "lone-surrogate")]


@pytest.mark.parametrize(
    ("value", "kind", "fitted"),
    [
        ("a", str, "a"), (7, str, "7"), (7, int, 7), (7.0, int, 7), ("7", int, 7), ("-7", int, -7),
        (1, float, 1.0), (0.5, float, 0.5),
    ],
)  # fmt: skip
def test_a_value_that_says_the_same_in_another_type_fits(
    value: object, kind: type, fitted: object
) -> None:
    draft = Draft(b"", Context())
    assert draft.put("x", kind, value)
    assert (draft.fields["x"], type(draft.fields["x"])) == (fitted, kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], str),
        ({}, str),
        (True, str),
        (True, int),
        (2**63, int),
        (7.5, int),
        ("x", int),
        ("9" * 30, int),
        (2**60, float),
    ],
)
def test_a_value_of_another_type_stays_in_extra(value: object, kind: type) -> None:
    draft = Draft(b"", Context())
    draft.take({"k": value}, {"k": ("x", kind)})
    assert (draft.fields, draft.extra) == ({}, {"k": value})


def test_the_first_key_that_fills_a_field_keeps_it() -> None:
    draft = Draft(b"", Context())
    rules = {"a": ("x", str), "b": ("x", str), "t": None, "u": None}
    draft.take({"a": "1", "b": "2", "t": "2026-02-03", "u": "2027-01-01", "z": None}, rules)
    assert draft.fields == {"x": "1"}
    assert draft.extra == {"b": "2", "u": "2027-01-01", "z": None}
    assert isinstance(draft.when, When)
    draft.put_extra("b", 3)
    assert draft.extra["b'"] == 3


def test_a_title_is_the_first_line_with_letters() -> None:
    assert [title_of(each) for each in ("", "\n\n a b \nc", "x" * 300, " \n ")] == [
        "",
        "a b",
        "x" * 160,
        "",
    ]


def test_an_empty_text_in_the_place_of_a_number_says_nothing() -> None:
    draft = Draft(b"", Context())
    draft.take(
        {"status": "", "latency": "x"}, {"status": ("status", int), "latency": ("latency_ms", int)}
    )
    assert (draft.fields, draft.extra, draft.misfits) == ({}, {"latency": "x"}, ("latency",))
