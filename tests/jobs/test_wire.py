from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import wire
from tests import protocol_server as server
from tests.protocol_server import Server


def asked(url: str, key: str = "sk-abcdefgh") -> wire.Question:
    return wire.question(
        url, {}, b'{"messages": [{"content": "Hi"}]}', "Authorization: Bearer ", key
    )


def ask(there: Server, **how: float) -> wire.Came:
    return wire.ask(asked(there.url), lambda: None, **how)  # type: ignore[arg-type]


def test_what_is_kept_of_a_question_is_what_was_sent_but_the_key() -> None:
    question = asked("https://x.example:8443/v1")
    assert question.kept == question.sent.replace(b"sk-abcdefgh", b"[not kept]")
    assert question.sent.startswith(b"POST /v1 HTTP/1.1\r\nHost: x.example:8443\r\n")
    assert b"sk-abcdefgh" not in repr(question).encode()
    for key in ("two words", "line\r\nX: y", "schlüssel"):
        with pytest.raises(CaseKitError, match="key"):
            asked("https://x.example/v1", key)
    with pytest.raises(CaseKitError, match="take it out"):
        asked("https://x.example/v1", "messages")


def test_bytes_are_kept_as_they_came() -> None:
    sent = b"HTTP/1.1 200 Fine\r\nX-Odd:  a  \r\nContent-Length: 2\r\n\r\n{}"
    with Server(server.raw(sent)) as there:
        came = ask(there)
    assert (came.state, came.status, came.raw, came.body) == ("whole", 200, sent, b"{}")
    assert (came.address, came.certificate) == ("127.0.0.1", b"")


@pytest.mark.parametrize(
    ("sent", "state", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "cut", b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "cut", b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n", "cut", b""),
        (b"SSH-2.0-x\r\n", "garbage", b""), (b"", "cut", b""),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "garbage", b""),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_told_and_kept(sent: bytes, state: str, body: bytes) -> None:
    with Server(server.raw(sent)) as there:
        came = ask(there)
    assert (came.state, came.body) == (state, body)
    assert sent.startswith(came.raw)


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_BYTES", 1000)
    with Server(server.raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000)) as there:
        came = ask(there)
    assert came.state == "too-long"


def test_nobody_there_is_unreachable() -> None:
    with Server() as there:
        url = there.url
    assert wire.ask(asked(url), lambda: None).state == "unreachable"


def test_the_servers_clock_is_told_with_its_doubt() -> None:
    late = b"HTTP/1.1 200 OK\r\nDate: Fri, 01 Jan 2100 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
    with Server(server.raw(late)) as there:
        came = ask(there)
    assert came.clock_us is not None
    ours = came.sent_us + (came.ended_us - came.sent_us) // 2
    assert came.clock_us == 4_102_444_800_500_000 - ours
    assert came.clock_error_us == 500_000 + (came.ended_us - came.sent_us) // 2
    for odd in ("", "yesterday", "Fri, 31 Feb 2100 00:00:00 GMT", "Fri, 01 Jnn 2100 00:00:00 GMT"):
        assert wire.http_date(odd) is None
