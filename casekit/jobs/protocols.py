"""How a model is asked in the two protocols that most endpoints speak, and what an answer's bytes amount to.

Source: OpenAI, Chat Completions (`POST …/chat/completions`); Anthropic, Messages (`POST …/messages`,
version 2023-06-01).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from casekit.errors import CaseKitError

REFUSED = (400, 413, 422)  # this prompt will not be answered
STOPS = (401, 402, 403, 404, 405)  # none will
BUSY = (429, 503, 529)
KEY_FIELDS = {"openai": "Authorization: Bearer ", "anthropic": "x-api-key: "}
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ENDS = {"openai": "chat/completions", "anthropic": "messages"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer amounts to.

    Attributes:
        state: `answered`, `refused`, `busy`, `stop`, or what is tried again: `failed` (the server's own fault),
            `cut`, `unreadable`.
        error: In words, where it is not answered.
        input_tokens: As the answer tells, else None; likewise `output_tokens`.
    """

    state: str
    error: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None


def address(protocol: str, url: str) -> str:
    """Where questions go: the address given, with the protocol's own end unless it has that already."""
    base, end = url.rstrip("/"), _ENDS[protocol]
    return base if base.endswith(f"/{end}") else f"{base}/{end}"


def checked_address(url: str) -> tuple[str, str]:
    """Host and path of an address that may be asked.

    Raises:
        CaseKitError: It may not.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CaseKitError("“{url}” is no address of an endpoint.", url=url) from error
    host = parts.hostname or ""
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[a-z0-9.:-]+", host)
        or parts.username
        or parts.query
        or parts.fragment
        or not re.fullmatch(r"[!-~]*", parts.path)
    ):
        raise CaseKitError(
            "“{url}” is no address of an endpoint: it begins with https:// and has neither a name, a "
            "password nor a question mark in it.",
            url=url,
        )
    if parts.scheme == "http" and host not in _LOCAL:
        raise CaseKitError(
            "The address must begin with https://: without it the key and the answers can be read and "
            "changed on the way. Only an endpoint on this machine may be asked without."
        )
    shown = f"[{host}]" if ":" in host else host
    return (f"{shown}:{port}" if port else shown), parts.path or "/"


def fields(protocol: str) -> dict[str, str]:
    """Header fields that the protocol wants."""
    return {"anthropic-version": "2023-06-01"} if protocol == "anthropic" else {}


def body(protocol: str, model: str, prompt: str, parameters: Mapping[str, Any]) -> bytes:
    """The request's JSON.

    Args:
        protocol: `openai` or `anthropic`.
        model: As the endpoint names it.
        prompt: Sent as the one message of the user, unchanged.
        parameters: `temperature`, `max_tokens`, `stream`, and `system` where there is one.
    """
    system = parameters.get("system") or ""
    messages = [{"role": "user", "content": prompt}]
    made: dict[str, Any] = {"model": model, "max_tokens": parameters["max_tokens"]}
    if protocol == "anthropic":
        made |= {"system": system} if system else {}
    elif system:
        messages.insert(0, {"role": "system", "content": system})
    made |= {"messages": messages, "temperature": parameters["temperature"]}
    if parameters.get("stream"):
        made["stream"] = True
        if protocol == "openai":
            made["stream_options"] = {"include_usage": True}
    return json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")


def judge(status: int | None, content_type: str, data: bytes) -> Verdict:
    """What a whole HTTP answer amounts to."""
    if status is None:
        return Verdict("unreadable", "no status")
    if status != 200:
        said = f"HTTP {status}{_reason(data)}"
        if status in BUSY:
            return Verdict("busy", said)
        if status in REFUSED:
            return Verdict("refused", said)
        if status in STOPS or 300 <= status < 400:
            return Verdict("stop", said)
        return Verdict("failed", said)
    if "event-stream" in content_type:
        return _streamed(data)
    value = _json(data)
    if not isinstance(value, dict):
        return Verdict("unreadable", "the answer is no JSON")
    if value.get("error"):
        return Verdict("failed", f"an error in the answer{_reason(data)}")
    if not isinstance(value.get("choices", value.get("content")), list):
        return Verdict("unreadable", "the answer has neither choices nor content")
    return Verdict("answered", "", *_usage(value.get("usage")))


def _streamed(data: bytes) -> Verdict:
    """A stream counts as answered only if it says itself that it has ended."""
    ended, error = False, ""
    spent: list[int | None] = [None, None]
    for text in _events(data):
        if text == "[DONE]":
            ended = True
            continue
        value = _json(text.encode())
        if not isinstance(value, dict):
            return Verdict("unreadable", "an event of the stream is no JSON")
        ended = ended or value.get("type") == "message_stop"
        error = error or (_reason(text.encode()) if value.get("error") else "")
        message = value.get("message")
        for usage in (
            value.get("usage"),
            message.get("usage") if isinstance(message, dict) else None,
        ):
            for place, count in enumerate(_usage(usage)):
                spent[place] = count if count is not None else spent[place]
    if error:
        return Verdict("failed", f"an error in the stream{error}")
    if not ended:
        return Verdict("cut", "the stream ends without saying so", *spent)
    return Verdict("answered", "", *spent)


def _events(data: bytes) -> Iterator[str]:
    for event in re.split(r"\r?\n\r?\n|\r\r", data.decode("utf-8", "replace")):
        found = [
            line[5:].removeprefix(" ") for line in event.splitlines() if line.startswith("data:")
        ]
        if found:
            yield "\n".join(found)


def _usage(value: object) -> tuple[int | None, int | None]:
    if not isinstance(value, dict):
        return None, None
    asked = value.get("input_tokens", value.get("prompt_tokens"))
    given = value.get("output_tokens", value.get("completion_tokens"))
    return _count(asked), _count(given)


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None


def _json(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _reason(data: bytes) -> str:
    """What the server says of an error, shortened; empty if it says nothing."""
    value = _json(data)
    error = value.get("error") if isinstance(value, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    return f": {' '.join(said.split())[:200]}" if isinstance(said, str) and said.strip() else ""
