from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Context
from casekit.ingest.readers import json_records
from casekit.ingest.readers.cassette import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import read_all, texts

ANSWER = json.dumps(
    {"model": "m", "choices": [{"message": {"role": "assistant", "content": "Yo"}}]}
)
VCRPY = f"""\
interactions:
- request:
    body: '{{"model": "m", "messages": [{{"role": "user", "content": "Hi"}}]}}'
    headers:
      authorization:
      - Bearer sk-0123456789abcdefghijkl
      user-agent: [OpenAI/Python 1.54.3]
    method: POST
    uri: https://api.openai.com/v1/chat/completions
  response:
    body:
      string: |-
        {ANSWER}
    headers:
      Date:
      - Mon, 11 Nov 2024 23:43:52 GMT
    status:
      code: 200
      message: OK
- request:
    body: null
    headers: {{}}
    method: GET
    uri: https://h.example/page
  response:
    body:
      string: !!binary |
        aGVsbG8=
    headers:
      Content-Type: [text/plain]
    status: {{code: 200, message: OK}}
version: 1
""".encode()
RUBY = b"""\
---
http_interactions:
- request:
    method: get
    uri: http://h.example/
    body:
      encoding: US-ASCII
      string: ''
    headers: {}
  response:
    status:
      code: 301
      message: Moved
    headers:
      Content-Type:
      - text/html
    body:
      encoding: UTF-8
      string: <p>
    http_version:
  recorded_at: Tue, 01 Nov 2011 04:58:44 GMT
recorded_with: VCR 6.0.0
"""
GO = b"""\
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        body: ""
        headers:
            Accept:
                - '*/*'
        url: https://h.example/x
        method: GET
      response:
        body: ok
        headers: {}
        status: 200 OK
        code: 200
        duration: 1.5s
"""


def test_interactions_are_items() -> None:
    assert format_of(VCRPY, "x") == "cassette"
    items, problems, _ = read_all(read, VCRPY)
    assert problems == []
    assert [(item.kind, item.title) for item in items] == [
        ("exchange", "Hi"),
        ("request", "GET https://h.example/page 200"),
    ]
    assert texts(items[0]) == {"prompt": "Hi", "output": "Yo"}
    assert texts(items[1]) == {"body": "GET https://h.example/page 200\n\nhello"}
    e = items[0].exchange
    assert e is not None
    assert (e.api_key, e.user_agent, e.provider) == (
        "sk-0123…ijkl",
        "OpenAI/Python 1.54.3",
        "openai",
    )
    assert "0123456789" not in e.extra
    assert items[0].when is not None
    assert items[0].when.raw == "Mon, 11 Nov 2024 23:43:52 GMT"


@pytest.mark.parametrize(
    ("data", "title"), [(RUBY, "GET http://h.example/ 301"), (GO, "GET https://h.example/x 200")]
)
def test_the_cassettes_of_other_tools(data: bytes, title: str) -> None:
    assert format_of(data, "x") == "cassette"
    (item,), problems, _ = read_all(read, data)
    assert (problems, item.kind, item.title) == ([], "request", title)
    crlf = data.replace(b"\n", b"\r\n")
    assert format_of(crlf, "x") == "cassette"
    (again,), _, _ = read_all(read, crlf)
    assert again.title == title


def test_a_cassette_in_json() -> None:
    record = {"request": {"method": "GET", "uri": "https://h.example/", "body": None, "headers": {}},
              "response": {"status": {"code": 200}, "body": {"string": "x"}, "headers": {}}}  # fmt: skip
    data = json.dumps({"version": 1, "interactions": [record, record]}, indent=1).encode()
    items, problems, _ = read_all(json_records.read, data)
    assert ([item.title for item in items], problems) == (["GET https://h.example/ 200"] * 2, [])


def test_every_cut_gives_the_interactions_before_it() -> None:
    second = VCRPY.index(b"- request", 40)
    for size in range(20, len(VCRPY), 5):
        items, problems, _ = read_all(read, VCRPY[:size])
        if size > second + 2:
            assert [item.title for item in items][:1] == ["Hi"]
        assert len(items) + len(problems) <= 2


