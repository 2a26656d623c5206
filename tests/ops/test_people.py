from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import people as ops
from casekit.ops.journal import undo
from casekit.queries import people
from casekit.store.case import Case
from tests.builders import file_items, make_mail

A, B, C = ("address", "a@x.example"), ("address", "b@x.example"), ("key", "sk-1")


def known(case: Case) -> dict[str, list[str]]:
    with case.read() as s:
        return {row.name: [a.value for a in row.aliases] for row in people.persons(s)}


def test_values_become_one_and_persons_are_merged_and_both_are_undone(case: Case) -> None:
    with case.write() as s:
        ops.unite(s, [("address", "A@X.example "), C], "Ann", reason="signature")
        ops.unite(s, [B, C], "Bea")
    before = {"Ann": ["a@x.example", "sk-1"], "Bea": ["b@x.example", "sk-1"]}
    assert known(case) == before
    with case.write() as s:
        merged = ops.unite(s, [A, B], "Ann Bea")
    assert known(case) == {"Ann Bea": ["a@x.example", "sk-1", "b@x.example"]}
    with case.write() as s:
        undo(s, merged.act)
    assert known(case) == before


def test_a_part_is_split_off_renamed_taken_away_and_all_comes_back(case: Case) -> None:
    with case.write() as s:
        ops.unite(s, [A, B, C], "Ann")
    with case.read() as s:
        ids = {a.value: a.id for a in people.one(s, 1).aliases}
    with case.write() as s:
        split = ops.split(s, 1, [ids["b@x.example"]], "Bea")
        ops.rename(s, 1, "Ann Lee", kind="organisation", note="a firm")
    assert known(case) == {"Ann Lee": ["a@x.example", "sk-1"], "Bea": ["b@x.example"]}
    with case.write() as s:
        gone = ops.remove(s, 2)
        ops.remove(s, 1, [ids["sk-1"]])
    assert known(case) == {"Ann Lee": ["a@x.example"]}
    with case.write() as s:
        undo(s, gone.act)
        undo(s, split.act)
    assert known(case)["Ann Lee"] == ["a@x.example", "b@x.example"]


def test_what_makes_no_sense_is_refused(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_mail("One", "a@x.example", "b@x.example")], tmp_path)
    with case.write() as s:
        ops.unite(s, [A], "Ann", item_id=1)
        for run, words in (
            (lambda: ops.unite(s, []), "Choose values"),
            (lambda: ops.unite(s, [("colour", "red")]), "kind must be one of"),
            (lambda: ops.unite(s, [("address", "  ")]), "cannot appear as nothing"),
            (lambda: ops.unite(s, [B], item_id=7), "no item 7"),
            (lambda: ops.unite(s, [B], persons=[7]), "no person 7"),
            (lambda: ops.unite(s, [B], kind="robot"), "kind must be one of"),
            (lambda: ops.unite(s, [B], "x" * 401), "name of up to 400"),
            (lambda: ops.split(s, 1, [1], "X"), "must stay"),
            (lambda: ops.split(s, 1, [9]), "Choose what"),
            (lambda: ops.remove(s, 1, [9]), "does not appear as that"),
        ):
            with pytest.raises(CaseKitError, match=words):
                run()
    assert known(case) == {"Ann": ["a@x.example"]}
