from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

from casekit.ingest.dialects.aws_events import MEDIA_TYPE, aws_events
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.http_calls import Call, read_call
from casekit.ingest.parsed import Context


def message(kind: str, value: Any, of: str = "event") -> bytes:
    names = [(":message-type", of), (f":{of}-type", kind), (":content-type", "application/json")]
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(text)) + text.encode()
        for name, text in names
    )
    headers += b"\x04flag\x00\x03num\x04\x00\x00\x00\x01"
    payload = json.dumps(value).encode()
    head = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    body = head + struct.pack(">I", zlib.crc32(head)) + headers + payload
    return body + struct.pack(">I", zlib.crc32(body))


def chunk(event: Any) -> bytes:
    return message(
        "chunk", {"bytes": base64.b64encode(json.dumps(event).encode()).decode(), "p": "ab"}
    )


CLAUDE = [
    {
        "type": "message_start",
        "message": {"id": "m", "model": "c", "role": "assistant", "content": []},
    },
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Yo"}},
    {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 3}},
]
CONVERSE = b"".join((
    message("messageStart", {"role": "assistant"}),
    message("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Yo"}}),
    message("messageStop", {"stopReason": "end_turn"}),
))  # fmt: skip


def test_chunks_give_the_models_own_events() -> None:
    assert aws_events(b"".join(map(chunk, CLAUDE))) == CLAUDE


def test_other_events_are_named_by_their_type() -> None:
    assert aws_events(CONVERSE)[1] == {
        "contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Yo"}}
    }
    assert aws_events(message("throttlingException", {"message": "slow"}, "exception")) == [
        {"error": {"type": "throttlingException", "message": "slow"}}
    ]


def test_every_cut_and_every_changed_byte_is_seen() -> None:
    data = b"".join(map(chunk, CLAUDE))
    first = len(chunk(CLAUDE[0]))
    for size in range(1, len(data)):
        found = aws_events(data[:size])
        assert found[-1] == "" or size in (first, first + len(chunk(CLAUDE[1])))
    for at in range(0, first, 7):
        assert aws_events(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) == [""]
    assert aws_events(b"") == []


def test_a_streamed_answer_of_bedrock_is_an_exchange() -> None:
    ask = json.dumps({"messages": [{"role": "user", "content": "Hi"}]})
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/a.c/invoke-with-response-stream"
    for data in (b"".join(map(chunk, CLAUDE)), CONVERSE):
        draft = Draft(b"", Context())
        read_call(Call("POST", url, [], ask, 200, [("Content-Type", MEDIA_TYPE)], data), draft)
        assert (draft.kind, draft.prompt, draft.output, draft.missing) == (
            "exchange",
            "Hi",
            "Yo",
            (),
        )
        assert (draft.fields["provider"], draft.fields["model_requested"]) == ("bedrock", "a.c")
    draft = Draft(b"", Context())
    read_call(Call("POST", url, [], ask, 200, [("Content-Type", MEDIA_TYPE)], data[:-9]), draft)
    assert draft.missing == ("truncated",)


def test_bytes_given_as_letters_are_read_all_the_same() -> None:
    stream = message("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Grüße"}})
    stream += message("messageStop", {"stopReason": "end_turn"})
    stream += message("metadata", {"metrics": {"latencyMs": 7}, "usage": {"inputTokens": 3}})
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream"
    asked = {
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "inferenceConfig": {"maxTokens": 9, "temperature": 0.5},
    }
    draft = Draft(b"x", Context())
    answered = [("Content-Type", MEDIA_TYPE)]
    read_call(
        Call("POST", url, [], json.dumps(asked), 200, answered, stream.decode("latin-1")), draft
    )
    assert (draft.prompt, draft.output) == ("Hi", "Grüße")
    told = {
        key: draft.fields.get(key)
        for key in ("input_tokens", "latency_ms", "max_tokens", "temperature")
    }
    assert told == {"input_tokens": 3, "latency_ms": 7, "max_tokens": 9, "temperature": 0.5}
