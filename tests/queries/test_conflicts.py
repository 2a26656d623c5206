"""Every way in which a withheld mail can stand again, and what must not be taken for one."""

from __future__ import annotations

import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.ops import privilege, redactions
from casekit.queries import conflicts, items
from casekit.queries.conflicts import Conflict, PrivilegeConflict
from casekit.store.case import Case
from casekit.store.tables import mail_thread
from tests.builders import file_items, make_exchange, make_item, make_mail, make_message

ADVICE = (
    "Our advice is to settle the claim before the hearing in March for no more than two million, because "
    "the log of the gateway shows the key in use on the night of the ninth, and we cannot explain it."
)
FILLER = (
    "she asks for a room, a car from the station and two copies of all the binders for that week"
)
ANSWER = "On Mon, 2 Mar 2026 at 09:00, Counsel <c@firm.example> wrote:\n"
WORDS = [f"{a}{b}" for a in "bcdfglmnprstvz" for b in ("ano", "eri", "ilu", "oma", "uta", "arto")]


def quoted(text: str) -> str:
    lines = [text[n : n + 70] for n in range(0, len(text), 70)]
    return ANSWER + "".join(f"> {line}\n" for line in lines)


def mail(body: str, subject: str, **headers: object) -> object:
    new = make_mail(subject, "a@aurora.example", "b@aurora.example")
    new.texts = [("body", body)]
    new.mail.update(headers)
    new.columns["sha256"] = random.Random(subject + body).randbytes(32)
    return new


