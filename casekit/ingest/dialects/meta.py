"""Messages of Facebook and Instagram as Meta's "Download your information" gives them in JSON.

The older downloads write each byte of a UTF-8 text as a character of its own, so that "é" reads "Ã©".
Such texts are put right where they can be, and `repaired` names the fields; the item's bytes stay.

Source: facebook.com/help, "Download your information"; instagram.com/download/request.
"""

from __future__ import annotations

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

SERVICE = "Facebook or Instagram"
"""The two downloads are alike; what tells them apart is the folder."""

_FILES = ("photos", "videos", "audio_files", "gifs", "files", "sticker", "media")
_USED = (
    "sender_name", "senderName", "sender", "timestamp_ms", "timestamp", "created_at", "content",
    "text", "type", "reactions", "is_unsent", "isUnsent", "share", "ip", *_FILES,
    "is_geoblocked_for_viewer", "is_unsent_image_by_messenger_kid_parent",
)  # fmt: skip


def is_meta(record: Any) -> bool:
    """Whether a parsed value is a message of such a download."""
    return type(record) is dict and (
        ("sender_name" in record and "timestamp_ms" in record)
        or ("senderName" in record and "timestamp" in record)
        or ("sender" in record and "created_at" in record and len(record) <= 12)
    )


def read_meta(record: Record, draft: Draft) -> bool:
    """One message of a conversation."""
    if not is_meta(record):
        return False
    mended = _Mended()
    around = draft.around
    sender = Party("from", mended.text(record, "sender_name", "senderName", "sender"), "")
    people = [Party("to", mended.one(name, "participants"), "") for name in _participants(around)]
    chat = mended.text(around, "title", "threadName")
    share = inside(record.get("share"))
    kind = text_of(record, "type")
    facts: Record = {
        "chat": chat or ", ".join(each.name for each in people[:5]),
        "chat_id": text_of(around, "thread_path"),
        "participants": len(people),
        "event": kind if kind not in ("", "Generic", "Share", "text", "media", "link") else "",
        "deleted": record.get("is_unsent") or record.get("isUnsent"),
        "reactions": [
            {"reaction": mended.text(each, "reaction"), "by": [mended.text(each, "actor")]}
            for each in objects(record.get("reactions"))
        ],
        "attachments": _files(record),
        "links": [text_of(share, "link")] if share.get("link") else [],
        "ip": text_of(record, "ip"),
        "extra": rest_of(record, _USED),
    }
    text = mended.text(record, "content", "text")
    shared = mended.text(share, "share_text")
    if mended.fields:
        facts["repaired"] = sorted(mended.fields)
    when = instant(record, ("timestamp_ms", "timestamp", "created_at"), draft.raw)
    others = recipients(people, sender) or ([Party("to", chat, "")] if chat else [])
    return put_message(
        draft, SERVICE, text=text, when=when, parties=[sender, *others], facts=facts,
        more=[("attachment", shared)],
    )  # fmt: skip


def repaired(text: str) -> str:
    """The text whose UTF-8 bytes were each written as a character; itself where it is no such text."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


class _Mended:
    """Puts texts right and remembers in which fields that was needed."""

    def __init__(self) -> None:
        self.fields: set[str] = set()

    def one(self, text: str, field: str) -> str:
        found = repaired(text)
        if found != text:
            self.fields.add(field)
        return found

    def text(self, record: Any, *names: str) -> str:
        for name in names:
            found = text_of(record, name)
            if found:
                return self.one(found, name)
        return ""


def _participants(around: Any) -> list[str]:
    """Names of a conversation's people: of objects in the older downloads, plain in the newer ones."""
    listed = around.get("participants")
    if type(listed) is not list:
        return []
    return [each if type(each) is str else text_of(inside(each), "name") for each in listed]


def _files(record: Record) -> list[Record]:
    found = []
    for key in _FILES:
        for each in objects(record.get(key)) or objects([record.get(key)]):
            link = text_of(each, "uri", "url")
            if link:
                found.append({"type": key, "link": link})
    return found
