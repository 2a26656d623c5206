"""Google Chat as Google Takeout gives it: `messages.json` in a folder for each conversation.

The folder's name is all that the messages themselves tell of their conversation; its title and people
stand in `group_info.json` beside them.

Source: support.google.com, "Download your Google data"; no specification.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import inside, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.page_times import english_time
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Party, When

Record = dict[str, Any]

_USED = (
    "creator", "created_date", "updated_date", "text", "topic_id", "message_id", "attached_files",
    "quoted_message_metadata", "reactions", "message_state", "deletion_metadata", "annotations",
)  # fmt: skip


def is_google_chat(record: Any) -> bool:
    """Whether a parsed value is a message of such an export."""
    return (
        type(record) is dict
        and type(record.get("creator")) is dict
        and record.keys() >= {"created_date", "topic_id"}
    )


def read_google_chat(record: Record, draft: Draft) -> bool:
    """One message; `topic_id` is the thread that it stands in."""
    if not is_google_chat(record):
        return False
    creator, quoted = inside(record["creator"]), inside(record.get("quoted_message_metadata"))
    chat, deleted = draft.context.folder, inside(record.get("deletion_metadata"))
    facts: Record = {
        "chat": chat,
        "id": text_of(record, "message_id"),
        "thread": text_of(record, "topic_id"),
        "quoted": text_of(quoted, "text"),
        "edited": text_of(record, "updated_date"),
        "deleted": text_of(deleted, "deletion_type") or text_of(record, "message_state") == "DELETED",
        "reactions": [_reaction(each) for each in objects(record.get("reactions"))],
        "attachments": [_file(each) for each in objects(record.get("attached_files"))],
        "links": [text_of(inside(each.get("url_metadata")), "url", "title")
                  for each in objects(record.get("annotations")) if each.get("url_metadata")],
        "bot": text_of(creator, "user_type") == "Bot",
        "extra": rest_of(record, _USED),
    }  # fmt: skip
    sender = Party("from", text_of(creator, "name"), text_of(creator, "email"))
    to = Party("to", chat if chat != sender.name else "", "")
    return put_message(
        draft, "Google Chat", text=text_of(record, "text"), facts=facts, parties=[sender, to],
        when=_time(text_of(record, "created_date")),
    )  # fmt: skip


def _time(text: str) -> When | None:
    """Such as `Wednesday, July 6, 2016 at 1:03:44 PM UTC`, or ISO 8601."""
    return english_time(text, "created_date") or read_time(text, "created_date")


def _reaction(each: Record) -> Record:
    emoji = inside(each.get("emoji"))
    by = each.get("reactor_emails")
    found: Record = {"reaction": text_of(emoji, "unicode")}
    return {**found, "by": by} if type(by) is list and by else found


def _file(each: Record) -> Record:
    names = (("name", "original_name"), ("link", "export_name"))
    return {name: text_of(each, key) for name, key in names if text_of(each, key)}
