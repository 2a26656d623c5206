"""Bodies of Gemini, Bedrock and older models in the terms of the common ones: the words stay, the keys change.

Source: Vertex AI `GenerateContentRequest`; AWS Bedrock `Converse`, inference parameters of Titan, Llama,
Cohere, Mistral and Claude 2.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import BESIDE
from casekit.ingest.strict_json import encode

Body = dict[str, Any]

_NAMES: dict[str, str] = {
    "maxTokens": "max_tokens",
    "maxOutputTokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "max_new_tokens": "max_tokens",
    "maxTokenCount": "max_tokens",
    "max_gen_len": "max_tokens",
    "max_tokens_to_sample": "max_tokens",
    "topP": "top_p",
    "p": "top_p",
    "topK": "top_k",
    "k": "top_k",
    "candidateCount": "n",
    "stopSequences": "stop",
    "num_generations": "n",
}
_CONFIGS = (
    "generationConfig",
    "generation_config",
    "inferenceConfig",
    "textGenerationConfig",
    "additionalModelRequestFields",
    "parameters",
)
_FILES = frozenset(
    {"image", "document", "video", "audio", "inlineData", "inline_data", "fileData", "file_data"}
)


def request_in_common_terms(untrusted_body: Body) -> Body:
    """A request with `messages` and the common names of its parameters; one that has them is left as it is."""
    body: Body = {}
    for key, value in untrusted_body.items():
        if key in _CONFIGS and type(value) is dict:
            for name, each in value.items():
                body[_NAMES.get(str(name), str(name))] = each
        elif key == "contents":
            body["messages"] = _contents(value)
        elif key in ("systemInstruction", "system_instruction"):
            body["system"] = _parts(value.get("parts") if type(value) is dict else value)
        elif key == "messages" and type(value) is list:
            body[key] = [_message(each) for each in value]
        elif key == "system" and type(value) is list:
            body[key] = _parts(value)
        elif key in ("inputText", "message") and type(value) is str:
            body["prompt"] = value
        elif (
            key == "instances"
            and type(value) is list
            and len(value) == 1
            and type(value[0]) is dict
        ):
            body.update(_instance(value[0]))
        elif key == "modelId":
            body["model"] = value
        else:
            body[_NAMES.get(key, key)] = value
    return body


def _instance(instance: Body) -> Body:
    """The one instance of a PaLM request."""
    for key in ("prompt", "content"):
        if type(instance.get(key)) is str:
            rest = {name: value for name, value in instance.items() if name != key}
            return {**rest, "prompt": instance[key]}
    if type(instance.get("messages")) is list:
        messages = [
            {"role": str(each.get("author") or "user"), "content": each.get("content")}
            for each in instance["messages"]
            if type(each) is dict
        ]
        rest = {
            name: value for name, value in instance.items() if name not in ("messages", "context")
        }
        context = instance.get("context")
        return {**rest, "messages": messages, **({"system": context} if context else {})}
    return {"instances": [instance]}


def _contents(value: Any) -> list[Body]:
    """Gemini's turns: a text, one turn or a list of them."""
    turns: list[Any] = value if type(value) is list else [value]
    return [
        {"role": each.get("role") or "user", "content": _parts(each.get("parts"))}
        if type(each) is dict and "parts" in each
        else {"role": "user", "content": each if type(each) is str else _parts([each])}
        for each in turns
    ]


def _message(message: Any) -> Any:
    if type(message) is not dict or type(message.get("content")) is not list:
        return message
    return {**message, "content": _parts(message["content"])}


def _parts(parts: Any) -> Any:
    if type(parts) is dict:
        parts = [parts]
    return list(map(common_part, parts)) if type(parts) is list else parts


def common_part(part: Any) -> Any:
    """A part of a turn with its `type`; one that has it is left as it is."""
    if type(part) is not dict or type(part.get("type")) is str:
        return part
    if type(part.get("text")) is str:
        if part.get("thought") is True:
            signed = part.get("thoughtSignature", part.get("thought_signature"))
            thought: Body = {"type": "thinking", "thinking": part["text"]}
            return {**thought, "signature": signed} if signed else thought
        return {"type": "text", **part}
    for key, value in part.items():
        if type(value) is dict:
            found = _keyed(key, value)
            if found is not None:
                rest = {name: other for name, other in part.items() if name != key}
                return {**found, **rest}
    return {"type": next(iter(part), "part"), **part}


