"""Discord: channels as DiscordChatExporter writes them in JSON or CSV, and Discord's own data package.

Source: Tyrrrz/DiscordChatExporter `JsonMessageWriter.cs`; support.discord.com, "Your Discord Data Package".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import inside, instant, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_SAID = ("Default", "Reply", "0", "19")
"""Types of what somebody said; all others are events."""
_USED = (
    "id", "type", "timestamp", "timestampEdited", "content", "author", "attachments", "embeds",
    "reactions", "mentions", "reference", "stickers", "inlineEmojis",
)  # fmt: skip


def is_discord(record: Any) -> bool:
    """Whether a parsed value is a message of DiscordChatExporter."""
    return (
        type(record) is dict
        and type(record.get("author")) is dict
        and record.keys() >= {"id", "type", "timestamp", "content"}
    )


def read_discord(record: Record, draft: Draft) -> bool:
    """One message of a channel."""
    if not is_discord(record):
        return False
    guild, channel = inside(draft.around.get("guild")), inside(draft.around.get("channel"))
    author, reference = inside(record["author"]), inside(record.get("reference"))
    kind = text_of(record, "type")
    name = text_of(channel, "name")
    direct = "Direct" in text_of(channel, "type")
    facts: Record = {
        "chat": name,
        "channel": "" if direct else name,
        "channel_id": text_of(channel, "id"),
        "room": text_of(channel, "type"),
        "category": text_of(channel, "category"),
        "topic": text_of(channel, "topic"),
        "team": text_of(guild, "name"),
        "id": text_of(record, "id"),
        "reply_to": text_of(reference, "messageId"),
        "event": "" if kind in _SAID else kind,
        "edited": text_of(record, "timestampEdited"),
        "reactions": [_reaction(each) for each in objects(record.get("reactions"))],
        "attachments": [_file(each) for each in objects(record.get("attachments"))],
        "mentions": {
            text_of(each, "id"): text_of(each, "nickname", "name")
            for each in objects(record.get("mentions"))
        },
        "account": text_of(author, "name"),
        "bot": author.get("isBot"),
        "extra": rest_of(record, _USED),
    }
    more = [("attachment", _embeds(record))]
    to = Party("to", name if direct or not name else f"#{name}", text_of(channel, "id"))
    return put_message(
        draft, "Discord", text=text_of(record, "content"), facts=facts, more=more,
        when=read_time(record["timestamp"], "timestamp", draft.raw),
        parties=[Party("from", text_of(author, "nickname", "name"), text_of(author, "id")), to],
    )  # fmt: skip


def read_discord_row(record: Record, draft: Draft) -> bool:
    """One row of DiscordChatExporter's CSV; the channel stands in the file's name alone."""
    if not record.keys() >= {"AuthorID", "Author", "Date", "Content", "Attachments"}:
        return False
    chat = draft.context.name.rpartition("/")[2].removesuffix(".csv")
    facts: Record = {
        "chat": chat,
        "attachments": [
            {"link": each} for each in text_of(record, "Attachments").split(",") if each
        ],
        "reactions": text_of(record, "Reactions"),
    }
    sender = Party("from", text_of(record, "Author"), text_of(record, "AuthorID"))
    return put_message(
        draft, "Discord", text=text_of(record, "Content"), facts=facts,
        when=instant(record, ("Date",), draft.raw), parties=[sender, Party("to", chat, "")],
    )  # fmt: skip


def read_discord_package(record: Record, draft: Draft) -> bool:
    """One message that the owner of the account wrote; the package names neither owner nor channel."""
    if not record.keys() >= {"ID", "Timestamp", "Contents"} or len(record) > 6:
        return False
    links = text_of(record, "Attachments").split()
    facts: Record = {
        "chat": draft.context.folder,
        "id": text_of(record, "ID"),
        "attachments": [{"link": each} for each in links],
        "sender": "the owner of the account",
        "extra": rest_of(record, ("ID", "Timestamp", "Contents", "Attachments")),
    }
    when = instant(record, ("Timestamp",), draft.raw)
    return put_message(
        draft, "Discord", text=text_of(record, "Contents"), when=when, facts=facts,
        parties=[Party("to", draft.context.folder, "")],
    )  # fmt: skip


def _reaction(each: Record) -> Record:
    emoji = inside(each.get("emoji"))
    by = [text_of(who, "nickname", "name") for who in objects(each.get("users"))]
    found: Record = {"reaction": text_of(emoji, "name", "code"), "count": text_of(each, "count")}
    return {**found, "by": by} if by else found


def _file(each: Record) -> Record:
    names = (("name", "fileName"), ("link", "url"), ("size", "fileSizeBytes"))
    return {name: text_of(each, key) for name, key in names if text_of(each, key)}


def _embeds(record: Record) -> str:
    """The words of the boxes below a message."""
    lines: list[str] = []
    for box in objects(record.get("embeds")):
        lines += [text_of(box, key) for key in ("title", "description", "url")]
        lines += [
            f"{text_of(each, 'name')}: {text_of(each, 'value')}"
            for each in objects(box.get("fields"))
        ]
    return "\n".join(each for each in lines if each)
