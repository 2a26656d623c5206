from __future__ import annotations

from pathlib import Path

from casekit.ops import pseudonyms as ops
from casekit.queries.pseudonyms import Candidate, candidates, kind_of, pseudonyms
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail


def test_values_without_a_pseudonym_are_found_by_kind(case: Case, tmp_path: Path) -> None:
    letter = make_mail("letter", "helen@aurora.example", "tom@meridian.example")
    letter.texts = [
        (
            "body",
            "Call +44 7700 900123 or write to HELEN@aurora.example, x@y.example, 2026-01-16 11.",
        )
    ]
    asked = [make_exchange(f"p{n}", "o", "m", account=f"org_{n // 2}", ip="203.0.113.7",
                           api_key=f"sk-live{n:012d}") for n in range(3)]  # fmt: skip
    file_items(case, [letter, *asked, make_item("a")], tmp_path)
    ids = [1, 2, 3, 4, 5]
    with case.read() as s:
        assert candidates(s, ids, "account") == [Candidate("org_0", 2), Candidate("org_1", 1)]
        assert [c.value for c in candidates(s, ids, "key")] == [
            f"sk-live{n:012d}" for n in range(3)
        ]
        assert candidates(s, ids, "phone") == [Candidate("+44 7700 900123", 1)]
        found = candidates(s, ids, "address")
        assert found[0] == Candidate("203.0.113.7", 3)
        assert {c.value.lower() for c in found[1:]} == {
            "helen@aurora.example", "tom@meridian.example", "x@y.example",
        }  # fmt: skip
        assert candidates(s, [5], "account") == []
    with case.write() as s:
        ops.give(s, "account", ["ORG_0"])
    with case.read() as s:
        assert candidates(s, ids, "account") == [Candidate("org_1", 1)]
        (row,) = pseudonyms(s, in_use=True)
    assert (row.kind, row.values, row.by) == ("account", ("ORG_0",), case.actor)


def test_a_kind_is_told_by_the_form() -> None:
    forms = {
        "a@b.example": "address", "203.0.113.7": "address", "::1": "address", "org_4471": "account",
        "sk-live0123456789ab": "key", "+44 7700 900123": "phone", "Ann Lee": "person",
        "Team 7 Berlin": "account", "kestrel": "account",
    }  # fmt: skip
    assert {value: kind_of(value) for value in forms} == forms
