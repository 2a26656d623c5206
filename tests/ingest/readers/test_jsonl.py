from __future__ import annotations

import json

from casekit.ingest.parsed import Context, Exchange, Parsed, Problem, Step, When, sha256
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import DATA, read_all, texts


def test_a_gateway_line_becomes_an_exchange_with_its_place() -> None:
    data = (DATA / "gateway.jsonl").read_bytes()
    items, _, _ = read_all(read, data)
    raw = data[: data.index(b"\r")]
    step = Step("slice", offset=0, length=len(raw), line=1, sha256=sha256(raw))
    assert items[0] == Parsed(
        kind="exchange",
        collection="api-log",
        title="Explain ropes?",
        steps=(step,),
        sha256=sha256(raw),
        size=len(raw),
        media_type="application/json",
        texts=(("system", "Be brief."), ("prompt", "Explain ropes?"), ("output", "Twisted yarn.")),
        when=When(1_770_091_506_789_000, "2026-02-03T04:05:06.789Z", "ts", "explicit", 1000),
        exchange=Exchange(
            model="claude-x-4",
            endpoint="/v1/messages",
            account="acct_1",
            api_key="key_1",
            request_id="req_1",
            ip="198.18.7.1",
            asn=65001,
            country="SG",
            user_agent="curl/8",
            ja4="t13d",
            payment="pm_1",
            status=200,
            finish_reason="end_turn",
            temperature=0.7,
            max_tokens=1024,
            input_tokens=9,
            output_tokens=3,
            latency_ms=812,
            prompt_sha256=sha256(b"Explain ropes?"),
            parameters='{"max_tokens":1024,"temperature":0.7}',
            extra='{"response":{"id":"msg_1"}}',
            upstream_id="msg_1",
            cache_read_tokens=0,
        ),
    )


def test_a_refused_call_says_what_is_missing() -> None:
    items, _, _ = read_all(read, (DATA / "gateway.jsonl").read_bytes())
    exchange = items[1].exchange
    assert exchange is not None
    assert exchange.completeness == ("no-output", "ip-masked")
    assert (exchange.status, exchange.account) == (429, "acct_3")


def test_bad_lines_are_quarantined_with_their_place() -> None:
    data = (DATA / "gateway.jsonl").read_bytes()
    items, problems, _ = read_all(read, data)
    assert [item.steps[0].line for item in items] == [1, 4]
    assert [(each.stage, each.kind, each.line) for each in problems] == [
        ("parse", "duplicate-key", 3),
        ("parse", "bad-json", 5),
    ]
    cut = problems[1]
    assert cut.offset is not None
    assert data[cut.offset :] == data.splitlines()[-1]


def test_every_way_to_cut_the_file_off_adds_up() -> None:
    data = (DATA / "gateway.jsonl").read_bytes()
    for size in range(0, len(data), 37):
        read_all(read, data[:size])


def test_a_batch_knows_its_questions_by_their_ids() -> None:
    items, problems, _ = read_all(read, (DATA / "batch.jsonl").read_bytes())
    assert problems == []
    said = [item.exchange for item in items]
    assert [each and (each.request_id, each.model, each.finish_reason) for each in said] == [
        ("q-1", "gpt-4o", "stop"),
        ("q-2", "", ""),
        ("q-3", "claude-x", "end_turn"),
        ("q-4", "", "expired"),
    ]
    assert [texts(item).get("output") for item in items] == ["Four.", None, "Five.", None]
    assert [item.collection for item in items] == ["outputs"] * 4
    assert "try later" in (said[1].extra if said[1] else "")


def test_records_nobody_knows_are_one_document() -> None:
    data = b'{"a":1}\n{"b":\n{"c":3}\n'
    items, problems, books = read_all(read, data, Context(name="odd.jsonl"))
    assert (problems, books.good) == ([], len(data))
    assert [item.kind for item in items] == ["document"]
    assert texts(items[0]) == {"body": data.decode()}
    assert [each.kind for each in items[0].problems] == ["bad-json", "unknown-dialect"]


def test_a_stranger_among_known_records_is_quarantined() -> None:
    data = b'{"zzz":1}\n{"prompt":"a","completion":"b"}\n{"zzz":2}\n'
    items, problems, _ = read_all(read, data)
    assert len(items) == 1
    assert [(each.kind, each.line) for each in problems] == [
        ("guessed-mapping", None),
        ("unknown-record", 1),
        ("model-from-name", None),
        ("unknown-record", 3),
    ]


def test_the_user_s_mapping_goes_before_all_guesses() -> None:
    mapping = {
        "prompt": "q.text",
        "output": "a",
        "model": {"const": "m"},
        "time": "t",
        "account": "who",
    }
    data = b'{"q":{"text":"Why?"},"a":"So.","t":1770091506,"who":7,"n":[1]}\n'
    items, problems, _ = read_all(read, data, Context(mapping=json.dumps(mapping)))
    assert problems == []
    exchange = items[0].exchange
    assert exchange is not None
    assert texts(items[0]) == {"prompt": "Why?", "output": "So."}
    assert (exchange.model, exchange.account) == ("m", "7")
    assert exchange.extra == '{"q":{"text":"Why?"},"n":[1]}'
    assert items[0].when == When(1_770_091_506_000_000, "1770091506", "t")


def test_a_mapping_that_fits_nothing_is_told() -> None:
    _, problems, _ = read_all(read, b'{"prompt":"a","output":"b"}\n', Context(mapping='{"x":1}'))
    assert "bad-mapping" in [each.kind for each in problems]


def test_the_model_the_user_named_fills_a_gap_only() -> None:
    data = b'{"instruction":"a","output":"b"}\n{"instruction":"a","output":"b","generator":"own"}\n'
    items, problems, _ = read_all(read, data, Context(model="said"))
    assert [item.exchange.model for item in items if item.exchange] == ["said", "own"]
    assert problems == []


def test_half_a_character_leaves_the_record_usable() -> None:
    items, _, _ = read_all(read, b'{"instruction":"a","output":"cut \\ud83d","generator":"m"}\n')
    assert texts(items[0])["output"] == "cut \ufffd"
    assert [each.kind for each in items[0].problems] == ["lone-surrogate"]
    assert isinstance(items[0].problems[0], Problem)


def test_numbers_too_large_for_a_table_stay_in_extra() -> None:
    asked = b'{"messages":[{"role":"user","content":"a"}]}'
    line = b'{"ts":1e308,"status":18446744073709551615,"account":"x","request":' + asked + b"}"
    items, _, _ = read_all(read, line)
    exchange = items[0].exchange
    assert exchange is not None
    assert exchange.status is None
    assert "18446744073709551615" in exchange.extra
    assert items[0].when is None
