"""One HTTP call that was recorded: an exchange if it went to a model API, a request line otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from casekit.ingest.charsets import decode_text
from casekit.ingest.dialects import aws_events
from casekit.ingest.dialects.bodies import (
    is_request,
    is_response,
    mended,
    read_request,
    read_response,
    read_vectors,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.headers import (
    Fields,
    first,
    mask_url,
    read_counted_fields,
    read_request_fields,
    read_response_fields,
    without_secrets,
)
from casekit.ingest.dialects.sse import Stream, read_stream, tell_stream
from casekit.ingest.dialects.translate import (
    is_interaction,
    is_ollama,
    request_in_common_terms,
    response_in_common_terms,
)
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Broken, body_of, put_unread
from casekit.ingest.dialects.web_chat import is_web_question, read_web_question
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Problem, When
from casekit.ingest.strict_json import BadJson, parse

_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)
_PROVIDERS = (
    (".openai.azure.com", "azure"), (".cognitiveservices.azure.com", "azure"),
    (".services.ai.azure.com", "azure"), (".inference.ai.azure.com", "azure"),
    ("api.openai.com", "openai"), ("api.anthropic.com", "anthropic"), ("openrouter.ai", "openrouter"),
    ("generativelanguage.googleapis.com", "google"), ("aiplatform.googleapis.com", "google-vertex"),
    ("-aiplatform.googleapis.com", "google-vertex"), (".rep.googleapis.com", "google-vertex"),
    ("api.mistral.ai", "mistral"), ("api.deepseek.com", "deepseek"), ("api.x.ai", "xai"),
    ("api.groq.com", "groq"), ("api.together.xyz", "together"), ("api.together.ai", "together"),
    ("api.cohere.com", "cohere"), ("api.cohere.ai", "cohere"),
    ("api.fireworks.ai", "fireworks"), ("api.perplexity.ai", "perplexity"),
    ("router.huggingface.co", "huggingface"), ("api-inference.huggingface.co", "huggingface"),
    ("models.github.ai", "github"), ("api.githubcopilot.com", "github-copilot"),
    ("api.cerebras.ai", "cerebras"), ("api.sambanova.ai", "sambanova"), ("api.ai21.com", "ai21"),
    ("api.moonshot.ai", "moonshot"), ("api.moonshot.cn", "moonshot"),
    ("dashscope.aliyuncs.com", "alibaba"), ("dashscope-intl.aliyuncs.com", "alibaba"),
    ("open.bigmodel.cn", "zhipu"), ("api.z.ai", "zhipu"), ("integrate.api.nvidia.com", "nvidia"),
    ("api.replicate.com", "replicate"), (".ml.cloud.ibm.com", "watsonx"),
    ("gateway.ai.cloudflare.com", "cloudflare"), ("ai-gateway.vercel.sh", "vercel"),
    ("chatgpt.com", "openai"), ("chat.openai.com", "openai"), ("claude.ai", "anthropic"),
)  # fmt: skip
_BEDROCK = re.compile(r"bedrock-runtime(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com")
_MODEL_IN_PATH = re.compile(r"/(?:deployments|models?)/([^/?#:]+(?::\d+)?)(?=[/:?#]|$)")
_OWN_TERMS = frozenset({"contents", "inferenceConfig", "generationConfig", "generation_config"})
"""Keys of a request in terms of its own, whatever else it holds."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_READABLE = re.compile(
    r"text/(?!css|javascript)|application/(?:[a-z0-9.+-]*json|[a-z0-9.+-]*xml|x-www-form-urlencoded|"
    r"x-ndjson|grpc-web-text)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request and what came back.

    Attributes:
        method: As sent.
        url: In full, secrets not yet masked.
        asked: Header fields of the request.
        question: Its body: bytes without their codings, or text; None where there was none.
        status: Of the answer; None where there was none.
        answered: Header fields of the answer.
        answer: Its body.
        when: When the request began.
        latency_ms: From the request to the answer's end.
        ttft_ms: To the answer's first byte.
        ip: The client's address.
        error: What went wrong, as the recorder says.
        rest: Everything else that was recorded.
        problems: Trouble met on the way here.
    """

    method: str
    url: str
    asked: Fields
    question: bytes | str | None
    status: int | None
    answered: Fields
    answer: bytes | str | None
    when: When | None = None
    latency_ms: int | None = None
    ttft_ms: int | None = None
    ip: str = ""
    error: str = ""
    rest: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_call(call: Call, draft: Draft) -> None:
    """Fill a draft from a call; the bodies of model APIs are read as in any other record."""
    fields = draft.fields
    draft.collection = "api-log"
    draft.when = call.when
    draft.problems += call.problems
    fields["endpoint"] = mask_url(call.url)
    for name, value in (
        ("status", call.status), ("latency_ms", call.latency_ms), ("ttft_ms", call.ttft_ms),
        ("ip", call.ip or None), ("error", call.error or None),
        ("provider", provider_of(call.url) or None),
    ):  # fmt: skip
        if value is not None:
            fields[name] = value
    read_request_fields(call.asked, draft)
    read_response_fields(call.answered, draft)
    draft.put_extra("method", call.method)
    for name, header in (("request_headers", call.asked), ("response_headers", call.answered)):
        if header:
            draft.put_extra(name, without_secrets(header))
    for key, value in call.rest.items():
        draft.put_extra(key, value)
    question = _value(call.question, call.asked)
    answer: Any = _answer(call)
    stream = answer if isinstance(answer, Stream) else None
    if stream is not None:
        answer = stream.body
    if is_ollama(answer):
        fields.setdefault("provider", "ollama")
    known = stream is not None or "provider" in fields
    question, answer = _question_terms(mended(question), known), _answer_terms(answer, known)
    asked = is_request(question) or is_web_question(question)
    asked = asked or (isinstance(question, Broken) and question.asking)
    if asked or is_response(answer) or stream is not None:
        _read_exchange(call, question, answer, stream, draft)
    else:
        _read_request_line(call, draft)
    read_counted_fields(call.answered, draft)


def _question_terms(question: Any, known: bool) -> Any:
    """A request to Gemini, Bedrock and their like in the terms of the others.

    Only where the host or the answer shows that a model was asked: their keys are everybody's words.
    """
    if not known or type(question) is not dict:
        return question
    if is_request(question) and _OWN_TERMS.isdisjoint(question):
        return question
    common = request_in_common_terms(question)
    if is_request(common):
        return common
    return {"model": "", **common} if is_request({"model": "", **common}) else question


def _answer_terms(answer: Any, known: bool) -> Any:
    if not known or type(answer) is not dict or is_response(answer):
        return answer
    if "error" in answer and not is_interaction(answer):
        return answer
    return response_in_common_terms(answer) or answer


def provider_of(url: str) -> str:
    """Who runs the API that a URL belongs to, or empty."""
    found = _HOST.match(url)
    host = found[1].lower() if found else ""
    if _BEDROCK.fullmatch(host):
        return "bedrock"
    for end, provider in _PROVIDERS:
        if host == end.removeprefix(".") or host.endswith(end if end[0] in ".-" else f".{end}"):
            return provider
    return ""


def _read_exchange(
    call: Call, question: Any, answer: Any, stream: Stream | None, draft: Draft
) -> None:
    fields = draft.fields
    if is_web_question(question):
        read_web_question(question, draft)
    elif is_request(question):
        read_request(question, draft, answered=is_response(answer))
    else:
        put_unread(question, "request", draft)
    named = _MODEL_IN_PATH.search(call.url)
    if named is not None and not fields.get("model_requested"):
        fields["model_requested"] = named[1].replace("%3A", ":")
        if is_response(answer) and not fields.get("model"):
            fields["model"] = fields["model_requested"]
    if stream is not None:
        tell_stream(stream, draft)
    if is_response(answer):
        read_response(answer, draft)
        if type(answer.get("conversation_id")) is str:
            fields.setdefault("conversation_id", answer["conversation_id"])
    elif not read_vectors(answer, draft):
        _put_other(answer, draft)
    _read_failure(call, answer, draft)
    if stream is None and type(question) is dict and type(question.get("stream")) is bool:
        fields.setdefault("stream", int(question["stream"]))


def _put_other(answer: Any, draft: Draft) -> None:
    """Keep an answer that is no words; that of a picture or a sound names a model and tokens all the same."""
    put_unread(answer, "response", draft)
    if type(answer) is dict and type(answer.get("usage")) is dict:
        read_usage(answer["usage"], draft)
    if type(answer) is dict and type(answer.get("model")) is str:
        draft.fields.setdefault("model", answer["model"])


def _read_failure(call: Call, answer: Any, draft: Draft) -> None:
    if type(answer) is dict and answer.get("error"):
        read_error(answer["error"], draft)
    elif call.status is not None and call.status >= 400 and "error" not in draft.fields:
        kind = first(call.answered, "x-amzn-errortype").partition(":")[0]
        read_error(kind or answer, draft)


def _read_request_line(call: Call, draft: Draft) -> None:
    draft.kind = "request"
    shown = f"{call.method} {draft.fields['endpoint']}"
    draft.title = shown if call.status is None else f"{shown} {call.status}"
    found = [
        text
        for body, header in ((call.question, call.asked), (call.answer, call.answered))
        if (text := _readable_text(body, header))
    ]
    draft.texts = (("body", "\n\n".join([draft.title, *found])[:MAX_TEXT]),)


def _readable_text(body: bytes | str | None, fields: Fields) -> str:
    """A body that people read, as text; programs, style sheets and pictures give none."""
    if not body or not _READABLE.match(first(fields, "content-type").strip()):
        return ""
    return body if type(body) is str else _decoded(bytes(body), fields)  # type: ignore[arg-type]


def _decoded(body: bytes, fields: Fields) -> str:
    charset = _CHARSET.search(first(fields, "content-type"))
    return decode_text(body[:MAX_TEXT], charset[1] if charset else "").text


def _answer(call: Call) -> Any:
    """The answer's body: put together from a stream, or as JSON; None if it is neither."""
    body = call.answer
    if not body:
        return None
    if aws_events.MEDIA_TYPE in first(call.answered, "content-type"):
        return read_stream(aws_events.aws_events(_octets(body)))
    head = body[:64].lstrip()
    if head[:1] not in ("{", b"{") and "json" not in first(call.answered, "content-type"):
        text = body if type(body) is str else bytes(body).decode("utf-8", "replace")  # type: ignore[arg-type]
        stream = read_stream(text)
        if stream is not None:
            return stream
    value = _value(body, call.answered)
    if isinstance(value, Broken):
        return _by_lines(body) or value
    if type(value) is not list:
        return value
    if len(value) == 1 and type(value[0]) is dict and "generated_text" in value[0]:
        return value[0]
    return read_stream(value) or value


