"""Request and response bodies of the common model APIs: OpenAI chat, completions and responses, Anthropic.

Source: openai/openai-openapi 2.3.0; anthropics/anthropic-sdk-python `types/message.py`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.content import (
    aloud,
    call_text,
    content_text,
    labelled,
    message_text,
    read_thoughts,
    spoken,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.parameters import NOTING, PARAMETERS, note_kept_before
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.usage import read_usage, take_cost
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import encode

_INSTRUCTING = frozenset({"system", "developer"})
ANSWERING = frozenset({"assistant", "gpt", "model", "bot", "chatgpt", "bard", "bing"})
"""Role names under which a model speaks."""

UNNAMED = "unnamed"
"""The role of a message that names none: one such among others must not hide them all."""

OUTPUT_NAMES = (
    "output", "response", "answer", "completion", "text", "model_output", "generation", "generated_text",
    "model_response",
)  # fmt: skip
"""Names under which plain records keep an answer."""

BESIDE = "answers beside the first"
"""Key under which `translate` gives the other answers of a body: a list of texts or of parts."""

_ANSWERED = (*OUTPUT_NAMES, "content", "reasoning_content")
_TRAINED_WITH = {"tools", "functions", "parallel_tool_calls"}
"""What stands beside the messages in a set for training too, of which the last one is the answer."""
_REQUEST_KEYS = frozenset({*PARAMETERS, "stream", "tool_choice", "top_k", "stop"} - _TRAINED_WITH)


def is_request(untrusted_body: Any) -> bool:
    """Whether this is the body of a request to a model."""
    if type(untrusted_body) is not dict:
        return False
    messages = untrusted_body.get("messages")
    if messages is not None:
        return is_conversation(messages)
    return "model" in untrusted_body and (
        "input" in untrusted_body or type(untrusted_body.get("prompt")) in (str, list)
    )


def is_conversation(untrusted_messages: Any) -> bool:
    """Whether this is a list of messages with roles; one that is empty is none."""
    if type(untrusted_messages) is not list or not untrusted_messages:
        return False
    for each in untrusted_messages:  # noqa: SIM110 - a generator takes twice as long, on every record
        if type(each) is not dict or type(each.get("role")) is not str:
            return False
    return True


def with_roles(untrusted_messages: list[Any]) -> list[dict[str, Any]]:
    """Every element of a list of messages as a message; what names no role has the role `unnamed`."""
    return [
        each if type(each) is dict and type(each.get("role")) is str
        else {**each, "role": UNNAMED} if type(each) is dict
        else {"role": UNNAMED, "content": each if type(each) is str else encode(each)}
        for each in untrusted_messages
    ]  # fmt: skip


def mended(untrusted_body: Any) -> Any:
    """A request of which some messages name no role, with one for each; any other body as it is."""
    messages = untrusted_body.get("messages") if type(untrusted_body) is dict else None
    if type(messages) is not list or is_conversation(messages):
        return untrusted_body
    if not any(type(each) is dict and type(each.get("role")) is str for each in messages):
        return untrusted_body
    return {**untrusted_body, "messages": with_roles(messages)}


def is_bare_request(untrusted_body: Any) -> bool:
    """Whether a record by itself is a request, and not a conversation for training."""
    if not is_request(untrusted_body):
        return False
    messages = untrusted_body.get("messages")
    if messages is None:
        return not any(type(untrusted_body.get(name)) is str for name in _ANSWERED)
    if messages[-1]["role"] not in ANSWERING:
        return True
    return not _REQUEST_KEYS.isdisjoint(untrusted_body)


def is_response(untrusted_body: Any) -> bool:
    """Whether this is the body of a model's answer; a piece of a stream is none."""
    if type(untrusted_body) is not dict:
        return False
    choices = untrusted_body.get("choices")
    if type(choices) is list:
        return all(
            type(each) is dict
            and (type(each.get("message")) is dict or type(each.get("text")) is str)
            for each in choices
        )
    if type(untrusted_body.get("content")) in (list, str):
        return "stop_reason" in untrusted_body or untrusted_body.get("role") == "assistant"
    return type(untrusted_body.get("output")) is list and untrusted_body.get("object") == "response"


