"""Samples of Inspect's evaluation logs: the conversation, its answer, what it was scored, reasoning apart.

Source: UKGovernmentBEIS/inspect_ai `log/_log.py`, `model/_chat_message.py`, `log/_condense.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.bodies import read_messages
from casekit.ingest.dialects.content import content_text, message_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import milliseconds, read_time
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_SAMPLE = frozenset({"id", "input", "target"})
_PLACES = ("attachment://", "tc://")
"""Before the hash of a text that is kept once for the whole sample; the second in logs before 2025."""

_PLACE = re.compile(r"(?:attachment|tc)://[0-9a-f]{32}")
_USAGE = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "input_tokens_cache_read": "cache_read_tokens",
    "input_tokens_cache_write": "cache_write_tokens",
    "reasoning_tokens": "reasoning_tokens",
}
_SETTINGS: dict[str, tuple[str, type]] = {
    "temperature": ("temperature", float),
    "top_p": ("top_p", float),
    "top_k": ("top_k", int),
    "seed": ("seed", int),
    "max_tokens": ("max_tokens", int),
}
_USED = frozenset(
    {"messages", "output", "input", "epoch", "uuid", "error", "attachments", "transcript", "events"}
)


def read_sample(record: Record, draft: Draft) -> bool:
    """One sample: the last answer is the output, the conversation before it the prompt.

    `Draft.around` is the log without its samples. The events, which say the same again step by step,
    stay in the sample's bytes; `extra.events` is their number.
    """
    output = _dict(record.get("output"))
    if not record.keys() >= _SAMPLE or ("epoch" not in record and "choices" not in output):
        return False
    if not (output or type(record.get("messages")) is list):
        return False
    kept = _attachments(record)
    draft.collection = "outputs"
    choices = [each for each in _list(output.get("choices")) if _has_message(each)]
    _converse(record, choices, kept, draft)
    _take_log(draft)
    _take_output(output, choices, draft)
    draft.put("request_id", str, record.get("uuid"))
    draft.put("sample", int, record.get("epoch"))
    error = record.get("error")
    if type(error) is dict and type(error.get("message")) is str:
        draft.fields["error"] = error["message"]
    draft.when = _time(record, draft)
    if events := _events(record):
        draft.extra["events"] = len(events)
    for key, value in record.items():
        if key not in _USED and value not in (None, {}, []):
            draft.put_extra(key, _resolved(value, kept))
    if any(map(_PLACE.search, (draft.system, draft.prompt, draft.output, draft.reasoning))):
        said = "A text of the sample is kept under a hash whose text is not in the log."
        draft.problems += (Problem("parse", "text-elsewhere", said),)
        draft.note("body-elsewhere")
    for number, choice in enumerate(choices[1:], 1):
        part = draft.part(("output", "choices", number))
        part.system, part.prompt, part.when = draft.system, draft.prompt, draft.when
        part.collection = "outputs"
        apart = ("messages", "reasoning_signature")
        part.fields = {k: v for k, v in draft.fields.items() if k not in apart}
        _answer(_resolved(choice["message"], kept), part)
        part.put("finish_reason", str, choice.get("stop_reason"))
        draft.hang(part)
    return True


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _dict(value: Any) -> dict[str, Any]:
    return value if type(value) is dict else {}


def _events(record: Record) -> list[Any]:
    """What happened in the sample, step by step; logs before 2025 have it in the transcript."""
    return _list(record.get("events") or _dict(record.get("transcript")).get("events"))


def _has_message(choice: Any) -> bool:
    return type(choice) is dict and type(choice.get("message")) is dict


def _attachments(record: Record) -> Mapping[str, Any]:
    """Texts by their hash."""
    return _dict(record.get("attachments")) or _dict(_dict(record.get("transcript")).get("content"))


def _resolved(value: Any, kept: Mapping[str, Any]) -> Any:
    """The value with every `attachment://HASH` in it replaced by the text it stands for."""
    if type(value) is str:
        for mark in _PLACES:
            if value.startswith(mark):
                return kept.get(value[len(mark) :], value)
        return value
    if type(value) is list:
        return [_resolved(each, kept) for each in value]
    if type(value) is dict:
        return {key: _resolved(each, kept) for key, each in value.items()}
    return value


# -- the conversation -----------------------------------------------------------------------------


def _converse(record: Record, choices: list[Any], kept: Mapping[str, Any], draft: Draft) -> None:
    """System, prompt, output and reasoning."""
    asked = _resolved(record["input"], kept)
    given = asked if type(asked) is list else [{"role": "user", "content": asked}]
    messages = _resolved(_list(record.get("messages")), kept) or given
    messages = [each for each in messages if type(each) is dict and type(each.get("role")) is str]
    plain = [{"role": each["role"], "content": _said(each)} for each in messages]
    spoken = [number for number, each in enumerate(messages) if each["role"] == "assistant"]
    answer = _resolved(choices[0]["message"], kept) if choices else None
    apart = answer is not None and not (spoken and plain[spoken[-1]]["content"] == _said(answer))
    read_messages(plain, draft, answered=apart)
    if apart and answer is not None:
        _answer(answer, draft)
    elif spoken:
        _answer(messages[spoken[-1]], draft)
    if "messages" in draft.fields or any(
        len(each.keys() - {"id", "source"}) > 2 for each in messages
    ):
        draft.fields["messages"] = encode(messages)
    if asked and type(asked) is str and asked not in draft.prompt:
        draft.extra["input"] = asked


def _said(message: Record) -> str:
    """What a message says aloud: without reasoning, with its calls of tools below."""
    content = message.get("content")
    if type(content) is list:
        content = [e for e in content if type(e) is not dict or e.get("type") != "reasoning"]
    calls = [
        {"type": "tool_call", "name": each.get("function"), "arguments": each.get("arguments", "")}
        for each in _list(message.get("tool_calls"))
        if type(each) is dict
    ]
    return message_text({"content": content, "tool_calls": calls})


def _answer(message: Record, draft: Draft) -> None:
    """Output, reasoning and what signs it, from the message that holds them."""
    draft.output = _said(message)
    thoughts, signatures = [], []
    for each in _list(message.get("content")):
        if type(each) is dict and each.get("type") == "reasoning":
            hidden = each.get("redacted") is True
            text = each.get("summary") if hidden else each.get("reasoning")
            thoughts.append(content_text(text))
            if type(each.get("signature")) is str:
                signatures.append(each["signature"])
            if hidden:
                draft.missing += ("redacted",)
    if type(message.get("reasoning")) is str:
        thoughts.append(message["reasoning"])
    draft.reasoning = "\n\n".join(filter(None, thoughts))
    if signatures:
        draft.fields["reasoning_signature"] = "\n".join(signatures)


# -- what stands around it ------------------------------------------------------------------------


def _take_log(draft: Draft) -> None:
    """Task, model and settings, from the log's head."""
    head = draft.around.get("eval")
    if type(head) is not dict:
        return
    draft.put("trace_id", str, head.get("eval_id", head.get("run_id")))
    draft.put("endpoint", str, head.get("model_base_url"))
    for key in ("task", "dataset"):
        if head.get(key):
            draft.extra[key] = head[key]
    if type(head.get("model")) is str:
        draft.fields["model_requested"] = head["model"]
        provider, slash, _ = head["model"].partition("/")
        if slash:
            draft.fields["provider"] = provider
    config = _dict(_dict(draft.around.get("plan")).get("config"))
    settings = {**_dict(head.get("model_generate_config")), **config}
    for key, rule in _SETTINGS.items():
        draft.put(rule[0], rule[1], settings.get(key))
    if settings:
        draft.fields["parameters"] = encode(settings)


def _take_output(output: Record, choices: list[Any], draft: Draft) -> None:
    fields = draft.fields
    model = output.get("model") or fields.get("model_requested")
    draft.put("model", str, model)
    if choices:
        draft.put("finish_reason", str, choices[0].get("stop_reason"))
    usage = output.get("usage")
    if type(usage) is dict:
        for key, target in _USAGE.items():
            draft.put(target, int, usage.get(key))
    draft.put("latency_ms", int, milliseconds(output.get("time")))
    if type(output.get("error")) is str:
        fields["error"] = output["error"]
    used = ("model", "choices", "usage", "time", "error", "completion")
    rest = {k: v for k, v in output.items() if k not in used and v is not None}
    if rest:
        draft.put_extra("output", rest)


def _time(record: Record, draft: Draft) -> Any:
    """When the answer came: the sample's own time, else its last call of the model, else the run's start."""
    for key in ("completed_at", "started_at"):
        found = read_time(record.get(key), key)
        if found is not None:
            return found
    for event in reversed(_events(record)):
        if type(event) is dict and event.get("event") == "model":
            return read_time(event.get("timestamp"), "events.timestamp")
    head = draft.around.get("eval")
    return read_time(head.get("created"), "eval.created") if type(head) is dict else None