def _keyed(key: str, value: Body) -> Body | None:
    """What a part with one telling key says."""
    if key == "reasoningContent":
        inner = value.get("reasoningText")
        if type(inner) is dict:
            signed = {"signature": inner["signature"]} if "signature" in inner else {}
            return {"type": "thinking", "thinking": inner.get("text"), **signed}
        return {"type": "redacted_thinking", "data": value.get("redactedContent")}
    if key in ("functionCall", "function_call"):
        return {"type": "tool_use", "name": value.get("name"), "input": value.get("args")}
    if key == "toolUse":
        name, given = value.get("name"), value.get("input")
        return {"type": "tool_use", "id": value.get("toolUseId"), "name": name, "input": given}
    if key in ("functionResponse", "function_response"):
        said = encode(value.get("response"))
        return {"type": "tool_result", "name": value.get("name"), "content": said}
    if key == "toolResult":
        content = value.get("content")
        said_parts = [
            {"type": "text", "text": encode(each["json"])} if type(each) is dict and "json" in each
            else common_part(each)
            for each in (content if type(content) is list else [content])
        ]  # fmt: skip
        return {"type": "tool_result", "tool_use_id": value.get("toolUseId"), "content": said_parts}
    if key == "guardContent" and type(value.get("text")) is dict:
        guarded = value["text"]
        return {
            "type": "text",
            "text": guarded.get("text"),
            "qualifiers": guarded.get("qualifiers"),
        }
    return {"type": key, key: value} if key in _FILES else None


def response_in_common_terms(untrusted_body: Body) -> Body | None:
    """An answer of one of these as a message with `content`, or None if it is none of them."""
    body = untrusted_body
    output = body.get("output")
    if type(output) is dict and type(output.get("message")) is dict:
        return _renamed(
            body,
            {"stopReason": "stop_reason"},
            ("output",),
            _parts(output["message"].get("content")),
        )
    candidates = body.get("candidates")
    if type(candidates) is list:
        return _candidates(body, candidates)
    for key, inner in (("results", "outputText"), ("generations", "text"), ("outputs", "text")):
        listed = body.get(key)
        found: list[Any] = listed if type(listed) is list else []
        first = found[0] if found else None
        if type(first) is dict and type(first.get(inner)) is str:
            reason = first.get(
                "completionReason", first.get("finish_reason", first.get("stop_reason"))
            )
            made = {**body, "stop_reason": reason}
            drop = (key,) if found == [first] else ()
            others = [each.get(inner) for each in found[1:] if type(each) is dict]
            return _beside(_renamed(made, {}, drop, first[inner]), others)
    for key in ("outputText", "generation", "completion", "text"):
        if type(body.get(key)) is str:
            return _renamed(
                body,
                {"completionReason": "stop_reason", "finish_reason": "stop_reason"},
                (key,),
                body[key],
            )
    return None


def _candidates(body: Body, candidates: list[Any]) -> Body:
    first, *others = sorted(filter(_is_object, candidates), key=_number) or [{}]
    parts = _own_parts(first)
    rest = {
        key: value
        for key, value in first.items()
        if key not in ("content", "finishReason", "index")
    }
    made = {
        **body,
        "stop_reason": first.get("finishReason"),
        **({"candidate": rest} if rest else {}),
    }
    names = {
        "modelVersion": "model",
        "responseId": "id",
        "createTime": "created_at",
        "usageMetadata": "usage",
    }
    drop = ("candidates",) if len(candidates) < 2 else ()
    return _beside(_renamed(made, names, drop, parts), list(map(_own_parts, others)))


def _is_object(value: Any) -> bool:
    return type(value) is dict


def _number(candidate: Body) -> int:
    found = candidate.get("index")
    return found if type(found) is int else 0


def _own_parts(candidate: Body) -> Any:
    content = candidate.get("content")
    return _parts(content.get("parts") if type(content) is dict else None) or []


def _beside(body: Body, others: list[Any]) -> Body:
    """The body with its answers beside the first, if there are any."""
    return {**body, BESIDE: others} if others else body


def _renamed(body: Body, names: dict[str, str], drop: tuple[str, ...], content: Any) -> Body:
    made = {names.get(key, key): value for key, value in body.items() if key not in drop}
    return {**made, "role": "assistant", "content": content}
