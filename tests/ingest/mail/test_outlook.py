from __future__ import annotations

import json

from casekit.ingest.mail.bundle import Bundle, write_tree
from casekit.ingest.mail.outlook import read_outlook
from casekit.ingest.parsed import Context, Parsed, Party
from tests.ingest.mail.test_cms import INNER, der, sealed
from tests.ingest.mail_case import kinds
from tests.ingest.outlook_case import note, pointers_hold, properties


def read_tree(tree: dict[str, object]) -> Parsed:
    data = write_tree(tree)  # type: ignore[arg-type]
    return read_outlook(Bundle(data), Context("f"), steps=(), digest=b"", size=len(data), head=32)


def test_a_sender_on_anothers_behalf_is_named_beside_the_author() -> None:
    item = read_tree(
        note(_0042="Chief", _0064="SMTP", _0065="chief@lab.example", _5D01="office@lab.example")
    )
    assert item.parties[:2] == (
        Party("from", "Chief", "chief@lab.example"),
        Party("sender", "Müller", "office@lab.example"),
    )


def test_people_without_a_list_of_recipients_are_taken_from_what_was_shown() -> None:
    tree = properties(32, _0037="x", _0E04="Ann; Bob", _0E03="Carol")
    assert [(one.role, one.name) for one in read_tree(tree).parties] == [
        ("to", "Ann"), ("to", "Bob"), ("cc", "Carol"),
    ]  # fmt: skip
    tree = properties(32, _007D="To: ann@lab.example\r\n")
    assert read_tree(tree).parties == (Party("to", "", "ann@lab.example"),)


def test_an_item_with_nothing_in_it_is_a_mail_without_a_date() -> None:
    item = read_tree({})
    assert (item.kind, item.title, item.when, kinds(item)) == ("mail", "", None, ["no-date"])


def test_the_mark_before_a_subject_of_a_mailbox_is_taken_away() -> None:
    assert read_tree(note(_0037="\x01\x04FW: Limits")).title == "FW: Limits"


def test_damaged_rtf_is_told() -> None:
    assert kinds(read_tree(note(_1000="", _1009=b"x" * 50))) == ["bad-rtf"]


def test_what_could_not_be_read_whole_says_so() -> None:
    tree = note() | {
        "casekit-incomplete": b"",
        "__attach_version1.0_#00000000": {"casekit-incomplete": b""},
    }
    item = read_tree(tree)
    assert kinds(item) == ["partly-read"]
    assert kinds(item.children[0])[-1] == "partly-read"


def test_what_a_signature_carries_is_the_text_of_a_message_without_one() -> None:
    seal = properties(8, _3701=sealed(der(0x04, INNER)), _3707="smime.p7m")
    tree = note(_001A="IPM.Note.SMIME", _1000="") | {"__attach_version1.0_#00000000": seal}
    item = read_tree(tree)
    assert item.texts == (("body", "Signed and carried.\n"),)
    assert (kinds(item), json.loads(item.facts)["signed"]) == ([], "smime")
    assert pointers_hold(write_tree(tree), item) == 2
