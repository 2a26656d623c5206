from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.tnetstring import MAX_DEPTH, BadTnetstring, end_of, load


def dump(value: Any) -> bytes:
    """A value as mitmproxy writes it: texts with `;`, bytes with `,`."""
    if value is None:
        return b"0:~"
    if isinstance(value, bool):
        payload, tag = (b"true" if value else b"false"), b"!"
    elif isinstance(value, bytes):
        payload, tag = value, b","
    elif isinstance(value, str):
        payload, tag = value.encode(), b";"
    elif isinstance(value, int):
        payload, tag = b"%d" % value, b"#"
    elif isinstance(value, float):
        payload, tag = repr(value).encode(), b"^"
    elif isinstance(value, dict):
        payload, tag = b"".join(dump(key) + dump(each) for key, each in value.items()), b"}"
    else:
        payload, tag = b"".join(map(dump, value)), b"]"
    return b"%d:%s%s" % (len(payload), payload, tag)


VALUE = {"a": [1, -2, 1.5, True, False, None], "b": b"\x00\xff", "é": {"c": "ü"}, "": []}


def test_values_come_back() -> None:
    raw = dump(VALUE)
    assert load(raw) == VALUE
    assert end_of(b"xx" + raw + b"yy", 2) == len(raw) + 2
    assert load(dump({b"old": 1})) == {"old": 1}


def test_every_cut_is_refused() -> None:
    raw = dump(VALUE)
    for size in range(len(raw)):
        with pytest.raises(BadTnetstring):
            load(raw[:size])
        with pytest.raises(BadTnetstring):
            end_of(raw[:size], 0)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"3:abc?", "bad-tnetstring"),
        (b"3:abc#", "bad-tnetstring"),
        (b"4:truE!", "bad-tnetstring"),
        (b"1:x~", "bad-tnetstring"),
        (b"0:}x", "bad-tnetstring"),
        (b"4:1:a,}", "bad-tnetstring"),
        (b"8:1:1#1:2#}", "bad-tnetstring"),
        (b"9:9:abcdefg,]", "bad-tnetstring"),
        (b"16:1:a,1:1#1:a,1:2#}", "duplicate-key"),
        (b"-1:a,", "bad-tnetstring"),
        (b"9" * 13 + b":", "bad-tnetstring"),
        (b"5000:" + b"1" * 5000 + b"#", "bad-tnetstring"),
    ],
)
def test_what_is_no_value(raw: bytes, kind: str) -> None:
    with pytest.raises(BadTnetstring) as found:
        load(raw)
    assert found.value.kind == kind


def test_nesting_ends() -> None:
    value: Any = []
    for _ in range(MAX_DEPTH + 2):
        value = [value]
    with pytest.raises(BadTnetstring) as found:
        load(dump(value))
    assert found.value.kind == "too-deep"
