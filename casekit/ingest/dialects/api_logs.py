"""Records of calls to model APIs: a gateway's log line, a request with its response, a batch, one alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from casekit.ingest.dialects.bodies import (
    ANSWERING,
    is_bare_request,
    is_request,
    is_response,
    mended,
    read_request,
    read_response,
    read_vectors,
)
from casekit.ingest.dialects.content import call_text, content_text, read_thoughts
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.dialects.failures import is_failure, read_error, read_failure
from casekit.ingest.dialects.headers import (
    as_fields,
    read_request_fields,
    read_response_fields,
    without_secrets,
)
from casekit.ingest.dialects.sse import Stream, assembled, read_stream, tell_stream
from casekit.ingest.dialects.translate import (
    is_whole_of_ollama,
    request_in_common_terms,
    response_in_common_terms,
)
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Broken, body_of, put_unread

Record = dict[str, Any]

RULES: dict[str, Rule | None] = {
    **dict.fromkeys(
        ("ts", "timestamp", "time", "datetime", "date", "created_at", "created", "start_time",
         "startTime", "request_time", "logged_at")
    ),
    **dict.fromkeys(
        ("account_id", "account", "user_id", "user", "customer_id", "end_user"), ("account", str)
    ),
    **dict.fromkeys(("api_key_id", "api_key", "key_id", "api_key_hash"), ("api_key", str)),
    **dict.fromkeys(("request_id", "requestId", "custom_id", "id"), ("request_id", str)),
    **dict.fromkeys(("conversation_id", "session_id", "thread_id"), ("conversation_id", str)),
    **dict.fromkeys(("payment_id", "payment", "payment_ref"), ("payment", str)),
    **dict.fromkeys(
        ("client_ip", "requester_ip_address", "ip", "ip_address", "remote_addr"), ("ip", str)
    ),
    "asn": ("asn", int),
    **dict.fromkeys(("country", "country_code"), ("country", str)),
    "user_agent": ("user_agent", str),
    "ja3": ("ja3", str),
    "ja4": ("ja4", str),
    **dict.fromkeys(("org_id", "organization_id", "organisation_id"), ("organisation", str)),
    **dict.fromkeys(("project_id", "workspace_id"), ("project", str)),
    "trace_id": ("trace_id", str),
    "upstream_id": ("upstream_id", str),
    **dict.fromkeys(("referer", "referrer"), ("referer", str)),
    **dict.fromkeys(("ttft_ms", "time_to_first_token_ms"), ("ttft_ms", int)),
    **dict.fromkeys(("endpoint", "url", "path"), ("endpoint", str)),
    "provider": ("provider", str),
    "model": ("model", str),
    **dict.fromkeys(("status", "status_code", "http_status"), ("status", int)),
    **dict.fromkeys(("latency_ms", "duration_ms"), ("latency_ms", int)),
}  # fmt: skip
"""Where the keys of a log go; of several for one field the one named first here counts, wherever it stands."""

_RANK = {key: number for number, key in enumerate(RULES)}
_PERSONS: dict[str, Rule] = dict.fromkeys(("end_user", "user"), ("end_user", str))
_TEXT_ONLY = {str}
_BODIES = frozenset({"request", "response", "usage"})
_GEMINI_BATCH = frozenset({"key", "request", "response", "metadata"})
_BATCH_OUT = frozenset({"custom_id", "response", "error"})


# -- a request and its response, with what the gateway wrote around them ---------------------------


def read_pair(record: Record, draft: Draft) -> bool:
    """A record with `request`, `response` or both, whose bodies are those of a model API.

    The gateway log of `ts, account_id, …, request{}, response{}, usage{}` is one of these.
    """
    untrusted_request, untrusted_response = record.get("request"), record.get("response")
    opened_request, opened_response = _body(untrusted_request), _body(untrusted_response)
    stream = opened_response if isinstance(opened_response, Stream) else None
    request, asked = _common_request(opened_request)
    response = _common_response(opened_response if stream is None else stream.body)
    answered = is_response(response)
    begun = isinstance(request, Broken) and request.asking
    if not asked and not begun and (not answered or "custom_id" in record):
        return False
    _read_around(record, draft)
    if opened_request is not untrusted_request:
        _take_envelope(untrusted_request, "request", draft)
    if opened_response is not untrusted_response:
        _take_envelope(untrusted_response, "response", draft)
    if asked:
        read_request(request, draft, answered=bool(response))
    else:
        put_unread(request, "request", draft)
    if stream is not None:
        tell_stream(stream, draft)
    if answered:
        read_response(response, draft)
    else:
        if type(response) is dict and "error" in response:
            read_error(response, draft)
        if not read_vectors(response, draft):
            put_unread(response, "response", draft)
    if asked != answered and type(record.get("key")) is str and record.keys() <= _GEMINI_BATCH:
        _half_of_gemini_batch(draft, "request" if asked else "answer")
    return True


def _half_of_gemini_batch(draft: Draft, side: str) -> None:
    """A line of a Gemini batch: its other half is in another file, under the same `key`."""
    if "request_id" in draft.fields:  # the answer's own
        draft.fields.setdefault("upstream_id", draft.fields["request_id"])
    draft.fields["request_id"] = draft.extra.pop("key")
    draft.fields["joint"] = f"gemini-batch/{side}"
    draft.note("unjoined")


def _common_request(body: Any) -> tuple[Any, bool]:
    """A request of Gemini's or Bedrock's form in the common terms, any other as it is; whether it is one."""
    if type(body) is dict and ("contents" in body or "inferenceConfig" in body):
        body = request_in_common_terms(body)
    elif is_request(body):
        return body, True
    body = mended(body)
    return body, is_request(body)


def _common_response(body: Any) -> Any:
    """An answer of Gemini's, Bedrock's or Ollama's form in the common terms; any other as it is."""
    if type(body) is dict and (
        "candidates" in body
        or "promptFeedback" in body
        or type(body.get("output")) is dict
        or is_whole_of_ollama(body)
    ):
        return response_in_common_terms(body) or body
    return body