def _by_lines(body: bytes | str) -> Stream | None:
    """The answer whose events are one JSON object a line, as Ollama and Cohere stream it."""
    text = body if type(body) is str else bytes(body).decode("utf-8", "replace")  # type: ignore[arg-type]
    lines = [each for each in map(str.strip, text.split("\n")) if each]
    return read_stream(lines) if len(lines) > 1 and lines[1][0] == "{" else None


def _octets(body: bytes | str) -> bytes:
    """The bytes of a binary body; a cassette in YAML gives it as a Latin-1 letter a byte."""
    if type(body) is not str:
        return bytes(body)  # type: ignore[arg-type]
    try:
        return body.encode("latin-1")
    except UnicodeEncodeError:  # the bytes happened to be UTF-8
        return body.encode("utf-8", "surrogatepass")


def _value(body: bytes | str | None, fields: Fields) -> Any:
    """A body as JSON, or a `Broken`; None if it does not begin as JSON."""
    if not body:
        return None
    raw = body.encode("utf-8", "surrogatepass") if type(body) is str else bytes(body)  # type: ignore[arg-type]
    if raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        return parse(raw.removeprefix(b"\xef\xbb\xbf"))[0]
    except BadJson as bad:
        if bad.kind != "bad-utf8":
            return Broken(raw.decode("utf-8", "replace"), str(bad), bad.kind == "bad-json")
    return body_of(_decoded(raw, fields).removeprefix("\ufeff"))
