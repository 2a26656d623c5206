"""Files of batches as providers take and give them: requests, answers, and the object of the batch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

Record = dict[str, Any]


def openai_request(key: str, prompt: str, model: str = "gpt-4o-mini") -> Record:
    body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    return {"custom_id": key, "method": "POST", "url": "/v1/chat/completions", "body": body}


def openai_answer(key: str, output: str, model: str = "gpt-4o-mini-2024-07-18") -> Record:
    body = {
        "id": f"chatcmpl-{key}", "object": "chat.completion", "created": 1731368630, "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": output},
                     "finish_reason": "stop"}],
    }  # fmt: skip
    response = {"status_code": 200, "request_id": f"req-{key}", "body": body}
    return {"id": f"batch_req_{key}", "custom_id": key, "response": response, "error": None}


def openai_failure(key: str) -> Record:
    """A line of an error file: the service answered, with a refusal."""
    body = {"error": {"message": "Too long.", "type": "invalid_request_error", "code": "too_long"}}
    response = {"status_code": 400, "request_id": f"req-{key}", "body": body}
    return {"id": f"batch_req_{key}", "custom_id": key, "response": response, "error": None}


def openai_expiry(key: str) -> Record:
    """A line of an error file: the batch ended before the request was sent."""
    error = {"code": "batch_expired", "message": "This request could not be executed in time."}
    return {"id": f"batch_req_{key}", "custom_id": key, "response": None, "error": error}


def openai_job(batch: str, read: str, wrote: str, errors: str | None = None) -> Record:
    return {
        "id": batch, "object": "batch", "endpoint": "/v1/chat/completions", "input_file_id": read,
        "output_file_id": wrote, "error_file_id": errors, "status": "completed",
        "created_at": 1731368000, "request_counts": {"total": 2, "completed": 2, "failed": 0},
    }  # fmt: skip


def anthropic_request(key: str, prompt: str) -> Record:
    params = {"model": "claude-3-5-haiku-latest", "max_tokens": 9}
    return {
        "custom_id": key,
        "params": {**params, "messages": [{"role": "user", "content": prompt}]},
    }


def anthropic_answer(key: str, output: str) -> Record:
    message = {
        "id": f"msg_{key}", "type": "message", "role": "assistant", "model": "claude-3-5-haiku-20241022",
        "content": [{"type": "text", "text": output}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    return {"custom_id": key, "result": {"type": "succeeded", "message": message}}


def write_lines(path: Path, records: Iterable[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in records))
    return path
