"""Canaries: values that have a pseudonym must be nowhere in what leaves the case."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from casekit.dossier.leaks import check_file
from casekit.dossier.pdfa import Profile
from casekit.dossier.plan import plan
from casekit.dossier.pseudonyms import applied, of_case, wording_of, words_left
from casekit.dossier.redact import all_withheld, check
from casekit.dossier.render import render
from casekit.dossier.sheet import DossierPlan, Grid, Mark, Pages, Pair, Raw, Side
from casekit.dossier.spec import SECTIONS, DossierSpec
from casekit.errors import CaseKitError
from casekit.ops import exhibits, findings, matter, pseudonyms, redactions
from casekit.queries import items
from casekit.queries.pseudonyms import pseudonyms as rows
from casekit.queries.whole_values import Kind, WholeValues
from casekit.store.case import Case
from tests.dossier.builders import (
    Builder,
    answer,
    document,
    finding_body,
    image,
    log_record,
    message,
    pdf,
    set_caption,
)
from tests.dossier.pdf_text import glyphs_of
from tests.dossier.test_redact import CERTIFIED, everything, written

VALUES: dict[str, Kind] = {
    "org_4471": "account", "sk-proj-7Fq2Ld91": "key", "203.0.113.7": "address",
    "j.lindqvist@counsel.example": "address", "Johanna Lindqvist": "person",
    "Quill Ravensworth": "person", "+44 7700 900123": "phone",
}  # fmt: skip
TRACES = (
    "org_4471",
    "org-4471",
    "org 4471",
    "7fq2ld91",
    "203.0.113.7",
    "lindqvist@",
    "johanna",
    "quill",
    "ravensworth",
    "900123",
)


def give(case: Case, values: dict[str, Kind] = VALUES) -> dict[str, str]:
    """Pseudonyms for the values; by value, in their brackets."""
    with case.write() as s:
        for value, kind in values.items():
            pseudonyms.give(s, kind, [value])
    with case.read() as s:
        finder = of_case(s, wording_of(s))
        return {value: finder.places(value)[0][2] for row in rows(s) for value in row.values}


def filled(case: Case, built: Builder) -> None:
    """A log, a mail with a PDF, an answer and a finding, in which the values stand everywhere."""
    set_caption(case)
    with case.write() as s:
        matter.set_matter(s, {"judge": "Quill Ravensworth", "counsel": "Johanna Lindqvist LLP"})
        matter.add_party(s, "Quill Ravensworth", "defendant", short="Ravensworth, Quill")
    made = answer(
        "Who is Quill Ravensworth of org_4471?", "RAVENSWORTH, Quill: 07700 900123.", "Meridian-R1",
        account="org_4471", extra=json.dumps({"org_4471": "Johanna%20Lindqvist"}),
        messages=json.dumps([{"role": "user", "content": "j.lindqvist@counsel.example"}]),
    )  # fmt: skip
    ids = built.add("Quill Ravensworth.jsonl", made, custodian="Quill Ravensworth")
    built.exhibit(ids[0], "A-1", title="Answers to Quill Ravensworth")
    logs = built.add("org_4471.jsonl", *[log_record(n) for n in range(3)])
    built.exhibit(logs[1], "B-1", designation="FOR J.LINDQVIST@COUNSEL.EXAMPLE")
    attached = pdf(2, "Quill Ravensworth.pdf")
    attached.texts = [("page/1", "Signed: Johanna Lindqvist"), ("page/2", "")]
    letter = message(attached, image(), subject="To Quill Ravensworth, org_4471")
    letter.texts = [("body", "Call 0044 7700 900-123.\nJohanna\nLindqvist")]
    built.exhibit(built.add("inbox.mbox", letter, custodian="J. L.")[0], "C-1")
    body = finding_body(ids[0], logs[0])
    body["pairs"][0]["left"]["text"] = "Quill Ravensworth " + body["pairs"][0]["left"]["text"]
    body["pairs"][0]["prompt"] = "Ask org_4471"
    body["limitations"] = ["Only org_4471 was looked at."]
    body["inputs"][0]["model"] = "org_4471"
    body["controls"][0]["model"] = "org_4471"
    with case.write() as s:
        findings.add_finding(s, "overlap", "Texts of Quill Ravensworth", body)


@pytest.mark.parametrize("profile", ["filing", "archive", "accessible"])
def test_a_value_with_a_pseudonym_is_nowhere_and_the_pseudonym_where_it_stood(
    case: Case, built: Builder, tmp_path: Path, profile: Profile
) -> None:
    filled(case, built)
    before = everything(written(built, tmp_path / "before.pdf", profile)[1])
    missing = [
        trace
        for trace in TRACES
        if not trace.startswith(("org-", "org ")) and trace not in before.replace("\n", "")
    ]
    assert missing in ([], ["7fq2ld91"])  # the key, which is masked unless records are attached
    given = give(case)
    decided, rendered = written(built, tmp_path / "Quiet.pdf", profile)
    found = everything(rendered)
    told = {t: found[max(0, found.index(t) - 40) :][:90] for t in TRACES if t in found}
    assert told == {}
    printed = "".join(g.character for page in glyphs_of(rendered.path) for g in page)
    printed = printed.replace(" ", "").replace("\n", "")
    assert [name for name in given.values() if name.replace(" ", "") not in printed] == []
    assert not [b for c in decided.exhibits for b in c.blocks if isinstance(b, Raw)]
    assert {p.label: bool(p.record_sha256) for p in decided.produced if p.label != "C-1"} == {
        "A-1": False, "B-1": False,
    }  # fmt: skip
    mails = [bool(p.record_sha256) for p in decided.produced if p.label == "C-1"]
    assert mails == [False, False, True]  # the mail, its PDF; the picture tells nothing
    with case.read() as s:
        withheld = all_withheld(s)
    texts = (("".join(g.character for g in page)) for page in glyphs_of(rendered.path))
    check_file(rendered.path, enumerate(texts, 1), withheld)


def test_the_same_value_has_one_pseudonym_in_every_dossier_and_it_is_listed(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    filled(case, built)
    given = give(case)
    with case.read() as s:
        first = plan(s, DossierSpec(exhibits=("A-1",)))
        second = plan(s, DossierSpec(exhibits=("B-1",), sections=SECTIONS, certificates=CERTIFIED))
    for decided, other in ((first, "A-1"), (second, "B-1")):
        (legend,) = [b for b in decided.redactions if isinstance(b, Grid)]
        account = given["org_4471"]
        assert {row[0]: row[1] for row in legend.rows}[account].split(", ")[0] == other
        assert account in msgspec.json.encode(decided.exhibits).decode()
        assert "redactions" in decided.sections
        assert decided.reading[-1].heading == "Names in brackets"
    assert plan_text(second).count(given["sk-proj-7Fq2Ld91"]) >= 2  # not “…001]”


def plan_text(decided: DossierPlan) -> str:
    return decided.encoded().decode()


def test_a_case_without_pseudonyms_is_planned_as_before(case: Case, built: Builder) -> None:
    filled(case, built)
    with case.read() as s:
        assert not of_case(s, wording_of(s))
        decided = plan(s)
    assert "redactions" not in decided.sections
    assert [b for c in decided.exhibits for b in c.blocks if isinstance(b, Raw)]


def test_a_pdf_that_tells_a_value_is_printed_as_text(case: Case, built: Builder) -> None:
    made = pdf(1)
    made.texts = [("page/1", "Paid to org_4471.")]
    built.exhibit(built.add("terms.pdf", made)[0], "D-1")
    give(case, {"org_4471": "account"})
    with case.read() as s:
        (chapter,) = plan(s).exhibits
    assert not [b for b in chapter.blocks if isinstance(b, Pages)]
    assert "Paid to [Account 001]." in msgspec.json.encode(chapter).decode()


def test_the_length_of_what_tells_a_value_is_not_told(case: Case, built: Builder) -> None:
    first, second = document("a.txt", "Paid by org_4471."), document("b.txt", "Paid.")
    (mail_id,) = built.add("a.eml", message(first, second))
    built.exhibit(mail_id, "C-1")
    logs = built.add("l.jsonl", *[log_record(n) for n in range(3)])
    built.exhibit(logs[1], "B-1")
    give(case, {"org_4471": "account"})
    with case.read() as s:
        decided = plan(s)
        sizes = {
            n: items.rows(s, [n])[0].size for n in (mail_id, mail_id + 1, mail_id + 2, logs[1])
        }
    assert {p.item_id: p.size for p in decided.produced} == {
        mail_id: 0, mail_id + 1: 0, mail_id + 2: sizes[mail_id + 2], logs[1]: 0,
    }  # fmt: skip
    found = plan_text(decided)
    assert f"{sizes[mail_id + 1]:,} bytes" not in found
    assert f"{sizes[mail_id + 2]:,} bytes" in found
    assert "(bytes " not in found


def test_redactions_and_pseudonyms_stand_beside_each_other(case: Case, built: Builder) -> None:
    text = "Quill Ravensworth paid org_4471 in cash."
    (item_id,) = built.add("note.txt", document("note.txt", text))
    built.exhibit(item_id, "D-1")
    with case.write() as s:
        redactions.redact(s, [(item_id, "body", 0, 22)], "confidential")
    give(case, {"org_4471": "account", "Quill Ravensworth": "person"})
    with case.read() as s:
        decided = plan(s)
    found = plan_text(decided)
    assert "[REDACTED: confidential business information] [Account 001] in cash." in found
    assert "Ravensworth" not in found


def test_a_value_that_is_left_blocks_the_dossier(case: Case, built: Builder) -> None:
    """Such as within another address, or in a label that programs find things by."""
    built.exhibit(built.add("n.txt", document("n.txt", "mary.ann.lee@corp.example"))[0], "org-4471")
    give(case, {"ann.lee@corp.example": "address"})
    with (
        case.read() as s,
        pytest.raises(CaseKitError, match=r"Exhibit org-4471, .*: redaction \[Address 001\]"),
    ):
        plan(s)
    give(case, {"mary.ann.lee@corp.example": "address"})
    with case.read() as s:
        decided = plan(s)
        assert "[Address 002]" in plan_text(decided)
    give(case, {"org_4471": "account"})
    with case.read() as s, pytest.raises(CaseKitError, match=r"its title: redaction \[Account 003"):
        plan(s)
    with case.read() as s, pytest.raises(CaseKitError, match="cover"):
        cover = msgspec.structs.replace(decided.cover, judge="org 4471")
        check(s, msgspec.structs.replace(decided, cover=cover))


def test_a_surname_that_stands_alone_is_pointed_out(case: Case, built: Builder) -> None:
    text = "Dear Mr Ravensworth, of Li and Quill Ravensworth."
    built.exhibit(built.add("n.txt", document("n.txt", text))[0], "D-1")
    give(case, {"Quill Ravensworth": "person", "Li Bo": "person"})
    with case.read() as s:
        (said,) = words_left(s, plan(s), wording_of(s))
    assert "[Person 001]" in said
    assert "exhibits: D-1" in said
    assert "avensworth" not in said
    with case.write() as s:
        pseudonyms.give(s, "person", ["Ravensworth"], same_as=1)
    with case.read() as s:
        assert words_left(s, plan(s), wording_of(s)) == []
        assert "Dear Mr [Person 001], of Li and [Person 001]." in plan_text(plan(s))


def test_marks_of_a_pair_stay_where_they_were() -> None:
    text = "aa Quill Ravensworth bb cc"
    marks = (Mark(1, 0, 2), Mark(2, 3, 20), Mark(3, 5, 12), Mark(4, 21, 23))
    side = Side("t", "d", text, marks)
    given = WholeValues([("[Person 001]", "person", "Quill Ravensworth")])
    decided = _with_pair(Pair(side, side))
    (pair,) = applied(decided, given, _words(), {}).findings[0].blocks
    assert isinstance(pair, Pair)
    assert pair.left.text == "aa [Person 001] bb cc"
    assert [pair.left.text[m.start : m.stop] for m in pair.left.marks] == [
        "aa", "[Person 001]", "[Person 001]", "bb",
    ]  # fmt: skip


def _words():  # type: ignore[no-untyped-def]
    from casekit.dossier.wording import wording

    return wording("neutral")


def _with_pair(pair: Pair) -> DossierPlan:
    from casekit.dossier.sheet import Chapter, Cover

    chapter = Chapter("S-1", "EX-S-1", "pair", "", "", "", "", "", "", "", "", (pair,))
    cover = Cover("", (), "", (), "", "", "", (), "", "")
    return DossierPlan(
        v=1, case="", version="", draft=True, title="", at_us=0, custody_seq=1, custody_root="",
        words="neutral", paper="a4", language="en", head=("", "", ""), sections=(), cover=cover, reading=(),
        exhibits=(), findings=(chapter,), custody=(), hashes=(), produced=(), withheld=(),
    )  # fmt: skip


def test_the_hash_of_an_identifier_that_tells_a_value_is_left_out(
    case: Case, built: Builder
) -> None:
    made = message()
    made.mail["message_id"] = "<org_4471.7@x.example>"
    (first,) = built.add("a.eml", made)
    (second,) = built.add("b.eml", message())
    give(case, {"org_4471": "account"})
    from casekit.dossier.pseudonyms import instead

    with case.read() as s:
        finder = of_case(s, wording_of(s))
        views = [instead(items.view(s, each), finder) for each in (first, second)]
    assert ["mih" in view.mail for view in views] == [False, True]


def test_an_issued_plan_holds_only_while_no_pseudonym_changes(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    from casekit.ops import productions

    (item_id,) = built.add("n.json", answer("org_4471?", "Yes.", "m"))
    with case.write() as s:
        exhibits.mark_exhibit(s, item_id, "D-1")
    with case.read() as s:
        decided = plan(s, for_issue=True)
    rendered = render(decided, built.originals, tmp_path / "d.pdf")
    give(case, {"org_4471": "account"})
    with case.write() as s, pytest.raises(CaseKitError, match="pseudonym has been given"):
        productions.issue(s, decided, rendered)
