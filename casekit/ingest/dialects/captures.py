"""Recorded HTTP calls in JSON and YAML: an entry of a HAR file, an interaction of a test cassette.

Source: HAR 1.2 (W3C web performance working group, 2012); vcrpy `serializers/compat.py`; Ruby's `vcr`
4, betamax and go-vcr 3, which write the same with other names.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.headers import Fields, as_fields, first
from casekit.ingest.dialects.http_calls import Call, read_call
from casekit.ingest.dialects.times import printed_milliseconds, read_time
from casekit.ingest.http_body import undo_codings
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.mail.words import from_base64
from casekit.ingest.parsed import Problem, When
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_HAR_REQUEST = frozenset({"method", "url", "httpVersion", "headers", "cookies", "queryString"})
_HAR_RESPONSE = frozenset({"status", "headers", "cookies", "content"})
_HAR_ENTRY = frozenset({"request", "response", "startedDateTime", "time"})
_SAID_TWICE = frozenset({"headersSize", "bodySize"})
_MOST_LATENCY = 10**12


def read_har_entry(record: Record, draft: Draft) -> bool:
    """An entry of a HAR file: one call that a browser, a proxy or a test tool recorded."""
    request, response = record.get("request"), record.get("response")
    if type(request) is not dict or type(request.get("url")) is not str:
        return False
    if type(request.get("method")) is not str:
        return False
    if "startedDateTime" not in record and not (
        type(response) is dict and type(response.get("content")) is dict
    ):
        return False
    response = response if type(response) is dict else {}
    question, asked_rest = _har_question(request.get("postData"))
    answer, problems, answered_rest = _har_answer(response.get("content"))
    rest: Record = {key: value for key, value in record.items() if key not in _HAR_ENTRY}
    _put_rest(rest, "request_rest", request, _HAR_REQUEST | {"postData"}, asked_rest)
    _put_rest(rest, "response_rest", response, _HAR_RESPONSE, answered_rest)
    for key in ("creator", "browser"):
        if type(draft.around.get(key)) is dict:
            rest[key] = draft.around[key]
    page = _page_title(record.get("pageref"), draft)
    if page:
        rest["page_title"] = page
    asked, answered = as_fields(request.get("headers")), as_fields(response.get("headers"))
    if answer is not None and not first(answered, "content-type"):
        answered = _with_type(answered, response.get("content"))
    if answer is None and _promised(response):
        draft.missing += ("body-elsewhere",)
        said = "The capture was saved without the answer's body."
        problems += (Problem("parse", "no-body", said),)
    status = response.get("status")
    call = Call(
        request["method"],
        request["url"],
        asked,
        question,
        status if type(status) is int and 0 < status < 1000 else None,
        answered,
        answer,
        when=read_time(record.get("startedDateTime"), "startedDateTime"),
        latency_ms=_milliseconds(record.get("time")),
        ttft_ms=_wait(record.get("timings")),
        error=_text(response.get("_error")),
        rest=rest,
        problems=problems,
    )
    read_call(call, draft)
    lines = _socket_lines(record.get("_webSocketMessages"))
    if lines and draft.kind == "request":
        body = dict(draft.texts).get("body", "")
        draft.texts = (("body", "\n".join((body, *lines))[:MAX_TEXT]),)
    return True


def _socket_lines(untrusted_messages: Any) -> list[str]:
    """The texts that a web socket carried, as Chrome writes them, with an arrow for who sent each."""
    arrows = {"send": "→", "receive": "←"}
    return [
        f"{arrows.get(str(each.get('type')), '·')} {each['data']}"
        for each in (untrusted_messages if type(untrusted_messages) is list else ())
        if type(each) is dict and each.get("opcode") in (1, None) and type(each.get("data")) is str
    ]


def _har_question(untrusted_post: Any) -> tuple[str | bytes | None, Record]:
    if type(untrusted_post) is not dict:
        return None, {}
    text = untrusted_post.get("text")
    rest = {key: value for key, value in untrusted_post.items() if key != "text" and value}
    if type(text) is not str or not text:
        return None, {"postData": rest} if rest else {}
    found: str | bytes = text
    if untrusted_post.get("encoding") == "base64" or untrusted_post.get("_encoding") == "base64":
        found = _from_base64(text)[0]
    return found, {"postData": rest} if rest else {}


def _har_answer(untrusted_content: Any) -> tuple[str | bytes | None, tuple[Problem, ...], Record]:
    if type(untrusted_content) is not dict:
        return None, (), {}
    rest = {key: value for key, value in untrusted_content.items() if key != "text"}
    text = untrusted_content.get("text")
    if type(text) is not str or not text:
        return None, (), {"content": rest} if rest else {}
    if str(untrusted_content.get("encoding", "")).lower() != "base64":
        return text, (), {"content": rest}
    data, problems = _from_base64(text)
    if data[:3] == b"\x1f\x8b\x08":  # some tools store what came over the wire
        body = undo_codings(data, "gzip")
        return body.data, (*problems, *body.problems()), {"content": rest}
    return data, problems, {"content": rest}


def _from_base64(text: str) -> tuple[bytes, tuple[Problem, ...]]:
    data, whole = from_base64(text.encode("utf-8", "replace"))
    if whole and text.isascii():
        return data, ()
    said = "A body is no base64, though the record says so; it is kept as text."
    return text.encode("utf-8", "replace"), (Problem("parse", "bad-base64", said),)


def _put_rest(rest: Record, name: str, part: Record, known: frozenset[str], more: Record) -> None:
    left = {
        key: value
        for key, value in part.items()
        if key not in known and key not in _SAID_TWICE and value not in (None, "", [], {})
    }
    left.update(more)
    if left:
        rest[name] = left


def _with_type(fields: Fields, content: Any) -> Fields:
    declared = content.get("mimeType") if type(content) is dict else None
    return [*fields, ("content-type", declared)] if type(declared) is str and declared else fields


def _promised(response: Record) -> bool:
    """Whether the answer had a body that the file does not hold."""
    content = response.get("content")
    size = content.get("size") if type(content) is dict else None
    return type(size) in (int, float) and int(size or 0) > 0 and response.get("status") != 304


def _page_title(reference: Any, draft: Draft) -> str:
    pages = draft.around.get("pages")
    for page in pages if type(pages) is list and reference else ():
        if type(page) is dict and page.get("id") == reference:
            return _text(page.get("title"))
    return ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if type(value) is str else encode(value)


def _milliseconds(value: Any) -> int | None:
    number = _number(value)
    return round(number) if number is not None and number > 0 else None


def _wait(timings: Any) -> int | None:
    """Until the first byte of the answer: all that comes before `receive` (HAR 1.2, timings)."""
    if type(timings) is not dict:
        return None
    names = ("blocked", "dns", "connect", "send", "wait")  # `ssl` is part of `connect`
    return round(sum(_number(timings.get(name)) or 0.0 for name in names)) or None


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and 0 <= value < _MOST_LATENCY:
        return float(value)
    return None


# -- cassettes -------------------------------------------------------------------------------------

_INTERACTION = frozenset({"request", "response", "recorded_at"})
_ASK = frozenset({"method", "uri", "url", "headers", "body", "parsed_body"})
_TOLD = frozenset({
    "status", "headers", "body", "code", "status_code", "parsed_body", "content", "duration",
})  # fmt: skip


def read_interaction(record: Record, draft: Draft) -> bool:
    """An interaction of a cassette: a request and its answer as a test recorded them."""
    request, response = record.get("request"), record.get("response")
    if type(request) is not dict or type(response) is not dict:
        return False
    url = request.get("uri", request.get("url"))
    if type(url) is not str or type(request.get("method")) is not str:
        return False
    status = _status(response)
    if status is None or _BODIES.isdisjoint(response):
        return False
    asked, answered = as_fields(request.get("headers")), as_fields(response.get("headers"))
    question, first_problems = _recorded(_body_of(request), asked)
    answer, problems = _recorded(_body_of(response), answered)
    rest: Record = {key: value for key, value in record.items() if key not in _INTERACTION}
    _put_rest(rest, "request_rest", request, _ASK, {})
    _put_rest(rest, "response_rest", response, _TOLD, {})
    when: When | None = read_time(record.get("recorded_at"), "recorded_at")
    call = Call(
        request["method"].upper(), url, asked, question, status, answered, answer, when=when,
        rest=rest, problems=(*first_problems, *problems),
        latency_ms=printed_milliseconds(response.get("duration")),
    )  # fmt: skip
    read_call(call, draft)
    return True


_BODIES = frozenset({"body", "parsed_body", "content"})


def _body_of(part: Record) -> Any:
    """The body under the name that its recorder gives it; `parsed_body` is the JSON that it held."""
    if "parsed_body" in part and not part.get("body"):
        return encode(part["parsed_body"])
    found = part.get("body")
    return part.get("content") if found is None and "status_code" in part else found


# -- recordings of Node.js -------------------------------------------------------------------------


def read_nock(record: Record, draft: Draft) -> bool:
    """A call that nock recorded; its answer is JSON, a text, or the packed bytes as hexadecimal texts.

    Source: nock/nock `lib/recorder.js`.
    """
    scope, path, status = record.get("scope"), record.get("path"), record.get("status")
    if type(scope) is not str or type(path) is not str or type(status) is not int:
        return False
    if type(record.get("method")) is not str or "response" not in record:
        return False
    named = record.get("rawHeaders", record.get("headers"))
    pairs: Any = named
    if type(named) is list and all(type(each) is str for each in named):
        pairs = [list(each) for each in zip(named[::2], named[1::2], strict=False)]
    answered, asked = as_fields(pairs), as_fields(record.get("reqheaders"))
    answer: Any = record["response"]
    packed = type(answer) is list and bool(answer) and all(type(each) is str for each in answer)
    with suppress(ValueError):
        answer = bytes.fromhex("".join(answer)) if packed else answer
    question, first_problems = _recorded(record.get("body") or None, asked)
    found, problems = _recorded(answer, answered)
    used = (
        "scope",
        "path",
        "status",
        "method",
        "response",
        "rawHeaders",
        "headers",
        "reqheaders",
        "body",
    )
    call = Call(
        record["method"].upper(), scope.removesuffix(":443") + path, asked, question, status, answered, found,
        rest={key: value for key, value in record.items() if key not in used},
        problems=(*first_problems, *problems),
    )  # fmt: skip
    read_call(call, draft)
    return True


def _status(response: Record) -> int | None:
    status = response.get("status")
    if type(status) is dict:
        status = status.get("code")
    for each in (status, response.get("code"), response.get("status_code")):
        if type(each) is str and each[:3].isdecimal():
            each = int(each[:3])
        if type(each) is int and 100 <= each <= 999:
            return each
    return None


def _recorded(body: Any, fields: Fields) -> tuple[bytes | str | None, tuple[Problem, ...]]:
    """A body in any of the ways that cassettes write one, its content coding undone."""
    found: bytes | str | None = None
    problems: tuple[Problem, ...] = ()
    if type(body) is dict:
        packed = next(
            (body[key] for key in ("base64_string", "base64") if type(body.get(key)) is str), None
        )
        if packed is not None:
            found, problems = _from_base64(packed)
        elif type(body.get("string")) in (str, bytes):
            found = body["string"]
        elif body and "string" not in body and "encoding" not in body:
            found = encode(body)
    elif type(body) in (str, bytes):
        found = body
    elif type(body) is list:
        found = encode(body)
    coding = first(fields, "content-encoding")
    if isinstance(found, str) and (coding or found[:1] == "\x1f") and not found.isascii():
        unpacked = _from_letters(found, coding or "gzip")
        if unpacked is not None:
            return unpacked, problems
    if type(found) is bytes:
        undone = undo_codings(found, coding)
        return undone.data, (*problems, *undone.problems())
    return found or None, problems


def _from_letters(text: str, coding: str) -> bytes | None:
    """What a packed body gives that was written as a Latin-1 letter a byte; None if the text is none."""
    try:
        undone = undo_codings(text.encode("latin-1"), coding)
    except UnicodeEncodeError:
        return None
    return None if undone.troubles or undone.data == text.encode("latin-1") else undone.data
