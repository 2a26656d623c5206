"""Google Hangouts as Google Takeout gave it until 2022: `Hangouts.json`, events below conversations.

Source: support.google.com, "Download your Google data"; no specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.chat import (
    inside,
    instant,
    objects,
    put_message,
    recipients,
    rest_of,
    text_of,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_USED = (
    "conversation_id", "sender_id", "timestamp", "chat_message", "event_id", "event_type",
    "self_event_state", "advances_sort_timestamp", "event_otr", "event_version",
)  # fmt: skip
_SPOKEN = ("REGULAR_CHAT_MESSAGE", "SMS")


def is_hangouts(record: Any) -> bool:
    """Whether a parsed value is an event of such an export."""
    return (
        type(record) is dict
        and type(record.get("sender_id")) is dict
        and record.keys() >= {"conversation_id", "timestamp", "event_type"}
    )


def read_hangouts(record: Record, draft: Draft) -> bool:
    """One message, or what happened in the conversation; its people are named by the conversation around it."""
    if not is_hangouts(record):
        return False
    people = _people(draft.around)
    sender = _person(inside(record["sender_id"]), people)
    chat = text_of(_about(draft.around), "name")
    number = text_of(inside(record["conversation_id"]), "id")
    content = inside(inside(record.get("chat_message")).get("message_content"))
    segments = objects(content.get("segment"))
    kind = text_of(record, "event_type")
    facts: Record = {
        "chat": chat or ", ".join(filter(None, list(people.values())[:5])) or number,
        "chat_id": number,
        "id": text_of(record, "event_id"),
        "participants": len(people),
        "event": "" if kind in _SPOKEN else kind,
        "sms": kind == "SMS",
        "links": [
            link for each in segments
            if (link := text_of(inside(each.get("link_data")), "link_target"))
        ],
        "attachments": [_file(each) for each in objects(content.get("attachment"))],
        "extra": rest_of(record, _USED),
    }  # fmt: skip
    parties = [Party("from" if kind in _SPOKEN else "actor", sender.name, sender.address)]
    parties += recipients((Party("to", name, key) for key, name in people.items()), sender)
    return put_message(
        draft, "Google Hangouts", text="".join(map(_words, segments)), facts=facts, parties=parties,
        when=instant(record, ("timestamp",), draft.raw),
    )  # fmt: skip


def _about(around: Mapping[str, Any]) -> Record:
    """What the export says of the conversation, which newer ones wrap once more."""
    outer = inside(around.get("conversation"))
    return inside(outer.get("conversation")) or outer


def _people(around: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for each in objects(_about(around).get("participant_data")):
        found[text_of(inside(each.get("id")), "gaia_id", "chat_id")] = text_of(
            each, "fallback_name"
        )
    return found


def _person(who: Record, people: Mapping[str, str]) -> Party:
    number = text_of(who, "gaia_id", "chat_id")
    return Party("from", people.get(number, ""), number)


def _words(segment: Record) -> str:
    return "\n" if segment.get("type") == "LINE_BREAK" else text_of(segment, "text")


def _file(each: Record) -> Record:
    """The file of a message as a link, wherever its kind keeps it."""
    item = inside(each.get("embed_item"))
    kinds = [kind for kind in item.get("type") or () if type(kind) is str]
    photo = inside(item.get("plus_photo"))
    found = {"link": text_of(photo, "url") or text_of(item, "url", "id"), "type": ", ".join(kinds)}
    return {key: value for key, value in found.items() if value}
