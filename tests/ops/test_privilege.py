from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import exhibits, journal, privilege
from casekit.queries import items, privilege_log
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail


def test_privilege_covers_the_whole_family(case: Case, tmp_path: Path) -> None:
    mail = make_mail("to counsel", "a@x.example", "b@x.example")
    mail.children = [make_item("memo")]
    file_items(case, [make_item("other"), mail], tmp_path)
    with case.write() as s:
        changes = privilege.assert_privilege(s, [3], "attorney-client", note="advice")
        assert changes.ids == (2, 3)
    with case.read() as s:
        assert [r.privileged for r in items.rows(s, [1, 2, 3])] == [False, True, True]
        assert items.view(s, 2).privilege_basis == "attorney-client"
    with pytest.raises(CaseKitError, match="cannot become an exhibit"), case.write() as s:
        exhibits.mark_exhibit(s, 3)
    with case.write() as s:
        privilege.assert_privilege(s, [2], "work-product")
        notes = [e.description for e in privilege_log.entries(s)]
        assert notes == ["advice", "advice"]  # another basis leaves what the log says
        privilege.release_privilege(s, [2])
    with case.read() as s:
        assert [r.privileged for r in items.rows(s, [2, 3])] == [False, False]


def test_more_items_than_a_statement_has_room_for_are_withheld(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [make_mail(f"m{n}", "a@x.example", "b@x.example") for n in range(3)]
    for mail in mails:
        mail.children = [make_item("memo")]
    file_items(case, mails, tmp_path)
    monkeypatch.setattr(privilege, "_AT_ONCE", 2)
    with case.write() as s:
        assert privilege.family_of(s, [1, 4, 5, 5]) == [1, 2, 3, 4, 5, 6]
        assert privilege.assert_privilege(s, [2, 3], "other").ids == (1, 2, 3, 4)
        assert privilege.assert_privilege(s, [1, 6], "work-product").ids == (1, 2, 5, 6)
    with case.read() as s:
        assert [r.privileged for r in items.rows(s, range(1, 7))] == [True] * 6


def test_an_unknown_basis_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="attorney-client"), case.write() as s:
        privilege.assert_privilege(s, [1], "because")


def test_to_describe_withholds_nothing_and_keeps_the_basis(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b"), make_item("open")], tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "work-product")
        privilege.assert_privilege(s, [2])
    with pytest.raises(CaseKitError, match="Item 3 is not withheld"), case.write() as s:
        privilege.describe(s, [1, 3], "Draft")
    with case.write() as s:
        privilege.describe(s, [1, 2], "Draft")
        found = [(e.item_id, e.basis, e.description) for e in privilege_log.entries(s)]
    assert found == [(1, "work-product", "Draft"), (2, "attorney-client", "Draft")]


def test_not_privileged_is_decided_taken_back_and_never_of_what_is_withheld(
    case: Case, tmp_path: Path
) -> None:
    mail = make_mail("to counsel", "a@x.example", "b@x.example")
    mail.children = [make_item("memo")]
    file_items(case, [mail, make_item("other")], tmp_path)

    def states() -> list[str]:
        with case.read() as s:
            return [row.review for row in items.rows(s, [1, 2, 3])]

    with case.write() as s:
        assert privilege.clear_items(s, [2], families=True).ids == (1, 2)
        privilege.clear_items(s, [1])  # once more changes nothing
    assert states() == ["not-privileged", "not-privileged", "undecided"]
    with case.write() as s:
        held = privilege.assert_privilege(s, [1])
    assert states() == ["privileged", "privileged", "undecided"]
    with pytest.raises(CaseKitError, match="Item 2 is withheld"), case.write() as s:
        privilege.clear_items(s, [2, 3])
    assert states()[2] == "undecided"
    with case.write() as s:
        journal.undo(s, held.act)
    assert states() == ["not-privileged", "not-privileged", "undecided"]
    with case.write() as s:
        privilege.reopen_items(s, [1], families=True)
    assert states() == ["undecided"] * 3
    with case.write() as s:
        privilege.assert_privilege(s, [1])
        privilege.release_privilege(s, [1])
    assert states() == ["undecided"] * 3
