"""The two bodies of a call in whatever form a log keeps them: opened, put together, translated and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.bodies import (
    is_conversation,
    is_response,
    mended,
    read_messages,
    read_request,
    read_response,
)
from casekit.ingest.dialects.content import labelled, message_text, read_thoughts
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.sse import assembled
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.translate import (
    common_part,
    request_in_common_terms,
    response_in_common_terms,
)
from casekit.ingest.dialects.values import NOTHING, opened
from casekit.ingest.strict_json import encode


def read_asked(untrusted_value: Any, draft: Draft) -> bool:
    """Fill a draft from what was asked: a request's body, messages, or a text; tells whether there was any."""
    value = opened(untrusted_value)
    if value in NOTHING:
        return False
    if type(value) is dict:
        body = request_in_common_terms(value)
        messages = body.get("messages")
        if messages is not None and not is_conversation(messages):
            body = mended(body)
            if not is_conversation(body["messages"]):
                body["input"] = body.pop("messages")
        if type(body.get("input")) is dict:
            body["input"] = [body["input"]]
        read_request(body, draft, answered=False)
        if not draft.prompt and not draft.system:
            draft.prompt = encode(value)
    elif is_conversation(value):
        read_messages(value, draft, answered=True)
    elif type(value) is list and all(type(each) is str for each in value):
        draft.prompt = "\n\n".join(value)
    else:
        draft.prompt = untrusted_value if type(untrusted_value) is str else encode(value)
    return True


def read_answered(untrusted_value: Any, draft: Draft) -> bool:
    """Fill a draft from what was answered: a response's body, events, messages or a text; an error is told."""
    value = opened(untrusted_value)
    if value in NOTHING:
        return False
    if is_conversation(value):
        return _said(value, draft)
    if type(value) in (list, str) and (whole := assembled(value)) is not None:
        draft.fields.setdefault("stream", 1)
        value = whole
    if type(value) is not dict:
        shown = untrusted_value if type(untrusted_value) is str else encode(value)
        draft.output = value if type(value) is str else shown
        return True
    if type(value.get("role")) is str and not {"stop_reason", "usage", "model"} & value.keys():
        return _said([value], draft)
    if is_response(value):
        read_response(value, draft)
        return True
    common = None if "error" in value else response_in_common_terms(value)
    if common is not None:
        read_response(common, draft)
        return True
    if "error" in value or "message" in value:
        read_error(value, draft)
        draft.put_extra("response", value)
        return False
    if type(value.get("content")) is str:
        draft.output = value["content"]
        made = value.get("response_metadata")
        if type(made) is dict and type(made.get("finish_reason")) is str:
            draft.fields.setdefault("finish_reason", made["finish_reason"])
        draft.put_extra("response", {key: each for key, each in value.items() if key != "content"})
    else:
        draft.output = encode(value)
    return True


def _said(messages: list[dict[str, Any]], draft: Draft) -> bool:
    """The answer as messages with roles."""
    turns = []
    for each in messages:
        content = each.get("content")
        if type(content) is list:
            parts = list(map(common_part, content))
            thoughts = read_thoughts(parts, draft)
            draft.reasoning = "\n\n".join(filter(None, (draft.reasoning, thoughts)))
            silent = ("thinking", "redacted_thinking", "reasoning")
            each = {
                **each,
                "content": [p for p in parts if type(p) is not dict or p.get("type") not in silent],
            }
        for key in ("reasoning_content", "reasoning"):
            if type(each.get(key)) is str and not draft.reasoning:
                draft.reasoning = each[key]
        for said in (each, each.get("response_metadata")):  # LangChain's is in the second
            if (
                type(said) is dict
                and type(said.get("finish_reason", said.get("stop_reason"))) is str
            ):
                reason = said.get("finish_reason", said.get("stop_reason"))
                draft.fields.setdefault("finish_reason", reason)
        turns.append((each["role"], message_text(each)))
    draft.output = turns[0][1] if len(turns) == 1 else labelled(turns)
    if any(set(each) - {"role", "content"} for each in messages):
        draft.put_extra("answer", messages)
    return True


def milliseconds_between(start: Any, end: Any, raw: bytes = b"") -> int | None:
    """Whole milliseconds from one time to another, cut; None if either is no time or the end comes first."""
    first, last = read_time(start, "start", raw), read_time(end, "end", raw)
    if first is None or last is None or last.us < first.us:
        return None
    return (last.us - first.us) // 1000


def step_text(record: Mapping[str, Any], *keys: str) -> str:
    """What a step of a program was given and gave under these keys, for the search by words."""
    shown = [record.get(key) for key in keys]
    return "\n\n".join(each if type(each) is str else encode(each) for each in shown if each)


def settle(draft: Draft, title: str) -> None:
    """Make a call without its bodies a `request`, and give it a title."""
    draft.collection = "api-log"
    if not draft.prompt and not draft.output and draft.kind == "exchange":
        draft.kind = "request"
    draft.title = title.strip()
