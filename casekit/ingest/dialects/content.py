"""The words of a message: its content in whatever parts it came, calls of tools, thinking apart.

Source: openai/openai-openapi 2.3.0; anthropics/anthropic-sdk-python `types/content_block.py`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.strict_json import encode

SILENT = ("thinking", "redacted_thinking", "reasoning")
"""Types of parts that are thinking and not said aloud."""


def content_text(content: Any) -> str:
    """The text of a message's content: a string, or its parts; other parts as a word in brackets."""
    if type(content) is str:
        return content
    if content is None:
        return ""
    if type(content) is dict:
        return _part_text(content)
    if type(content) is not list:
        return encode(content)
    if len(content) == 1:
        return _part_text(content[0])
    return "\n".join(filter(None, map(_part_text, content)))


def _part_text(part: Any) -> str:
    if type(part) is str:
        return part
    if type(part) is not dict:
        return encode(part)
    for key in ("text", "refusal", "value", "answer", "output_text", "transcript"):
        if type(part.get(key)) is str:
            return str(part[key])
    if type(part.get("text")) is dict:  # with its annotations, as in OpenAI's threads
        return _part_text(part["text"])
    kind = part.get("type")
    if kind in _CALLS:
        return call_text(part)
    if "content" in part:
        return content_text(part["content"])
    source = part.get("source")
    if type(source) is dict and source.get("type") in ("text", "content"):
        inside = content_text(source.get("data", source.get("content")))
        return "\n".join(filter(None, (f"[{kind}]", *map(_string, (part.get("title"), inside)))))
    return f"[{kind}]" if type(kind) is str and kind else encode(part)


_CALLS = (
    "tool_use", "function_call", "custom_tool_call", "server_tool_use", "tool_call", "mcp_tool_use",
)  # fmt: skip


def _string(value: Any) -> str:
    return value if type(value) is str else ""


def call_text(part: dict[str, Any]) -> str:
    """A call of a tool as one line; arguments that were text stay verbatim."""
    inner = next((part[key] for key in ("function", "custom") if type(part.get(key)) is dict), part)
    arguments = next((inner[key] for key in _GIVEN if inner.get(key) is not None), "")
    shown = arguments if type(arguments) is str else encode(arguments)
    return f"[{part.get('type') or 'function_call'} {inner.get('name') or ''}] {shown}"


_GIVEN = ("arguments", "input", "action", "code", "queries")
"""Under which keys a call says what was given to the tool."""


def message_text(message: dict[str, Any]) -> str:
    """A message's content, with its calls of tools below."""
    content = message.get("content")
    text = content if type(content) is str else content_text(content)
    if not text and type(message.get("audio")) is dict:
        text = _string(message["audio"].get("transcript"))
    calls = message.get("tool_calls")
    old = message.get("function_call")
    refusal = message.get("refusal")
    if type(refusal) is str and refusal not in text:
        text = f"{text}\n{refusal}" if text else refusal
    if not calls and not old:
        return text or content_text(refusal)
    shown = [call_text(each) for each in calls if type(each) is dict] if type(calls) is list else []
    if type(old) is dict:
        shown.append(call_text(old))
    return "\n".join(filter(None, (text, *shown)))


def labelled(turns: list[tuple[str, str]]) -> str:
    """What was asked: the text of a single user turn as it is, several turns each with its role."""
    if len(turns) == 1 and turns[0][0] in ("user", "human", "prompter"):
        return turns[0][1]
    return "\n\n".join(f"{role}: {text}" for role, text in turns)


def aloud(message: dict[str, Any]) -> dict[str, Any]:
    """A message without the parts that are thinking."""
    content = message.get("content")
    if type(content) is not list:
        return message
    return {
        **message,
        "content": [e for e in content if type(e) is not dict or e.get("type") not in SILENT],
    }


def spoken(blocks: list[Any]) -> str:
    """The blocks that are no thinking; texts that follow each other are one text, as they were cut."""
    shown: list[str] = []
    text_before = False
    for block in blocks:
        kind = block.get("type") if type(block) is dict else "text"
        if kind in SILENT:
            continue
        is_text = kind in ("text", "output_text")
        part = _part_text(block)
        if is_text and text_before:
            shown[-1] += part
        else:
            shown.append(part)
        text_before = is_text
    return "\n".join(filter(None, shown))


def read_thoughts(blocks: list[Any], draft: Draft) -> str:
    """The text of the blocks that are thinking; their signatures go to the draft, verbatim."""
    found, signed = [], []
    for block in blocks:
        if type(block) is not dict or block.get("type") not in SILENT:
            continue
        if block["type"] == "redacted_thinking":
            draft.note("redacted")
            continue
        text = block.get("thinking", block.get("text"))
        told = (text,) if text is not None else (block.get("summary"), block.get("content"))
        found += [each if type(each) is str else content_text(each) for each in told]
        if type(block.get("signature")) is str:
            signed.append(block["signature"])
    if any(signed):
        draft.fields["reasoning_signature"] = "\n".join(filter(None, signed))
    return "\n\n".join(filter(None, found))