class _Plan(NamedTuple):
    """How the keys of records of one shape are sorted, worked out once: a log has millions of them."""

    texts: Callable[[Record], tuple[Any, ...]]
    text_targets: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    keys: dict[str, str]


@lru_cache(maxsize=1000)
def _plan(shape: tuple[str, ...]) -> _Plan:
    texts: dict[str, str] = {}
    numbers: dict[str, str] = {}
    others = []
    for key in sorted(shape, key=lambda key: _RANK.get(key, len(_RANK))):
        rule = RULES.get(key)
        if key in _PERSONS and rule is not None and rule[0] in texts:
            rule = _PERSONS[key]  # the account asked for somebody: the two must not be mixed up
        if rule is None or rule[0] in texts or rule[0] in numbers:
            if key not in _BODIES:
                others.append(key)
        elif rule[1] is str:
            texts[rule[0]] = key
        else:
            numbers[rule[0]] = key
    pairs = tuple((key, target) for target, key in numbers.items())
    if len(texts) < 2:  # an itemgetter of one key gives no tuple
        return _Plan(lambda _record: (), (), pairs, (*texts.values(), *others), {})
    return _Plan(itemgetter(*texts.values()), tuple(texts), pairs, tuple(others), texts)


def _read_around(record: Record, draft: Draft) -> None:
    """What the gateway wrote around the bodies."""
    fields, extra = draft.fields, draft.extra
    plan = _plan(tuple(record))
    values = plan.texts(record)
    if {*map(type, values)} == _TEXT_ONLY:
        fields.update(zip(plan.text_targets, values, strict=True))
    else:
        for target, value in zip(plan.text_targets, values, strict=True):
            if not draft.put(target, str, value):
                extra[plan.keys[target]] = value
    for key, target in plan.numbers:
        value = record[key]
        if type(value) is int and 0 <= value < 2**63:
            fields[target] = value
        elif not draft.put(target, int, value):
            draft.misfit(key, int, value)
    for key in plan.others:
        value = record[key]
        if key in RULES:
            draft.take_one(key, value, RULES[key])
        else:
            extra[key] = value
    usage = record.get("usage")
    if type(usage) is dict:
        usage = read_usage(usage, draft)
    if usage:
        extra["usage"] = usage


