from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import When
from tests.ingest.chat_case import facts, messages, people, text

ABOUT = {"id": {"id": "UgxA"}, "name": "", "participant_data": [
    {"id": {"gaia_id": "1", "chat_id": "1"}, "fallback_name": "Ann"},
    {"id": {"gaia_id": "2", "chat_id": "2"}, "fallback_name": "Bob"}]}  # fmt: skip
SAID: dict[str, Any] = {
    "conversation_id": {"id": "UgxA"}, "sender_id": {"gaia_id": "1", "chat_id": "1"},
    "timestamp": "1705311011123456", "event_id": "e1", "event_type": "REGULAR_CHAT_MESSAGE",
    "chat_message": {"message_content": {
        "segment": [{"type": "TEXT", "text": "see "}, {"type": "LINE_BREAK", "text": "\n"},
                    {"type": "LINK", "text": "a", "link_data": {"link_target": "http://a/"}}],
        "attachment": [{"embed_item": {"type": ["PLUS_PHOTO"], "plus_photo": {"url": "https://x/y.jpg"}}}]}},
}  # fmt: skip
CALL = {
    "conversation_id": {"id": "UgxA"}, "sender_id": {"gaia_id": "3"}, "timestamp": "1705311012123456",
    "event_id": "e2", "event_type": "HANGOUT_EVENT", "hangout_event": {"event_type": "START_HANGOUT"},
}  # fmt: skip
NEWER = {"conversations": [{"conversation": {"conversation": ABOUT}, "events": [SAID, CALL]}]}
OLDER = {
    "conversation_state": [{"conversation_state": {"conversation": ABOUT, "event": [SAID, CALL]}}]
}


@pytest.mark.parametrize("export", [NEWER, OLDER], ids=["newer", "older"])
def test_events_are_messages_of_the_people_around_them(export: Any) -> None:
    said, call = messages(export)
    assert text(said) == "see \na"
    assert said.when == When(1_705_311_011_123_456, "1705311011123456", "timestamp", "explicit", 1)
    assert people(said) == [("from", "Ann", "1"), ("to", "Bob", "2")]
    assert facts(said) == {
        "service": "Google Hangouts", "chat": "Ann, Bob", "chat_id": "UgxA", "id": "e1", "participants": 2,
        "links": ["http://a/"], "attachments": [{"link": "https://x/y.jpg", "type": "PLUS_PHOTO"}],
    }  # fmt: skip
    assert (facts(call)["event"], people(call)[0]) == ("HANGOUT_EVENT", ("actor", "", "3"))
    assert facts(call)["extra"] == {"hangout_event": {"event_type": "START_HANGOUT"}}


def test_other_records_are_left_alone() -> None:
    assert recognise({**SAID, "sender_id": "1"}) == ""
    assert recognise({"conversation_id": "a", "timestamp": 1, "event_type": "x"}) == ""
