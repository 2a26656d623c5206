from __future__ import annotations

import json

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import protocols

HOW = {"temperature": 0.5, "max_tokens": 9, "system": "Be brief.", "stream": True}


def test_the_system_prompt_stands_where_each_protocol_wants_it() -> None:
    openai = json.loads(protocols.body("openai", "m", "Hé?", HOW))
    anthropic = json.loads(protocols.body("anthropic", "m", "Hé?", HOW))
    assert openai["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hé?"},
    ]
    assert (anthropic["system"], anthropic["messages"]) == (
        "Be brief.",
        [{"role": "user", "content": "Hé?"}],
    )
    assert "system" not in json.loads(
        protocols.body("anthropic", "m", "Hé?", {**HOW, "system": ""})
    )


def test_the_address_gets_its_end_once() -> None:
    assert (
        protocols.address("openai", "https://x.example/v1/")
        == "https://x.example/v1/chat/completions"
    )
    whole = "https://x.example/v1/messages"
    assert protocols.address("anthropic", whole) == whole


@pytest.mark.parametrize(
    "url",
    ["http://x.example/v1", "ftp://x.example", "https://u:p@x.example/", "https://x.example/?key=1", "https://",
     "https://x.example:99999/", "https://x.example/a b", "https://x.example/\r\nHost: y"],
)  # fmt: skip
def test_an_address_that_leaks_or_leads_astray_is_refused(url: str) -> None:
    with pytest.raises(CaseKitError):
        protocols.checked_address(url)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b'{"choices": []}', "answered"), (b'{"content": [], "usage": {"input_tokens": -1}}', "answered"),
        (b"[1]", "unreadable"), (b"{", "unreadable"), (b'{"ok": 1}', "unreadable"), (b"", "unreadable"),
        (b'{"error": {"message": "full"}}', "failed"), (b"\xff\xfe", "unreadable"),
    ],
)  # fmt: skip
def test_an_answer_counts_only_if_it_is_one(data: bytes, state: str) -> None:
    found = protocols.judge(200, "application/json", data)
    assert (found.state, found.input_tokens) == (state, None)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"data: {}\n\ndata: [DONE]\n\n", "answered"), (b'data: {"type": "message_stop"}\r\n\r\n', "answered"),
        (b"data: {}\n\n", "cut"), (b"", "cut"), (b"data: {\n\n", "unreadable"),
        (b'data: {"error": "broken"}\n\ndata: [DONE]\n\n', "failed"),
    ],
)  # fmt: skip
def test_a_stream_must_say_that_it_has_ended(data: bytes, state: str) -> None:
    assert protocols.judge(200, "text/event-stream; charset=utf-8", data).state == state


def test_every_status_means_one_thing() -> None:
    states = {
        n: protocols.judge(n, "", b"").state for n in (301, 400, 401, 404, 429, 500, 503, 529)
    }
    assert states == {301: "stop", 400: "refused", 401: "stop", 404: "stop", 429: "busy", 500: "failed",
                      503: "busy", 529: "busy"}  # fmt: skip