# -- requests -------------------------------------------------------------------------------------


def read_messages(messages: list[dict[str, Any]], draft: Draft, *, answered: bool) -> None:
    """Fill system, prompt and output, and `messages` where those do not say all that was sent.

    Args:
        messages: `[{"role", "content"}, …]`.
        draft: What is filled.
        answered: The answer stands elsewhere; else the last turn of the model is it.
    """
    turns: list[tuple[str, str]] = []
    answer = None
    plain = True
    for message in messages:
        role = message["role"]
        content = message.get("content")
        if type(content) is not str or len(message) > 2:
            plain = False
            content = message_text(message)
        if role in _INSTRUCTING:
            draft.system = f"{draft.system}\n\n{content}" if draft.system else content
            continue
        if not answered and role in ANSWERING:
            answer = len(turns)
            draft.reasoning = _reasoning(message, draft)
        turns.append((role, content))
    if answer is not None:
        plain = plain and answer == len(turns) - 1
        draft.output = turns[answer][1]
        del turns[answer:]
    draft.prompt = labelled(turns)
    if not plain or len(turns) > 1 or len(messages) > 3:
        draft.fields["messages"] = encode(messages)


def _reasoning(message: dict[str, Any], draft: Draft) -> str:
    """What a message shows of the model's thinking; what signs it goes to the draft."""
    for key in ("reasoning_content", "reasoning", "thinking"):
        if type(message.get(key)) is str:
            return str(message[key])
    content = message.get("content")
    if type(content) is list:
        return read_thoughts(content, draft)
    return ""


def read_request(body: dict[str, Any], draft: Draft, *, answered: bool) -> None:
    """Fill a draft from a request's body; all of it but model and conversation becomes `parameters`."""
    parameters: dict[str, Any] = {}
    fields = draft.fields
    for key, value in body.items():
        if key == "messages" and value is not None:
            read_messages(value, draft, answered=True)
            continue
        if key == "model" and type(value) is str:
            fields["model_requested"] = value
            continue
        if key in _ASKING and value is not None:
            _ASKING[key](value, draft)
            continue
        parameters[key] = value
        if key in NOTING:
            NOTING[key](value, draft)
        rule = PARAMETERS.get(key)
        if rule is not None and rule[0] not in fields:
            draft.put(rule[0], rule[1], value)
    if parameters:
        fields["parameters"] = encode(parameters)
    if answered and not fields.get("model") and "model_requested" in fields:
        fields["model"] = fields["model_requested"]


def _ask_system(value: Any, draft: Draft) -> None:
    text = content_text(value)
    draft.system = f"{text}\n\n{draft.system}" if draft.system else text


def _ask_input(value: Any, draft: Draft) -> None:
    """The `input` of the responses API: a text, or messages and other things in a list."""
    if type(value) is list and all(type(each) is dict for each in value):
        messages = [
            each if type(each.get("role")) is str else {**_said_by(each), "role": _role(each)}
            for each in value
        ]
        read_messages(messages, draft, answered=True)
        draft.fields["messages"] = encode(value)
    else:
        draft.prompt = content_text(value)
        draft.fields["messages"] = encode(value)


def _said_by(item: dict[str, Any]) -> dict[str, Any]:
    """An item that is no message, with what it says as its content: a call, or what came of one."""
    kind = item.get("type")
    if "content" in item or type(kind) is not str:
        return item
    if kind.endswith("_call"):
        return {**item, "content": call_text(item)}
    if kind.endswith("_output"):
        return {**item, "content": content_text(item.get("output"))}
    if kind == "reasoning":
        return {**item, "content": content_text(item.get("summary"))}
    return item


def _role(each: dict[str, Any]) -> str:
    kind = each.get("type")
    return kind if type(kind) is str else "user"


def _ask_prompt(value: Any, draft: Draft) -> None:
    draft.prompt = content_text(value)


_ASKING = {
    "system": _ask_system,
    "instructions": _ask_system,
    "input": _ask_input,
    "prompt": _ask_prompt,
}


# -- responses ------------------------------------------------------------------------------------


