from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from casekit.analysis import small_tables
from casekit.errors import CaseKitError


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_by_the_names_of_its_columns(tmp_path: Path, mark: str) -> None:
    lines = [["", "", ""], [" B ", "note", "A"], ["1", '"x', 'y"', " 2 "], ["", " ", ""], ["3"]]
    text = "\ufeff" + "\r\n".join(mark.join(line) for line in lines)
    text = text.replace(f'x{mark}y"', f'x{mark}y\nz"')
    path = written(tmp_path, text)
    found = small_tables.read(path, ("a", "b"))
    assert found.columns == ("b", "note", "a")
    assert [(row.line, dict(row.values)) for row in found.rows] == [
        (4, {"b": "1", "note": f"x{mark}y\nz", "a": "2"}),
        (6, {"b": "3", "note": "", "a": ""}),
    ]
    assert (found.name, found.sha256) == ("a.csv", hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no column a, b: its first line must name the columns, such as “a, b”"),
        ("a,c\n1,2\n", "has no column b"),
        ("a,b\n", "has no rows"),
        ("a,b\n\n , \n", "has no rows"),
        ("a,b,A\n1,2,3\n", "names the column a twice"),
        ("a,b,c,c\n1,2,3,3\n", "names the column c twice"),
        ("a,b\n1,2\n1,2,3\n", "Line 3 of the table “a.csv” has more values .* that hold “,” into"),
        ("a;b\n1;2;3\n", "Line 2 .* that hold “;” into quotes"),
        ("a,b\n1,2\n1,2\n1,2\n1,2\n", "more than 3 rows"),
        ('a,b\n1,"2\n', "is not CSV after line 2"),
        ("a,b\né,1\n".encode("latin-1"), "not in UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused_by_line(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    with pytest.raises(CaseKitError, match=why):
        small_tables.read(written(tmp_path, text), ("a", "b"), known=("c",), most=3)


def test_values_behind_the_last_column_may_be_passed_over(tmp_path: Path) -> None:
    found = small_tables.read(written(tmp_path, "a,b\n1,2,3\n"), ("a",), spare=True)
    assert dict(found.rows[0].values) == {"a": "1", "b": "2"}


def test_a_large_file_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_tables, "MOST_BYTES", 7)
    assert small_tables.read(written(tmp_path, "a,b\n1,2"), ("a",)).rows
    with pytest.raises(CaseKitError, match="larger than 7 bytes"):
        small_tables.read(written(tmp_path, "a,b\n1,2\n"), ("a",))
    with pytest.raises(CaseKitError, match="cannot be read"):
        small_tables.read(tmp_path, ("a",))