def test_damage_costs_one_interaction() -> None:
    for before, after, kind in (
        (b"method: POST", b"method: 'POST", "bad-yaml"),
        (b"method: POST", b"method: \xff", "bad-utf8"),
        (b"    method: POST\n", b"    method: POST\n    method: POST\n", "duplicate-key"),
    ):
        items, problems, _ = read_all(read, VCRPY.replace(before, after, 1))
        assert ([item.kind for item in items], [each.kind for each in problems]) == (
            ["request"],
            [kind],
        )


@pytest.mark.parametrize(
    "data",
    [b"interactions:\n- request:\n", b"interactions:\n", b"interactions: []\n", b"\xef\xbb\xbfx", b"",
     b"interactions:\n- " + b"[" * 9000, b"interactions:\n- 7\n- request: 8\n"],
)  # fmt: skip
def test_what_holds_no_interaction_is_kept(data: bytes) -> None:
    items, _, books = read_all(read, data, Context(name="f"))
    assert ([item.kind for item in items], books.good) == (["document"], len(data))


@pytest.mark.corpus
def test_the_real_files(corpus: Path) -> None:
    seen = {}
    for path in sorted((corpus / "api" / "vcr_http_cassettes").iterdir()):
        data = path.read_bytes()
        assert format_of(data, "x") == "cassette"
        items, problems, _ = read_all(read, data)
        assert problems == []
        seen[path.stem] = [
            (
                item.kind,
                e.status,
                e.model,
                e.input_tokens,
                e.request_id[:6],
                "x-stainless-os" in e.sdk,
            )
            for item in items
            if (e := item.exchange) is not None
        ]
    model = "gpt-4o-mini-2024-07-18"
    assert seen == {
        "test_chat_completion_404": [("exchange", 404, "", None, "req_c3", True)],
        "test_chat_completion_tool_calls_with_content": [
            ("exchange", 200, model, 75, "req_a0", True),
            ("exchange", 200, model, 99, "req_22", True),
        ],
        "test_chat_completion_with_content": [("exchange", 200, model, 12, "req_58", True)],
    }


def test_binary_values_in_odd_places_are_text() -> None:
    data = VCRPY.replace(b"method: GET", b"method: !!binary R0VU").replace(
        b"headers: {}", b"headers: {a: !!binary H4v/, b: [!!binary gIA=]}"
    )
    items, problems, _ = read_all(read, data)
    assert problems == []
    assert items[1].exchange is not None
    assert json.loads(items[1].exchange.extra)["request_headers"] == [
        ["a", "\x1f\x8bÿ"],
        ["b", "\x80\x80"],
    ]


LETTERS = st.text(st.sampled_from("ab -:#'\"\\\n\t{}[]&*!|>%@`é\ud7ff😀"), max_size=60)


@given(st.lists(st.tuples(LETTERS, st.booleans()), min_size=1, max_size=3))
def test_whatever_yaml_writes_is_read_back(answers: list[tuple[str, bool]]) -> None:
    interactions = []
    for text, streamed in answers:
        pieces = [
            {"model": "m", "choices": [{"index": 0, "delta": {"content": each}}]} for each in text
        ]
        body = json.dumps(
            {"model": "m", "choices": [{"message": {"role": "assistant", "content": text}}]}
        )
        if streamed:
            body = "".join(f"data: {json.dumps(each)}\n\n" for each in pieces) + "data: [DONE]\n\n"
        interactions.append({
            "request": {"method": "POST", "uri": "https://h.example/", "headers": {}, "body": json.dumps(
                {"model": "m", "messages": [{"role": "user", "content": text + "?"}]}, ensure_ascii=False)},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": body}},
        })  # fmt: skip
    for unicode in (True, False):
        data = yaml.safe_dump(
            {"interactions": interactions, "version": 1}, allow_unicode=unicode
        ).encode()
        assert format_of(data, "x") == "cassette"
        items, problems, _ = read_all(read, data)
        assert problems == []
        assert [(texts(item)["prompt"], texts(item).get("output", "")) for item in items] == [
            (text + "?", text) for text, _ in answers
        ]
