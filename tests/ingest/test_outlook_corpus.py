"""The real Outlook files of the corpus against what two independent readers agree on about them."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casekit.confine import Worker, WorkerFault
from casekit.ingest import pointer
from casekit.ingest.limits import new_budget
from casekit.ingest.mail import pst
from casekit.ingest.parsed import Books, Context, Parsed, Step, sha256
from casekit.ingest.reading import Batch, argument_for, batch_from, format_of, read_any
from tests.ingest.outlook_case import pointers_hold

pytestmark = pytest.mark.corpus

# What differs, and why ours is kept.
KNOWN_MSG = {
    # The embedded message has a name: its subject. The readers compared leave it without one.
    ("3rd-level-bug-732.msg", "att"),
    # Their texts are not Unicode and name a language (Russian, Chinese); both readers take them for Western.
    ("ASCII_CP1251_LCID1049.msg", "subject"),
    ("chinese-traditional.msg", "subject"),
    ("testMSG_chinese.msg", "subject"),
    # The only text is HTML: ours is made from it, theirs is empty.
    ("HTMLBodyBinary_CP1251.msg", "body"),
    ("HTMLBodyBinary_UTF-8.msg", "body"),
    # A zero at the text's end is counted as a letter by both.
    ("simple_test_msg.msg", "body"),
    ("test-outlook.msg", "body"),
}


def expected(corpus: Path, kind: str) -> dict[str, dict[str, Any]]:
    known = json.loads((corpus / "expected.json").read_text("utf-8"))[kind]
    return {path: told["agreed"] for path, told in known.items()}


def only_item(data: bytes, name: str, form: str) -> Parsed:
    new_budget()
    items = [one for one in read_any(data, Context(name), form) if isinstance(one, Parsed)]
    assert len(items) == 1, name
    return items[0]


def msg_facts(item: Parsed) -> dict[str, Any]:
    told = json.loads(item.facts)
    submitted = item.when is not None and item.when.field == "PidTagClientSubmitTime"
    sent = item.when.us if item.when is not None and submitted else told.get("sent")
    return {
        "subject": item.title,
        "cls": told["class"],
        "sent": None if sent is None else sent // 1_000_000,
        "body": len("".join(dict(item.texts)["body"].split())),
        "att": sorted(child.name for child in item.children),
    }


def test_what_two_readers_agree_on_in_outlook_messages_is_what_we_read(corpus: Path) -> None:
    differing = set()
    compared = 0
    for path, agreed in expected(corpus, "msg").items():
        file = corpus / path
        if not agreed:
            continue
        ours = msg_facts(only_item(file.read_bytes(), file.name, "msg"))
        for fact, value in agreed.items():
            wanted = sorted(value) if isinstance(value, list) else value
            if isinstance(wanted, str):
                wanted = wanted.rstrip("\0")  # which both keep, and no reader sees
            compared += 1
            if ours[fact] != wanted:
                differing.add((file.name, fact))
    assert (compared, differing) == (264, KNOWN_MSG)


def test_every_outlook_file_is_known_by_its_content_and_its_family_can_be_cut_out(
    corpus: Path,
) -> None:
    cut = 0
    others = []
    for file in messages(corpus):
        data = file.read_bytes()
        form = format_of(data, "x")
        if form != "msg":
            others.append(file.name)
            continue
        cut += pointers_hold(data, only_item(data, file.name, form))
    assert (cut, others) == (51, ["not-a-MSG-file.msg"])


def messages(corpus: Path) -> Iterator[Path]:
    return iter(sorted((corpus / "msg").rglob("*.msg")))


def test_the_message_inside_a_message_is_there_with_its_name_and_text(corpus: Path) -> None:
    (file,) = (one for one in messages(corpus) if one.name == "testMSG_att_msg.msg")
    item = only_item(file.read_bytes(), file.name, "msg")
    assert [(child.kind, child.name) for child in item.children] == [
        ("mail", "Test Attachment"),
        ("document", "smbprn.00009008.KdcPjl.pdf"),
    ]
    assert dict(item.children[0].texts)["body"].strip()


def test_what_two_readers_agree_on_in_tnef_files_is_what_we_read(corpus: Path) -> None:
    compared = cut = 0
    for path, agreed in expected(corpus, "tnef").items():
        file = corpus / path
        data = file.read_bytes()
        assert format_of(data, "x") == "tnef"
        item = only_item(data, file.name, "tnef")
        cut += pointers_hold(data, item)
        ours = {"n": len(item.children), "attachments": sorted(one.name for one in item.children)}
        for fact, value in agreed.items():
            compared += 1
            wanted = sorted(value) if isinstance(value, list) else value
            assert (path, ours[fact]) == (path, wanted)
    assert (compared, cut) == (68, 66)


def in_worker(worker: Worker, data: bytes, name: str) -> list[Batch]:
    argument = argument_for(Context(name))
    return [
        batch_from(frame)
        for frame in worker.stream("casekit.ingest.reading:read_stream", data, argument)
    ]


def mailboxes(corpus: Path) -> list[Path]:
    pytest.importorskip("pypff", reason="libpff-python is not installed")
    return sorted((corpus / "pst").rglob("*.pst"))


def test_mailboxes_are_read_in_the_confined_worker_item_by_item(corpus: Path) -> None:
    counts = {}
    with Worker() as worker:
        for file in mailboxes(corpus):
            found = in_worker(worker, file.read_bytes(), file.name)
            assert {batch.format for batch in found} == {"pst"}
            items = [item for batch in found for item in batch.items]
            counts[file.name] = [item.kind for item in items]
            if file.name == "testPST.pst":
                assert {item.title for item in items} == TITLES
                assert {json.loads(item.facts)["folder"] for item in items} == {
                    "Début du fichier de données Outlook"
                }
                # a forwarded message inside a message, which libpff itself does not open
                (child,) = [child for item in items for child in item.children]
                assert (child.title, [each.name for each in child.children]) == (
                    "First email", ["attachment.docx"],
                )  # fmt: skip
                assert dict(child.children[0].texts)["body"].strip() == "This is a docx attachment."
                assert [(p.role, p.address) for p in child.parties[1:]] == [
                    ("to", "lfcnassif@gmail.com")
                ]
                assert child.problems == ()
    assert counts == {
        "Empty.pst": ["file"],  # no items: the mailbox itself is kept
        "dist-list.pst": ["event", "contact", "contact", "document"],
        "passworded.pst": ["contact", "contact", "document"],
        "testPST.pst": ["mail"] * 7,
        "testPST_variousBodyTypes.pst": ["mail"] * 4,
    }


TITLES = {
    "FW: First email",
    "Feature Generators",
    "Re: Feature Generators",
    'Re: init tokenizer fails: "Bad type in putfield/putstatic"',
    '[WEBINAR] - "Introducing Couchbase Server 2.5"',
    "[jira] [Commented] (TIKA-1250) Process loops infintely processing a CHM file",
    "[jira] [Resolved] (TIKA-1249) Vcard files detection",
}


def test_an_item_of_a_mailbox_is_found_again_by_its_number(corpus: Path) -> None:
    (file,) = (one for one in mailboxes(corpus) if one.name == "testPST.pst")
    data = file.read_bytes()
    items = [one for one in read_any(data, Context(), "pst") if isinstance(one, Parsed)]
    (item,) = (one for one in items if one.title == "FW: First email")
    (child,) = item.children
    for one, steps in ((item, item.steps), (child, (*item.steps, *child.steps))):
        given = pointer.resolve(io.BytesIO(data), pointer.from_json(pointer.to_json(steps)))
        assert (sha256(given), len(given)) == (one.sha256, one.size)


def test_an_item_that_an_earlier_version_wrote_is_found_as_it_wrote_it(corpus: Path) -> None:
    (file,) = (one for one in mailboxes(corpus) if one.name == "testPST.pst")
    data = file.read_bytes()
    mailbox = pst.open_pst(data)
    (found,) = [one for one in pst.items(mailbox) if one.item.number_of_attachments]
    before = pst.item_bytes(found.item)
    step = Step(
        "pst", name=found.folder, number=found.number, length=len(before), sha256=sha256(before)
    )
    assert pointer.resolve(io.BytesIO(data), (step,)) == before
    assert len(pst.item_bytes(found.item, pst.nodes_of(data))) > len(before)


def test_a_damaged_mailbox_costs_no_more_than_itself(corpus: Path) -> None:
    (file,) = (one for one in mailboxes(corpus) if one.name == "testPST_variousBodyTypes.pst")
    data = file.read_bytes()
    chance = random.Random(1)
    with Worker() as worker:
        for end in range(0, len(data), 40_000):
            assert in_worker(worker, data[:end], "cut.pst")[-1].books == Books(end)
        for _ in range(15):
            hurt = bytearray(data)
            for _ in range(200):
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
            try:
                assert in_worker(worker, bytes(hurt), "hurt.pst")
            except WorkerFault:
                continue  # libpff may fall over: the importer then keeps the file and says so
