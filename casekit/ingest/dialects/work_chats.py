"""Chats at work beside Slack and Teams: Zulip, Webex, and Feishu, which is called Lark abroad.

Source: zulip.com/api "Get messages" and zulip/zulip `zerver/lib/export.py`; developer.webex.com "Messages";
open.feishu.cn "Message management".
"""

from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.beside import read_beside
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
from casekit.ingest.mail.markup import html_text
from casekit.ingest.parsed import Party

Record = dict[str, Any]

# -- Zulip ----------------------------------------------------------------------------------------

_ZULIP_USED = (
    "id", "sender", "sender_id", "sender_email", "sender_full_name", "recipient", "recipient_id", "subject",
    "content", "rendered_content", "content_type", "date_sent", "timestamp", "reactions", "display_recipient",
    "stream_id", "last_edit_time", "last_edit_timestamp", "type", "flags", "avatar_url", "client",
)  # fmt: skip


def is_zulip(record: Any) -> bool:
    """Whether a parsed value is a message of Zulip's, from its API or from an export."""
    if type(record) is not dict or type(record.get("subject")) is not str:
        return False
    return record.keys() >= {"id", "sender", "recipient", "content", "date_sent"} or (
        record.keys() >= {"id", "sender_id", "display_recipient", "content", "timestamp"}
    )


def read_zulip(record: Record, draft: Draft) -> bool:
    """One message; its topic is part of the conversation's name, as readers of Zulip see it.

    An export names people and channels by numbers, whose names stand in `realm.json` beside it.
    """
    if not is_zulip(record):
        return False
    number, topic = text_of(record, "recipient_id", "recipient"), text_of(record, "subject")
    people = objects(record.get("display_recipient"))
    room = read_beside(draft.context.beside).rooms.get(f"zulip {number}")
    channel = text_of(record, "display_recipient") or (room.name if room else "")
    place = channel or ", ".join(text_of(each, "full_name") for each in people[:5])
    facts: Record = {
        "chat": " > ".join(filter(None, (place or number, topic))),
        "channel": channel,
        "channel_id": number,
        "topic": topic,
        "id": text_of(record, "id"),
        "edited": record.get("last_edit_timestamp") or record.get("last_edit_time"),
        "reactions": [
            {"reaction": text_of(each, "emoji_name"), "by": [text_of(inside(each.get("user")), "full_name")]}
            for each in objects(record.get("reactions"))
        ],
        "extra": rest_of(record, _ZULIP_USED),
    }  # fmt: skip
    sender = _zulip_sender(record, draft)
    to = [Party("to", f"#{channel}", "")] if channel else recipients(
        (Party("to", text_of(each, "full_name"), text_of(each, "email")) for each in people), sender
    )  # fmt: skip
    content, as_html = (
        text_of(record, "content"),
        text_of(record, "content_type") == "text/html",
    )
    return put_message(
        draft, "Zulip", text=html_text(content) if as_html else content, facts=facts,
        when=instant(record, ("timestamp", "date_sent"), draft.raw), parties=[sender, *to],
        more=[("html", content if as_html else text_of(record, "rendered_content"))],
    )  # fmt: skip


def _zulip_sender(record: Record, draft: Draft) -> Party:
    who = text_of(record, "sender_id", "sender")
    name = text_of(record, "sender_full_name") or read_beside(draft.context.beside).people.get(
        who, ""
    )
    return Party("from", name, text_of(record, "sender_email") or who)


# -- Webex ----------------------------------------------------------------------------------------

_WEBEX_USED = (
    "id", "parentId", "roomId", "roomType", "text", "markdown", "html", "files", "personId", "personEmail",
    "created", "updated", "mentionedPeople", "toPersonId", "toPersonEmail", "roomTitle", "title",
)  # fmt: skip


def is_webex(record: Any) -> bool:
    """Whether a parsed value is a message of Webex's."""
    return (
        type(record) is dict
        and record.keys() >= {"id", "roomId", "created"}
        and not record.keys().isdisjoint({"personEmail", "personId"})
        and not record.keys().isdisjoint({"text", "files", "html", "markdown", "roomType"})
    )


