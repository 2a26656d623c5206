from pathlib import Path

import pytest

from casekit.dossier.production import plan
from casekit.dossier.volume import FIELDS, Volume, Wish
from casekit.errors import CaseKitError
from casekit.ops import privilege, redactions
from casekit.ops.translations import pair_translation
from casekit.queries.clearance import Undecided
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_exchange, make_item, make_mail


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A mail (1) with an attachment (2), an exchange (3), a document (4), a mail (5) with a file (6)."""
    first, second = make_mail("One þ", "a@x.example", "b@x.example"), make_mail("Two", "c@x", "d@x")
    first.children = [make_item("terms", name="Terms.PDF", media_type="application/pdf", pages=3)]
    second.children = [make_item("blob", "file")]
    asked = make_exchange("Why?", "Because.", "m-1", account="acct")
    file_items(case, [first, asked, make_item("letter"), second], tmp_path, custodian="Ann")
    decide_all(case)
    return case


def _plan(case: Case, *ids: int, **options: object) -> Volume:
    with case.read() as s:
        return plan(s, ids, Wish("ABC", **options))  # type: ignore[arg-type]


def test_families_go_whole_under_numbers_without_a_gap(filed: Case) -> None:
    volume = _plan(filed, 3, 2, 5)
    assert [(d.item_id, d.first, d.last) for d in volume.produced] == [
        (3, 1, 1),
        (1, 2, 2),
        (2, 3, 5),
    ]
    exchange, mail, attached = (d.fields for d in volume.produced)
    assert tuple(mail) == FIELDS
    assert (exchange["MODEL"], exchange["ACCOUNT"], exchange["BEGATTACH"]) == ("m-1", "acct", "")
    assert (mail["BEGATTACH"], mail["ENDATTACH"]) == ("ABC-0000002", "ABC-0000005")
    assert (mail["ATTACHIDS"], attached["PARENTID"]) == ("ABC-0000003", "ABC-0000002")
    assert attached["NATIVELINK"] == r"VOL001\NATIVES\0001\ABC-0000003.pdf"
    assert (mail["FROM"], mail["SUBJECT"], mail["CUSTODIAN"]) == (
        "a@x.example",
        "One [U+00FE]",
        "Ann",
    )
    assert volume.odd == tuple(("ABC-0000002", f, "U+00FE") for f in ("SUBJECT", "MESSAGEID"))
    assert [(each.why, each.items) for each in volume.left_out] == [("unread", 2)]
    assert [d.item_id for d in _plan(filed, 5, unread=True).produced] == [5, 6]


def test_nothing_undecided_is_produced_nor_what_belongs_to_it(filed: Case) -> None:
    with filed.write() as s:
        privilege.reopen_items(s, [2, 4])
    with pytest.raises(Undecided, match="item 2 “terms”") as caught:
        _plan(filed, 1, 3)
    assert caught.value.item_ids == (2,)
    assert [d.item_id for d in _plan(filed, 3).produced] == [3]


def test_what_is_privileged_stays_with_its_family(filed: Case) -> None:
    with filed.write() as s:
        privilege.assert_privilege(s, [2], "work-product")
    volume = _plan(filed, 1, 4)
    assert [d.item_id for d in volume.produced] == [4]
    assert [(each.why, each.items) for each in volume.left_out] == [("privileged", 2)]
    with pytest.raises(CaseKitError, match="Nothing is left"):
        _plan(filed, 1)


def test_a_copy_of_what_is_privileged_stops_everything(filed: Case, tmp_path: Path) -> None:
    file_items(filed, [make_item("letter")], tmp_path, "copy.txt")
    with filed.write() as s:
        privilege.assert_privilege(s, [4], "work-product")
    with pytest.raises(PrivilegeConflict):
        _plan(filed, 7)


def test_a_translation_of_what_is_redacted_stops_everything_until_it_is_too(filed: Case) -> None:
    with filed.write() as s:
        pair_translation(s, 4, 3, made="human", translator="Ann")
        redactions.redact(s, [(4, "body", 0, 3)], "privacy")
    with pytest.raises(CaseKitError, match="Item 3 would tell in another language"):
        _plan(filed, 3)
    with filed.write() as s:
        redactions.redact(s, [(3, "output", 0, 3)], "privacy")
    assert [d.item_id for d in _plan(filed, 3).produced] == [3]


def test_neither_a_redacted_file_nor_what_holds_it_goes_as_it_is(filed: Case) -> None:
    with filed.write() as s:
        redactions.redact(s, [(2, "body", 0, 8)], "privacy")
    mail, attached, other = _plan(filed, 1, 4).produced
    assert (mail.native, attached.native, attached.sha256) == ("", "", "")
    assert (mail.fields["SHA256HASH"], attached.fields["FILESIZE"]) == ("", "")
    assert (mail.fields["REDACTED"], attached.fields["REDACTED"]) == ("No", "Yes")
    assert (attached.fields["REDACTREASON"], bool(other.native)) == ("privacy", True)


def test_no_hash_tells_a_redacted_prompt_and_nothing_is_counted_twice(filed: Case) -> None:
    assert _plan(filed, 3).produced[0].fields["PROMPTSHA256"]
    with filed.write() as s:
        redactions.redact(s, [(3, "prompt", 0, 4)], "privacy")
        privilege.assert_privilege(s, [6], "work-product")
    volume = _plan(filed, 3, 6)
    assert volume.produced[0].fields["PROMPTSHA256"] == ""
    assert [(each.why, each.items) for each in volume.left_out] == [("privileged", 2)]


def test_a_prefix_or_number_that_cannot_be_is_refused(filed: Case) -> None:
    assert _plan(filed, 4, start=500).produced[0].fields["BEGBATES"] == "ABC-0000500"
    for options in (
        {"start": 0},
        {"start": 10**9},
        {"start": 10**30},
        {"prefix": "a/b"},
        {"prefix": "../X"},
    ):
        with filed.read() as s, pytest.raises(CaseKitError):
            plan(s, [4], Wish(**options))  # type: ignore[arg-type]
