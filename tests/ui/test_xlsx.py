from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from casekit.errors import Cancelled
from casekit.ops import coding, privilege, pseudonyms, redactions, templates
from casekit.progress import Silent
from casekit.queries import items
from casekit.queries.conflicts import PrivilegeConflict
from casekit.queries.templates import Code
from casekit.store.case import Case
from casekit.ui import xlsx
from tests.builders import decide_all, file_items, make_item


class Stops:
    def step(self, done: int, total: int | None, text: str) -> None:
        raise Cancelled


def test_every_cell_is_a_string_and_what_is_withheld_stays_withheld(
    sample_case: Case, tmp_path: Path
) -> None:
    out = tmp_path / "list.xlsx"
    assert xlsx.write_list(sample_case, np.array([1, 356], dtype=np.int64), out, Silent()) == 2
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<c ") == sheet.count('t="inlineStr"') + sheet.count('t="s"') == 48
    assert "<f>" not in sheet
    assert "our options under" not in sheet
    with sample_case.read() as s:
        row = items.rows(s, [1])[0]
    assert xlsx.cells(row)[:7] == (
        "1", "exchange", "Explain step by step how the court should read a damages cap clause", "",
        "2026-01-14T09:12:44Z", "", "",
    )  # fmt: skip


def test_a_list_cut_short_leaves_no_file(sample_case: Case, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        xlsx.write_list(sample_case, np.array([1], dtype=np.int64), tmp_path / "list.xlsx", Stops())
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == []


def test_a_list_with_a_copy_of_a_withheld_mail_is_not_written(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("same"), make_item("same"), make_item("other")], tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client")
    out = tmp_path / "list.xlsx"
    with pytest.raises(PrivilegeConflict, match="item 2 is the same file as withheld item 1"):
        xlsx.write_list(case, np.array([1, 2, 3], dtype=np.int64), out, Silent())
    assert list(tmp_path.glob("*.xlsx*")) == []
    assert xlsx.write_list(case, np.array([1, 3], dtype=np.int64), out, Silent()) == 2


def test_of_what_is_undecided_the_title_stays(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("secret"), make_item("open")], tmp_path)
    with case.write() as s:
        privilege.clear_items(s, [2])
    with case.read() as s:
        hidden, shown = (xlsx.cells(row) for row in items.rows(s, [1, 2]))
    assert (hidden[2], hidden[3], hidden[13]) == ("Privilege undecided", "", "undecided")
    assert (shown[2], shown[13]) == ("open", "not privileged")


def test_what_was_coded_is_listed_without_free_texts_of_what_is_hidden(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item("secret"), make_item("open")], tmp_path)
    with case.write() as s:
        templates.take_usual(s)
        coding.code(s, [1, 2], [Code("responsive", "yes"), Code("remark", "quokka")])
        privilege.clear_items(s, [2])
    out = tmp_path / "list.xlsx"
    xlsx.write_list(case, np.array([1, 2], dtype=np.int64), out, Silent())
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("responsive: yes") == 2
    assert sheet.count("remark: quokka") == sheet.count("quokka") == 1


def test_redacted_words_and_values_with_a_pseudonym_are_not_listed(
    case: Case, tmp_path: Path
) -> None:
    heads = [
        make_item("The quokka reserve of Ann Vole"),
        make_item("Vole and quokka", name="Ann Vole.txt"),
    ]
    file_items(case, heads, tmp_path)
    decide_all(case)
    with case.write() as s:
        redactions.redact(s, [(1, "body", 16, 30)], "privacy")
        pseudonyms.give(s, "person", ["Ann Vole"])
    out = tmp_path / "list.xlsx"
    assert xlsx.write_list(case, np.array([1, 2], dtype=np.int64), out, Silent()) == 2
    with zipfile.ZipFile(out) as book:
        said = "".join(book.read(name).decode() for name in book.namelist())
    assert "quokka reserve" not in said
    assert "Ann" not in said
    assert re.search(r"The \[Redacted\] of \[Person \d{3}\]", said)
    assert "Vole and quokka" in said