def _body(part: Any) -> Any:
    """The body of a request or response: bare, in an HTTP envelope, JSON in a string, `Stream`, `Broken`."""
    if type(part) is dict:
        inner = part.get("body")
        return part if inner is None else _body(inner)
    if type(part) is str and part[:1] == "{":
        return body_of(part)
    if type(part) is str or type(part) is list:
        return read_stream(part) or part
    return part


def _take_envelope(part: Any, name: str, draft: Draft) -> None:
    """What the HTTP envelope of a body says; what has no place goes to `extra`."""
    if type(part) is not dict:
        return
    rest = {key: value for key, value in part.items() if key != "body"}
    for key, target, kind in (
        ("status_code", "status", int), ("url", "endpoint", str), ("request_id", "request_id", str),
    ):  # fmt: skip
        if key in rest and target not in draft.fields and draft.put(target, kind, rest[key]):
            del rest[key]
    if "headers" in rest:
        rest["headers"] = _take_headers(rest["headers"], name, draft)
    if rest:
        draft.put_extra(f"{name}_envelope", rest)


def _take_headers(untrusted_headers: Any, name: str, draft: Draft) -> Any:
    """What HTTP headers tell; they all come back for `extra`, their keys and cookies masked."""
    fields = as_fields(untrusted_headers)
    if name == "request":
        read_request_fields(fields, draft)
    else:
        read_request_fields([each for each in fields if each[0].lower() == "user-agent"], draft)
        read_response_fields(fields, draft)
    masked = without_secrets(fields)
    if masked == [[key, value] for key, value in fields]:
        return untrusted_headers
    return masked


# -- OpenAI's and Anthropic's batches -------------------------------------------------------------


def read_batch_input(record: Record, draft: Draft) -> bool:
    """A line of a batch to be run: `custom_id` with `body` (OpenAI) or `params` (Anthropic).

    Its answer is in another file, under the same `custom_id`.
    """
    body: Any = record.get("body", record.get("params"))
    if "custom_id" not in record or not is_request(body):
        return False
    read_request(body, draft, answered=False)
    draft.note("unjoined")
    draft.fields["joint"] = f"{'openai' if 'body' in record else 'anthropic'}-batch/request"
    draft.take(_without(record, "body", "params"), RULES)
    return True


def read_batch_output(record: Record, draft: Draft) -> bool:
    """A line of a batch's results: an answer, or the error in its place.

    Its question is in another file, under the same `custom_id`.
    """
    if "custom_id" not in record:
        return False
    result: Any = record.get("result")
    joint = "openai-batch/answer"
    if type(result) is dict and type(result.get("type")) is str:
        joint = "anthropic-batch/answer"
        body: Any = result.get("message")
        outer = {**_without(record, "result"), **_without(result, "message", "type")}
        if result["type"] != "succeeded":
            draft.put("finish_reason", str, result["type"])
    else:
        body = _body(record.get("response"))
        body = body.body if isinstance(body, Stream) else body
        if not record.keys() >= _BATCH_OUT and not is_response(body):
            return False
        outer = _without(record, "response")
    draft.put("request_id", str, record["custom_id"])
    draft.note("unjoined")
    draft.fields["joint"] = joint
    for failed in (outer.get("error"), body if not is_response(body) else None):
        read_error(failed, draft)
    if body is not record.get("response"):
        _take_envelope(record.get("response"), "response", draft)
    if is_response(body):
        read_response(body, draft)
    elif not read_vectors(body, draft):
        put_unread(body, "response", draft)
    outer = {key: value for key, value in outer.items() if key != "error" or value is not None}
    draft.take(_without(outer, "custom_id"), RULES)
    return True


def _without(record: Record, *keys: str) -> Record:
    return {key: value for key, value in record.items() if key not in keys}


# -- one body alone -------------------------------------------------------------------------------


def read_alone_request(record: Record, draft: Draft) -> bool:
    """A request's body by itself: its answer is not in the record."""
    body, _ = _common_request(record)
    if not is_bare_request(body):
        return False
    read_request(body, draft, answered=False)
    return True


