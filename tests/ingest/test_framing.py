from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest import framing
from casekit.ingest.framing import (
    Fault,
    Ledger,
    Record,
    json_lines,
    json_values,
    lines,
    under_heads,
)


def frames(
    data: bytes, how: object = json_values
) -> tuple[list[object], list[tuple[str, int, int, int]]]:
    """Values and faults of `data`, after checking that every byte and line is accounted for."""
    ledger = Ledger()
    values: list[object] = []
    faults: list[tuple[str, int, int, int]] = []
    counted = 0
    end = 0
    for frame in how(data, ledger):  # type: ignore[operator]
        if isinstance(frame, Record):
            length = len(frame.raw)
            assert data[frame.offset : frame.offset + length] == frame.raw
            values.append(frame.value)
        else:
            assert isinstance(frame, Fault)
            length = frame.length
            faults.append((frame.kind, frame.offset, length, frame.line))
        assert frame.offset >= end
        end = frame.offset + length
        assert frame.line == data[: frame.offset].count(b"\n") + 1
        counted += length
    assert counted + ledger.separators == len(data)
    return values, faults


def test_lines_have_exact_places_whatever_their_ends() -> None:
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n  \n {"b":2} \n{"c":3}'
    ledger = Ledger()
    assert list(lines(data, ledger)) == [
        (b'{"a":1}', 3, 1),
        (b' {"b":2} ', 17, 4),
        (b'{"c":3}', 27, 5),
    ]
    assert ledger.separators == len(data) - 7 - 9 - 7
    assert frames(data, json_lines) == ([{"a": 1}, {"b": 2}, {"c": 3}], [])


def test_a_bad_line_is_quarantined_and_the_rest_is_read() -> None:
    data = b'{"a":1}\n{"a":1,"a":2}\n\x00\x00\nnot json\n{"b":"\xff"}\n[1]\n{"a":2'
    assert frames(data, json_lines) == (
        [{"a": 1}, [1]],
        [
            ("duplicate-key", 8, 13, 2),
            ("bad-json", 22, 2, 3),
            ("bad-json", 25, 8, 4),
            ("bad-utf8", 34, 9, 5),
            ("bad-json", 48, 6, 7),
        ],
    )


def test_an_endless_line_is_quarantined_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_RECORD", 10)
    data = b'{"a":1}\n{"a":"' + b"x" * 20 + b'"}\r\n{"b":2}'
    assert frames(data, json_lines) == ([{"a": 1}, {"b": 2}], [("too-long", 8, 29, 2)])
    assert frames(b'[{"a":1},{"a":"xxxxxxxxxx"},{"b":2}]') == (
        [{"a": 1}, {"b": 2}],
        [("too-long", 9, 18, 1)],
    )


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"", []),
        (b" \n", []),
        (b"[]", []),
        (b'{"a":[1,{"b":"]}"}]}', [{"a": [1, {"b": "]}"}]}]),
        (b'\xef\xbb\xbf[\n{"a":"\\"},{"},\n\n{"b":2}\n]\n', [{"a": '"},{'}, {"b": 2}]),
        (b'{"a":1}{"b":2}\n\n{"c":3}', [{"a": 1}, {"b": 2}, {"c": 3}]),
        (b'[1, "a,]", null, true, -1.5e3, [2]]', [1, "a,]", None, True, -1500.0, [2]]),
        (b'"\\\\"', ["\\"]),
        (b'{"a":1}\r{"b":2}', [{"a": 1}, {"b": 2}]),
    ],
)
def test_values_have_exact_places(data: bytes, values: list[object]) -> None:
    assert frames(data) == (values, [])


