"""Bodies of Gemini, Bedrock and older models in the terms of the common ones: the words stay, the keys change.

Source: Vertex AI `GenerateContentRequest`; Gemini `Interaction`; AWS Bedrock `Converse`, inference parameters
of Titan, Llama, Cohere, Mistral and Claude 2; Cohere API v1 and v2; ollama/ollama `docs/api.md`; IBM watsonx.ai
`text_generation`; huggingface/text-generation-inference.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import BESIDE
from casekit.ingest.dialects.values import text_at
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
    "num_predict": "max_tokens",
    "maxLength": "max_tokens",
    "inputs": "prompt",
    "preamble": "system",
    "model_id": "model",
    "modelId": "model",
}
_CONFIGS = (
    "generationConfig",
    "generation_config",
    "inferenceConfig",
    "textGenerationConfig",
    "additionalModelRequestFields",
    "parameters",
    "options",
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
        else:
            body.update(_named(key, value, untrusted_body))
    if type(body.get("chat_history")) is list and type(body.get("prompt")) is str:
        turns = [*map(_turn, body.pop("chat_history")), _turn({"message": body.pop("prompt")})]
        body["messages"] = turns
    return body


def _named(key: str, value: Any, untrusted_body: Body) -> Body:
    """One key of a request under its common name; what a vector is asked for is its `input`."""
    if key == "input" and type(value) is list:
        return {key: list(map(_step, value))}
    if key == "requests" and type(value) is list:
        texts = list(map(_text_of, value))
        return {"input": texts} if texts and all(texts) else {key: value}
    if key == "content" and _text_of(untrusted_body):
        return {"input": _text_of(untrusted_body)}
    if key == "texts" and type(value) is list:
        return {"input": value}
    if key == "agent" and "input" in untrusted_body and "model" not in untrusted_body:
        return {"model": value}
    return {_NAMES.get(key, key): value}


def _turn(turn: Any) -> Any:
    """A turn of Cohere's first API, whose roles are USER, CHATBOT, SYSTEM and TOOL."""
    if type(turn) is not dict:
        return turn
    role = str(turn.get("role") or "user").lower()
    said = turn["message"] if "message" in turn else encode(turn)
    return {"role": "assistant" if role == "chatbot" else role, "content": said}


def _text_of(request: Any) -> str:
    """The text that Gemini is to make a vector of."""
    content = request.get("content") if type(request) is dict else None
    parts = content.get("parts") if type(content) is dict else None
    found = (
        [each.get("text") for each in parts if type(each) is dict] if type(parts) is list else []
    )
    return "\n".join(each for each in found if type(each) is str)


def _step(step: Any) -> Any:
    """A step of a Gemini interaction as a message; anything else as it is."""
    if type(step) is not dict or type(step.get("role")) is str:
        return step
    role = _STEPS.get(str(step.get("type")))
    return {**step, "role": role} if role else step


_STEPS = {"user_input": "user", "model_output": "assistant", "text": "user"}


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
    if key in ("executableCode", "executable_code"):
        return {"type": "tool_use", "name": value.get("language"), "input": value.get("code")}
    if key in ("codeExecutionResult", "code_execution_result"):
        return {
            "type": "tool_result",
            "content": value.get("output"),
            "outcome": value.get("outcome"),
        }
    if key == "toolResult":
        content = value.get("content")
        said_parts = [
            {"type": "text", "text": encode(each["json"])} if type(each) is dict and "json" in each
            else common_part(each)
            for each in (content if type(content) is list else [content])
        ]  # fmt: skip
        return {"type": "tool_result", "tool_use_id": value.get("toolUseId"), "content": said_parts}
    if key == "citationsContent" and type(value.get("content")) is list:
        said = "".join(text_at(each, "text") for each in value["content"])
        return {"type": "text", "text": said, "citations": value.get("citations")}
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
    if type(body.get("promptFeedback")) is dict and "candidates" not in body:
        return _candidates(body, [])  # the question was refused
    if is_interaction(body):
        return _interaction(body)
    if type(body.get("message")) is dict and (is_ollama(body) or "finish_reason" in body):
        return _one_message(body, body["message"])
    if is_ollama(body):
        return _renamed(
            _counted(body), {"done_reason": "stop_reason"}, ("response",), body["response"]
        )
    body = _counted(body)
    for key, inner in (
        ("results", "outputText"), ("generations", "text"), ("outputs", "text"),
        ("results", "generated_text"),
    ):  # fmt: skip
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
    for key in ("outputText", "generation", "completion", "text", "generated_text"):
        if type(body.get(key)) is str:
            calls = _calls(body.get("tool_calls"))
            return _renamed(
                body,
                {"completionReason": "stop_reason", "finish_reason": "stop_reason"},
                (key,),
                [{"type": "text", "text": body[key]}, *calls] if calls else body[key],
            )
    return None


def is_ollama(untrusted_body: Any) -> bool:
    """Whether this is an answer of Ollama's own API; its words are nobody else's together."""
    return (
        type(untrusted_body) is dict
        and type(untrusted_body.get("done")) is bool
        and type(untrusted_body.get("model")) is str
        and (
            type(untrusted_body.get("message")) is dict
            or type(untrusted_body.get("response")) is str
        )
    )


