"""Rows that programs keep an exchange each in: AnythingLLM's chats, and the log of the command `llm`.

Source: Mintplex-Labs/anything-llm `server/utils/helpers/chat/convertTo.js`, `server/prisma/schema.prisma`;
simonw/llm `docs/logging.md`.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, opened, rest_of, text_at
from casekit.ingest.parsed import When

Record = dict[str, Any]

# -- AnythingLLM -----------------------------------------------------------------------------------

_EXPORTED = frozenset({"id", "workspace", "prompt", "response", "sent_at"})
_KEPT = frozenset({"id", "workspaceId", "prompt", "response", "include", "createdAt"})
_ANYTHING = {
    "time": ("sent_at", "createdAt"),
    "request_id": ("id",),
    "project": ("workspace", "workspaceId"),
    "account": ("username", "user_id"),
    "conversation_id": ("thread_id",),
}
_NOBODY = ("API", "unknown user")


def read_anythingllm(record: Record, draft: Draft) -> bool:
    """A chat of a workspace, as it is exported or as the program's database holds it."""
    if (
        not (record.keys() >= _EXPORTED or record.keys() >= _KEPT)
        or type(record["prompt"]) is not str
    ):
        return False
    answer = opened(record["response"]) if "include" in record else record["response"]
    source = Source(rest_of(record, "prompt", "response"))
    if record.get("username") not in _NOBODY:
        source.fill(draft, {"account": _ANYTHING["account"]})
    source.fill(draft, {key: paths for key, paths in _ANYTHING.items() if key != "account"})
    draft.collection = "outputs"
    draft.prompt = record["prompt"]
    if type(answer) is dict:
        draft.output = text_at(answer, "text")
        metrics = answer.get("metrics")
        if type(metrics) is dict:
            draft.put("model", str, metrics.get("model"))
            metrics = read_usage({k: v for k, v in metrics.items() if k != "model"}, draft)
        if rest := rest_of({**answer, "metrics": metrics}, "text"):
            draft.put_extra("response", rest)
    elif type(answer) is str:
        draft.output = answer
    if not draft.output:
        draft.kind = "request"
    source.rest(draft)
    return True


# -- llm -------------------------------------------------------------------------------------------

_LLM = frozenset(
    {"id", "model", "prompt", "response", "prompt_json", "duration_ms", "datetime_utc"}
)
_OF_LLM = {
    "request_id": ("id",),
    "model": ("resolved_model", "model"),
    "conversation_id": ("conversation_id", "chat_id"),
    "latency_ms": ("duration_ms",),
    "input_tokens": ("input_tokens",),
    "output_tokens": ("output_tokens",),
}


def read_llm(record: Record, draft: Draft) -> bool:
    """A row of `responses`, or of `logs` in early versions; its times are in UTC, as their column says."""
    if not record.keys() >= _LLM or type(record["response"]) is not str:
        return False
    source = Source(rest_of(record, "datetime_utc"))
    source.fill(draft, _OF_LLM)
    draft.put("model_requested", str, record["model"])
    if draft.fields.get("model") == draft.fields.get("model_requested"):
        draft.fields.pop("model_requested", None)
    source.take("model")
    draft.when = _in_utc(read_time(record["datetime_utc"], "datetime_utc"))
    draft.collection = "outputs"
    for target, key in (("system", "system"), ("prompt", "prompt"), ("output", "response"),
                        ("reasoning", "reasoning")):  # fmt: skip
        if type(record.get(key)) is str:
            setattr(draft, target, source.take(key) or "")
    if type(record.get("options_json")) is str:
        draft.put("parameters", str, source.take("options_json"))
    source.rest(draft)
    return True


def _in_utc(found: When | None) -> When | None:
    return structs.replace(found, zone="explicit") if found else None
