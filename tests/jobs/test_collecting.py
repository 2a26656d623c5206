"""Collecting against a real server on this machine: what it says, and what it does wrong, is all kept."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casekit.analysis.departure import Asking, Candidate, design
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest
from casekit.jobs import collecting as job
from casekit.jobs import verify, wire
from casekit.ops import collecting as ops
from casekit.queries import collecting as queries
from casekit.queries import custody, exchanges
from casekit.store.case import Case, create_case
from tests import protocol_server as server
from tests.protocol_server import MODEL, Server
from tests.waiting import HandClock, wait_until

KEY = "sk-quokka-5309-secret"
PROMPTS = ["Why is the sky blue?", "Name three rivers of Asia.", "Écris un vers. 写一句诗。"]


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A case with a set of three prompts, two samples each, and terms of use as item 1."""
    monkeypatch.setattr(job, "FIRST_WAIT", 0.01)
    with create_case(tmp_path / "Case", "Aurora v. Meridian") as case:
        (tmp_path / "terms.txt").write_text("Terms of use of the endpoint.")
        ingest(case, [tmp_path / "terms.txt"])
        register(case, "first")
        yield case


def register(case: Case, name: str, prompts: list[str] = PROMPTS, **how: Any) -> None:
    listed = [Candidate(p, "all", "list") for p in prompts]
    with case.read() as s:
        body = design(
            s, question="Does it answer?", subject=MODEL, sources=(), rivals=(), count=9, listed=listed, seed=1,
            asking=dataclasses.replace(Asking(samples=2, temperature=0.5, max_tokens=50), **how),
        )  # fmt: skip
    with case.write() as s:
        ops.register(s, name, body)


def approval(url: str, **values: Any) -> dict[str, Any]:
    return {
        "url": url, "protocol": "openai", "model": "meridian-r1", "role": "subject",
        "account_holder": "Aurora Ltd", "terms_id": 1, "terms_accepted": "R. Moreau, 3 March 2026",
        "counsel": "J. Halden", "operator": "T. Okafor", "price_input": "2.00", "price_output": "10",
        "currency": "USD", "price_source": "price page of 3 March 2026", "most": "", **values,
    }  # fmt: skip


def approve(case: Case, url: str, name: str = "first", **values: Any) -> None:
    with case.write() as s:
        ops.approve(s, name, approval(url, **values))


def collect(case: Case, name: str = "first", **how: Any) -> job.Collected:
    return job.run(case, name, "meridian-r1", KEY, **how)


def standing(case: Case, name: str = "first") -> queries.Standing:
    with case.read() as s:
        chosen = queries.get(s, name)
        return queries.standing(s, chosen, queries.endpoints(s, chosen.id)[0])


def nothing_keeps(folder: Path, secret: bytes) -> bool:
    return not any(secret in f.read_bytes() for f in folder.rglob("*") if f.is_file())


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_answers_in_both_protocols_become_outputs(
    ready: Case, protocol: str, streamed: bool
) -> None:
    register(ready, "this", stream=streamed)
    with Server() as there:
        approve(ready, there.url, "this", protocol=protocol)
        told = collect(ready, "this")
    assert (told.asked, told.left, told.stopped, dict(told.states)) == (6, 0, "", {"answered": 6})
    assert told.cost == 6 * (9 * 2 + 7 * 10) / job.Decimal(1_000_000)
    with ready.read() as s:
        answers = exchanges.answers(s, MODEL)
    assert sorted(a.output.strip() for a in answers) == sorted(
        f"An answer to: {p}" for p in PROMPTS * 2
    )
    assert {a.temperature for a in answers} == {0.5}
    assert {a.prompt_sha256 for a in answers} == {
        hashlib.sha256(p.encode()).digest() for p in PROMPTS
    }
    field = "x-api-key" if protocol == "anthropic" else "Authorization"
    assert {headers[field] for _, headers, _ in there.seen} == {
        KEY if protocol == "anthropic" else f"Bearer {KEY}"
    }
    assert nothing_keeps(ready.folder, KEY.encode())
    found = standing(ready, "this")
    assert (found.done, found.wanted, found.input_tokens, found.output_tokens) == (6, 6, 54, 42)
    assert found.clock_us is not None
    assert abs(found.clock_us) < 2_000_000
    assert verify.verify(ready).damaged == []
    assert not list((ready.folder / job.FOLDER).glob("*.warc"))


def test_nothing_is_asked_before_it_is_approved(ready: Case) -> None:
    with pytest.raises(CaseKitError, match="Nobody has approved"):
        collect(ready)
    for lacking, said in (
        ("account_holder", "the holder of the account"), ("operator", "the operator"),
        ("counsel", "the counsel"), ("terms_accepted", "accepted the terms"),
    ):  # fmt: skip
        with pytest.raises(CaseKitError, match=said):
            approve(ready, "https://api.example/v1", **{lacking: " "})
    with pytest.raises(CaseKitError, match="no item 99"):
        approve(ready, "https://api.example/v1", terms_id=99)
    approve(ready, "https://api.example/v1")
    with pytest.raises(CaseKitError, match="approved already"):
        approve(ready, "https://other.example/v1")


