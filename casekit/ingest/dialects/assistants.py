"""What OpenAI's Assistants API, and Azure's, keeps of a talk: threads, their messages, runs and their steps.

A run's usage is that of its steps together: the steps are kept as a `record` each. An answer and the run it
came of share the run's id, by which they are joined wherever they stand.

Source: openai-openapi `ThreadObject`, `MessageObject`, `RunObject`, `RunStepObject`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import ANSWERING
from casekit.ingest.dialects.calls import settle
from casekit.ingest.dialects.content import content_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source

Record = dict[str, Any]

_PLACES = {
    "time": ("created_at",),
    "conversation_id": ("thread_id",),
    "operation": ("object",),
    "end_user": ("metadata.user_id",),
}
_MESSAGE = {"request_id": ("run_id",), "upstream_id": ("id",), **_PLACES}
_RUN = {
    "request_id": ("id",),
    "model": ("model",),
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "max_tokens": ("max_completion_tokens",),
    "finish_reason": ("incomplete_details.reason", "status"),
    **_PLACES,
}
_STEP = {
    "request_id": ("id",),
    "parent_request": ("run_id",),
    "finish_reason": ("status",),
    **_PLACES,
}


def read_thread_part(record: Record, draft: Draft) -> bool:
    """A message, a run, a step of a run, or the thread itself."""
    reader = _READERS.get(str(record.get("object")))
    if reader is None or type(record.get("id")) is not str:
        return False
    source = Source(record)
    draft.collection = "api-log"
    reader(source, draft)
    source.rest(draft)
    return True


def _message(source: Source, draft: Draft) -> None:
    source.fill(draft, _MESSAGE)
    draft.fields.setdefault("request_id", draft.fields["upstream_id"])
    if source.record.get("run_id"):
        draft.fields["joint"] = "assistants/part"
    text = content_text(source.record.get("content"))
    if source.take("role") in ANSWERING:
        draft.output = text
    else:
        draft.prompt = text
        draft.kind = "request"
    settle(draft, "message without a text")
    listed = source.record.get("content")
    if type(listed) is list and all(_is_plain(each) for each in listed):
        source.take("content")


def _is_plain(part: Any) -> bool:
    """Whether a part is a text and nothing else."""
    said = part.get("text") if type(part) is dict and part.get("type") == "text" else None
    return type(said) is dict and type(said.get("value")) is str and not said.get("annotations")


def _run(source: Source, draft: Draft) -> None:
    source.fill(draft, _RUN)
    draft.fields["joint"] = "assistants/part"
    instructions = source.take("instructions")
    draft.system = instructions if type(instructions) is str else ""
    _counted(source, draft)
    draft.kind = "request"
    settle(draft, f"run {draft.fields.get('finish_reason', '')} {draft.fields.get('model', '')}")


def _step(source: Source, draft: Draft) -> None:
    source.fill(draft, _STEP)
    _counted(source, draft)
    draft.kind = "record"
    settle(draft, f"step {source.record.get('type')} {draft.fields.get('finish_reason', '')}")


def _thread(source: Source, draft: Draft) -> None:
    source.fill(draft, _PLACES)
    draft.put("conversation_id", str, source.take("id"))
    draft.kind = "record"
    settle(draft, f"thread {draft.fields['conversation_id']}")


def _counted(source: Source, draft: Draft) -> None:
    usage = source.take("usage")
    rest = read_usage(usage, draft) if type(usage) is dict else {}
    if rest:
        draft.put_extra("usage", rest)
    if read_error(source.left.get("last_error"), draft):
        return
    source.take("last_error")


_READERS = {
    "thread.message": _message,
    "thread.run": _run,
    "thread.run.step": _step,
    "thread": _thread,
}
