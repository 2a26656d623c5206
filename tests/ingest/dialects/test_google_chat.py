from __future__ import annotations

from typing import Any

from casekit.clock import from_us
from tests.ingest.chat_case import facts, messages, people, text, thread

MESSAGE: dict[str, Any] = {
    "creator": {"name": "Ann Lee", "email": "ann@x.example", "user_type": "Human"},
    "created_date": "Wednesday, July 6, 2016 at 1:03:44\u202fPM UTC",
    "updated_date": "Wednesday, July 6, 2016 at 1:05:00\u202fPM UTC",
    "text": "see this",
    "attached_files": [{"original_name": "a.png", "export_name": "File-a.png"}],
    "reactions": [{"emoji": {"unicode": "\U0001f44d"}, "reactor_emails": ["bob@x.example"]}],
    "topic_id": "t1",
    "message_id": "AAA/t1/m2",
}


def test_a_message_of_a_space() -> None:
    (item,) = messages({"messages": [MESSAGE]}, name="messages.json", folder="Space AAA")
    assert item.when is not None
    assert f"{from_us(item.when.us):%Y-%m-%d %H:%M:%S}" == "2016-07-06 13:03:44"
    assert (item.when.zone, item.when.raw) == ("explicit", MESSAGE["created_date"])
    assert text(item) == "see this"
    assert people(item) == [("from", "Ann Lee", "ann@x.example"), ("to", "Space AAA", "")]
    assert facts(item) == {
        "service": "Google Chat", "chat": "Space AAA", "id": "AAA/t1/m2", "thread": "t1",
        "edited": MESSAGE["updated_date"],
        "reactions": [{"reaction": "\U0001f44d", "by": ["bob@x.example"]}],
        "attachments": [{"name": "a.png", "link": "File-a.png"}],
    }  # fmt: skip
    assert thread(item) == ("Google Chat/Space AAA/AAA/t1/m2", ("Google Chat/Space AAA/t1",))


def test_a_message_that_was_taken_back() -> None:
    gone = {"creator": MESSAGE["creator"], "created_date": "2016-07-06T13:03:44Z", "topic_id": "t1",
            "message_state": "DELETED", "deletion_metadata": {"deletion_type": "CREATOR"}}  # fmt: skip
    (item,) = messages({"messages": [gone]}, folder="DM 1")
    assert (item.title, facts(item)["deleted"]) == ("(deleted)", "CREATOR")
