"""Answers alone of the APIs of images, speech and videos, and scores that were given to calls.

Source: openai-openapi `ImagesResponse`, `CreateTranscriptionResponseVerboseJson`, `VideoResource`;
openai/whisper `writers`; langfuse/langfuse `Score`.
"""

from __future__ import annotations

import re
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source

Record = dict[str, Any]

_CODE = re.compile(r"[a-z]{2,3}")


def _count(source: Source, draft: Draft) -> None:
    usage = source.take("usage")
    rest = read_usage(usage, draft) if type(usage) is dict else usage
    if rest:
        draft.put_extra("usage", rest)


def read_images(record: Record, draft: Draft) -> bool:
    """Images that a model made, which stay in the record's bytes; the questions as it rewrote them are text."""
    listed = record.get("data")
    if type(listed) is not list or not listed or type(record.get("created")) is not int:
        return False
    if not all(map(_is_image, listed)):
        return False
    source = Source(record)
    source.take("data")
    source.fill(draft, {"time": ("created",), "model": ("model",)})
    _count(source, draft)
    draft.collection = "api-log"
    draft.fields["operation"], draft.fields["answers"] = "images", len(listed)
    written = [each["revised_prompt"] for each in listed if type(each.get("revised_prompt")) is str]
    draft.body = "\n\n".join(written) or None
    draft.title = written[0] if written else "Images"
    draft.extra["data"] = [
        {key: value for key, value in each.items() if key not in ("b64_json", "revised_prompt")}
        for each in listed
    ]
    source.rest(draft)
    return True


def _is_image(value: Any) -> bool:
    """Whether this is an image as the API gives it, and not anybody's object with a link in it."""
    if type(value) is not dict or not value.keys() <= {"b64_json", "url", "revised_prompt"}:
        return False
    return "b64_json" in value or "url" in value


def read_transcript(record: Record, draft: Draft) -> bool:
    """What a model heard: the text, and who spoke when; the tokens of each part stay in the record's bytes."""
    if type(record.get("text")) is not str or not (_has_segments(record) or _is_counted(record)):
        return False
    parts = record.get("segments")
    source = Source(record)
    draft.collection, draft.output = "api-log", source.take("text")
    heard = record.get("language")
    if type(heard) is str and _CODE.fullmatch(heard):
        draft.language = source.take("language")
    task = source.take("task")
    draft.fields["operation"] = task if type(task) is str and task else "transcribe"
    source.fill(draft, {"model": ("model",)})
    _count(source, draft)
    if type(parts) is list:
        source.take("segments")
        told = ("start", "end", "speaker")
        draft.extra["segments"] = [
            {key: each[key] for key in told if key in each} for each in parts if type(each) is dict
        ]
    source.rest(draft)
    return True


def _has_segments(record: Record) -> bool:
    """Whether a text is one that was heard: in which language, and what when."""
    parts = record.get("segments")
    if type(parts) is not list or not {"language", "task"} & record.keys():
        return False
    return all(type(each) is dict and each.keys() >= {"start", "end", "text"} for each in parts)


def _is_counted(record: Record) -> bool:
    """Whether beside a text stands what was reckoned for hearing it."""
    usage = record.get("usage")
    return type(usage) is dict and usage.get("type") in ("tokens", "duration")


_VIDEO = {
    "time": ("created_at",),
    "request_id": ("id",),
    "model": ("model",),
}


def read_video(record: Record, draft: Draft) -> bool:
    """A video that a model makes, or has made; the video itself is a file of its own."""
    if record.get("object") != "video" or "status" not in record or "model" not in record:
        return False
    source = Source(record)
    source.take("object")
    source.fill(draft, _VIDEO)
    asked = source.take("prompt")
    draft.prompt = asked if type(asked) is str else ""
    draft.collection, draft.fields["operation"] = "api-log", "video"
    draft.title = f"Video {record.get('status')}"
    if not read_error(record.get("error"), draft):
        source.take("error")
    source.rest(draft)
    return True


_SCORE = {
    "time": ("timestamp", "createdAt", "created_at"),
    "request_id": ("id",),
    "trace_id": ("traceId", "trace_id"),
    "parent_request": ("observationId", "observation_id"),
    "conversation_id": ("sessionId", "session_id"),
    "project": ("projectId", "project_id"),
    "account": ("authorUserId", "author_user_id"),
}


def read_score(record: Record, draft: Draft) -> bool:
    """A score of Langfuse: what a person, a program or a model thought of a call."""
    if not record.keys() >= {"id", "name", "value", "source"}:
        return False
    if not {"dataType", "data_type"} & record.keys() or not {"traceId", "trace_id"} & record.keys():
        return False
    source = Source(record)
    source.fill(draft, _SCORE)
    draft.kind, draft.collection = "record", "api-log"
    draft.title = f"score {record['name']}: {record['value']}"
    source.rest(draft)
    return True
