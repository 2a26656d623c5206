"""What a model API answers instead of an answer: an error, by itself or inside a record.

Source: openai-openapi `ErrorResponse`, `ResponseErrorEvent`; anthropic-sdk-python
`types/shared/error_response.py`; Google `google.rpc.Status` as JSON.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft

_AROUND = frozenset(
    {"error", "type", "request_id", "id", "object", "status", "status_code", "user_id"}
)
_SORT = ("type", "code", "status")


def read_error(error: Any, draft: Draft) -> bool:
    """Take the short word of an error, or else its sentence; tells whether it is one."""
    if type(error) is str and error:
        draft.fields.setdefault("error", error)
        return True
    if type(error) is not dict:
        return False
    if type(error.get("error")) in (dict, str) and error["error"]:
        return read_error(error["error"], draft)
    for key in ("code", "type", "status", "message"):
        if type(error.get(key)) is str and error[key] and error[key] != "error":
            draft.fields.setdefault("error", error[key])
            return True
    return False


def is_failure(untrusted_body: Any) -> bool:
    """Whether a body by itself is the error of a model API, and nothing else."""
    if type(untrusted_body) is not dict or not untrusted_body.keys() <= _AROUND:
        return False
    error = untrusted_body.get("error")
    return (
        type(error) is dict
        and type(error.get("message")) is str
        and any(type(error.get(key)) in (str, int) for key in _SORT)
    )


def read_failure(body: dict[str, Any], draft: Draft) -> None:
    """Fill a draft from an error that stands alone; all of it stays in `extra` too, but for its own id."""
    error = body["error"]
    read_error(error, draft)
    for key in ("request_id", "id"):
        if "request_id" not in draft.fields:
            draft.put("request_id", str, body.get(key))
    for number in (body.get("status_code"), body.get("status"), error.get("code")):
        if type(number) is int and "status" not in draft.fields:
            draft.put("status", int, number)
    draft.collection = "api-log"
    draft.title = f"Error: {draft.fields['error']}" if draft.fields.get("error") else "Error"
    draft.put_extra("response", body)
