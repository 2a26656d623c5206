"""Telegram Desktop's `result.json`: messages and service messages of one chat or of a whole account.

Source: core.telegram.org/import-export; telegramdesktop/tdesktop `export_output_json.cpp`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import (
    instant,
    objects,
    put_message,
    rest_of,
    text_of,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_FILES = ("photo", "file", "thumbnail", "contact_vcard")
_USED = (
    "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id", "actor",
    "actor_id", "text", "text_entities", "reply_to_message_id", "reactions", "action", "thread_id",
    "topic_id", *_FILES, "file_name", "mime_type", "file_size",
)  # fmt: skip


def is_telegram(record: Any) -> bool:
    """Whether a parsed value is a message of such an export."""
    return (
        type(record) is dict
        and record.get("type") in ("message", "service", "unsupported")
        and ("date" in record or "date_unixtime" in record)
        and ("text" in record or "text_entities" in record or "action" in record)
        and bool(record.keys() & {"from", "from_id", "actor", "actor_id", "date_unixtime"})
    )


def read_telegram(record: Record, draft: Draft) -> bool:
    """One message; of its formatted pieces the texts alone, joined as they stand."""
    if not is_telegram(record):
        return False
    around = draft.around
    chat, kind = text_of(around, "name"), text_of(around, "type")
    chat_id = text_of(around, "id")
    sender = Party("from", text_of(record, "from", "actor"), text_of(record, "from_id", "actor_id"))
    text = plain_text(record.get("text")) or plain_text(record.get("text_entities"))
    event = text_of(record, "action") if record["type"] == "service" else ""
    facts: Record = {
        "chat": chat or (kind and f"({kind.replace('_', ' ')})"),
        "chat_id": chat_id,
        "room": kind.replace("_", " "),
        "id": text_of(record, "id"),
        "reply_to": text_of(record, "reply_to_message_id"),
        "event": event or (record["type"] if record["type"] != "message" else ""),
        "edited": text_of(record, "edited", "edited_unixtime"),
        "reactions": [
            {key: value for key, value in each.items() if key != "recent"} | _who(each)
            for each in objects(record.get("reactions"))
        ],
        "attachments": _files(record),
        "links": _links(record),
        "extra": rest_of(record, _USED),
    }
    when = instant(record, ("date_unixtime", "date"), draft.raw)
    to = [Party("to", chat, chat_id)] if chat and chat != sender.name else []
    return put_message(draft, "Telegram", text=text, when=when, parties=[sender, *to], facts=facts)


def plain_text(untrusted_text: Any) -> str:
    """The words of a text that is one string or a list of strings and formatted pieces."""
    if type(untrusted_text) is str:
        return untrusted_text
    if type(untrusted_text) is not list:
        return ""
    return "".join(
        each if type(each) is str else text_of(each, "text") if type(each) is dict else ""
        for each in untrusted_text
    )


def _links(record: Record) -> list[str]:
    """Where a word leads to that shows something else."""
    pieces = [*objects(record.get("text")), *objects(record.get("text_entities"))]
    return list(dict.fromkeys(text_of(each, "href") for each in pieces if each.get("href")))


def _files(record: Record) -> list[Record]:
    """What came with it: its name in the export, or that it was left out."""
    found = []
    for key in _FILES:
        link = text_of(record, key)
        if link:
            entry = {"name": text_of(record, "file_name") if key == "file" else "", "link": link,
                     "type": text_of(record, "mime_type") if key == "file" else key}  # fmt: skip
            found.append({name: value for name, value in entry.items() if value})
    return found


def _who(reaction: Record) -> Record:
    names = [text_of(each, "from") for each in objects(reaction.get("recent"))]
    return {"by": [each for each in names if each]} if any(names) else {}
