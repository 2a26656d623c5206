"""RSMF, in which productions and subpoena returns hand chats over: the events of an `rsmf_manifest.json`.

The manifest lies in a ZIP in a mail (`.rsmf`); files that its messages name lie beside it in the ZIP.

Source: Relativity's short message format 1.0 and 2.0 (help.relativity.com, "The Relativity Short Message
Format") and the schema `rsmf_schema_2_0_0.json` of its published samples (BSD-3).
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

MARKS = ("participants", "conversations")
"""What stands beside the events of a manifest."""

_TYPES = frozenset({"message", "disclaimer", "join", "leave", "history", "unknown"})
_USED = (
    "type", "id", "conversation", "participant", "body", "timestamp", "parent", "deleted", "edits",
    "reactions", "attachments", "custom",
)  # fmt: skip
_KNOWN = frozenset({*_USED, "importance", "direction", "read_receipts"})


def is_rsmf(record: Any) -> bool:
    """Whether a parsed value is an event of a manifest."""
    return (
        type(record) is dict
        and record.keys() <= _KNOWN
        and type(record.get("conversation")) is str
        and text_of(record, "type") in _TYPES
    )


def read_rsmf(record: Record, draft: Draft) -> bool:
    """One message, or what happened; people and conversation are told by their numbers, and named around it."""
    if not is_rsmf(record):
        return False
    people = _numbered(draft.around.get("participants"))
    number = text_of(record, "conversation")
    talk = _numbered(draft.around.get("conversations")).get(number, {})
    members = [_person("to", each, people) for each in _texts(talk.get("participants"))]
    kind = text_of(record, "type")
    sender = _person(
        "from" if kind == "message" else "actor", text_of(record, "participant"), people
    )
    facts: Record = {
        "chat": text_of(talk, "display") or number,
        "chat_id": number,
        "id": text_of(record, "id"),
        "reply_to": text_of(record, "parent"),
        "event": "" if kind == "message" else kind,
        "deleted": record.get("deleted"),
        "edited": [when for each in objects(record.get("edits")) if (when := text_of(each, "timestamp"))],
        "participants": len(members),
        "custodian": _person("", text_of(talk, "custodian"), people).name,
        "reactions": [_reaction(each, people) for each in objects(record.get("reactions"))],
        "attachments": [_file(each) for each in objects(record.get("attachments"))],
        "extra": {**rest_of(record, _USED), **_custom(record.get("custom"))},
    }  # fmt: skip
    before = [text for each in objects(record.get("edits")) if (text := text_of(each, "previous"))]
    return put_message(
        draft, text_of(talk, "platform") or "RSMF", text=text_of(record, "body"), facts=facts,
        when=instant(record, ("timestamp",), draft.raw),
        parties=[sender, *recipients(members, sender)], more=(("previous", text) for text in before),
    )  # fmt: skip


def _numbered(untrusted_list: Any) -> dict[str, Record]:
    return {text_of(each, "id"): each for each in objects(untrusted_list)}


def _person(role: str, number: str, people: Mapping[str, Record]) -> Party:
    who = inside(people.get(number))
    return Party(role, text_of(who, "display"), text_of(who, "email", "account_id"))


def _reaction(given: Record, people: Mapping[str, Record]) -> Record:
    by = [_person("", each, people).name for each in _texts(given.get("participants"))]
    return _told(reaction=text_of(given, "value"), by=[*filter(None, by)], count=given.get("count"))


def _file(given: Record) -> Record:
    """A file of a message: the name shown, its name in the ZIP, and its size in bytes."""
    number = text_of(given, "id")
    return _told(name=text_of(given, "display") or number, file=number, bytes=given.get("size"))


def _told(**facts: Any) -> Record:
    """Those that the source states."""
    return {name: value for name, value in facts.items() if value}


def _custom(untrusted_list: Any) -> Record:
    """What the program that wrote it has no other place for, by the names it gives."""
    told: dict[str, list[str]] = {}
    for each in objects(untrusted_list):
        told.setdefault(text_of(each, "name"), []).append(text_of(each, "value"))
    return {"custom": {name: "; ".join(values) for name, values in told.items()}} if told else {}


def _texts(untrusted_list: Any) -> list[str]:
    return (
        [each for each in untrusted_list if type(each) is str]
        if type(untrusted_list) is list
        else []
    )
