from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.fields import Header, read_header, skip_lead


def test_fields_in_order_with_folds_undone() -> None:
    raw = b"Subject : one\r\n two\r\nX-Empty:\r\nTo: a@b\r\nTo: c@d\r\n\r\nBody: no"
    header = read_header(raw)
    fields = [("Subject", "one two"), ("X-Empty", ""), ("To", "a@b"), ("To", "c@d")]
    assert header == Header(fields, raw.index(b"Body"), True)
    assert (header.first("to"), header.all("to"), header.first("x")) == ("a@b", ["a@b", "c@d"], "")


def test_raw_bytes_survive_as_surrogate_escapes() -> None:
    assert read_header(b"A: caf\xe9\n\n").fields == [("A", "caf\udce9")]


def test_the_header_ends_where_no_field_can_be() -> None:
    raw = b"Subject: one\nHello Bob,\nNote: this is text.\n\nMore."
    assert read_header(raw) == Header([("Subject", "one")], raw.index(b"Hello"), False)
    assert read_header(b"Subject: one") == Header([("Subject", "one")], 12, True)
    assert read_header(b"") == Header([], 0, True)
    assert read_header(b"no header at all\n\nFrom: x\n") == Header([], 0, False)


def test_a_junk_line_amid_known_fields_is_kept_without_a_name() -> None:
    raw = b"Subject: one\njunk here\nFrom: a@b\n\nbody"
    fields = [("Subject", "one"), ("", "junk here"), ("From", "a@b")]
    assert read_header(raw) == Header(fields, raw.index(b"body"), True)


def test_a_part_ends_where_it_is_told_to() -> None:
    raw = b"A: 1\nB: 2\n\nbody"
    assert read_header(raw, 5, 10) == Header([("B", "2")], 10, True)


def test_what_comes_before_the_header_is_passed_over() -> None:
    for lead in (b"", b"\xef\xbb\xbf", b"\r\n \n", b"From x Mon Jan  1\n", b">From x\n"):
        assert skip_lead(lead + b"Subject: x\n\n") == len(lead)
    assert skip_lead(b"\n\nno header\n") == 0


@given(st.binary(max_size=300))
def test_nothing_raises_and_the_body_lies_inside(raw: bytes) -> None:
    header = read_header(raw)
    assert 0 <= header.body <= len(raw)