def read_alone_response(record: Record, draft: Draft) -> bool:
    """A response's body by itself: its question is not in the record."""
    if is_failure(record):
        read_failure(record, draft)
        return True
    if "model" in record and record.get("object") == "list" and read_vectors(record, draft):
        draft.collection = "api-log"
        draft.title = (
            f"Vectors of {draft.fields['model']}" if draft.fields.get("model") else "Vectors"
        )
        return True
    body = _common_response(record)
    if ("model" not in body and body is record) or not is_response(body):
        return False
    draft.put("request_id", str, body.get("request_id"))
    if is_whole_of_ollama(record):
        draft.fields["provider"] = "ollama"
        if type(took := record.get("total_duration")) is int:
            draft.put("latency_ms", int, took // 1_000_000)
    if record.get("stream") is True and "candidates" in record:
        draft.fields["stream"] = 1
        body = _without(body, "stream")
    read_response(_without(body, "request_id"), draft)
    return True


def piece_key(record: Record) -> str:
    """The id that the pieces of an answer of Gemini share, which streams as an array of answers."""
    found = record.get("responseId")
    return found if type(found) is str and type(record.get("candidates")) is list else ""


def merge_pieces(records: list[Record]) -> Record:
    """The answer that the pieces make up."""
    return {**(assembled(records) or records[0]), "stream": True}


# -- a stream written down piece by piece, and conversations that a provider kept ------------------


def chunk_key(record: Record) -> str:
    """The id that the pieces of one streamed answer share; the last one may hold its usage and no choice."""
    found = record.get("id")
    pieces = (
        record.get("object") in ("chat.completion.chunk", "text_completion") and "choices" in record
    )
    whole = is_response(record) and record.get("choices")
    return found if pieces and type(found) is str and not whole else ""


def merge_chunks(records: list[Record]) -> Record:
    """The answer that the pieces of a stream make up."""
    joined = assembled(records) or records[0]
    return {**joined, "object": "chat.completion.chunk", "stream": True}


def read_chunks(record: Record, draft: Draft) -> bool:
    """An answer that was written down as the pieces it came in; its question is not in the record.

    Azure says first, without the answer's id, what its filter found in the question: that is a `record`.
    """
    if record.get("choices") == [] and not record.get("id") and "prompt_filter_results" in record:
        draft.kind, draft.collection, draft.extra = "record", "api-log", dict(record)
        draft.title = "what the content filter found in a question"
        return True
    if not chunk_key(record) and not (
        record.get("object") == "chat.completion.chunk" and record.get("stream")
    ):
        return False
    body = record if is_response(record) and record.get("choices") else assembled([record])
    draft.fields["stream"] = 1
    read_response(_without(body or record, "stream"), draft)
    return True


def read_stored_message(record: Record, draft: Draft) -> bool:
    """A message of a chat completion that OpenAI kept; the completion's id begins the message's own."""
    role, content = record.get("role"), record.get("content")
    if type(role) is not str and _is_stored_step(record) and draft.around.get("object") == "list":
        return _read_stored_step(record, draft)
    if (
        type(role) is not str
        or draft.around.get("object") != "list"
        or type(record.get("id")) is not str
    ):
        return False
    parts = record.get("content_parts")
    text = content_text(content if content is not None else parts)
    if role in ANSWERING:
        draft.output = text
    elif role in ("system", "developer"):
        draft.system = text
    else:
        draft.prompt = text
    draft.collection = "api-log"
    draft.kind = "exchange" if draft.output else "request"
    completion, _, turn = record["id"].rpartition("-")
    draft.put("turn", int, turn)
    draft.fields["request_id"] = record["id"]
    draft.fields["parent_request"] = completion
    for key, value in _without(record, "id", "role", "content").items():
        draft.put_extra(key, value)
    return True


def _is_stored_step(record: Record) -> bool:
    """Whether something OpenAI kept among messages is a thought, a call of a tool, or what came of one."""
    kind = record.get("type")
    named = type(kind) is str and (kind == "reasoning" or kind.endswith(("_call", "_output")))
    return named and type(record.get("id")) is str


def _read_stored_step(record: Record, draft: Draft) -> bool:
    kind: str = record["type"]
    if kind == "reasoning":
        draft.reasoning = read_thoughts([record], draft)
    elif kind.endswith("_call"):
        draft.output = call_text(record)
    else:
        draft.prompt = content_text(record.get("output"))
    draft.collection = "api-log"
    draft.title = kind
    draft.fields["request_id"] = record["id"]
    for key, value in _without(record, "id").items():
        draft.put_extra(key, value)
    return True
