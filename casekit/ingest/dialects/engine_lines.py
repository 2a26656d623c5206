"""Lines that inference engines print: Hugging Face's Text Generation Inference (TGI), and llama.cpp's server.

Neither prints what was asked or answered. TGI says of each call how long it took and how it was sampled;
llama.cpp prints an access line of a call, and in other lines what a task took, without saying which call it
was: these are kept as a `record` each, and their tokens count for no call.

Source: huggingface/text-generation-inference `router/src/logging.rs`, `router/src/server.rs`; tokio-rs/tracing
`tracing_subscriber::fmt`; ggml-org/llama.cpp `tools/server`, `common/log.cpp`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.calls import settle
from casekit.ingest.dialects.draft import KINDS, Draft
from casekit.ingest.dialects.times import printed_milliseconds, read_time
from casekit.ingest.dialects.values import Source, look

Record = dict[str, Any]

_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")


def is_engine_line(text: str) -> bool:
    """Whether a line is one that only these engines print."""
    bare = _COLOUR.sub("", text)
    if _TRACED.fullmatch(bare):
        return True
    match = _LLAMA.fullmatch(bare.strip())
    return bool(
        match and (_ACCESS.fullmatch(match["message"]) or _TOLD.fullmatch(match["message"]))
    )


def engine_line(text: str, draft: Draft) -> bool:
    """Fill a draft from a line of either; tells whether it is one."""
    return tgi_line(text, draft) or llama_line(text, draft)


# -- TGI -------------------------------------------------------------------------------------------

# TIME LEVEL (span{field=value …}:span{…}: )?target: (file:line: )?message
_TRACED = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z) +(?P<level>TRACE|DEBUG|INFO|WARN|ERROR) "
    r"(?:(?P<spans>[^\n]*\}): )?(?P<target>text_generation_\w{1,40}(?:::\w{1,60})*): "
    r"(?:(?P<place>[\w./-]{1,200}:\d{1,6}): )?(?P<message>.*)",
    re.DOTALL,
)
_CALLED = ("generate", "generate_stream", "chat_completions", "completions", "compat_generate")
_SPAN = re.compile(r"(?:^|:)(\w+)\{")
_QUOTED = re.compile(r'\b(\w+_time|time_per_token|seed)="([^"]{0,100})"')
_SAMPLED = re.compile(r"\b(temperature|top_k|top_p|max_new_tokens|seed): (?:Some\()?(-?[\d.eE+-]+)")
_FIELD = re.compile(
    r"\b(http\.client_ip|http\.target|http\.method|http\.user_agent)=(.{0,500}?)(?= [\w.]{1,60}=|\})"
)
_NUMBER = re.compile(r"(?:Some\()?(-?\d{1,20})\)?")
_PLACES = {"http.client_ip": "ip", "http.target": "endpoint", "http.user_agent": "user_agent"}
_NAMES = {"max_new_tokens": "max_tokens"}


def tgi_line(text: str, draft: Draft) -> bool:
    """Fill a draft from a line of TGI's log; tells whether it is one."""
    match = _TRACED.fullmatch(_COLOUR.sub("", text))
    if match is None:
        return False
    spans = match["spans"] or ""
    told: Record = {
        **dict(_FIELD.findall(spans)),
        **dict(_QUOTED.findall(spans)),
        "parameters": spans,
    }
    draft.extra = {key: match[key] for key in ("level", "target", "place", "spans") if match[key]}
    _traced(match["level"], match["message"], _SPAN.findall(spans), told, draft)
    draft.when = read_time(match["time"], "time")
    return True


def read_tgi(record: Record, draft: Draft) -> bool:
    """A line of TGI's log that it printed as JSON."""
    target, level = record.get("target"), record.get("level")
    if (
        type(target) is not str
        or not target.startswith("text_generation_")
        or type(level) is not str
    ):
        return False
    source = Source(record)
    source.fill(draft, {"time": ("timestamp",)})
    message = next(
        (
            found
            for path in ("message", "fields.message")
            if type(found := look(record, path)) is str
        ),
        "",
    )
    listed = record.get("spans")
    spans = [each for each in listed if type(each) is dict] if type(listed) is list else []
    if type(record.get("span")) is dict:
        spans.append(record["span"])
    told = {key: value for each in spans for key, value in each.items()}
    _traced(level, message, [str(each.get("name")) for each in spans], told, draft)
    source.rest(draft)
    return True


