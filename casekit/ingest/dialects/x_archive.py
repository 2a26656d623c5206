"""Talks in the archive that X (Twitter) gives out: with Grok, item by item, and direct messages.

Source: help.x.com, "How to download your X archive"; no specification: `grok-chat-item.js`,
`direct-messages.js` as public readers of them have them.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import inside, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.values import Source, text_at
from casekit.ingest.parsed import Party, When

Record = dict[str, Any]

_GROK = {"time": ("createdAt",), "conversation_id": ("chatId",), "account": ("accountId",)}


def read_grok_item(record: Record, draft: Draft) -> bool:
    """A turn of a talk with Grok; an answer gets the question before it in its chat, if that is no later."""
    item = record.get("grokChatItem")
    if len(record) != 1 or type(item) is not dict or type(item.get("message")) is not str:
        return False
    source = Source(item)
    source.fill(draft, _GROK)
    draft.collection = "outputs"
    draft.fields["provider"] = "xai"
    said = source.take("message")
    who = text_at(item, "sender.originalName") or text_at(item, "sender.name")
    key = ("grok item", draft.fields.get("conversation_id", ""))
    if who.upper() == "USER":
        draft.kind, draft.prompt, draft.title = "request", said, "(no text)"
        draft.memory[key] = (said, draft.when)
    else:
        asked: tuple[str, When | None] = draft.memory.get(key, ("", None))
        before = asked[1] is None or draft.when is None or asked[1].us <= draft.when.us
        draft.prompt, draft.output = asked[0] if before else "", said
    if type(draft.fields.get("account")) is str:
        draft.parties = (Party("actor", "", draft.fields["account"]),)
    source.rest(draft)
    return True


# -- direct messages -------------------------------------------------------------------------------

_SAID = "messageCreate"
_EVENTS = frozenset({
    _SAID, "participantsJoin", "participantsLeave", "joinConversation", "conversationNameUpdate",
})  # fmt: skip
_USED = (
    "id", "senderId", "recipientId", "text", "createdAt", "reactions", "urls", "mediaUrls", "editHistory",
    "userIds", "initiatingUserId", "name", "participantsSnapshot",
)  # fmt: skip


def is_x_message(record: Any) -> bool:
    """Whether a parsed value is a message or an event of a conversation."""
    return type(record) is dict and len(record) == 1 and bool(_EVENTS & record.keys())


def read_x_message(record: Record, draft: Draft) -> bool:
    """A direct message, or what happened in a conversation; people are told by their numbers alone."""
    if not is_x_message(record):
        return False
    ((kind, value),) = record.items()
    item = inside(value)
    chat = text_of(draft.around, "conversationId")
    people = [
        text_of({"id": each}, "id") for each in _listed(item, "userIds", "participantsSnapshot")
    ]
    facts: Record = {
        "chat_id": chat,
        "id": text_of(item, "id"),
        "event": "" if kind == _SAID else _words(kind),
        "people": [each for each in people if each],
        "name": text_of(item, "name"),
        "reactions": [
            {"sign": text_of(each, "reactionKey"), "by": text_of(each, "senderId")}
            for each in objects(item.get("reactions"))
        ],
        "attachments": [{"link": each} for each in _listed(item, "mediaUrls") if type(each) is str],
        "links": [text_of(each, "expanded", "url") for each in objects(item.get("urls"))],
        "edited": bool(item.get("editHistory")),
        "extra": rest_of(item, (each for each in _USED if each != "editHistory")),
    }  # fmt: skip
    sender = Party("from", "", text_of(item, "senderId", "initiatingUserId"))
    to = Party("to", "", text_of(item, "recipientId") or chat)
    return put_message(
        draft, "X", text=text_of(item, "text"), when=read_time(item.get("createdAt"), "createdAt"),
        facts=facts, parties=[sender, to],
    )  # fmt: skip


def _listed(item: Record, *names: str) -> list[Any]:
    return [each for name in names if type(item.get(name)) is list for each in item[name]]


def _words(name: str) -> str:
    """A name such as `participantsJoin` as words."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name)
