from __future__ import annotations

import hashlib
import json

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.headers import (
    as_fields,
    first,
    key_in,
    mask,
    mask_url,
    read_counted_fields,
    read_request_fields,
    read_response_fields,
    without_secrets,
)
from casekit.ingest.parsed import Context

KEY = "sk-proj-0123456789abcdefghijWXYZ"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [(KEY, "sk-proj…WXYZ"), ("sk-short-key", "sk-…"), ("abc", "…"), ("", "…")],
)
def test_a_key_shows_its_ends_only(secret: str, shown: str) -> None:
    assert mask(secret) == shown


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("Authorization", f"Bearer {KEY}", KEY),
        ("authorization", KEY, KEY),
        ("x-api-key", KEY, KEY),
        ("Api-Key", KEY, KEY),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIA0123456789ABCDEF/2026/us/s3/x, Sig=1",
            "AKIA0123456789ABCDEF",
        ),
        ("cookie", "a=b", ""),
    ],
)
def test_where_a_key_stands(name: str, value: str, key: str) -> None:
    assert key_in(name, value) == key


def test_urls_lose_their_keys_and_passwords() -> None:
    assert mask_url("https://me:pw@h.example/v1?key=AIza0123456789abcdefgh&alt=sse#x") == (
        "https://…@h.example/v1?key=AIza012…efgh&alt=sse#x"
    )
    assert mask_url("https://h.example/a@b:c?monkey=1") == "https://h.example/a@b:c?monkey=1"


def test_what_the_request_says() -> None:
    draft = Draft(b"", Context())
    fields = as_fields({
        "User-Agent": ["OpenAI/Python 1.54.3"], "authorization": f"Bearer {KEY}", "Host": "x",
        "x-stainless-os": ["MacOS"], "X-Stainless-Retry-Count": 0, "anthropic-version": "2023-06-01",
        "X-Forwarded-For": "203.0.113.7, 10.0.0.1", "cookie": "sid=0123456789abcdefXYZ",
    })  # fmt: skip
    read_request_fields(fields, draft)
    sdk = json.loads(draft.fields.pop("sdk"))
    assert sdk == {"x-stainless-os": "MacOS", "x-stainless-retry-count": "0"}
    assert draft.fields == {
        "user_agent": "OpenAI/Python 1.54.3", "api_key": "sk-proj…WXYZ",
        "api_version": "2023-06-01", "ip": "203.0.113.7",
    }  # fmt: skip
    shown = dict(without_secrets(fields))
    assert shown["authorization"] == "Bearer sk-proj…WXYZ"
    assert shown["cookie"] == "sid=0123456…fXYZ"
    assert KEY not in json.dumps(shown)


def test_what_the_answer_says() -> None:
    draft = Draft(b"", Context())
    fields = [
        ("Date", "Mon, 11 Nov 2024 23:43:52 GMT"), ("x-request-id", "req_1"), ("request-id", "req_2"),
        ("openai-organization", "org"), ("openai-processing-ms", "287"),
    ]  # fmt: skip
    read_response_fields(fields, draft)
    assert draft.fields == {"request_id": "req_1", "organisation": "org", "latency_ms": 287}
    assert draft.when is not None
    assert (draft.when.us, draft.when.field) == (1731368632000000, "Date")


@pytest.mark.parametrize(
    ("untrusted", "fields"),
    [
        ({"a": "1", "b": ["2", 3]}, [("a", "1"), ("b", "2"), ("b", "3")]),
        ([["a", "1"], ["b"], 7], [("a", "1")]),
        ([{"name": "a", "value": "1"}, {"name": 2}, {}], [("a", "1")]),
        ("a: 1", []),
        (None, []),
        ({"a": {"b": 1}}, []),
    ],
)
def test_the_forms_that_headers_come_in(untrusted: object, fields: list[tuple[str, str]]) -> None:
    assert as_fields(untrusted) == fields
    assert first(fields, "a") == ("1" if fields else "")


def test_long_urls_are_masked_in_a_moment() -> None:
    assert mask_url("http://" + ":" * 500_000).endswith(":")
    assert mask_url("http://a:b@c@h/x") == "http://…@h/x"


def test_short_keys_that_are_alike_at_both_ends_stay_two_keys() -> None:
    found = []
    for key in ("key-alice", "key-bob00"):
        draft = Draft(b"", Context())
        read_request_fields([("x-api-key", key)], draft)
        assert key not in draft.fields["api_key"]
        found.append(draft.fields["api_key"])
    assert found == ["key… " + hashlib.sha256(b"key-alice").hexdigest()[:8], found[1]]
    assert found[0] != found[1]


def test_what_the_body_counted_stands_and_the_header_adds_what_it_did_not() -> None:
    draft = Draft(b"", Context())
    draft.fields["input_tokens"] = 3
    counted = [
        ("X-Amzn-Bedrock-Input-Token-Count", "99"),
        ("X-Amzn-Bedrock-Output-Token-Count", "4"),
    ]
    read_counted_fields(counted, draft)
    assert draft.fields == {"input_tokens": 3, "output_tokens": 4}
