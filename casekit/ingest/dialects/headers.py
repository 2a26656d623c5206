"""What the header fields of an HTTP call say of who asked, with what and when; keys come out masked.

Source: RFC 9110; OpenAI, Anthropic and Bedrock API references (header fields); openai-python `_base_client.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.strict_json import encode

Fields = list[tuple[str, str]]
"""Name and value of each header field, in order."""

_KEYS = frozenset({
    "authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key",
    "x-openai-api-key", "xi-api-key",
})  # fmt: skip
_SECRETS = _KEYS | {
    "proxy-authorization", "cookie", "set-cookie", "x-amz-security-token", "x-auth-token",
    "x-csrf-token", "x-xsrf-token", "authentication", "cf-access-client-secret",
}  # fmt: skip
_ASKED = {
    "user-agent": "user_agent", "referer": "referer", "anthropic-version": "api_version",
    "api-version": "api_version", "openai-organization": "organisation",
    "openai-project": "project", "x-forwarded-for": "ip",
}  # fmt: skip
_ANSWERED = {
    "x-request-id": "request_id", "request-id": "request_id", "x-amzn-requestid": "request_id",
    "apim-request-id": "request_id", "x-ms-request-id": "request_id",
    "openai-organization": "organisation", "anthropic-organization-id": "organisation",
    "openai-project": "project", "openai-version": "api_version",
}  # fmt: skip
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)")
_QUERY_KEY = re.compile(
    r"(?i)([?&;](?:key|api[-_]?key|subscription-key|access_token|token|sig|x-amz-signature"
    r"|x-amz-credential|x-amz-security-token|x-goog-signature|client_secret|password)=)([^&#;]+)"
)
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{3,45}")
_SHORT = 16


def mask(secret: str) -> str:
    """A secret's first 7 and last 4 characters; of a short one, which that would give away, the first 3."""
    if len(secret) < _SHORT:
        return f"{secret[:3]}…" if len(secret) > 6 else "…"
    return f"{secret[:7]}…{secret[-4:]}"


def key_name(secret: str) -> str:
    """What tells a key from others without giving it away: its mask, of a short one with a part of its hash.

    Short keys are often alike at both ends, and two accounts must not seem to share one.
    """
    if len(secret) >= _SHORT:
        return mask(secret)
    return f"{mask(secret)} {hashlib.sha256(secret.encode()).hexdigest()[:8]}"


def mask_url(untrusted_url: str) -> str:
    """A URL with the values of its keys and signatures masked, and a password before its host."""
    scheme, mark, rest = untrusted_url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    who, at, _ = host.rpartition("@")
    url = f"{scheme}://…@{rest[len(who) + 1 :]}" if mark and at and ":" in who else untrusted_url
    return _QUERY_KEY.sub(lambda found: found[1] + mask(found[2]), url)


def key_in(name: str, value: str) -> str:
    """The key in a header field that carries one, or empty; of a signature, the name of its key."""
    if name.lower() not in _KEYS:
        return ""
    credential = _CREDENTIAL.search(value)
    if credential:
        return credential[1]
    scheme, _, rest = value.strip().partition(" ")
    return rest.strip() if rest and scheme.isalpha() else value.strip()


def without_secrets(fields: Fields) -> list[list[str]]:
    """The fields for display, keys and cookies masked; the bytes themselves stay in the original."""
    return [
        [name, _masked(value)] if name.lower() in _SECRETS else [name, value]
        for name, value in fields
    ]


def _masked(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    if rest and scheme.isalpha() and len(scheme) <= 12:
        return f"{scheme} {mask(rest)}"
    name, equals, rest = value.partition("=")
    return f"{name}={mask(rest)}" if equals and len(name) <= 60 else mask(value)


def read_request_fields(fields: Fields, draft: Draft) -> None:
    """What a request's header says: key (masked), program, version of the API, organisation, SDK."""
    sdk: dict[str, str] = {}
    for name, value in fields:
        lower = name.lower()
        if lower.startswith("x-stainless-"):
            sdk[lower] = value
        elif lower in _KEYS:
            key = key_in(name, value)
            if key and "api_key" not in draft.fields:
                draft.fields["api_key"] = key_name(key)
        elif lower == "x-forwarded-for":
            first = value.split(",", 1)[0].strip()
            if _ADDRESS.fullmatch(first):
                draft.fields.setdefault("ip", first)
        elif lower in _ASKED and value:
            draft.fields.setdefault(_ASKED[lower], value)
    if sdk and "sdk" not in draft.fields:
        draft.fields["sdk"] = encode(sdk)


def read_response_fields(fields: Fields, draft: Draft) -> None:
    """What an answer's header says: request id, organisation, version, time, how long it took."""
    for name, value in fields:
        lower = name.lower()
        if lower in _ANSWERED and value:
            draft.fields.setdefault(_ANSWERED[lower], value)
        elif lower == "openai-processing-ms" and "latency_ms" not in draft.fields:
            draft.put("latency_ms", int, value)
        elif lower == "date" and draft.when is None:
            draft.when = read_time(value, name)


_COUNTED = {
    "x-amzn-bedrock-input-token-count": "input_tokens",
    "x-amzn-bedrock-output-token-count": "output_tokens",
    "x-amzn-bedrock-cache-read-input-token-count": "cache_read_tokens",
    "x-amzn-bedrock-cache-write-input-token-count": "cache_write_tokens",
    "x-amzn-bedrock-invocation-latency": "latency_ms",
}


def read_counted_fields(fields: Fields, draft: Draft) -> None:
    """Counts of tokens that only the answer's header says, where its body has said none."""
    for name, value in fields:
        target = _COUNTED.get(name.lower())
        if target is not None and target not in draft.fields:
            draft.put(target, int, value)


def as_fields(untrusted_headers: Any) -> Fields:
    """Header fields from any of the forms that logs give them.

    These are an object of texts or lists of texts, a list of pairs and a list of objects with `name` and
    `value`; anything else gives none.
    """
    if type(untrusted_headers) is dict:
        return list(_from_object(untrusted_headers.items()))
    if type(untrusted_headers) is not list:
        return []
    fields: Fields = []
    for each in untrusted_headers:
        if type(each) is dict:
            fields += _from_object(((each.get("name"), each.get("value")),))
        elif type(each) is list and len(each) == 2:
            fields += _from_object(((each[0], each[1]),))
    return fields


def _from_object(pairs: Iterable[tuple[Any, Any]]) -> Iterable[tuple[str, str]]:
    for name, value in pairs:
        for one in value if type(value) is list else (value,):
            if type(name) is str and type(one) in (str, int, float):
                yield name, str(one)


def first(fields: Fields, name: str) -> str:
    """The first value of a field, or empty; `name` in lower case."""
    return next((value for each, value in fields if each.lower() == name), "")
