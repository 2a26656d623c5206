"""Signal: what signal-cli receives, Signal Desktop's own export and database rows, and signal-export's files.

Source: AsamK/signal-cli `man/signal-cli-jsonrpc.5.adoc`; signalapp/Signal-Desktop `Backups.proto` and
`messages` table; carderne/signal-export.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.chat import inside, instant, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_SIGNS = ("receiptMessage", "typingMessage", "callMessage", "storyMessage")
_ROW_USED = (
    "id", "body", "type", "sent_at", "conversationId", "source", "sourceServiceId", "sourceUuid",
    "attachments", "reactions", "quote", "timestamp", "json",
)  # fmt: skip
_ITEM_USED = ("chatId", "authorId", "dateSent", "standardMessage", "remoteDeletedMessage")


def read_signal_envelope(record: Record, draft: Draft) -> bool:
    """One line of `signal-cli --output=json receive`, or of its JSON-RPC notifications."""
    envelope = inside(record.get("envelope") or inside(record.get("params")).get("envelope"))
    if "timestamp" not in envelope or not envelope.keys() & {
        "source",
        "sourceNumber",
        "sourceUuid",
    }:
        return False
    sent = inside(inside(envelope.get("syncMessage")).get("sentMessage"))
    changed = inside(envelope.get("editMessage")) or inside(sent.get("editMessage"))
    said = inside(changed.get("dataMessage")) or inside(envelope.get("dataMessage")) or sent
    group, quote = inside(said.get("groupInfo")), inside(said.get("quote"))
    reaction = inside(said.get("reaction"))
    sender = Party(
        "from",
        text_of(envelope, "sourceName"),
        text_of(envelope, "sourceNumber", "source", "sourceUuid"),
    )
    mine = text_of(record, "account") or text_of(inside(record.get("params")), "account")
    other = text_of(sent, "destinationNumber", "destination", "destinationUuid") or mine
    chat = text_of(group, "groupName", "name") or text_of(group, "groupId")
    event = next((each for each in _SIGNS if each in envelope), "" if said else "syncMessage")
    facts: Record = {
        "chat": chat or (sender.name or sender.address if not sent else other),
        "chat_id": text_of(group, "groupId"),
        "id": text_of(changed, "targetSentTimestamp") or text_of(envelope, "timestamp"),
        "reply_to": text_of(quote, "id") or text_of(reaction, "targetSentTimestamp"),
        "quoted": text_of(quote, "text"),
        "event": "reaction" if reaction else event,
        "edited": text_of(envelope, "timestamp") if changed else "",
        "deleted": text_of(inside(said.get("remoteDelete")), "timestamp"),
        "reactions": [reaction] if reaction else [],
        "attachments": [_file(each) for each in objects(said.get("attachments"))],
        "extra": rest_of(envelope, ("timestamp", "dataMessage", "source", "sourceName")),
    }
    when = instant(said, ("timestamp",), draft.raw) or instant(envelope, ("timestamp",), draft.raw)
    to = Party("to", chat if chat != facts["chat_id"] else "", facts["chat_id"] or other)
    text = text_of(said, "message") or text_of(reaction, "emoji")
    return put_message(draft, "Signal", text=text, when=when, parties=[sender, to], facts=facts)


def is_signal_row(record: Any) -> bool:
    """Whether a parsed value is a message of Signal Desktop's database."""
    return type(record) is dict and record.keys() >= {"conversationId", "type", "body", "sent_at"}


def read_signal_row(record: Record, draft: Draft) -> bool:
    """One message of Signal Desktop's table `messages`; of an outgoing one the account is the sender."""
    if not is_signal_row(record):
        return False
    kind, chat = text_of(record, "type"), text_of(record, "conversationId")
    named = text_of(record, "conversationName")
    quote = inside(record.get("quote"))
    outgoing = kind == "outgoing"
    source = text_of(record, "source", "sourceServiceId", "sourceUuid")
    facts: Record = {
        "chat": named or chat,
        "chat_id": chat,
        "id": text_of(record, "sent_at"),
        "reply_to": text_of(quote, "id"),
        "quoted": text_of(quote, "text"),
        "direction": kind if kind in ("incoming", "outgoing") else "",
        "event": "" if kind in ("incoming", "outgoing", "story") else kind,
        "deleted": record.get("deletedForEveryone") or record.get("isErased"),
        "edited": record.get("editMessageTimestamp"),
        "reactions": objects(record.get("reactions")),
        "attachments": [_file(each) for each in objects(record.get("attachments"))],
        "extra": rest_of(record, _ROW_USED),
    }
    sender = Party("from", "" if source or not outgoing else "(this account)", source)
    return put_message(
        draft, "Signal", text=text_of(record, "body"), facts=facts,
        when=instant(record, ("sent_at", "timestamp"), draft.raw),
        parties=[sender, Party("to", named, chat)],
    )  # fmt: skip