def test_the_log_names_set_and_endpoint_before_the_first_question(ready: Case) -> None:
    with Server() as there:
        approve(ready, there.url)
        collect(ready)
        url = there.url
    with ready.read() as s:
        entries = [e for e in custody.entries(s) if e.op.startswith("collect.")]
        sha256 = queries.get(s, "first").sha256.hex()
        begun = custody_body(s, entries[2].seq)
    assert [e.op for e in entries] == [
        "collect.register",
        "collect.approve",
        "collect.begin",
        "collect.keep",
    ]
    assert {e.act_class for e in entries} == {"custody"}
    assert (begun["endpoint"], begun["set_sha256"]) == (f"{url}/chat/completions", sha256)
    assert (begun["operator"], begun["terms_item"], begun["questions"]) == ("T. Okafor", 1, 6)


def custody_body(s: Any, seq: int) -> dict[str, Any]:
    from casekit.store import custody as log

    return log.detail(s, seq).body


def test_what_goes_wrong_is_recorded_and_tried_again(ready: Case) -> None:
    turns = [
        server.status(429, Retry_After="1"), server.status(500), server.answer,
        server.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"id\""),
        server.raw(b"\x00\x01 this is no HTTP\r\n\r\n"), server.raw(b""),
        server.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{{{{"),
        server.answer, server.status(400), server.answer,
    ]  # fmt: skip
    with Server(*turns) as there:
        approve(ready, there.url)
        begun = time.monotonic()
        told = collect(ready)
        assert time.monotonic() - begun > 1.0  # as long as the server asked for
        assert collect(ready).asked == 0  # what was refused for good is not asked again
    states = {
        "answered": 5,
        "busy": 1,
        "cut": 2,
        "failed": 1,
        "garbage": 1,
        "refused": 1,
        "unreadable": 1,
    }
    assert (dict(told.states), told.left, told.stopped) == (states, 0, "")
    assert len(there.seen) == told.asked == sum(standing(ready).states.values())
    with ready.read() as s:
        assert len(exchanges.answers(s, MODEL)) == 5


def test_a_stream_that_breaks_off_is_no_answer(ready: Case) -> None:
    register(ready, "this", stream=True)
    with Server(server.cut_stream, server.answer) as there:
        approve(ready, there.url, "this")
        told = collect(ready, "this")
    assert dict(told.states) == {"cut": 1, "answered": 6}


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (server.status(401), "turned the question away: HTTP 401: no 401"),
        (server.status(302, Location="http://127.0.0.1:1/elsewhere"), "HTTP 302"),
        (server.status(429, Retry_After="3600"), "asks to wait for 3600 s"),
        (server.status(400), "3 questions in a row had no answer"),
    ],
)
def test_it_ends_where_going_on_would_be_wrong(ready: Case, turn: server.Answer, said: str) -> None:
    with Server(turn) as there:
        approve(ready, there.url)
        told = collect(ready)
    assert said in told.stopped
    assert len(there.seen) == told.asked <= 3


def test_the_key_is_kept_nowhere_even_if_it_is_sent_back(ready: Case) -> None:
    def echo(to: server.Speaker, _asked: dict[str, Any]) -> None:
        to.give(401, {"error": {"message": f"Wrong key {KEY}"}}, X_Key=KEY)

    def in_pieces(to: server.Speaker, _asked: dict[str, Any]) -> None:
        to.send_response(401)
        to.send_header("Transfer-Encoding", "chunked")
        to.end_headers()
        for part in (KEY[:9], KEY[9:]):
            to.wfile.write(f"{len(part):x}\r\n{part}\r\n".encode())
        to.wfile.write(b"0\r\n\r\n")

    with Server(echo, in_pieces) as there:
        approve(ready, there.url)
        first, second = collect(ready), collect(ready)
    assert "Wrong key *****" in first.stopped
    assert second.asked == 1
    assert nothing_keeps(ready.folder, KEY.encode())
    assert nothing_keeps(ready.folder, KEY[9:].encode())


def test_cancelling_keeps_what_came_and_the_next_run_goes_on(ready: Case) -> None:
    class Stop:
        def step(self, done: int, _total: int | None, _text: str) -> None:
            if done == 2:
                raise Cancelled

    with Server() as there:
        approve(ready, there.url)
        with pytest.raises(Cancelled):
            collect(ready, progress=Stop())
        assert standing(ready).done == 2
        told = collect(ready)
    assert (told.asked, told.left, len(there.seen)) == (4, 0, 6)


def test_a_slow_answer_is_given_up_and_recorded(
    ready: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "ATTEMPTS", 1)
    clock = HandClock()
    monkeypatch.setattr(wire, "time", clock)

    def slow(to: server.Speaker, asked: dict[str, Any]) -> None:
        clock.go_on(0.5)
        server.slow(to, asked)

    with Server(slow, server.answer) as there:
        approve(ready, there.url)
        told = collect(ready, seconds=0.4)
    assert dict(told.states) == {"timed-out": 1, "answered": 5}
    assert told.left == 1


def test_it_does_not_spend_more_than_was_approved(ready: Case) -> None:
    with Server() as there:
        approve(ready, there.url, most="0.0009")
        told = collect(ready)
    assert "of the 0.0009 that were approved are spent" in told.stopped
    assert 0 < told.asked < 6
    assert told.cost is not None
    assert told.cost <= job.Decimal("0.0009")


def test_the_certificate_is_kept_and_one_not_trusted_is_asked_nothing(
    ready: Case, tmp_path: Path
) -> None:
    own = server.certificate(tmp_path)
    with Server(tls=own) as there:
        approve(ready, there.url)
        refused = collect(ready)
        assert "self-signed certificate" in refused.stopped
        assert there.seen == []
        told = collect(ready, authority=own[0])
    assert (told.left, told.stopped) == (0, "")
    from cryptography import x509

    der = x509.load_pem_x509_certificate(own[0].read_bytes())
    from cryptography.hazmat.primitives import hashes

    assert standing(ready).certificates == (der.fingerprint(hashes.SHA256()).hex(),)
    with ready.read() as s:
        from casekit.queries import items

        texts = [row.title for row in items.rows(s, range(1, 20))]
    assert any("tls://127.0.0.1" in title for title in texts)


def test_a_killed_run_goes_on_and_no_question_is_sent_unrecorded(ready: Case) -> None:
    """Killed while the server holds an answer back: the question that was sent is on record as unknown."""
    hold = [True]

    def answer(to: server.Speaker, asked: dict[str, Any]) -> None:
        while hold[0] and len(to.server.seen) == 3:
            time.sleep(0.02)
        server.answer(to, asked)

    with Server(answer) as there:
        approve(ready, there.url)
        script = (
            "import sys; from pathlib import Path; from casekit.store.case import open_case; "
            "from casekit.jobs import collecting as j; "
            f"j.run(open_case(Path(sys.argv[1])), 'first', 'meridian-r1', '{KEY}')"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(ready.folder)], env=dict(os.environ)
        )
        wait_until(lambda: len(there.seen) >= 3, "the third question of the other process")
        with pytest.raises(CaseKitError, match="Another CaseKit is asking"):
            collect(ready)
        child.send_signal(signal.SIGKILL)
        child.wait()
        hold[0] = False
        told = collect(ready)
    assert (told.asked, told.left) == (4, 0)
    assert standing(ready).states == {"answered": 6, "unknown": 1}
    assert len(there.seen) == 7
    assert nothing_keeps(ready.folder, KEY.encode())


