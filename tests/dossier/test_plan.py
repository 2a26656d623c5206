from pathlib import Path

import msgspec
import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Raw, Remark
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ops import exhibits, findings, journal, privilege
from casekit.queries.clearance import Undecided
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests.builders import file_items, make_message
from tests.dossier.builders import (
    ANSWER,
    OTHER,
    PROMPT,
    Builder,
    answer,
    document,
    finding_body,
    image,
    log_record,
    message,
    new_item,
    pdf,
    set_caption,
)
from tests.dossier.conftest import Matter


def test_exhibits_come_in_order_and_what_is_withheld_is_only_counted(dossier: Matter) -> None:
    decided = dossier.plan
    assert [c.label for c in decided.exhibits] == ["A-1", "A-2", "B-1", "C-1", "D-1", "D-2", "D-3"]
    assert [(w.basis, w.exhibits, w.items) for w in decided.withheld] == [("attorney-client", 1, 1)]
    assert b"SECRETSUBJECT" not in decided.encoded()


def test_a_draft_of_an_unchanged_case_is_the_same_plan_and_a_change_shows(
    case: Case, built: Builder
) -> None:
    item = built.add("a.jsonl", answer(PROMPT, ANSWER, "m"))[0]
    built.exhibit(item, "A-1")
    with case.read() as s:
        first, second = plan(s), plan(s)
    assert first == second
    with case.write() as s:
        findings.add_finding(s, "overlap", "x", {})
    with case.read() as s:
        assert plan(s).custody_seq == first.custody_seq + 1


def test_a_draft_has_no_numbers_and_a_plan_for_issue_has(case: Case, built: Builder) -> None:
    set_caption(case)
    first = built.add("terms.pdf", pdf(3))[0]
    second = built.add("a.jsonl", answer(PROMPT, ANSWER, "m"))[0]
    built.exhibit(first, "A-1")
    built.exhibit(second, "A-2")
    with case.read() as s:
        draft, issue = plan(s), plan(s, for_issue=True)
    assert draft.draft
    assert not issue.draft
    assert [c.bates for c in draft.exhibits] == ["", ""]
    assert [c.bates for c in issue.exhibits] == ["AUR-0000001 – AUR-0000003", "AUR-0000004"]
    assert [(p.first, p.last, p.new) for p in issue.produced] == [(1, 3, True), (4, 4, True)]


def test_nothing_undecided_is_issued_and_a_draft_marks_it(case: Case, built: Builder) -> None:
    mail = built.add("m.mbox", message(pdf(2)))[0]
    built.exhibit(mail, "C-1")
    built.exhibit(built.add("a.jsonl", answer(PROMPT, ANSWER, "m"))[0], "A-1")
    with case.read() as s:
        assert "Nobody has decided yet" not in plan(s).encoded().decode()
    with case.write() as s:
        privilege.reopen_items(s, [mail + 1])
    with case.read() as s:
        marked = {c.label for c in plan(s).exhibits if b"Nobody has" in msgspec.json.encode(c)}
        assert marked == {"C-1"}
        with pytest.raises(Undecided) as caught:
            plan(s, for_issue=True)
    assert caught.value.item_ids == (mail + 1,)
    with case.write() as s:
        privilege.clear_items(s, [mail + 1])
    with case.read() as s:
        assert not plan(s, for_issue=True).draft


def test_an_undecided_neighbour_in_a_chat_is_not_issued_either(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_message(f"said {n}", "Ann", n) for n in range(3)], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 2, "C-1")
        privilege.clear_items(s, [2])
    with case.read() as s:
        marked = plan(s, DossierSpec(context=1)).exhibits[0].blocks[0]
        assert isinstance(marked, Remark)
        assert "item 1, 3." in marked.text
        with pytest.raises(Undecided, match="item 1 “said 0”; item 3"):
            plan(s, DossierSpec(context=1), for_issue=True)
        assert not plan(s, DossierSpec(context=0), for_issue=True).draft


def test_attachments_are_printed_with_their_message_save_exhibits_and_unread_files(
    case: Case, built: Builder
) -> None:
    mail = built.add("m.mbox", message(pdf(2), image(), new_item("file", "x.bin", b"?")))[0]
    built.exhibit(mail, "C-1")
    built.exhibit(mail + 2, "C-2")
    with case.read() as s:
        decided = plan(s)
    text = decided.encoded().decode()
    assert [(p.item_id - mail, p.label) for p in decided.produced] == [
        (0, "C-1"),
        (1, "C-1"),
        (2, "C-2"),
    ]
    assert "Attachment 1: Terms of service 2025-03.pdf" in text
    assert "dashboard.png (printed as Exhibit C-2)" in text
    assert "x.bin (kept, not printed: not read)" in text