def is_whole_of_ollama(untrusted_body: Body) -> bool:
    """Whether this is an answer of Ollama's that is no piece of a stream: it says something and is done."""
    if not is_ollama(untrusted_body) or untrusted_body["done"] is not True:
        return False
    message = untrusted_body.get("message")
    said = message if type(message) is dict else {"content": untrusted_body.get("response")}
    return bool(said.get("content") or said.get("tool_calls"))


def is_interaction(untrusted_body: Body) -> bool:
    """Whether this is a Gemini `Interaction`: its steps (outputs, up to 2026) hold the answer."""
    kept = untrusted_body.get("steps", untrusted_body.get("outputs"))
    if untrusted_body.get("object") == "interaction":
        return True
    return type(kept) is list and "status" in untrusted_body and "id" in untrusted_body


def _interaction(body: Body) -> Body:
    blocks: list[Any] = []
    listed = body.get("steps", body.get("outputs"))
    for step in listed if type(listed) is list else ():
        kind = step.get("type") if type(step) is dict else None
        if kind == "model_output" and type(step.get("content")) is list:
            blocks += step["content"]
        elif kind == "thought":
            told: Body = {"type": "thinking", "summary": step.get("summary") or ""}
            blocks.append({**told, "signature": step["signature"]} if "signature" in step else told)
        elif kind == "function_call":
            called = {
                "id": step.get("id"),
                "name": step.get("name"),
                "input": step.get("arguments"),
            }
            blocks.append({"type": "tool_use", **called})
        elif kind != "user_input":
            blocks.append(step)
    names = {"created": "created_at", "agent": "model"}
    return _renamed(body, names, ("steps", "outputs", "object"), blocks)


def _one_message(body: Body, message: Body) -> Body:
    """An answer of Ollama, or of Cohere's second API: one message, its thoughts and calls beside its text."""
    content = message.get("content")
    blocks = content if type(content) is list else [{"type": "text", "text": content or ""}]
    for key in ("thinking", "tool_plan"):
        if message.get(key):
            blocks = [{"type": "thinking", "thinking": message[key]}, *blocks]
    blocks = [*blocks, *_calls(message.get("tool_calls"))]
    plain = blocks == [{"type": "text", "text": content}]
    names = {"done_reason": "stop_reason", "finish_reason": "stop_reason"}
    rest = {
        key: value for key, value in message.items()
        if key not in ("role", "content", "thinking", "tool_plan", "tool_calls")
    }  # fmt: skip
    made = _renamed(_counted(body), names, ("message",), content if plain else blocks)
    return {**made, "message": rest} if rest else made


def _calls(listed: Any) -> list[Body]:
    """Calls of tools as blocks."""
    found: list[Body] = []
    for each in listed if type(listed) is list else ():
        inner = each.get("function") if type(each) is dict else None
        call = inner if type(inner) is dict else each if type(each) is dict else {}
        given = call.get("arguments", call.get("parameters"))
        known = {"id": each["id"]} if type(each) is dict and "id" in each else {}
        found.append({"type": "tool_use", **known, "name": call.get("name"), "input": given})
    return found


_COUNTED = {
    "inputTextTokenCount": "input_tokens",
    "prompt_token_count": "input_tokens",
    "prompt_eval_count": "input_tokens",
    "input_token_count": "input_tokens",
    "generation_token_count": "output_tokens",
    "eval_count": "output_tokens",
    "tokenCount": "output_tokens",
    "generated_token_count": "output_tokens",
}
"""Counts of tokens that stand beside the answer, not under `usage`."""


def _counted(body: Body) -> Body:
    """The body with its counts of tokens under `usage`, wherever Titan, Llama, Cohere and others put them."""
    results = body.get("results")
    first = results[0] if type(results) is list and results else None
    found: Body = {}
    for source in (first if type(first) is dict else {}, body):
        found.update({_COUNTED[key]: value for key, value in source.items() if key in _COUNTED})
    left = {key: value for key, value in body.items() if key not in _COUNTED}
    for key in ("usage", "meta"):
        told = body.get(key)
        if type(told) is not dict or not any(
            type(told.get(name)) is dict for name in ("tokens", "billed_units")
        ):
            continue
        counts = [told[name] for name in ("billed_units", "tokens") if type(told.get(name)) is dict]
        found.update({name: count for each in counts for name, count in each.items()})
        rest = {
            name: value for name, value in told.items() if name not in ("tokens", "cached_tokens")
        }
        if "cached_tokens" in told:
            found["cached_tokens"] = told["cached_tokens"]
        left.pop(key)
        if rest:
            left[f"{key}_rest"] = rest
    return {**left, "usage": found} if found and "usage" not in left else body


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
        "stop_reason": first.get("finishReason", _refused(body)),
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


def _refused(body: Body) -> Any:
    """Why Gemini gave no answer to a question."""
    feedback = body.get("promptFeedback")
    return feedback.get("blockReason") if type(feedback) is dict else None


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
