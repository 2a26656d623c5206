import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.framing import Fault, Ledger
from casekit.ingest.load_rows import Row, load_rows, shape_of

SEP = "\x14"


def dat(*rows: list[str], sep: str = SEP, end: str = "\r\n") -> str:
    return "".join(sep.join(f"þ{v}þ" for v in row) + end for row in rows)


def read(data: bytes) -> tuple[list[Row], list[Fault], Ledger]:
    shape = shape_of(data)
    assert shape is not None
    ledger = Ledger()
    found = list(load_rows(data, shape, ledger))
    rows = [each for each in found if isinstance(each, Row)]
    faults = [each for each in found if isinstance(each, Fault)]
    assert ledger.books().total == len(data)
    assert all(data[r.offset : r.offset + len(r.raw)] == r.raw for r in rows)
    return rows, faults, ledger


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("cp1252", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
    ],
)
@pytest.mark.parametrize("sep", [SEP, "¶", "|"])
def test_every_way_of_writing_is_read(encoding: str, mark: bytes, sep: str) -> None:
    text = dat(["A", "B"], ["1", "two®lines"], ["é", "real\r\nline"], sep=sep)
    rows, faults, _ = read(mark + text.encode(encoding))
    assert [r.values for r in rows] == [
        {"A": "1", "B": "two\nlines"}, {"A": "é", "B": "real\nline"},
    ]  # fmt: skip
    assert ([r.line for r in rows], faults) == ([2, 3], [])


def test_a_bad_row_costs_itself_alone() -> None:
    head, good = ["A", "B", "C"], ["1", "2", "3"]
    text = dat(head, good, ["x", "y"], good, ["1", "2", "3", "4"], good, [SEP, "þ stray", ""], good)
    rows, faults, _ = read(text.encode())
    assert [r.values["C"] for r in rows[:3]] == ["3", "3", "3"]
    assert rows[-1].values == {"A": "1", "B": "2", "C": "3"}
    assert [(f.kind, f.line) for f in faults[:2]] == [("bad-row", 3), ("bad-row", 5)]


def test_a_thorn_inside_a_value_ends_nothing() -> None:
    (row,), faults, _ = read(dat(["A", "B"], ["þing", "at þ the end"]).encode())
    assert (row.values, faults) == ({"A": "þing", "B": "at þ the end"}, [])


def test_a_cut_off_file_says_so() -> None:
    data = dat(["A", "B"], ["1", "2"], ["3", "4"]).encode()
    rows, (fault,), _ = read(data[:-6])
    assert (len(rows), fault.kind, fault.line) == (1, "truncated", 3)


@pytest.mark.parametrize(
    "data", [b"", b"\xfe", "þAþ".encode(), "þAþ\nþxþ".encode(), b"plain", "þAþxþBþ".encode()]
)
def test_what_is_no_load_file_is_none(data: bytes) -> None:
    assert shape_of(data) is None


def test_a_field_that_comes_twice_keeps_both_values() -> None:
    (row,), _, _ = read(dat(["A", "A", ""], ["1", "2", "3"]).encode())
    assert row.values == {"A": "1", "A (2)": "2", "?": "3"}


def test_two_thousand_fields_of_one_name_are_told_apart() -> None:
    shape = shape_of(dat(["A (3)", *["A"] * 1999]).encode())
    assert shape is not None
    assert len(set(shape.fields)) == len(shape.fields) == 2000
    assert shape.fields[:4] == ("A (3)", "A", "A (2)", "A (4)")


@given(st.binary(max_size=400))
def test_no_bytes_are_lost(tail: bytes) -> None:
    read(dat(["A", "B"]).encode() + tail)
