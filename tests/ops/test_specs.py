import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal, specs
from casekit.queries.specs import SpecRow, saved_specs
from casekit.store.case import Case


def kept(case: Case) -> list[SpecRow]:
    with case.read() as s:
        return saved_specs(s)


def test_a_spec_is_saved_changed_renamed_and_taken_away_and_each_act_can_be_undone(
    case: Case,
) -> None:
    with case.write() as s:
        specs.save_spec(s, "  To   file ", b'{"title": "One"}')
        changed = specs.save_spec(s, "To file", b'{"title": "Two"}')
        same = specs.save_spec(s, "To file", b'{"title": "Two"}')
        specs.save_spec(s, "archive", b"{}")
    assert kept(case) == [SpecRow(2, "archive", b"{}"), SpecRow(1, "To file", b'{"title": "Two"}')]
    assert (same.undo, same.kinds) == (None, frozenset())
    assert changed.kinds == {"specs"}
    with case.write() as s:
        journal.undo(s, changed.act)
        specs.rename_spec(s, "To file", "Filing")
        gone = specs.delete_spec(s, "Filing")
    assert [row.name for row in kept(case)] == ["archive"]
    with case.write() as s:
        back = journal.undo(s, gone.act)
    assert "specs" in back.kinds
    assert kept(case)[1] == SpecRow(1, "Filing", b'{"title": "One"}')


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("", b"{}"), (" \n", b"{}"), ("x" * 81, b"{}"), ("a\u202eb", b"{}"), ("a", b"[]"),
        ("a", b"{"), ("a", b"\xff"),
    ],
)  # fmt: skip
def test_what_is_no_name_or_no_spec_is_refused(case: Case, name: str, spec: bytes) -> None:
    with pytest.raises(CaseKitError), case.write() as s:
        specs.save_spec(s, name, spec)
    assert kept(case) == []


def test_a_name_that_is_taken_is_never_overwritten_by_another_dossier(case: Case) -> None:
    with case.write() as s:
        specs.save_spec(s, "one", b'{"title": "1"}')
        specs.save_spec(s, "two", b'{"title": "2"}')
    for refused in (
        lambda s: specs.save_spec(s, "one", b"{}", new=True),
        lambda s: specs.rename_spec(s, "two", "one"),
        lambda s: specs.rename_spec(s, "three", "four"),
        lambda s: specs.delete_spec(s, "three"),
    ):
        with pytest.raises(CaseKitError), case.write() as s:
            refused(s)
    assert [row.spec for row in kept(case)] == [b'{"title": "1"}', b'{"title": "2"}']
