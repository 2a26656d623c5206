from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.csv_framing import MAX_RESCUES, Row, csv_rows, record_bytes
from casekit.ingest.framing import Fault, Ledger

CELL = st.text(alphabet='ab,;"\r\n é', max_size=6)


def rows(data: bytes, delimiter: str = ",", charset: str = "utf-8") -> list[Row | Fault]:
    ledger = Ledger()
    found = list(csv_rows(data, delimiter, charset, ledger))
    counted = sum(len(each.raw) if isinstance(each, Row) else each.length for each in found)
    assert counted + ledger.separators == len(data)
    return found


def test_quoted_line_breaks_stay_in_their_record() -> None:
    assert rows(b'\xef\xbb\xbfa,b\r\n"1\n2","x ""y"""\r\n\r\n3,4') == [
        Row(b"a,b", 3, 1, ["a", "b"]),
        Row(b'"1\n2","x ""y"""', 8, 2, ["1\n2", 'x "y"']),
        Row(b"3,4", 27, 5, ["3", "4"]),
    ]


def test_a_quote_inside_a_field_is_no_quote() -> None:
    assert [each.fields for each in rows(b'5" disk,a "b" c\n1,2') if isinstance(each, Row)] == [
        ['5" disk', 'a "b" c'],
        ["1", "2"],
    ]


def test_a_quote_that_never_closes_costs_one_line() -> None:
    found = rows(b'a,b\n"open,2\n3,4\n')
    assert [type(each) for each in found] == [Row, Fault, Row]
    assert found[1] == Fault("bad-csv", "The record's quotes do not fit together.", 4, 7, 2)


def test_text_behind_a_closing_quote_is_a_fault() -> None:
    assert isinstance(rows(b'"a"b,c\n')[0], Fault)


def test_bytes_that_are_no_text_are_a_fault() -> None:
    assert [type(each) for each in rows(b"a,b\n\xff,1\n2,3")] == [Row, Fault, Row]
    assert [type(each) for each in rows(b"a,b\n\xff,1\n2,3", charset="cp1252")] == [Row, Row, Row]


def test_endless_open_quotes_are_given_up() -> None:
    found = rows(b'"x""\n' * (MAX_RESCUES * 3) + b"1,2\n")
    assert isinstance(found[-1], Row)


def test_a_head_ends_with_a_whole_line() -> None:
    assert (record_bytes(b"a,b\n1,"), record_bytes(b"a,b")) == (b"a,b\n", b"a,b")


@given(st.lists(st.lists(CELL, min_size=2, max_size=3), max_size=5), st.sampled_from(",;\t|"))
def test_what_python_writes_is_read_back(table: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    assert [
        each.fields for each in rows(out.getvalue().encode(), delimiter) if isinstance(each, Row)
    ] == table


@given(st.binary(max_size=50) | st.text(alphabet='",\r\n a', max_size=50).map(str.encode))
def test_any_bytes_add_up(data: bytes) -> None:
    rows(data)
