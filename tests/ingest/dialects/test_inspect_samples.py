from __future__ import annotations

import json
from typing import Any

from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.inspect_samples import read_sample
from casekit.ingest.parsed import Context
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import read_all, texts

HASH = "0123456789abcdef0123456789abcdef"
ANSWER = {
    "role": "assistant",
    "content": [
        {"type": "reasoning", "reasoning": "hm ", "signature": "c2ln"},
        {"type": "text", "text": " 2 "},
    ],
}
SAMPLE: dict[str, Any] = {
    "id": "q1", "epoch": 2, "input": f"attachment://{HASH}", "target": "2",
    "messages": [
        {"role": "system", "content": "S"},
        {"role": "user", "content": f"attachment://{HASH}"},
        {"role": "assistant", "content": "", "tool_calls": [
            {"id": "c", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}]},
        {"role": "tool", "content": "x", "tool_call_id": "c", "function": "bash"},
        ANSWER,
    ],
    "output": {
        "model": "gpt", "choices": [
            {"message": ANSWER, "stop_reason": "stop"},
            {"message": {"role": "assistant", "content": "3"}, "stop_reason": "max_tokens"},
        ],
        "usage": {"input_tokens": 5, "output_tokens": 7, "input_tokens_cache_read": 3, "reasoning_tokens": 4},
        "time": 0.25,
    },
    "scores": {"match": {"value": "C"}},
    "events": [
        {"event": "model", "timestamp": "2025-07-05T09:59:48.945242-04:00"},
        {"event": "score", "timestamp": "2025-07-05T10:59:48-04:00"},
    ],
    "attachments": {HASH: "What is 1+1?"},
    "uuid": "u", "error": {"message": "late", "traceback": "…"},
}  # fmt: skip
LOG = {
    "version": 2, "status": "success",
    "eval": {
        "eval_id": "e", "created": "2025-07-05T09:59:00-04:00", "task": "sums", "model": "openai/gpt",
        "model_generate_config": {"temperature": 0.5},
    },
    "plan": {"config": {"max_tokens": 9}},
    "samples": [SAMPLE, {**SAMPLE, "id": "q2", "events": [], "uuid": "v"}],
}  # fmt: skip


def test_a_log_gives_its_samples_with_reasoning_apart() -> None:
    data = json.dumps(LOG, indent=2).encode()
    items, problems, books = read_all(read, data)
    assert (len(items), problems, books.quarantined) == (2, [], 0)
    first, found = items[0], items[0].exchange
    asked = 'user: What is 1+1?\n\nassistant: [tool_call bash] {"cmd":"ls"}\n\ntool: x'
    assert texts(first) == {"system": "S", "prompt": asked, "output": " 2 ", "reasoning": "hm "}
    assert found is not None
    assert found.reasoning_signature == "c2ln"
    assert (found.model, found.model_requested, found.provider) == ("gpt", "openai/gpt", "openai")
    assert (found.request_id, found.trace_id, found.sample) == ("u", "e", 2)
    assert (found.temperature, found.max_tokens, found.latency_ms) == (0.5, 9, 250)
    assert (found.input_tokens, found.output_tokens, found.reasoning_tokens) == (5, 7, 4)
    assert (found.cache_read_tokens, found.finish_reason, found.error) == (3, "stop", "late")
    extra = json.loads(found.extra)
    assert extra["scores"] == {"match": {"value": "C"}}
    assert (extra["events"], extra["task"], extra["target"]) == (2, "sums", "2")
    assert "attachment://" not in found.messages
    assert first.when is not None
    assert (first.when.raw, first.when.field) == (
        "2025-07-05T09:59:48.945242-04:00",
        "events.timestamp",
    )
    assert items[1].when is not None
    assert items[1].when.field == "eval.created"


def test_a_second_choice_hangs_below_the_first() -> None:
    draft = Draft(json.dumps(SAMPLE).encode(), Context())
    assert read_sample(SAMPLE, draft)
    (child,) = draft.children
    assert texts(child)["output"] == "3"
    assert child.exchange is not None
    assert child.exchange.finish_reason == "max_tokens"


def test_old_logs_keep_their_texts_in_the_transcript() -> None:
    old = {
        "id": 1, "epoch": 1, "input": f"tc://{HASH}", "target": "2",
        "output": {"model": "m", "choices": [{"message": {"role": "assistant", "content": "2"}}]},
        "transcript": {"events": [], "content": {HASH: "What?"}},
    }  # fmt: skip
    draft = Draft(b"", Context())
    assert read_sample(old, draft)
    assert (draft.prompt, draft.output) == ("What?", "2")


def test_redacted_reasoning_is_told_and_not_shown() -> None:
    hidden = {"type": "reasoning", "reasoning": "AAAA", "redacted": True, "signature": "s"}
    message = {"role": "assistant", "content": [hidden, {"type": "text", "text": "2"}]}
    sample = {**SAMPLE, "messages": [], "output": {"choices": [{"message": message}]}}
    draft = Draft(b"", Context())
    assert read_sample(sample, draft)
    assert (draft.output, draft.reasoning, draft.missing) == ("2", "", ("redacted",))
    item = finish(draft, 0, 1, "")
    assert item.exchange is not None
    assert item.exchange.reasoning_signature == "s"


def test_a_summary_is_no_sample() -> None:
    summary = {"id": 1, "epoch": 1, "input": "a", "target": "b", "scores": {}}
    assert not read_sample(summary, Draft(b"", Context()))


def test_a_log_that_breaks_off_keeps_its_whole_samples() -> None:
    data = json.dumps(LOG, indent=1).encode()
    cut = data[:-40]
    items, problems, books = read_all(read, cut)
    assert [item.exchange and item.exchange.model_requested for item in items] == ["openai/gpt"]
    (fault,) = [each for each in problems if each.length]
    assert (fault.kind, fault.offset) == ("truncated", items[0].steps[0].offset + items[0].size)
    assert (fault.length, books.total) == (books.quarantined, len(cut))


def test_a_text_that_is_missing_under_its_hash_is_told() -> None:
    draft = Draft(b"{}", Context())
    assert read_sample({**SAMPLE, "attachments": {}}, draft)
    assert [each.kind for each in draft.problems] == ["text-elsewhere"]
    assert "body-elsewhere" in draft.missing