@pytest.mark.parametrize(
    ("data", "values", "faults"),
    [
        (b'[{"a":1},{"a":1,"a":2},{"a":3}]', [{"a": 1}, {"a": 3}], [("duplicate-key", 9, 13, 1)]),
        (b'[{"a":1},{"a":NaN},{"a":3}]', [{"a": 1}, {"a": 3}], [("not-a-number", 9, 9, 1)]),
        # an unclosed quote: only its own record is lost
        (
            b'[{"a":"x"},\n{"a":"y},\n{"a":"z"},\n{"a":"w"}]',
            [{"a": "x"}, {"a": "z"}, {"a": "w"}],
            [("truncated", 12, 8, 2)],
        ),
        # an unclosed brace: the same
        (
            b'[{"a":1},\n{"a":{"b":2},\n{"a":3},\n{"a":4}]',
            [{"a": 1}, {"a": 3}, {"a": 4}],
            [("bad-json", 10, 12, 2)],
        ),
        # cut off
        (b'[{"a":1},\n{"a":"tw', [{"a": 1}], [("truncated", 10, 8, 2), ("truncated", 18, 0, 2)]),
        (b'[{"a":1}', [{"a": 1}], [("truncated", 8, 0, 1)]),
        # punctuation
        (b'[{"a":1} {"a":2}]', [{"a": 1}, {"a": 2}], [("bad-punctuation", 9, 0, 1)]),
        (
            b'[,{"a":1},,{"a":2}]',
            [{"a": 1}, {"a": 2}],
            [("bad-punctuation", 1, 0, 1), ("bad-punctuation", 10, 0, 1)],
        ),
        (b'{"a":1}\nrubbish here\n{"a":2}', [{"a": 1}, {"a": 2}], [("bad-json", 8, 12, 2)]),
        (b'{"a":\n{"b":2}\n', [{"b": 2}], [("truncated", 0, 6, 1)]),
        (b'{"a":1}]}', [{"a": 1}], [("bad-json", 7, 1, 1), ("bad-json", 8, 1, 1)]),
    ],
)
def test_damage_costs_its_own_record_only(
    data: bytes, values: list[object], faults: list[tuple[str, int, int, int]]
) -> None:
    assert frames(data) == (values, faults)


def test_a_hundred_thousand_brackets_do_no_harm() -> None:
    values, faults = frames(b"[" + b"[" * 150_000 + b'{"a":1}')
    assert values == []
    assert faults[0][0] == "truncated"


def test_many_damaged_records_do_not_take_forever() -> None:
    data = b"[" + b",\n".join(b'{"a":{"b":%d}' % number for number in range(3000)) + b"]"
    _, faults = frames(data)
    assert len(faults) <= framing.MAX_RESCUES + 2


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=4), st.text(max_size=8) | st.lists(st.integers(), max_size=3)
        )
    ),
    st.sampled_from([None, 1]),
)
def test_a_list_is_framed_as_it_was_written(
    records: list[dict[str, object]], indent: int | None
) -> None:
    data = json.dumps(records, indent=indent).encode()
    assert frames(data) == (records, [])


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\ \n1a', max_size=60).map(str.encode))
def test_any_bytes_add_up(data: bytes) -> None:
    frames(data)
    frames(data, json_lines)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b" \r\n", []),
        (b"before\n\n# a\nb\n# c\n", [("before", 0, 1), ("# a\nb", 8, 3), ("# c", 14, 5)]),
        (b"\xef\xbb\xbf\n# a", [("# a", 4, 2)]),
        (b"no head\n", [("no head", 0, 1)]),
    ],
)
def test_a_text_is_cut_before_its_heads_and_all_is_accounted_for(
    data: bytes, expected: list[tuple[str, int, int]]
) -> None:
    ledger = Ledger()
    found = list(under_heads(data, re.compile(rb"(?m)^# "), ledger))
    assert [
        (each.raw.decode(), each.offset, each.line) for each in found if isinstance(each, Record)
    ] == expected
    assert ledger.books().total == len(data)


def test_a_piece_that_is_too_long_is_a_fault_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_RECORD", 6)
    data, ledger = b"# aa\n# bbbbbbbb\n# c\n", Ledger()
    first, long, last = under_heads(data, re.compile(rb"(?m)^# "), ledger)
    assert isinstance(long, Fault)
    assert (long.kind, long.offset, long.length, long.line) == ("too-long", 5, 10, 2)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    ledger.set_aside(long)
    assert (ledger.good, ledger.books().total) == (7, len(data))
