"""Lines that a model server prints: vLLM's requests and answers, access lines of uvicorn and Ollama, others."""

from __future__ import annotations

import ast
import re
from typing import Any

from casekit.ingest.dialects.draft import KINDS, Draft
from casekit.ingest.dialects.engine_lines import engine_line, is_engine_line
from casekit.ingest.dialects.times import read_time
from casekit.ingest.strict_json import encode

# (Process pid=1)? LEVEL time? [file.py:line] message
_LINE = re.compile(
    r"(?:\((?P<process>[^()]{1,60})\) )?(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) "
    r"(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d{1,6})?) "
    r"\[?(?P<place>[\w./-]{1,200}:\d{1,6})\] (?P<message>.*)",
    re.DOTALL,
)
_UVICORN = re.compile(
    r"(?:\((?P<process>[^()]{1,60})\) )?(?P<level>INFO|WARNING|ERROR): +"
    r'(?P<ip>[0-9a-fA-F.:*]{2,45}|[\w.-]+):(?P<port>\d{1,5}) - "(?P<request>[^"]*)" '
    r"(?P<status>\d{3})\b(?P<more>.*)"
)
_PLAIN = re.compile(
    r"(?:\((?P<process>[^()]{1,60})\) )?(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): +(?P<message>\S.*)"
)
_REPR = r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\""
_ASKED = re.compile(
    rf"Received request (?P<id>\S+?): (?:prompt: (?P<prompt>{_REPR}|None), )?"
    r"(?:prefix_pos: [^,]*, )?(?:sampling[_ ])?params: (?P<parameters>.*)",
    re.DOTALL,
)
_ANSWERED = re.compile(
    rf"Generated response (?P<id>\S+?):? (?P<how>\([^)]*\):? )?output: (?P<output>{_REPR}|None)(?P<more>.*)",
    re.DOTALL,
)
_GIN = re.compile(
    r"\[GIN\] (?P<day>\d{4}/\d\d/\d\d) - (?P<clock>\d\d:\d\d:\d\d) \| +(?P<status>\d{3}) \| +"
    r"(?P<took>[\d.hmsnµu]{2,24}) \| +(?P<ip>[0-9a-fA-F.:]{2,45}) \| (?P<method>[A-Z]{3,7}) +"
    r'"(?P<path>[^"]*)"(?P<more>[^\n]*)'
)
_SLOG = re.compile(
    r"time=(?P<time>\S{19,40}) level=(?P<level>[A-Z]{3,7})\S{0,4} (?P<more>.*)", re.DOTALL
)
_MESSAGE = re.compile(r'\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,12})?)(h|ms|m|s|µs|us|ns)")
_MILLISECONDS = {
    "h": 3_600_000.0,
    "m": 60_000.0,
    "s": 1000.0,
    "ms": 1.0,
    "µs": 1e-3,
    "us": 1e-3,
    "ns": 1e-6,
}
_FINISH = re.compile(r"finish_reason: (\w+)")
_PARAMETER = re.compile(r"\b(temperature|top_p|top_k|seed|max_tokens|n)=(-?[\d.eE+-]+)")
_FIELDS = {"n": "answers"}


def is_server_line(untrusted_line: bytes) -> bool:
    """Whether the line is one of vLLM's log, of uvicorn's access log, of Ollama's, or of another engine's."""
    text = untrusted_line.decode("utf-8", "replace")
    known = (each.fullmatch(text) for each in (_LINE, _UVICORN, _GIN, _SLOG))
    return any(known) or is_engine_line(text)


def server_line(untrusted_line: bytes, draft: Draft) -> bool:
    """Fill a draft from a line; tells whether it is one of these.

    vLLM's times have neither year nor zone: such a time stays in `extra` as it is printed, and the
    draft has none. A request is logged without its answer and an answer without its request.

    Source: vllm-project/vllm `entrypoints/logger.py`, `logging_utils/formatter.py`; uvicorn `logging.py`;
    gin-gonic/gin `logger.go`, as Ollama writes it; Go `log/slog` `TextHandler`.

    Raises:
        UnicodeDecodeError: The line is not UTF-8.
    """
    text = untrusted_line.decode()
    draft.collection = "api-log"
    match = _UVICORN.fullmatch(text)
    if match:
        _access(match, draft)
        return True
    if match := _GIN.fullmatch(text):
        _gin(match, draft)
        return True
    if match := _SLOG.fullmatch(text):
        _slog(match, draft)
        return True
    match = _LINE.fullmatch(text)
    if match is None:
        return _plain(_PLAIN.fullmatch(text), draft) or engine_line(text, draft)
    draft.when = read_time(match["time"], "time")
    draft.extra = {key: match[key] for key in ("process", "level", "place") if match[key]}
    if draft.when is None:
        draft.extra["time"] = match["time"]
    message = match["message"]
    draft.fields["provider"] = "vllm"
    if asked := _ASKED.match(message):
        _request(asked, draft)
    elif answered := _ANSWERED.match(message):
        _answer(answered, draft)
    else:
        draft.kind = "record"
        draft.title = message
    return True


def _plain(match: re.Match[str] | None, draft: Draft) -> bool:
    """What uvicorn says of itself, such as that it has started."""
    if match is None:
        return False
    draft.kind, draft.title = "record", match["message"]
    draft.extra = {key: match[key] for key in ("process", "level") if match[key]}
    return True


def _access(match: re.Match[str], draft: Draft) -> None:
    words = match["request"].split(" ")
    draft.kind = "request"
    draft.title = f"{match['status']} {match['request']}"
    draft.fields.update(ip=match["ip"], status=int(match["status"]))
    draft.fields["endpoint"] = words[1] if len(words) == 3 else match["request"]
    draft.extra = {"level": match["level"], "port": match["port"]}
    if len(words) == 3:
        draft.extra.update(method=words[0], protocol=words[2])
    if match["process"]:
        draft.extra["process"] = match["process"]


def _gin(match: re.Match[str], draft: Draft) -> None:
    """A call as Ollama's web server tells it: its time is that of the machine, and says no zone."""
    draft.kind = "request"
    draft.title = f"{match['status']} {match['method']} {match['path']}"
    draft.when = read_time(f"{match['day']} {match['clock']}", "time")
    draft.fields.update(ip=match["ip"], status=int(match["status"]), endpoint=match["path"])
    spans = _SPAN.findall(match["took"])
    if spans and "".join(number + unit for number, unit in spans) == match["took"]:
        took = sum(float(number) * _MILLISECONDS[unit] for number, unit in spans)
        draft.put("latency_ms", int, int(took))
    else:
        draft.extra["took"] = match["took"]
    draft.extra["method"] = match["method"]
    if more := match["more"].strip():
        draft.extra["more"] = more


def _slog(match: re.Match[str], draft: Draft) -> None:
    found = _MESSAGE.search(match["more"])
    draft.kind, draft.when = "record", read_time(match["time"], "time")
    draft.title = (found[1] or found[2] or "") if found else match["more"]
    draft.extra = {"level": match["level"]}


def _request(match: re.Match[str], draft: Draft) -> None:
    draft.fields["request_id"] = match["id"]
    draft.fields["parameters"] = encode({"params": match["parameters"]})
    for name, value in _PARAMETER.findall(match["parameters"]):
        target = _FIELDS.get(name, name)
        if target not in draft.fields:
            draft.put(target, KINDS[target], value)
    draft.prompt = _said(match["prompt"])
    draft.note("unjoined")
    if not draft.prompt:
        draft.kind = "request"
        draft.title = f"Received request {match['id']}"


def _answer(match: re.Match[str], draft: Draft) -> None:
    draft.fields["request_id"] = match["id"]
    draft.output = _said(match["output"])
    if found := _FINISH.search(match["more"]):
        draft.fields["finish_reason"] = found[1]
    draft.extra["response"] = ((match["how"] or "") + match["more"]).strip(" ,")
    draft.note("unjoined")
    draft.title = f"Generated response {match['id']}"


def _said(printed: str | None) -> str:
    """The text that Python printed as a literal."""
    if not printed or printed == "None":
        return ""
    try:
        value: Any = ast.literal_eval(printed)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return printed
    return value if type(value) is str else printed
