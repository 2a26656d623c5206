"""Vertex AI's log of requests and responses, as exported from its BigQuery table, and the files of its batches.

Source: Google Cloud, "Log requests and responses" (`setPublisherModelConfig`), "Batch prediction".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.values import Source, opened

Record = dict[str, Any]

_PLACES = {
    "time": ("logging_time",),
    "request_id": ("request_id",),
    "endpoint": ("endpoint",),
    "operation": ("api_method",),
    "project": ("project_id", "metadata.project_id"),
    "latency_ms": ("metadata.request_latency",),
}
_REQUESTS = ("full_request", "request_payload")
_RESPONSES = ("full_response", "response_payload")


def read_vertex(record: Record, draft: Draft) -> bool:
    """One logged call; the log is a sample of the calls, of a share that the table does not say."""
    if "logging_time" not in record or not any(key in record for key in (*_REQUESTS, *_RESPONSES)):
        return False
    source = Source(record, "metadata", "otel_log")
    source.fill(draft, _PLACES)
    draft.fields.setdefault("provider", "vertex-ai")
    draft.note("sampled")
    model = source.take("model")
    version = source.take("model_version")
    read_asked(_first(source, _REQUESTS), draft)
    read_answered(_first(source, _RESPONSES), draft)
    if type(model) is str and model:
        draft.fields.setdefault("model_requested", model)
        draft.fields.setdefault("model", model.rpartition("/")[2])
    if version:
        draft.put_extra("model_version", version)
    settle(draft, f"{draft.fields.get('operation', 'call')} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


def _first(source: Source, names: tuple[str, ...]) -> Any:
    """The body under the first name that has one; the other is the same in another form."""
    found = None
    for name in names:
        value = source.take(name)
        if found is None and value not in (None, "", []):
            found = value
    if type(found) is list and found and all(type(each) is str for each in found):
        pieces = list(map(opened, found))
        return pieces[0] if len(pieces) == 1 else pieces
    return opened(found)


# -- batches --------------------------------------------------------------------------------------

_BATCH = frozenset({"status", "processed_time", "request"})


def read_vertex_batch(record: Record, draft: Draft) -> bool:
    """A line of a batch's results: the request with its answer, or with what went wrong as its `status`."""
    if not record.keys() >= _BATCH:
        return False
    source = Source(record, "request", "response")
    source.fill(draft, {"time": ("processed_time",), "request_id": ("custom_id", "key")})
    draft.fields["provider"] = "vertex-ai"
    read_asked(source.take("request"), draft)
    read_answered(source.take("response"), draft)
    failed = opened(source.take("status"))
    if failed and not read_error(failed, draft):
        draft.put_extra("status", failed)
    source.rest(draft)
    return True
