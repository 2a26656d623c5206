from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.calls import milliseconds_between, read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize(
    ("value", "prompt"),
    [
        ("Hi", "Hi"),
        ('{"messages":[{"role":"user","content":"Hi"}]}', "Hi"),
        ([{"role": "user", "content": "Hi"}], "Hi"),
        ({"contents": [{"parts": [{"text": "Hi"}]}]}, "Hi"),
        (["a", "b"], "a\n\nb"),
        ({"messages": ["odd", {"role": "user", "content": "Hi"}]}, "unnamed: odd\n\nuser: Hi"),
        ({"city": "Bern"}, '{"city":"Bern"}'),
        ("{cut off", "{cut off"),
        (None, ""),
        ({}, ""),
    ],
)
def test_what_was_asked_in_any_form(value: Any, prompt: str) -> None:
    made = draft()
    assert read_asked(value, made) is bool(prompt)
    assert made.prompt == prompt


@pytest.mark.parametrize(
    ("value", "output", "reasoning"),
    [
        ("Yo", "Yo", ""),
        ('{"choices":[{"message":{"role":"assistant","content":"Yo"}}]}', "Yo", ""),
        ([{"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm"},
                                            {"type": "text", "text": "Yo"}]}], "Yo", "Hm"),
        ({"role": "assistant", "content": "Yo", "reasoning_content": "Hm"}, "Yo", "Hm"),
        ('data: {"choices":[{"delta":{"content":"Yo"}}]}\n\n', "Yo", ""),
        ({"candidates": [{"content": {"parts": [{"text": "Yo"}]}}]}, "Yo", ""),
        ({"content": "Yo", "x": 1}, "Yo", ""),
        ({"score": 1}, '{"score":1}', ""),
        ({"error": {"code": "rate_limit"}}, "", ""),
        (None, "", ""),
    ],
)  # fmt: skip
def test_what_was_answered_in_any_form(value: Any, output: str, reasoning: str) -> None:
    made = draft()
    assert read_answered(value, made) is bool(output)
    assert (made.output, made.reasoning) == (output, reasoning)


def test_an_error_is_told_and_kept() -> None:
    made = draft()
    assert not read_answered({"error": {"code": "content_filter", "message": "No."}}, made)
    assert made.fields["error"] == "content_filter"
    assert made.extra == {"response": {"error": {"code": "content_filter", "message": "No."}}}


def test_durations_come_from_two_clock_readings() -> None:
    assert milliseconds_between("2026-02-03T04:05:06.000Z", "2026-02-03T04:05:07.5Z") == 1500
    assert milliseconds_between(1_700_000_000.25, 1_700_000_001.0) == 750
    assert milliseconds_between("2026-02-03T04:05:07Z", "2026-02-03T04:05:06Z") is None
    assert milliseconds_between(None, "x") is None


def test_a_call_without_bodies_is_a_request() -> None:
    made, other = draft(), draft()
    other.prompt = "Hi"
    settle(made, " 200 chat ")
    settle(other, "")
    assert (made.kind, made.title, made.collection) == ("request", "200 chat", "api-log")
    assert other.kind == "exchange"


def test_a_stray_among_the_messages_is_kept() -> None:
    made = Draft(b"", Context())
    assert read_asked({"messages": [{"role": "user", "content": "Hi"}, "a stray"]}, made)
    assert made.prompt == "user: Hi\n\nunnamed: a stray"


def test_where_langchain_says_why_an_answer_ended() -> None:
    message = {"role": "assistant", "content": "Yo", "response_metadata": {"finish_reason": "stop"}}
    chunk = {
        "type": "AIMessageChunk",
        "content": "Yo",
        "response_metadata": {"finish_reason": "STOP"},
    }
    for value, reason in (([message], "stop"), (chunk, "STOP")):
        draft = Draft(b"", Context())
        assert read_answered(value, draft)
        assert (draft.output, draft.fields["finish_reason"]) == ("Yo", reason)