def filed(case: Case, tmp_path: Path, *heads: object) -> Case:
    """The first is withheld."""
    file_items(case, list(heads), tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client")
    return case


def whys(case: Case, ids: list[int] | None = None) -> dict[int, str]:
    with case.read() as s:
        return {conflict.item_id: conflict.why for conflict in conflicts.conflicts(s, ids)}


def test_each_way_is_found_and_said(case: Case, tmp_path: Path) -> None:
    near = ADVICE.replace("settle", "compromise").replace("March", "April").replace("log", "record")
    ids = {"message_id": "<1@x>", "content_hash": b"c" * 32}
    heads = [
        mail(ADVICE, "Advice", **ids),
        mail("Wholly other words.", "Copy", message_id="<1@x>"),
        mail("Wholly other words.", "Same", content_hash=b"c" * 32),
        mail(near, "Draft"),
        mail("See below.\n\n" + quoted(ADVICE), "Re: Advice"),
        mail("FYI\n\n" + quoted(ADVICE), "Fwd: Advice"),
        mail("No.\n\n" + quoted("Shall we?"), "Re: that", in_reply_to='["<1@x>"]'),
        make_message(f"{FILLER} {ADVICE[60:175]} {FILLER[::-1]}", "Anna"),
        mail("Lunch at one?", "Lunch"),
    ]
    filed(case, tmp_path, *heads)
    expected = {2: "message-id", 3: "content", 4: "near", 5: "quote", 6: "forward", 7: "reply",
                8: "passage"}  # fmt: skip
    assert whys(case) == expected
    assert whys(case, [1, 5, 9]) == {5: "quote"}
    with case.read() as s, pytest.raises(PrivilegeConflict) as refused:
        conflicts.refuse(s, [9, 5, 2])
    assert refused.value.conflicts == (Conflict(2, 1, "message-id"), Conflict(5, 1, "quote"))
    assert (
        "item 2 has the same Message-ID as withheld item 1; item 5 quotes withheld item 1"
        in str(refused.value)
    )
    with case.read() as s:
        conflicts.refuse(s, [1, 9])


def test_what_only_shares_form_or_thread_is_let_go(case: Case, tmp_path: Path) -> None:
    filed(
        case, tmp_path,
        mail(f"{ADVICE}\n\n-- \nDr Anna Berg, Partner, Berg and Lind Solicitors, 4 Gray Street, Bristol, "
             "registered in England and Wales under number 0441 2273, VAT 99 8812 3341", "Advice",
             message_id="<1@x>"),
        mail("The hearing is in March. Can you book a room for the whole day, please?\n\n-- \nDr Anna Berg, "
             "Partner, Berg and Lind Solicitors, 4 Gray Street, Bristol, registered in England and Wales "
             "under number 0441 2273, VAT 99 8812 3341", "Room", in_reply_to='["<1@x>"]'),
        mail("", "Empty"), make_item("", sha256=bytes(32), size=0), make_item("x", size=0),
    )  # fmt: skip
    assert whys(case) == {}


def test_what_stands_below_a_signature_is_judged(case: Case, tmp_path: Path) -> None:
    filed(case, tmp_path, mail(ADVICE, "Advice"), mail(f"Call me.\n\n-- \nAnna\n\n{ADVICE}", "x"))
    assert whys(case) == {2: "near"}


def test_a_withheld_mail_without_words_of_its_own_is_known_by_what_it_forwards(
    case: Case, tmp_path: Path
) -> None:
    filed(case, tmp_path, mail("FYI\n\n" + quoted(ADVICE), "Fwd: x"), mail(ADVICE, "x"))
    assert whys(case) == {2: "near"}


def test_answers_of_models_are_compared_by_bytes_and_with_mail_by_words(
    case: Case, tmp_path: Path
) -> None:
    chats = [make_exchange(f"What shall I do, {n}?", ADVICE, "m") for n in range(2)]
    filed(
        case, tmp_path, *chats, make_exchange("What shall I do, 0?", ADVICE, "m"), mail(ADVICE, "x")
    )
    assert whys(case) == {3: "bytes", 4: "near"}


def test_a_short_text_is_known_whole_and_not_in_a_long_one(case: Case, tmp_path: Path) -> None:
    short = "Settle for two million"
    filed(
        case, tmp_path, mail(short, "Advice", message_id="<1@x>"), mail(f"{short}, please.", "a"),
        mail(f"{FILLER} {short} {FILLER}", "b"), mail("Yes.\n\n" + quoted(f"{short}. {FILLER}"), "c"),
        mail("Settle for two million", "d", refs='["<1@x>"]'),
        mail("Settle for two billion", "e"),
    )  # fmt: skip
    assert whys(case) == {2: "near", 5: "near"}


def test_a_text_of_some_words_needs_more_than_scattered_groups(case: Case, tmp_path: Path) -> None:
    text = "we settle the claim before summer unless they show the key log"
    filed(case, tmp_path, mail(text, "Advice"),
          mail(f"We settle the claim, {FILLER}; they show the key log.", "a"),
          mail(f"We settle the claim before summer unless they {FILLER}", "b"))  # fmt: skip
    assert whys(case) == {3: "passage"}


def test_a_short_quotation_counts_in_the_thread_of_the_withheld(case: Case, tmp_path: Path) -> None:
    part = quoted(f"{ADVICE[:52]} {FILLER}")
    heads = [mail(ADVICE, "Advice", message_id="<1@x>"), mail(f"No.\n\n{part}", "a"),
             mail(f"No!\n\n{part}", "b"),
             mail("No?\n\n" + quoted(FILLER), "c", refs='["<0@x>", "<1@x>"]')]  # fmt: skip
    filed(case, tmp_path, *heads)
    with case.write() as s:
        for item_id in (1, 2):
            s.execute(mail_thread.delete().where(mail_thread.c.item_id == item_id))
            s.execute(mail_thread.insert(), {"item_id": item_id, "thread_id": 77})
    assert whys(case) == {2: "quote", 4: "reply"}


def test_a_whole_short_text_counts_in_its_thread_in_whatever_quotation(
    case: Case, tmp_path: Path
) -> None:
    short = "Settle for two million"
    filed(case, tmp_path, mail(short, "Advice", message_id="<1@x>"),
          mail("Yes.\n\n" + quoted(f"{short}. {FILLER}"), "a"),
          mail("No.\n\n" + quoted(f"{short}. {FILLER}"), "b"))  # fmt: skip
    with case.write() as s:
        for item_id in (1, 2):
            s.execute(mail_thread.delete().where(mail_thread.c.item_id == item_id))
            s.execute(mail_thread.insert(), {"item_id": item_id, "thread_id": 77})
    assert whys(case) == {2: "quote"}


def test_a_mail_is_known_by_the_hash_of_its_message_id(case: Case, tmp_path: Path) -> None:
    filed(case, tmp_path, mail(ADVICE, "Advice", message_id="<1@x>", mih="a1"),
          mail("Other.", "x", mih="a1"))  # fmt: skip
    assert whys(case) == {2: "message-id"}


def test_an_answer_of_a_model_with_the_words_of_a_withheld_mail_is_found(
    case: Case, tmp_path: Path
) -> None:
    filed(case, tmp_path, mail(ADVICE, "Advice"), make_exchange("And?", ADVICE, "m"))
    assert whys(case) == {2: "near"}


def test_what_a_withheld_answer_quotes_is_not_withheld(case: Case, tmp_path: Path) -> None:
    filed(case, tmp_path, mail(f"I would refuse it, and say that the key was theirs all along.\n\n"
                               f"{quoted(ADVICE)}", "Re: x"), mail(ADVICE, "x"))  # fmt: skip
    assert whys(case) == {}


def test_a_family_is_judged_as_a_whole(case: Case, tmp_path: Path) -> None:
    first = mail(ADVICE, "Advice", message_id="<1@x>")
    first.children = [make_item("memo.txt", sha256=b"m" * 32)]
    carrier = mail("Attached as asked.", "Memo")
    carrier.children = [make_item("memo.txt", sha256=b"m" * 32), make_item("agenda")]
    copy = mail("Other.", "Copy", message_id="<1@x>")
    copy.children = [make_item("annex, in another format")]
    filed(case, tmp_path, first, carrier, copy)  # 1 2, 3 4 5, 6 7
    assert whys(case) == {3: "carries", 4: "bytes", 6: "message-id", 7: "belongs"}
    assert whys(case, [3]) == {3: "carries"}
    assert whys(case, [5]) == {}


def test_what_is_above_and_below_counts_at_every_depth(case: Case, tmp_path: Path) -> None:
    first = mail(ADVICE, "Advice", message_id="<1@x>")
    first.children = [make_item("memo.txt", sha256=b"m" * 32)]
    inner, outer = mail("Inside.", "Inner"), mail("Outside.", "Outer")
    inner.children = [make_item("memo.txt", sha256=b"m" * 32)]
    outer.children = [inner]
    deep, copy = make_item("folder"), mail("Other.", "Copy", message_id="<1@x>")
    deep.children = [make_item("annex, in another format")]
    copy.children = [deep]
    filed(case, tmp_path, first, outer, copy)  # 1 2, 3 4 5, 6 7 8
    assert whys(case) == {3: "carries", 4: "carries", 5: "bytes", 6: "message-id", 7: "belongs",
                          8: "belongs"}  # fmt: skip


def test_a_decision_lets_one_item_pass_until_more_is_withheld_and_is_undone(
    case: Case, tmp_path: Path
) -> None:
    heads = [mail(ADVICE, "Advice"), mail("See.\n\n" + quoted(ADVICE), "Re: Advice"),
             mail(ADVICE, "Again"), mail(ADVICE + " Yours", "And again")]  # fmt: skip
    filed(case, tmp_path, *heads)
    assert whys(case).keys() == {2, 3, 4}
    with case.write() as s:
        done = privilege.pass_items(s, [2], "The client showed it to the other side")
    assert whys(case).keys() == {3, 4}
    with case.read() as s:
        assert {conflict.item_id for conflict in conflicts.conflicts(s, decided=True)} == {2, 3, 4}
    with case.write() as s:
        privilege.assert_privilege(s, [3], "work-product")
    assert whys(case, [2]) == {2: "quote"}  # of the mail that is withheld now too
    with case.write() as s:
        privilege.release_privilege(s, [3])
        from casekit.ops import journal

        journal.undo(s, done.act)
    assert whys(case).keys() == {2, 3, 4}


def test_a_redacted_quotation_is_no_leak(case: Case, tmp_path: Path) -> None:
    body = "See.\n\n" + quoted(ADVICE)
    filed(case, tmp_path, mail(ADVICE, "Advice", message_id="<1@x>"),
          mail(body, "Re: Advice", in_reply_to='["<1@x>"]'))  # fmt: skip
    assert whys(case) == {2: "quote"}
    with case.write() as s:
        redactions.redact(s, [(2, "body", body.index(">"), len(body) - 30)], "attorney-client")
    assert whys(case) == {}


def test_only_a_redaction_in_the_quotation_lets_an_answer_go(case: Case, tmp_path: Path) -> None:
    body = "Call 0441 2273.\n\n" + quoted("Something that is not the withheld text at all.")
    filed(case, tmp_path, mail(ADVICE, "Advice", message_id="<1@x>"),
          mail(body, "Re: Advice", in_reply_to='["<1@x>"]'))  # fmt: skip
    with case.write() as s:
        redactions.redact(s, [(2, "body", 5, 14)], "privacy")
    assert whys(case) == {2: "reply"}
    with case.write() as s:
        redactions.redact(s, [(2, "body", body.index("> Some"), len(body))], "attorney-client")
    assert whys(case) == {}


def test_what_is_redacted_in_a_withheld_item_is_looked_for_all_the_same(
    case: Case, tmp_path: Path
) -> None:
    filed(case, tmp_path, mail(ADVICE, "Advice"), mail("See.\n\n" + quoted(ADVICE), "Re: x"))
    with case.write() as s:
        redactions.redact(s, [(1, "body", 0, len(ADVICE))], "work-product")
    assert whys(case) == {2: "quote"}


def test_what_machines_read_of_a_scan_is_judged(case: Case, tmp_path: Path) -> None:
    from casekit.ops.journal import Act
    from casekit.store.tables import machine_text

    scan = make_item("scan", "image", sha256=b"s" * 32)
    scan.texts = []
    filed(case, tmp_path, mail(ADVICE, "Advice"), scan)
    assert whys(case) == {}
    with case.write() as s:
        act = Act(s, "test", "test")
        act.insert(machine_text, {
            "item_id": 2, "part": "page/1", "text": ADVICE, "engine": "e", "version": "1", "language": "eng",
            "dpi": 300, "confidence": 90, "pixels_sha256": bytes(32), "at_us": 1,
        })  # fmt: skip
        act.record({"items"})
    assert whys(case) == {2: "near"}


def test_decisions_that_decide_nothing_are_refused(case: Case, tmp_path: Path) -> None:
    filed(case, tmp_path, mail(ADVICE, "Advice"), mail(ADVICE, "Again"), mail("Lunch?", "Lunch"))
    for ids, reason, says in (([2], " ", "Say why"), ([1], "x", "release it first"),
                              ([2, 3], "x", "Item 3 is like nothing")):  # fmt: skip
        with pytest.raises(CaseKitError, match=says), case.write() as s:
            privilege.pass_items(s, ids, reason)
    assert whys(case).keys() == {2}


def test_two_hundred_withheld_mails_in_every_form_block_each_and_say_why(
    case: Case, tmp_path: Path
) -> None:
    """All from one mailbox file, read by the real reader; nothing is coded but the 200 themselves."""
    letters = random.Random(4)
    expected: dict[str, str] = {}
    mails = []
    for n in range(200):
        body = " ".join(letters.choices(WORDS, k=letters.randint(14, 160)))
        words = body.split()
        for at in range(4, len(words), 11):
            words[at] = "changed"
        name, counsel = f"m{n:03}", "counsel@firm.example"
        mails.append(_eml(f"{name} advice", body, counsel, f"<{name}@firm>", attached=f"memo {n}"))
        forms = {
            "content": (f"{name} advice", body, f"<{name}@firm>", f"memo {n}", ""),
            "near": (f"{name} draft", " ".join(words), "", "", ""),
            "quote": (f"Re: {name} thanks", f"Will do.\n\n{quoted(body)}", "", "", ""),
            "forward": (f"Fwd: {name} look", f"Look.\n\n{quoted(body)}", "", "", ""),
            "carries": (f"{name} enclosed", "As you asked.", "", f"memo {n}", ""),
        }
        for why, (subject, text, message_id, memo, _) in forms.items():
            sender = counsel if why == "content" else f"{why}@aurora.example"
            mails.append(_eml(subject, text, sender, message_id or f"<{name}.{why}@x>", attached=memo,
                              copy=why == "content"))  # fmt: skip
            expected[subject + (" (copy)" if why == "content" else "")] = why
        mails.append(_eml(f"{name} lunch", f"Lunch at {n}?", "x@x.example", f"<{name}.l@x>"))
    (tmp_path / "all.mbox").write_bytes(b"".join(mails))
    ingest(case, [tmp_path / "all.mbox"])
    with case.read() as s:
        heads = [row for row in items.rows(s, items.item_ids(s, order="id")) if row.kind == "mail"]
    withheld = [row.id for row in heads if row.title.endswith("advice")][::2]
    assert len(withheld) == 200
    with case.write() as s:
        privilege.assert_privilege(s, withheld, "attorney-client")
    with case.read() as s:
        found = conflicts.conflicts(s, items.item_ids(s, order="id"))
    title = {row.id: row.title + " (copy)" * row.title.endswith("advice") for row in heads}
    with case.read() as s:
        roots = {row.id: row.root_id for row in items.rows(s, [k.withheld_id for k in found])}
    said: dict[str, tuple[str, str]] = {}
    for conflict in found:  # the mail itself is withheld before its attachment, and so comes first
        if conflict.item_id in title:
            told = (conflict.why, title[roots[conflict.withheld_id]][:4])
            said.setdefault(title[conflict.item_id], told)
    assert said == {
        name: (why, name.partition(": ")[2][:4] or name[:4]) for name, why in expected.items()
    }
    with case.read() as s, pytest.raises(PrivilegeConflict) as refused:
        conflicts.refuse(s, [row.id for row in heads])
    assert len({conflict.item_id for conflict in refused.value.conflicts}) == 1000


def _eml(
    subject: str, body: str, sender: str, message_id: str, *, attached: str = "", copy: bool = False
) -> bytes:
    new = EmailMessage()
    new["From"], new["To"], new["Subject"] = sender, "helen@aurora.example", subject
    new["Date"], new["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", message_id
    if copy:
        new["X-Folder"] = "Archive"  # another mailbox: not the same bytes
    new.set_content(body)
    if attached:
        new.add_attachment(
            attached.encode() * 9, maintype="text", subtype="plain", filename="memo.txt"
        )
    return b"From x Mon Mar  2 09:00:00 2026\n" + new.as_bytes() + b"\n"