def read_webex(record: Record, draft: Draft) -> bool:
    """One message of a space."""
    if not is_webex(record):
        return False
    room = text_of(record, "roomTitle", "title") or text_of(inside(draft.around), "title")
    files, mentions = record.get("files"), record.get("mentionedPeople")
    facts: Record = {
        "chat": room or text_of(record, "roomId"),
        "chat_id": text_of(record, "roomId"),
        "id": text_of(record, "id"),
        "thread": text_of(record, "parentId"),
        "edited": text_of(record, "updated"),
        "direct": text_of(record, "roomType") == "direct",
        "attachments": [{"link": each} for each in files if type(each) is str]
        if type(files) is list else [],
        "mentions": mentions if type(mentions) is list else [],
        "extra": rest_of(record, _WEBEX_USED),
    }  # fmt: skip
    markup = text_of(record, "html")
    to = text_of(record, "toPersonEmail", "toPersonId")
    return put_message(
        draft, "Webex", text=text_of(record, "text", "markdown") or html_text(markup), facts=facts,
        when=instant(record, ("created",), draft.raw), more=[("html", markup)],
        parties=[Party("from", "", text_of(record, "personEmail", "personId")),
                 Party("to", "" if to else room, to or text_of(record, "roomId"))],
    )  # fmt: skip


# -- Feishu, Lark ---------------------------------------------------------------------------------

_FEISHU_USED = (
    "message_id", "root_id", "parent_id", "thread_id", "msg_type", "create_time", "update_time", "deleted",
    "updated", "chat_id", "sender", "body", "mentions",
)  # fmt: skip
_SPOKEN = frozenset({"text", "post", "image", "file", "audio", "media", "sticker", "interactive"})


def is_feishu(record: Any) -> bool:
    """Whether a parsed value is a message of Feishu's."""
    return (
        type(record) is dict
        and record.keys() >= {"message_id", "msg_type", "create_time", "chat_id"}
        and type(record.get("sender")) is dict
    )


def read_feishu(record: Record, draft: Draft) -> bool:
    """One message; those who are mentioned stand in its text as `@_user_1`, in `mentions` with their names."""
    if not is_feishu(record):
        return False
    kind, sender = text_of(record, "msg_type"), inside(record["sender"])
    content = _content(text_of(inside(record.get("body")), "content"))
    number = text_of(record, "message_id")
    files = [{"name": text_of(content, "file_name"),
              "id": text_of(content, "file_key", "image_key")}]  # fmt: skip
    facts: Record = {
        "chat": text_of(record, "chat_id"),
        "chat_id": text_of(record, "chat_id"),
        "id": number,
        "thread": text_of(record, "root_id"),
        "reply_to": text_of(record, "parent_id"),
        "event": "" if kind in _SPOKEN else kind,
        "edited": text_of(record, "update_time") if record.get("updated") is True else "",
        "deleted": record.get("deleted") is True,
        "attachments": [{key: value for key, value in each.items() if value} for each in files
                        if any(each.values())],
        "mentions": [{"key": text_of(each, "key"), "name": text_of(each, "name"), "id": _id(each)}
                     for each in objects(record.get("mentions"))],
        "bot": text_of(sender, "sender_type") == "app",
        "extra": rest_of(record, _FEISHU_USED),
    }  # fmt: skip
    return put_message(
        draft, "Feishu", text=_words(content), facts=facts,
        when=instant(record, ("create_time",), draft.raw),
        parties=[Party("from", text_of(sender, "name"), _id(sender)),
                 Party("to", "", text_of(record, "chat_id"))],
    )  # fmt: skip


def _id(who: Record) -> str:
    return text_of(who, "id") or text_of(inside(who.get("id")), "open_id", "user_id", "union_id")


def _content(text: str) -> Record:
    """The content of a message, which is JSON inside a text."""
    try:
        return inside(orjson.loads(text))
    except orjson.JSONDecodeError:
        return {"text": text}


def _words(content: Record) -> str:
    """What is said: a text, or the lines of a post, in whichever language stands first in it."""
    if text_of(content, "text"):
        return text_of(content, "text")
    post = content
    if type(post.get("content")) is not list:
        post = next((each for each in content.values() if type(each) is dict), {})
    lines = [text_of(post, "title")]
    rows = post.get("content")
    for row in rows if type(rows) is list else []:
        lines.append("".join(text_of(each, "text", "user_name", "href") for each in objects(row)))
    return "\n".join(filter(None, lines))