def read_response(body: dict[str, Any], draft: Draft) -> None:
    """Fill a draft from a response's body; what has no place goes to `extra` under `response`."""
    rest: dict[str, Any] = {}
    fields = draft.fields
    for key, value in body.items():
        reader = _ANSWERS.get(key)
        if reader is None or not reader(key, value, draft):
            rest[key] = value
    if not fields.get("model") and "model_requested" in fields:
        fields["model"] = fields["model_requested"]
    if rest:
        draft.put_extra("response", rest)


_VECTORS = ("data", "embeddings", "embedding", "embeddingsByType")


def read_vectors(untrusted_body: Any, draft: Draft) -> bool:
    """Fill a draft from an answer that is vectors, not words; tells whether it is one."""
    if type(untrusted_body) is not dict or "choices" in untrusted_body:
        return False
    listed = untrusted_body.get("data")
    first = listed[0] if type(listed) is list and listed else None
    if not (type(first) is dict and "embedding" in first) and not any(
        type(untrusted_body.get(key)) in (list, dict) for key in _VECTORS[1:]
    ):
        return False
    draft.fields.setdefault("operation", "embeddings")
    read_response(untrusted_body, draft)
    return True


def _answer_metrics(key: str, value: Any, draft: Draft) -> bool:
    """What Bedrock measured of a call, in the last event of its stream."""
    if type(value) is not dict:
        return False
    rest = read_usage(value, draft)
    for name, target in (("invocationLatency", "latency_ms"), ("firstByteLatency", "ttft_ms")):
        if name in rest and target not in draft.fields and draft.put(target, int, rest[name]):
            del rest[name]
    if rest:
        draft.put_extra(key, rest)
    return True


def _answer_latency(_key: str, value: Any, draft: Draft) -> bool:
    """How long Converse took."""
    only = type(value) is dict and value.keys() == {"latencyMs"}
    return (
        only
        and "latency_ms" not in draft.fields
        and draft.put("latency_ms", int, value["latencyMs"])
    )


def _answer_usage(key: str, value: Any, draft: Draft) -> bool:
    if type(value) is not dict:
        return False
    rest = read_usage(value, draft)
    take_cost(rest, draft)
    if rest:
        draft.put_extra(key, rest)
    return True


def _answer_model(_key: str, value: Any, draft: Draft) -> bool:
    if type(value) is not str or not value:
        return False
    before = draft.fields.get("model")
    if before and before != value:
        draft.fields.setdefault("model_requested", before)
    draft.fields["model"] = value
    return True


def _answer_id(_key: str, value: Any, draft: Draft) -> bool:
    if "request_id" not in draft.fields:
        return draft.put("request_id", str, value)
    if type(value) is str and value != draft.fields["request_id"]:
        draft.fields.setdefault("upstream_id", value)  # the provider's own, behind the gateway's
    return False


def _answer_time(key: str, value: Any, draft: Draft) -> bool:
    if draft.when is None:
        draft.when = read_time(value, key, draft.raw)
        return draft.when is not None
    return False


def _answer_finish(_key: str, value: Any, draft: Draft) -> bool:
    return "finish_reason" not in draft.fields and draft.put("finish_reason", str, value)


def _answer_content(_key: str, value: Any, draft: Draft) -> bool:
    """Anthropic's blocks: text and calls to the output, thinking to the reasoning."""
    if type(value) is list and len(value) == 1:
        only = value[0]
        if type(only) is dict and len(only) == 2 and only.get("type") == "text":
            draft.output = content_text(value)
            return True
    if type(value) is str:
        draft.output = value
        return True
    if type(value) is not list:
        return False
    draft.output = spoken(value)
    draft.reasoning = read_thoughts(value, draft)
    return not value  # signatures, tool ids and citations have no other place than `extra`


def _number(choice: Any) -> int:
    found = choice.get("index") if type(choice) is dict else None
    return found if type(found) is int else 0


def _choice_text(choice: Any) -> str:
    message = choice.get("message") if type(choice) is dict else None
    if type(message) is dict:
        return message_text(aloud(message))
    return content_text(choice.get("text") if type(choice) is dict else choice)


def put_others(answers: list[str], draft: Draft) -> None:
    """Show the answers beside the first one below it, and say that they are there."""
    draft.answers += tuple(answers)
    said = f"{len(answers)} more answers stand beside the first one."
    draft.problems += (Problem("parse", "more-answers", said),)


