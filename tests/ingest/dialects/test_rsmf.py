from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.dossier import rsmf as writing
from casekit.dossier.rsmf import Attached, Chat, Message
from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import When
from casekit.ingest.run import ingest
from casekit.queries import items
from casekit.store.case import Case
from tests.builders import file_items, make_message
from tests.ingest.chat_case import facts, messages, people, text, thread

SAID: dict[str, Any] = {
    "type": "message", "id": "e2", "conversation": "c1", "participant": "p1", "parent": "e1",
    "timestamp": "2026-02-10T09:00:00-05:00", "body": "We cap it at 5.", "importance": "high",
    "direction": "incoming", "deleted": False,
    "edits": [{"participant": "p1", "timestamp": "2026-02-10T14:01:00Z", "previous": "We cap it.",
               "new": "We cap it at 5."}],
    "reactions": [{"value": "👍", "count": 2, "participants": ["p2", "p9"]}],
    "attachments": [{"id": "f1.png", "display": "plan.png", "size": 4}],
    "read_receipts": [{"participant": "p2", "timestamp": "2026-02-10T14:02:00Z", "action": "read"}],
    "custom": [{"name": "Label", "value": "a"}, {"name": "Label", "value": "b"}],
}  # fmt: skip
LEFT = {
    "type": "leave",
    "conversation": "c1",
    "participant": "p2",
    "timestamp": "2026-02-10T15:00:00Z",
}
NOTICE = {"type": "disclaimer", "conversation": "c1", "body": "Only a part."}
MANIFEST = {
    "version": "2.0.0", "eventcollectionid": "k1",
    "participants": [
        {"id": "p1", "display": "Ann Lee", "email": "ann@a.example", "account_id": "U1"},
        {"id": "p2", "display": "Bo", "account_id": "U2"},
    ],
    "conversations": [{"id": "c1", "display": "general", "platform": "slack", "type": "channel",
                       "custodian": "p1", "participants": ["p1", "p2"]}],
    "events": [SAID, LEFT, NOTICE],
}  # fmt: skip


def test_events_are_messages_of_the_people_and_the_talk_that_their_numbers_name() -> None:
    said, left, notice = messages(MANIFEST)
    assert (text(said), text(said, "previous")) == ("We cap it at 5.", "We cap it.")
    assert said.when == When(1_770_732_000_000_000, "2026-02-10T09:00:00-05:00", "timestamp", "explicit",
                             1_000_000)  # fmt: skip
    assert people(said) == [("from", "Ann Lee", "ann@a.example"), ("to", "Bo", "U2")]
    assert thread(said) == ("slack/c1/e2", ("slack/c1/e1",))
    assert facts(said) == {
        "service": "slack", "chat": "general", "chat_id": "c1", "id": "e2", "reply_to": "e1",
        "edited": ["2026-02-10T14:01:00Z"], "participants": 2, "custodian": "Ann Lee",
        "reactions": [{"reaction": "👍", "by": ["Bo"], "count": 2}],
        "attachments": [{"name": "plan.png", "file": "f1.png", "bytes": 4}],
        "extra": {
            "importance": "high", "direction": "incoming", "custom": {"Label": "a; b"},
            "read_receipts": [
                {"participant": "p2", "timestamp": "2026-02-10T14:02:00Z", "action": "read"}
            ],
        },
    }  # fmt: skip
    assert people(left) == [("actor", "Bo", "U2"), ("to", "Ann Lee", "ann@a.example")]
    assert (facts(left)["event"], left.title) == ("leave", "(leave)")
    assert (facts(notice)["event"], text(notice), notice.when) == (
        "disclaimer",
        "Only a part.",
        None,
    )


def test_a_file_and_a_reaction_say_only_what_the_source_states() -> None:
    bare = {**SAID, "attachments": [{"id": "f1.png"}], "reactions": [{"value": "👍"}]}
    (said,) = messages({**MANIFEST, "events": [bare]})
    assert facts(said)["attachments"] == [{"name": "f1.png", "file": "f1.png"}]
    assert facts(said)["reactions"] == [{"reaction": "👍"}]


def test_numbers_that_nobody_bears_and_lists_that_are_none_lose_no_event() -> None:
    bare = {
        **SAID,
        "participant": "p7",
        "reactions": "many",
        "edits": [7],
        "attachments": None,
        "custom": 3,
    }
    (said,) = messages({**MANIFEST, "participants": None, "conversations": [], "events": [bare]})
    assert text(said) == SAID["body"]
    assert people(said) == []
    assert (facts(said)["chat"], facts(said)["service"]) == ("c1", "RSMF")


@pytest.mark.parametrize(
    "other",
    [
        {**SAID, "type": "call"},
        {**SAID, "conversation": {"id": 1}},
        {**SAID, "model": "m"},
        {"type": "message", "role": "user", "content": "hi", "conversation": "c"},
    ],
)
def test_other_records_are_left_alone(other: dict[str, Any]) -> None:
    assert recognise(SAID) == "RSMF"
    assert recognise(other) != "RSMF"


def test_a_conversation_that_was_produced_comes_back_out_of_its_file(
    case: Case, tmp_path: Path
) -> None:
    """As the other side reads it: mail, ZIP, manifest, messages, and the file that one of them has."""
    file_items(case, [
        make_message("You there?", "Ann", 1_700_000_000_000_000, id="t1"),
        make_message("Yes.", "Bo", 1_700_000_060_500_000, id="t2", reply_to="t1",
                     reactions=[{"reaction": "👍", "by": ["Ann"]}]),
    ], tmp_path)  # fmt: skip
    with case.read() as s:
        views = [items.view(s, number) for number in (1, 2)]
    sent = Chat("Slack", "general", "Ann", (
        Message("ABC-1", views[0], "", (Attached("ABC-9.txt", "plan.txt", b"the plan"),)),
        Message("ABC-2", views[1]),
    ))  # fmt: skip
    made = writing.manifest(sent, "VOL001", "k1")
    file = tmp_path / "produced.rsmf"
    file.write_bytes(writing.message_file(sent, made, "VOL001", 1_700_000_000_000_000, "1"))
    report = ingest(case, [file])
    assert report.problems == []
    with case.read() as s:
        back = [items.view(s, number) for number in range(3, report.items + 3)]
    said = [each for each in back if (each.facts or {}).get("service") == "Slack"]
    assert [(v.text("body"), v.row.sent_us) for v in said[1:]] == [
        ("You there?", 1_700_000_000_000_000),
        ("Yes.", 1_700_000_060_500_000),
    ]
    assert [(v.facts or {}).get("reply_to") for v in said[1:]] == [None, "ABC-1"]
    assert [v.parties[0] for v in said[1:]] == [view.parties[0] for view in views]
    assert (said[2].facts or {})["reactions"] == [{"reaction": "👍", "by": ["Ann"], "count": 1}]
    assert any(each.text("body") == "the plan" for each in back)
