from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.cards.lines import Line, read_lines, split, unescaped


def only(data: bytes) -> Line:
    (line,) = read_lines(data)
    return line


def test_a_line_has_its_name_parameters_value_and_place() -> None:
    data = b'ITEM1.Attendee;CN="Doe, Ann; Ms";ROLE=A;role=B ; X :mailto:a:b\r\n'
    assert only(b"\r\n" + data) == Line(
        "item1",
        "ATTENDEE",
        {"CN": "Doe, Ann; Ms", "ROLE": "A,B", "X": ""},
        b"mailto:a:b",
        2,
        2 + len(data),
        2 + data.index(b"mailto"),
    )


def test_folded_lines_are_one_and_their_value_keeps_its_place() -> None:
    data = b"SUMM\r\n ARY;X=1:Ann\xc3\r\n \xa4x\r\n\tend\r\nNEXT:1\r\n"
    first, second = read_lines(data)
    assert (first.name, first.text) == ("SUMMARY", "Annäxend")
    assert data[first.value_start : first.value_start + 3] == b"Ann"
    assert (second.name, second.start) == ("NEXT", first.end)


def test_old_cards_are_quoted_printable_and_go_on_without_a_fold() -> None:
    data = b"NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:a=E4=\nb=0D=0Ac\nTEL:1"
    first, second = read_lines(data)
    assert (first.text, second.text) == ("aäb\nc", "1")
    assert only(b"N;QUOTED-PRINTABLE:=41").text == "A"


def test_escapes_are_undone_and_parts_split_at_semicolons() -> None:
    assert unescaped(r"a\nb\, c\; d\\n") == "a\nb, c; d\\n"
    assert split(r"Doe;Ann;\;x;a\\;") == ["Doe", "Ann", ";x", "a\\", ""]
    assert only(b"A;X;X=;X=,;x=b;x=;X=c:v").parameters == {"X": ",,b,,c"}
    assert only(b"A" + b';X="ab"' * 400_000 + b":v").parameters == {"X": ",".join(["ab"] * 400_000)}
    assert only(b"A;CN=^^ ^n ^'x^':v").parameters == {"CN": '^ \n "x"'}


@pytest.mark.parametrize("raw", [b"no line", b"A;b", b";:", b"\xff:x", b'A;CN="x:y'])
def test_what_is_no_line_has_no_name(raw: bytes) -> None:
    assert only(raw).name in ("", "A")


def test_line_ends_of_all_kinds_and_lines_of_blanks() -> None:
    for end in (b"\r\n", b"\n", b"\r"):
        data = end.join((b"A:1", b" 2", b"  ", b"B:3"))
        assert [line.text for line in read_lines(data) if line.name] == ["12", "3"]


@given(st.binary(max_size=200) | st.text('AB:;=" \t\r\n\\,', max_size=80).map(str.encode))
def test_any_bytes_are_lines_in_order(data: bytes) -> None:
    at = 0
    for line in read_lines(data):
        assert at <= line.start < line.end <= len(data)
        assert line.start <= line.value_start <= line.end
        at = line.end
        assert isinstance(line.text, str)


def test_hostile_lines_take_no_time() -> None:
    begin = time.process_time()
    for piece in (
        b";A=" * 200_000,
        b"A:" + b"\r\n x" * 200_000,
        b'A;B="' * 100_000,
        b"\n" * 500_000,
    ):
        for line in read_lines(piece):
            split(line.raw_text)
    split(";" * 200_000)
    split("\\" * 200_001)
    assert time.process_time() - begin < 20
