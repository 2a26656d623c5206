from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.ops import clawback, journal, privilege, translations
from casekit.ops import items as item_ops
from casekit.ops.clawback import Notice
from casekit.ops.items import KeptFile
from casekit.queries import items, sequestered
from casekit.store.case import Case
from casekit.store.tables import item, original
from tests.builders import file_items, make_item, make_mail


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A mail (1) with a file (2), the same file alone (3), another (4), the notice (5)."""
    mail = make_mail("theirs", "a@x.example", "b@x.example")
    mail.children = [make_item("memo")]
    heads = [mail, make_item("memo"), make_item("other"), make_item("notice")]
    file_items(case, heads, tmp_path)
    return case


def test_a_notice_takes_families_and_copies_and_says_what_it_could_not_find(filed: Case) -> None:
    with filed.write() as s:
        told = Notice("Meridian", ["2", " ABC-0000009 ", ""], "3 March", item_id=5)
        changes, missing = clawback.receive_notice(s, told)
    assert (changes.label, changes.undo) == ("3 items sequestered on the notice of Meridian", None)
    assert missing == ["ABC-0000009"]
    with filed.read() as s:
        assert sequestered.held(s) == {1, 2, 3}
        (kept,) = sequestered.notices(s)
        assert (kept.party, kept.dated, kept.item_id) == ("Meridian", "3 March", 5)
        assert (kept.named, kept.reference) == (("2", "ABC-0000009"), "item 5")
    with pytest.raises(CaseKitError, match="cannot be undone"), filed.write() as s:
        journal.undo(s, changes.act)
    with filed.write() as s:  # named once more, by another: it stays as it is
        again, _ = clawback.receive_notice(s, Notice("Others", ["item 3", "4"], reference="x"))
    assert again.label == "1 item sequestered on the notice of Others"
    with filed.read() as s:
        assert [(r.item_id, r.party) for r in sequestered.sequestered(s)] == [
            (1, "Meridian"), (2, "Meridian"), (3, "Meridian"), (4, "Others"),
        ]  # fmt: skip


def test_what_arrives_later_as_a_copy_or_in_the_family_is_sequestered_too(
    filed: Case, tmp_path: Path
) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["1"], reference="x"))
    other = make_mail("ours", "c@x.example", "d@x.example")
    other.children = [make_item("memo"), make_item("else")]
    empty = make_item("", size=0)
    file_items(filed, [other, empty, make_item("fresh")], tmp_path, "later.txt")
    with filed.read() as s:
        assert sequestered.held(s) == {1, 2, 3, 6, 7, 8}
        (kept, *_) = (row for row in sequestered.sequestered(s) if row.item_id == 6)
        assert (kept.party, kept.reference) == ("Meridian", "x")
        assert items.count(s) == 4
    with filed.write() as s:
        clawback.release(s, [1, 3, 6], "R. Judge", "Order")
    file_items(filed, [make_item("memo")], tmp_path, "last.txt")
    with filed.read() as s:
        assert sequestered.held(s) == set()


def test_what_is_read_later_of_a_sequestered_file_is_sequestered(
    filed: Case, tmp_path: Path
) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["1"], reference="x"))
        run = item_ops.start_run(s, "[]", "none")
        row = s.execute(
            select(item.c.digest, original.c.sha256).join(original).where(item.c.id == 2)
        ).one()
        read = make_item("unpacked")
        item_ops.digest_family(read, row.sha256, row.digest)
        graft = item_ops.Graft(KeptFile(2, 1, 1, row.digest, b""), (read,), below=True)
        filing = item_ops.Filed(row.sha256, "text", "read", grafts=[graft])
        item_ops.file_batch(s, run, [], [filing])
        item_ops.finish_run(s, run, "finished", "{}")
    with filed.read() as s:
        assert sequestered.held(s) == {1, 2, 3, 6}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Notice(" ", ["1"], reference="x"), "whose notice"),
        (Notice("A", [" "], reference="x"), "what it names"),
        (Notice("A", ["1"]), "by which letter"),
        (Notice("A", ["1"], item_id=9), "no item 9"),
        (Notice("A", ["5"], item_id=5), "the notice itself"),
        (Notice("A", ["A-1..B-2"], reference="x"), "no range"),
        (Notice("A", ["A-9..A-1"], reference="x"), "lower one first"),
    ],
)
def test_a_notice_that_says_too_little_hides_nothing(filed: Case, told: Notice, why: str) -> None:
    with pytest.raises(CaseKitError, match=why), filed.write() as s:
        clawback.receive_notice(s, told)
    with filed.read() as s:
        assert items.count(s) == 5
        assert sequestered.notices(s) == []


def test_a_release_needs_a_name_and_a_reason_and_takes_families(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["2"], reference="x"))
    for by, reason in (("", "why"), ("who", " ")):
        with pytest.raises(CaseKitError, match="who releases"), filed.write() as s:
            clawback.release(s, [1], by, reason)
    with pytest.raises(CaseKitError, match="None of these"), filed.write() as s:
        clawback.release(s, [4], "A", "B")
    with filed.write() as s:
        clawback.release(s, [2], "R. Judge", "Order")
    with filed.read() as s:
        assert sequestered.held(s) == {3}  # the copy was named by nobody: it is released by itself
        assert len(sequestered.sequestered(s, released=True)) == 3
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["1"], reference="second"))
    with filed.read() as s:
        assert sequestered.held(s) == {1, 2, 3}


def test_what_has_not_left_is_not_taken_back(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="Item 4 has not left"), filed.write() as s:
        clawback.take_back(s, [4], "work-product", "Slipped through")
    with pytest.raises(CaseKitError, match="basis"), filed.write() as s:
        clawback.take_back(s, [4], "because", "x")
    with pytest.raises(CaseKitError, match="how it came"), filed.write() as s:
        clawback.take_back(s, [4], "other", " ")
    with filed.write() as s:
        assert privilege.family_of(s, [4]) == [4]
        with pytest.raises(CaseKitError, match="XYZ names nothing"):
            clawback.named_items(s, ["4", "XYZ"])


def test_the_translation_of_what_is_named_goes_with_it(filed: Case) -> None:
    with filed.write() as s:
        translations.pair_translation(s, 3, 4, made="human", translator="T. Ranslator")
        clawback.receive_notice(s, Notice("Meridian", ["3"], reference="x"))
    with filed.read() as s:
        assert sequestered.held(s) == {1, 2, 3, 4}  # 1 and 2 hold the same file


def test_what_is_sequestered_is_paired_with_no_translation(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["4"], reference="x"))
    for pair in ((4, 5), (5, 4)):
        with pytest.raises(sequestered.Sequestered, match="Item 4"), filed.write() as s:
            translations.pair_translation(s, *pair, made="human", translator="T. Ranslator")
