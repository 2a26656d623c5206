import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sections.parties import key_end
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.ops import matter, privilege, redactions
from casekit.store.case import Case
from tests.dossier.builders import Builder, document, log_record, message

SPEC = DossierSpec(sections=("parties", "exhibits"), raw="none")


def grids(case: Case) -> dict[str, Grid]:
    with case.read() as s:
        blocks = plan(s, SPEC).further["parties"]
    return {block.heading: block for block in blocks if isinstance(block, Grid)}


def test_parties_are_those_of_the_matter(case: Case) -> None:
    with case.write() as s:
        matter.add_party(s, "Aurora Labs, Inc.", "plaintiff", short="Aurora", counsel="W & A LLP")
        matter.add_party(s, "Reseller Ltd.", "third-party", role="reseller")
    table = grids(case)["PARTIES OF THE PROCEEDING"]
    assert table.rows == (
        ("Aurora Labs, Inc.", "plaintiff", "Aurora", "W & A LLP"),
        ("Reseller Ltd.", "third party, reseller", "–", "–"),
    )


def test_an_account_is_seen_first_and_last_and_its_key_is_masked(
    case: Case, built: Builder
) -> None:
    first = built.add("log.jsonl", log_record(1), log_record(200_000), log_record(400_000))
    for item_id, label in zip(first, ("B-2", "B-1", "B-3"), strict=True):
        built.exhibit(item_id, label)
    (row,) = grids(case)["ACCOUNTS"].rows
    assert row[0] == "org_4471"
    assert row[2] == "…Ld91"
    assert row[3:] == ("2 Nov 2025", "6 Nov 2025", "B-2, B-1, B-3")


@pytest.mark.parametrize(
    ("key", "end"), [("", ""), ("abc", "…"), ("sk-1234", "…"), ("sk-12345", "…2345")]
)
def test_a_short_key_is_masked_whole(key: str, end: str) -> None:
    assert key_end(key) == end


def test_persons_are_one_an_address_however_it_is_written(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.mbox", message())[0], "C-1")
    upper = message(recipients=1)
    upper.parties = [("to", "R. Zero", "RECIPIENT0@example.org")]
    built.exhibit(built.add("b.mbox", upper)[0], "C-2")
    rows = {row[1]: row for row in grids(case)["PERSONS AND ADDRESSES"].rows}
    row = rows["recipient0@example.org"]
    assert row[0] == "Recipient 0\nR. Zero"
    assert row[-1] == "C-1, C-2"
    assert len(rows) == len({name.casefold() for name in rows})


def test_who_is_withheld_or_redacted_is_not_named(case: Case, built: Builder) -> None:
    shown, hidden = message(), message(subject="Another matter")
    shown.parties = [("to", "Anna HIDDENNAME", "anna@hidden.example")]
    shown.texts = [("body", "Anna HIDDENNAME wrote")]
    hidden.texts = [("body", "Quite other words of nobody else.")]
    hidden.mail["message_id"], hidden.mail["mih"] = "<other@firm.example>", "0" * 32
    hidden.parties = [("to", "PRIVILEGED", "lawyer@firm.example")]
    item = built.add("a.mbox", shown)[0]
    kept = built.add("b.mbox", hidden)[0]
    built.exhibit(item, "C-1")
    built.exhibit(kept, "C-2")
    with case.write() as s:
        redactions.redact(s, [(item, "body", 5, 15)], "privacy")
        privilege.assert_privilege(s, [kept], "attorney-client")
    with case.read() as s:
        decided = plan(s, SPEC)
    assert b"HIDDENNAME" not in decided.encoded()
    assert b"PRIVILEGED" not in decided.encoded()
    assert b"firm.example" not in decided.encoded()


def test_an_empty_section_says_so(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.txt", document("a.txt", "one"))[0], "A-1")
    with case.read() as s:
        (only,) = plan(s, SPEC).further["parties"]
    assert only == Remark(wording("neutral")("parties.none"))