def read_signal_item(record: Record, draft: Draft) -> bool:
    """One message of Signal Desktop's own export; earlier lines of the file name its people and chats."""
    item = inside(record.get("chatItem"))
    if not item.keys() >= {"chatId", "authorId", "dateSent"}:
        return False
    said = inside(item.get("standardMessage"))
    quote = inside(said.get("quote"))
    chat, author = text_of(item, "chatId"), text_of(item, "authorId")
    kinds = [key for key in item if key.endswith(("Message", "Notification"))]
    facts: Record = {
        "chat_id": chat,
        "chat": draft.memory.get(f"chat {chat}") or f"chat {chat}",
        "id": text_of(item, "dateSent"),
        "reply_to": text_of(quote, "targetSentTimestamp"),
        "quoted": _body(quote),
        "direction": next((key for key in ("incoming", "outgoing") if key in item), ""),
        "event": "" if said else next(iter(kinds), ""),
        "edited": bool(item.get("revisions")),
        "deleted": "remoteDeletedMessage" in item,
        "reactions": objects(said.get("reactions")),
        "attachments": [
            _file(inside(each.get("pointer"))) for each in objects(said.get("attachments"))
        ],
        "extra": rest_of(item, _ITEM_USED),
    }
    sender = Party("from", draft.memory.get(f"recipient {author}", ""), f"recipient {author}")
    to = Party("to", draft.memory.get(f"chat {chat}", ""), f"chat {chat}")
    more = [
        ("previous", _body(inside(inside(each).get("standardMessage"))))
        for each in objects(item.get("revisions"))
    ]
    when = instant(item, ("dateSent",), draft.raw)
    return put_message(
        draft, "Signal", text=_body(said), when=when, parties=[sender, to], facts=facts, more=more
    )


def read_signal_frame(record: Record, draft: Draft) -> bool:
    """A person or group, a chat or a setting of Signal Desktop's own export."""
    (key, value), *rest = record.items() or [("", None)]
    if rest or type(value) is not dict:
        return False
    if key == "recipient" and "id" in value:
        number = f"recipient {text_of(value, 'id')}"
        name, account = _named(value)
        draft.memory[number] = name
        draft.kind, draft.title = "contact", name or account or number
        draft.texts = (("body", "\n".join(each for each in (name, account, number) if each)),)
        draft.parties = (Party("contact", name, account),)
        draft.facts = {"service": "Signal", "id": number, "extra": rest_of(value, ("id",))}
        draft.collection = "correspondence"
        return True
    if key == "chat" and "recipientId" in value:
        chat = f"chat {text_of(value, 'id')}"
        draft.memory[chat] = draft.memory.get(f"recipient {text_of(value, 'recipientId')}", "")
        draft.title = draft.memory[chat] or chat
    elif key != "account" or not value.keys() & {"profileKey", "givenName"}:
        return False
    draft.kind, draft.collection = "record", "correspondence"
    draft.title = draft.title or key
    draft.extra = dict(value)
    return True


def _named(recipient: Record) -> tuple[str, str]:
    """Name and number of a person, or the title of a group."""
    if "self" in recipient:
        return "(this account)", ""
    group = inside(inside(inside(recipient.get("group")).get("snapshot")).get("title"))
    if group:
        return text_of(group, "title"), ""
    contact = inside(recipient.get("contact"))
    nick = inside(contact.get("nickname"))
    names = (
        (text_of(nick, "given"), text_of(nick, "family")),
        (text_of(contact, "systemGivenName"), text_of(contact, "systemFamilyName")),
        (text_of(contact, "profileGivenName"), text_of(contact, "profileFamilyName")),
    )
    name = next((" ".join(filter(None, each)) for each in names if any(each)), "")
    number = text_of(contact, "e164")
    return name or text_of(contact, "username"), f"+{number.lstrip('+')}" if number else text_of(
        contact, "aci"
    )


def read_signal_export(record: Record, draft: Draft) -> bool:
    """One message of signal-export's `data.json`; its folder is the chat."""
    if not record.keys() >= {"date", "sender", "body", "quote", "attachments"}:
        return False
    files = [
        {"name": text_of(each, "name"), "link": text_of(each, "path")}
        for each in objects(record.get("attachments"))
    ]
    chat = draft.context.folder
    facts: Record = {
        "chat": chat,
        "quoted": text_of(record, "quote"),
        "sticker": text_of(record, "sticker"),
        "reactions": record.get("reactions"),
        "attachments": files,
    }
    when = instant(record, ("date",), draft.raw)
    sender = text_of(record, "sender")
    return put_message(
        draft, "Signal", text=text_of(record, "body"), when=when, facts=facts,
        parties=[Party("from", sender, ""), Party("to", chat if chat != sender else "", "")],
    )  # fmt: skip


def _body(said: Mapping[str, Any]) -> str:
    return text_of(inside(said.get("text")), "body")


def _file(each: Record) -> Record:
    names = (("name", "fileName"), ("name", "filename"), ("type", "contentType"), ("size", "size"),
             ("id", "id"))  # fmt: skip
    return {name: text_of(each, key) for name, key in names if text_of(each, key)}
