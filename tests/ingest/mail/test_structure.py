from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.agreement import parsers_agree
from casekit.ingest.mail.structure import MAX_NESTING, read_structure
from tests.ingest.mail_case import DATA


def outline(raw: bytes) -> list[tuple[str, str, bytes]]:
    return [
        (part.path, part.media_type, raw[part.start : part.end])
        for part in read_structure(raw).walk()
        if not part.parts
    ]


def test_parts_are_numbered_and_cut_as_the_standard_says() -> None:
    raw = (DATA / "family.eml").read_bytes()
    found = outline(raw)
    assert [(path, media_type) for path, media_type, _ in found] == [
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "text/csv"),
        ("3", "message/rfc822"),
        ("4", "text/plain"),
    ]
    assert found[0][2] == b"See the table.\n"
    assert found[4][2] == b"-- \nA list's footer.\n"
    crlf = raw.replace(b"\n", b"\r\n")
    assert [(p, m, b.replace(b"\r\n", b"\n")) for p, m, b in outline(crlf)] == found


def test_a_message_without_parts_is_part_one() -> None:
    assert outline(b"Subject: x\n\nbody\n") == [("1", "text/plain", b"body\n")]
    assert outline(b"Content-Type: IMAGE/png; x=y\n\n..") == [("1", "image/png", b"..")]
    assert outline(b"Content-Type: text\n\n..") == [("1", "text/plain", b"..")]
    assert outline(b"") == [("1", "text/plain", b"")]


def head(boundary: bytes, subtype: bytes = b"mixed") -> bytes:
    return b'Content-Type: multipart/%s; boundary="%s"\n\n' % (subtype, boundary)


def test_defects_of_the_structure() -> None:
    def defects(raw: bytes) -> list[str]:
        return [defect for part in read_structure(raw).walk() for defect in part.defects]

    assert defects(head(b"b") + b"--b\n\nx\n--b--\n") == []
    assert defects(head(b"b") + b"--b\n\nx\n") == ["open-end"]
    assert defects(head(b"b") + b"text\n") == ["no-boundary"]
    assert defects(head(b"") + b"--\n") == ["no-boundary"]
    assert defects(head(b"b") + b"--b\nno header\n--b--\n") == ["no-blank-line"]
    assert outline(head(b"b") + b"--b--\n") == [("", "multipart/mixed", b"--b--\n")]


def test_boundaries_that_only_look_alike_are_text() -> None:
    raw = head(b"b") + b"--b \t\n\none\n--bb\n x--b\n--b\n--b\n\ntwo\n--b--\nepilogue\n--b\n"
    assert [body for _, _, body in outline(raw)] == [b"one\n--bb\n x--b", b"two"]


def test_a_digest_holds_messages() -> None:
    raw = head(b"b", b"digest") + b"--b\n\nSubject: x\n\n--b--\n"
    assert outline(raw) == [("1", "message/rfc822", b"Subject: x\n")]


def test_nesting_has_an_end() -> None:
    raw = b""
    for depth in range(MAX_NESTING + 10):
        raw += head(b"b%d" % depth) + b"--b%d\n" % depth
    deepest = list(read_structure(raw).walk())[-1]
    assert deepest.path.count(".") == MAX_NESTING - 1
    assert "nesting" in deepest.defects


def test_bare_carriage_returns_end_lines_where_nothing_else_does() -> None:
    raw = (DATA / "family.eml").read_bytes()
    bare = raw.replace(b"\n", b"\r")
    assert [(p, m, b.replace(b"\r", b"\n")) for p, m, b in outline(bare)] == outline(raw)
    assert read_structure(b"A: 1\rB: 2\n\n").header.fields == [("A", "1 ␍ B: 2")]


# A boundary inside a part would be one: `email` takes two in a row for a part of its own.
bodies = (
    st.text(alphabet="ab-\n ", max_size=30).filter(lambda text: "--" not in text).map(str.encode)
)


@given(
    st.lists(bodies, min_size=1, max_size=4), st.booleans(), st.sampled_from([b"b", b"a-b", b"--"])
)
def test_two_parsers_cut_the_same_bytes(parts: list[bytes], closed: bool, boundary: bytes) -> None:
    raw = head(boundary) + b"preamble\n"
    for part in parts:
        raw += b"--%s\nContent-Type: text/plain\n\n%s\n" % (boundary, part)
    raw += b"--%s--\n" % boundary if closed else b""
    assert parsers_agree(raw, read_structure(raw))


@given(st.binary(max_size=400))
def test_nothing_raises_and_every_part_lies_inside(data: bytes) -> None:
    raw = head(b"b") + data.replace(b"\x00", b"\n--b\n")
    for part in read_structure(raw).walk():
        assert 0 <= part.start <= part.end <= len(raw)


def test_the_places_around_the_parts_are_known() -> None:
    raw = head(b"b") + b"one\n--b\n\nx\n--b--\ntwo\n--b\n\ny\n--b--\nthree\n"
    root = read_structure(raw)
    assert [raw[slice(*place)] for place in root.outside] == [b"one\n", b"two\n", b"three\n"]
    assert root.defects == ("boundary-again",)
    assert [raw[part.start : part.end] for part in root.parts] == [b"x", b"y"]
