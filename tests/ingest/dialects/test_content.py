from __future__ import annotations

from casekit.ingest.dialects.content import (
    aloud,
    content_text,
    message_text,
    read_thoughts,
    spoken,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context

THOUGHT = {"type": "thinking", "thinking": "Hm"}


def test_the_text_of_a_document_inside_a_question_is_shown() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "The list."}
    document = {"type": "document", "title": "Customers", "source": source}
    assert content_text([{"type": "text", "text": "Sum up"}, document]) == (
        "Sum up\n[document]\nCustomers\nThe list."
    )
    parts = {"type": "content", "content": [{"type": "text", "text": "Within."}]}
    assert content_text([{"type": "document", "source": parts}]) == "[document]\nWithin."
    picture = {"type": "image", "source": {"type": "base64", "data": "AAAA"}}
    assert content_text([picture]) == "[image]"


def test_a_refusal_beside_words_and_calls_is_shown() -> None:
    call = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
    assert message_text({"content": "So far", "refusal": "No more"}) == "So far\nNo more"
    assert message_text({"content": None, "refusal": "No"}) == "No"
    assert message_text({"content": "No", "refusal": "No"}) == "No"
    assert message_text({"content": None, "refusal": "No", "tool_calls": [call]}) == (
        "No\n[function f] {}"
    )


def test_the_whole_of_a_thought_stands_beside_its_summary() -> None:
    item = {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "In short"}],
        "content": [{"type": "reasoning_text", "text": "At length"}],
    }
    assert read_thoughts([item], Draft(b"", Context())) == "In short\n\nAt length"


def test_thoughts_are_not_said_aloud() -> None:
    words = {"type": "text", "text": "Yo"}
    assert aloud({"role": "assistant", "content": [THOUGHT, words]}) == {
        "role": "assistant", "content": [words],
    }  # fmt: skip
    assert aloud({"content": "Yo"}) == {"content": "Yo"}
    assert spoken([THOUGHT, words, words]) == "YoYo"


def test_a_text_with_its_notes_and_what_was_heard() -> None:
    noted = {"type": "text", "text": {"value": "Yo", "annotations": [{"type": "file_citation"}]}}
    assert content_text([noted, {"type": "audio", "transcript": "Heard."}]) == "Yo\nHeard."


def test_what_a_model_said_aloud_is_its_answer() -> None:
    message = {
        "role": "assistant",
        "content": None,
        "audio": {"id": "a", "data": "QUJD", "transcript": "Good day"},
    }
    assert message_text(message) == "Good day"


def test_a_call_with_free_text_shows_it() -> None:
    call = {"id": "c", "type": "custom", "custom": {"name": "run", "input": "ls -l"}}
    assert message_text({"content": None, "tool_calls": [call]}) == "[custom run] ls -l"