def _answer_beside(_key: str, value: Any, draft: Draft) -> bool:
    """The other answers of a body in other terms (see `translate`)."""
    if type(value) is list and value:
        put_others([each if type(each) is str else spoken(each) for each in value
                    if type(each) in (str, list)], draft)  # fmt: skip
    return True


def _answer_choices(key: str, value: Any, draft: Draft) -> bool:
    """OpenAI's choices: that of the lowest number is the output, the others are shown below it."""
    if type(value) is not list or not value:
        return False
    first, *others = sorted(value, key=_number)
    if type(first) is not dict:
        return False
    message = first.get("message")
    if type(message) is dict:
        draft.output = message_text(aloud(message))
        draft.reasoning = _reasoning(message, draft)
        plain = type(message.get("content")) is str and not set(message) - {"role", "content"}
    else:
        draft.output = content_text(first.get("text"))
        plain = "logprobs" not in first
    _answer_finish(key, first.get("finish_reason"), draft)
    if others:
        put_others(list(map(_choice_text, others)), draft)
    return plain and len(value) == 1


def _answer_output(_key: str, value: Any, draft: Draft) -> bool:
    """The `output` items of the responses API, which all stay in `extra` too."""
    if type(value) is not list:
        return False
    told = []
    for item in value:
        if type(item) is not dict:
            continue
        kind = item.get("type")
        if kind == "message":
            content = item.get("content")
            told.append(spoken(content) if type(content) is list else content_text(content))
        elif type(kind) is str and kind.endswith(("_call", "_approval_request")):
            told.append(call_text(item))
    draft.output = "\n".join(filter(None, told))
    draft.reasoning = read_thoughts(value, draft)
    return False


def _answer_parameter(key: str, value: Any, draft: Draft) -> bool:
    """What the responses API and stored completions repeat of the request."""
    target, kind = PARAMETERS[key]
    return target not in draft.fields and draft.put(target, kind, value)


def _answer_instructions(_key: str, value: Any, draft: Draft) -> bool:
    told = content_text(value) if type(value) in (str, list) and not draft.system else ""
    draft.system = draft.system or told
    return value is None or (type(value) is str and draft.system == value)


def _answer_before(_key: str, value: Any, draft: Draft) -> bool:
    if not draft.prompt:
        note_kept_before(value, draft)
    return value is None


def _answer_conversation(_key: str, value: Any, draft: Draft) -> bool:
    """The conversation that the provider keeps a response in."""
    found = value.get("id") if type(value) is dict else value
    if "conversation_id" not in draft.fields and type(found) is str:
        draft.fields["conversation_id"] = found
        return type(value) is str or len(value) == 1
    return value is None


def _answer_status(_key: str, value: Any, draft: Draft) -> bool:
    """How a response ended, unless its `incomplete_details` say more."""
    return "finish_reason" not in draft.fields and draft.put("finish_reason", str, value)


def _answer_incomplete(_key: str, value: Any, draft: Draft) -> bool:
    if type(value) is dict and type(value.get("reason")) is str:
        draft.fields["finish_reason"] = value["reason"]
    return value is None


def _answer_error(_key: str, value: Any, draft: Draft) -> bool:
    read_error(value, draft)
    return value is None


_ANSWERS = {
    "id": _answer_id,
    "model": _answer_model,
    "created": _answer_time,
    "created_at": _answer_time,
    "content": _answer_content,
    "choices": _answer_choices,
    BESIDE: _answer_beside,
    "output": _answer_output,
    "stop_reason": _answer_finish,
    "usage": _answer_usage,
    "usage_metadata": _answer_usage,
    "usageMetadata": _answer_usage,
    "metrics": _answer_latency,
    "amazon-bedrock-invocationMetrics": _answer_metrics,
    "instructions": _answer_instructions,
    "previous_response_id": _answer_before,
    "conversation": _answer_conversation,
    "error": _answer_error,
    "status": _answer_status,
    "incomplete_details": _answer_incomplete,
    **dict.fromkeys(
        ("temperature", "top_p", "seed", "max_output_tokens", "user", "safety_identifier"),
        _answer_parameter,
    ),
}