def test_a_family_with_one_privileged_member_stays_out_whole(case: Case, built: Builder) -> None:
    mail = built.add("m.mbox", message(document("HIDDENNAME.txt", "HIDDENTEXT")))[0]
    built.exhibit(mail, "C-1")
    with case.write() as s:
        privilege.assert_privilege(s, [mail + 1], "work-product")
    with case.read() as s:
        decided = plan(s, DossierSpec(exhibits=("C-1",)))
    assert decided.exhibits == ()
    assert decided.produced == ()
    assert [(w.basis, w.exhibits, w.items) for w in decided.withheld] == [("work-product", 1, 2)]
    assert b"HIDDEN" not in decided.encoded()


def test_what_would_give_a_withheld_item_away_is_refused_wherever_it_is_printed(
    case: Case, built: Builder
) -> None:
    withheld = built.add("memo.txt", document("memo.txt", "HIDDENTEXT"))[0]
    mail = built.add("m.mbox", message(document("renamed.txt", "HIDDENTEXT")))[0]
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    again = built.add("c.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    built.exhibit(mail, "C-1")
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", finding_body(left, right))
        privilege.assert_privilege(s, [withheld], "work-product")
    with case.read() as s, pytest.raises(PrivilegeConflict) as refused:
        plan(s)
    assert [(k.item_id, k.why) for k in refused.value.conflicts] == [
        (mail, "carries"),
        (mail + 1, "bytes"),
    ]
    with case.write() as s:
        privilege.pass_items(s, [mail, mail + 1], "Handed over by the other side")
        privilege.assert_privilege(s, [again], "work-product")
    with case.read() as s, pytest.raises(PrivilegeConflict) as refused:
        plan(s)  # the right side of the pair is no exhibit, and printed all the same
    assert [(k.item_id, k.why) for k in refused.value.conflicts] == [(right, "bytes")]
    with case.read() as s:
        assert len(plan(s, DossierSpec(findings=())).exhibits) == 1


def test_a_pair_with_a_privileged_side_is_not_shown(case: Case, built: Builder) -> None:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", finding_body(left, right))
    with case.read() as s:
        assert [c.label for c in plan(s).findings] == ["F-1", "S-1"]
    with case.write() as s:
        privilege.assert_privilege(s, [right], "attorney-client")
    with case.read() as s:
        decided = plan(s)
    assert [c.label for c in decided.findings] == ["F-1"]
    assert b"Recovery is" not in decided.encoded()
    assert b"1 pair of texts is not shown" in decided.encoded()


def test_the_spec_chooses(case: Case, built: Builder) -> None:
    for n in range(3):
        built.exhibit(built.add(f"{n}.txt", document(f"{n}.txt", f"text {n}"))[0], f"A-{n}")
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs", {})
    spec = DossierSpec(
        title="Bundle",
        exhibits=("A-2", "A-0"),
        findings=(),
        paper="a4",
        designation="SECRET",
        sections=("exhibits",),
    )
    with case.read() as s:
        decided = plan(s, spec)
    assert [c.label for c in decided.exhibits] == ["A-2", "A-0"]
    assert decided.findings == ()
    assert (decided.title, decided.paper, decided.head[2], decided.sections) == (
        "Bundle",
        "a4",
        "SECRET",
        ("exhibits",),
    )


@pytest.mark.parametrize("spec", [DossierSpec(exhibits=("Z-9",)), DossierSpec(findings=(7,))])
def test_what_the_case_does_not_have_is_refused(case: Case, spec: DossierSpec) -> None:
    with case.read() as s, pytest.raises(CaseKitError, match="There is no"):
        plan(s, spec)


def test_an_exhibit_of_an_empty_case_is_no_trouble(case: Case) -> None:
    with case.read() as s:
        decided = plan(s)
    assert decided.exhibits == ()
    assert decided.cover.above == (("Aurora v. Meridian", ""),)


def test_raw_records_are_asked_for_by_the_spec(case: Case, built: Builder) -> None:
    built.exhibit(built.add("log.jsonl", log_record(1), log_record(2))[0], "B-1")
    built.exhibit(built.add("a.json", answer(PROMPT, ANSWER, "m"))[0], "A-1")
    found = {}
    for raw in ("none", "log", "all"):
        with case.read() as s:
            decided = plan(s, with_raw(raw))
        found[raw] = [
            c.label for c in decided.exhibits if any(isinstance(b, Raw) for b in c.blocks)
        ]
    assert found == {"none": [], "log": ["B-1"], "all": ["B-1", "A-1"]}


def with_raw(raw: str) -> DossierSpec:
    return DossierSpec(raw=raw)  # type: ignore[arg-type]


def test_an_undone_withholding_is_in_again(case: Case, built: Builder) -> None:
    item = built.add("a.txt", document("a.txt", "text"))[0]
    built.exhibit(item, "A-1")
    with case.write() as s:
        done = privilege.assert_privilege(s, [item], "other")
    with case.write() as s:
        journal.undo(s, done.act)
    with case.read() as s:
        assert [c.label for c in plan(s).exhibits] == ["A-1"]