def _traced(
    level: str, message: str, spans: list[str], told: Mapping[str, Any], draft: Draft
) -> None:
    """A call that ended well or in an error; anything else that the server says is a `record`."""
    draft.collection, draft.fields["provider"] = "api-log", "tgi"
    operation = next((each for each in reversed(spans) if each in _CALLED), "")
    took = printed_milliseconds(told.get("total_time"))
    if not operation or (took is None and level != "ERROR"):
        draft.kind, draft.title = "record", message
        return
    draft.fields["operation"] = operation
    draft.put("latency_ms", int, took)
    if level == "ERROR":
        draft.fields["error"] = message
    for name, value in _SAMPLED.findall(str(told.get("parameters"))):
        target = _NAMES.get(name, name)
        draft.put(target, KINDS[target], value)
    seed = _NUMBER.fullmatch(str(told.get("seed")))
    if seed and "seed" not in draft.fields:
        draft.put("seed", int, seed[1])
    for name, target in _PLACES.items():
        if told.get(name):
            draft.put(target, str, told[name])
    settle(draft, f"{operation} {message}")


# -- llama.cpp -------------------------------------------------------------------------------------

# (MINUTES.SECONDS.MS.US)? (LEVEL)? message; the clock begins with the program
_LLAMA = re.compile(
    r"(?:(?P<elapsed>\d{1,6}\.\d\d\.\d{3}\.\d{3}) )?(?:(?P<level>[DIWE]) )?(?P<message>\S.*)"
)
_ACCESS = re.compile(
    r"srv +log_server_r\w*: (?:done )?request: (?P<method>GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH) "
    r"(?P<path>\S+) (?:(?P<ip>[0-9a-fA-F.:]{2,45}) )?(?P<status>\d{3})"
)
_TOLD = re.compile(
    r"(?:srv|slot) +[\w()~]+: .*|(?:llama_\w+|llm_load_\w+|ggml_\w+|load_tensors|print_info): .*|"
    r"(?:prompt eval|eval|total) time += +[\d.]+ ms / +\d+ (?:tokens|runs)\b.*"
)
_BESIDE = re.compile(
    r"(?:que|res) +[\w()~]+: .*|(?:main|init|build|load|load_hparams|system_info|sched_reserve|graph_reserve|"
    r"common_\w+|clip_\w+): .*"
)
"""Lines that any program might print: known as llama.cpp's among its others only."""
_PARTS = ("elapsed", "level")


def llama_line(text: str, draft: Draft) -> bool:
    """Fill a draft from a line of llama.cpp's server; tells whether it is one."""
    match = _LLAMA.fullmatch(_COLOUR.sub("", text).strip())
    if match is None:
        return False
    called = _ACCESS.fullmatch(match["message"])
    if called is None and not any(each.fullmatch(match["message"]) for each in (_TOLD, _BESIDE)):
        return False
    draft.collection, draft.fields["provider"] = "api-log", "llama.cpp"
    draft.extra = {key: match[key] for key in _PARTS if match[key]}
    if called is None:
        draft.kind, draft.title = "record", match["message"]
        return True
    draft.fields.update(endpoint=called["path"], status=int(called["status"]))
    if called["ip"]:
        draft.fields["ip"] = called["ip"]
    draft.extra["method"] = called["method"]
    settle(draft, f"{called['status']} {called['method']} {called['path']}")
    return True


_LOGGED = frozenset({"tid", "timestamp", "level", "function", "line", "msg"})


def read_llama(record: Record, draft: Draft) -> bool:
    """What llama.cpp's server printed as JSON up to 2024, but for calls: those are read as access logs."""
    if not record.keys() >= _LOGGED or type(record["msg"]) is not str:
        return False
    source = Source(record)
    source.fill(draft, {"time": ("timestamp",)})
    draft.collection, draft.fields["provider"] = "api-log", "llama.cpp"
    draft.kind, draft.title = "record", record["msg"]
    source.rest(draft)
    return True
