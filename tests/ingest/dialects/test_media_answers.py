from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.api_logs import read_alone_response
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.media_answers import (
    read_images,
    read_score,
    read_transcript,
    read_video,
)
from casekit.ingest.parsed import Context
from casekit.ingest.readers.json_records import read as read_json
from casekit.ingest.readers.jsonl import read as read_lines
from tests.ingest.records_case import read_all, texts

IMAGES: dict[str, Any] = {
    "created": 1719000000, "data": [{"b64_json": "aGVsbG8=", "revised_prompt": "A cat, sitting"}],
    "size": "1024x1024", "usage": {"input_tokens": 5, "output_tokens": 100, "total_tokens": 105},
}  # fmt: skip
HEARD: dict[str, Any] = {
    "task": "transcribe", "language": "english", "duration": 2.5, "text": "Hello there.",
    "segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " Hello there.", "tokens": [1]}],
}  # fmt: skip
COUNTED = {"text": "Hello.", "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 5}}
VIDEO = {"id": "video_1", "object": "video", "created_at": 1719000000, "status": "failed", "model": "sora-2",
         "progress": 7, "prompt": "a cat", "error": {"code": "x", "message": "No."}}  # fmt: skip
SCORE = {"id": "s1", "traceId": "t1", "observationId": "o1", "name": "quality", "value": 1.0, "source": "API",
         "dataType": "NUMERIC", "comment": "well done", "timestamp": "2025-01-31T17:46:43.482Z"}  # fmt: skip
OLLAMA = {"model": "llama3", "created_at": "2025-01-31T17:46:43.482Z", "done": True, "done_reason": "stop",
          "message": {"role": "assistant", "content": "So."}, "total_duration": 5_000_000_000,
          "prompt_eval_count": 9, "eval_count": 3}  # fmt: skip
MEDIA = (IMAGES, HEARD, COUNTED, VIDEO, SCORE, OLLAMA)


def draft() -> Draft:
    return Draft(b"{}", Context())


def test_images_stay_in_their_bytes_and_their_rewritten_question_is_text() -> None:
    made = draft()
    assert recognise(IMAGES) == "images of a model"
    assert read_images(IMAGES, made)
    assert (made.body, made.output, made.collection) == ("A cat, sitting", "", "api-log")
    assert made.fields == {
        "operation": "images",
        "answers": 1,
        "input_tokens": 5,
        "output_tokens": 100,
    }
    assert "aGVsbG8=" not in json.dumps(made.extra)
    assert not read_images({"created": 1, "data": [{"embedding": [0.1]}]}, draft())
    assert not read_images({"created": 1, "data": []}, draft())
    assert not read_images({"created": 1, "data": [{"url": "x", "name": "page"}]}, draft())
    assert not read_images({"created": "2024", "data": [{"url": "x"}]}, draft())


def test_speech_as_text_has_no_model_from_the_name_of_its_file() -> None:
    data = json.dumps(HEARD).encode()
    (item,), problems, _ = read_all(read_json, data, Context(name="interview.json"))
    assert item.exchange is not None
    assert (texts(item), item.exchange.model, item.exchange.operation) == (
        {"output": "Hello there."}, "", "transcribe")  # fmt: skip
    assert not problems
    assert json.loads(item.exchange.extra)["segments"] == [{"start": 0.0, "end": 2.5}]


def test_speech_of_other_programs() -> None:
    plain, counted = draft(), draft()
    assert read_transcript({**HEARD, "language": "en"} | {"task": None}, plain)
    assert (plain.language, plain.fields["operation"]) == ("en", "transcribe")
    assert read_transcript(COUNTED, counted)
    assert (counted.output, counted.fields["input_tokens"]) == ("Hello.", 14)
    speaker = {"start": 0, "end": 1, "text": "Hi", "speaker": "A"}
    said = draft()
    assert read_transcript({**HEARD, "segments": [speaker]}, said)
    assert said.extra["segments"] == [{"start": 0, "end": 1, "speaker": "A"}]


@pytest.mark.parametrize(
    "record",
    [{"text": "a"}, {"text": "a", "language": "en"}, {"text": "a", "usage": {"total_tokens": 3}},
     {"text": "a", "language": "en", "segments": ["x"]}],
)  # fmt: skip
def test_any_text_is_no_speech(record: dict[str, Any]) -> None:
    assert not read_transcript(record, draft())


def test_a_video_is_an_answer_and_no_question_alone() -> None:
    made = draft()
    assert recognise(VIDEO) == "videos of a model"
    assert read_video(VIDEO, made)
    assert (made.prompt, made.fields["model"], made.fields["request_id"]) == (
        "a cat",
        "sora-2",
        "video_1",
    )
    assert made.when is not None
    assert (made.fields["error"], made.extra["error"]["message"]) == ("x", "No.")


def test_a_score_of_langfuse() -> None:
    made = draft()
    assert recognise(SCORE) == "Langfuse scores"
    assert read_score(SCORE, made)
    assert (made.kind, made.title, made.extra["comment"]) == (
        "record",
        "score quality: 1.0",
        "well done",
    )
    assert (made.fields["trace_id"], made.fields["parent_request"]) == ("t1", "o1")


def test_an_answer_of_ollama_alone_and_no_piece_of_one() -> None:
    made = draft()
    assert recognise(OLLAMA) == "model response"
    assert read_alone_response(OLLAMA, made)
    assert (made.output, made.fields["provider"], made.fields["model"]) == (
        "So.",
        "ollama",
        "llama3",
    )
    assert (made.fields["input_tokens"], made.fields["output_tokens"], made.fields["latency_ms"]) == (
        9, 3, 5000)  # fmt: skip
    piece = {"model": "llama3", "created_at": OLLAMA["created_at"], "response": "So", "done": False}
    pieces = "events of a streamed answer, a record each"
    assert recognise(piece) == recognise({**piece, "response": "", "done": True}) == pieces
    assert recognise({**piece, "done": True}) == "model response"


@pytest.mark.parametrize("record", MEDIA, ids=recognise)
def test_a_line_that_breaks_off_costs_itself_alone(record: dict[str, Any]) -> None:
    data = json.dumps(record).encode()
    items, problems, _ = read_all(read_lines, data + b"\n" + data[:-9])
    assert [each.kind for each in items][:1] == ["record" if record is SCORE else "exchange"]
    assert problems