@pytest.mark.parametrize("why", ["privilege", "redaction", "sequestered"])
def test_a_prompt_of_a_withheld_item_does_not_leave(ready: Case, tmp_path: Path, why: str) -> None:
    from casekit.ops import clawback, privilege, redactions
    from tests.builders import file_items, make_exchange

    prompts = ["Which plan is secret?", "Which rivers are long in Asia today?"]
    made = [make_exchange(p, f"{m} says {p}", m) for p in prompts for m in ("a", "b", "c")]
    file_items(ready, made, tmp_path)
    with ready.read() as s:
        body = design(s, question="q", subject="x", sources=["a"], rivals=["b", "c"], count=9,
                      asking=Asking(samples=1), seed=1)  # fmt: skip
    with ready.write() as s:
        ops.register(s, "second", body)
        if why == "privilege":  # of one of the three items that carry the prompt
            privilege.assert_privilege(s, [3])
        elif why == "redaction":
            redactions.redact(s, [(3, "prompt", 6, 10)], "privacy")
        else:
            clawback.receive_notice(
                s, clawback.Notice("Them", ["item 2", "item 3", "item 4"], reference="letter")
            )
    with Server() as there:
        approve(ready, there.url, "second")
        told = collect(ready, "second")
    assert (told.asked, told.withheld) == (1, 1)
    assert [asked["messages"][-1]["content"] for _, _, asked in there.seen] == [prompts[1]]


def test_an_estimate_is_never_too_low(ready: Case) -> None:
    with ready.read() as s:
        found = job.estimate(queries.get(s, "first"), "2", "10")
    assert (found.questions, found.output_tokens) == (6, 300)
    assert found.cost == (job.Decimal(2) * found.input_tokens + 10 * 300) / 1_000_000
    assert found.input_tokens >= 6 * 9
