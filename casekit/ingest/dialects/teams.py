"""Microsoft Teams and Skype: Microsoft Graph's `chatMessage`, and the `messages.json` that Skype exports.

Source: learn.microsoft.com/graph/api/resources/chatmessage; support.skype.com, "How do I export my files and
chat history".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.chat import inside, instant, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.mail.markup import html_text
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_USED = (
    "id", "body", "createddatetime", "lastediteddatetime", "deleteddatetime", "replytoid", "from",
    "attachments", "mentions", "reactions", "messagetype", "chatid", "channelidentity",
    "eventdetail", "subject", "weburl",
)  # fmt: skip
_SYSTEM = ("unknownfuturevalue", "systemeventmessage", "chatevent", "typing")
_SKYPE_USED = (
    "id", "displayName", "originalarrivaltime", "messagetype", "content", "conversationid", "from",
    "properties", "amsreferences",
)  # fmt: skip


def is_teams(record: Any) -> bool:
    """Whether a parsed value is a chat message of Microsoft Graph, in either spelling of its keys."""
    if type(record) is not dict:
        return False
    body = record.get("body", record.get("Body"))
    return (
        type(body) is dict
        and bool(body.keys() & {"contentType", "ContentType"})
        and bool(record.keys() & {"messageType", "MessageType", "chatId", "ChatId",
                                  "channelIdentity", "ChannelIdentity"})
        and bool(record.keys() & {"createdDateTime", "CreatedDateTime"})
    )  # fmt: skip


def read_teams(record: Record, draft: Draft) -> bool:
    """One message or event of a chat or channel; an event has no sender and a type that says so."""
    if not is_teams(record):
        return False
    said = _lowered(record)
    body, channel = _lowered(said.get("body")), _lowered(said.get("channelidentity"))
    content = text_of(body, "content")
    is_html = text_of(body, "contenttype").lower() == "html" or text_of(body, "contenttype") == "1"
    kind = text_of(said, "messagetype")
    detail = _lowered(said.get("eventdetail"))
    chat, room = text_of(said, "chatid"), text_of(channel, "channelid")
    is_event = kind.lower() in _SYSTEM or "<systemEventMessage" in content
    facts: Record = {
        "chat": chat or text_of(channel, "displayname") or room,
        "channel": text_of(channel, "displayname") or room,
        "channel_id": room,
        "team": text_of(channel, "teamid"),
        "id": text_of(said, "id"),
        "reply_to": text_of(said, "replytoid"),
        "subject": text_of(said, "subject"),
        "event": _event(detail, kind) if is_event else "",
        "event_detail": rest_of(detail, ()),
        "edited": text_of(said, "lastediteddatetime"),
        "deleted": text_of(said, "deleteddatetime"),
        "reactions": [_reaction(_lowered(each)) for each in objects(said.get("reactions"))],
        "attachments": [_file(_lowered(each)) for each in objects(said.get("attachments"))],
        "mentions": [_mention(_lowered(each)) for each in objects(said.get("mentions"))],
        "link": text_of(said, "weburl"),
        "extra": rest_of(said, _USED),
    }
    sender = _sender(_lowered(said.get("from")), detail)
    place = Party("to", facts["channel"] if room else "", room or chat)
    name = "createdDateTime" if "createdDateTime" in record else "CreatedDateTime"
    when = instant(record, (name,), draft.raw)
    text = html_text(content) if is_html else content
    return put_message(
        draft, "Microsoft Teams", text=text, when=when, parties=[*sender, place], facts=facts,
        more=[("html", content if is_html else "")],
    )  # fmt: skip


def is_skype(record: Any) -> bool:
    """Whether a parsed value is a message of Skype's export."""
    return type(record) is dict and record.keys() >= {"originalarrivaltime", "content", "from"}


def read_skype(record: Record, draft: Draft) -> bool:
    """One message of a conversation."""
    if not is_skype(record):
        return False
    kind, content = text_of(record, "messagetype"), text_of(record, "content")
    properties = inside(record.get("properties"))
    account = text_of(record, "from").rpartition("/contacts/")[2]
    number = text_of(record, "conversationid") or text_of(draft.around, "id")
    chat = text_of(draft.around, "displayName") or number
    as_html = kind.startswith(("RichText", "Event", "ThreadActivity")) and "<" in content
    facts: Record = {
        "chat": chat,
        "chat_id": number,
        "id": text_of(record, "id"),
        "event": "" if kind in ("Text", "RichText") else kind,
        "edited": properties.get("edittime"),
        "deleted": properties.get("deletetime"),
        "properties": rest_of(properties, ("edittime", "deletetime")),
        "extra": rest_of(record, _SKYPE_USED),
    }
    sender = Party("from", text_of(record, "displayName"), account)
    return put_message(
        draft, "Skype", text=html_text(content) if as_html else content,
        when=instant(record, ("originalarrivaltime",), draft.raw), facts=facts,
        parties=[sender, Party("to", chat if chat != number else "", number)],
        more=[("html", content if as_html else "")],
    )  # fmt: skip


def _lowered(value: Any) -> Record:
    """An object with its keys in lower case: Graph writes `chatId`, exports made in .NET `ChatId`."""
    return {key.lower(): each for key, each in value.items()} if type(value) is dict else {}


def _sender(untrusted_from: Mapping[str, Any], detail: Mapping[str, Any]) -> list[Party]:
    """Who said it: a person, a program or a device; of an event who caused it."""
    for role, source in (("from", untrusted_from), ("actor", _lowered(detail.get("initiator")))):
        for kind in ("user", "application", "device", "conversation"):
            who = _lowered(source.get(kind))
            if who:
                address = text_of(who, "userprincipalname", "mail", "id")
                return [Party(role, text_of(who, "displayname"), address)]
    return []


def _event(detail: Mapping[str, Any], kind: str) -> str:
    """What happened, by Graph's own name for it."""
    named = text_of(detail, "@odata.type").removeprefix("#microsoft.graph.")
    return named.removesuffix("EventMessageDetail") or kind


def _reaction(each: Record) -> Record:
    who = _lowered(_lowered(each.get("user")).get("user"))
    return {
        "reaction": text_of(each, "reactiontype", "displayname"),
        "by": text_of(who, "displayname", "id"),
        "at": text_of(each, "createddatetime"),
    }


def _file(each: Record) -> Record:
    names = (
        ("name", "name"),
        ("type", "contenttype"),
        ("link", "contenturl"),
        ("content", "content"),
    )
    return {name: text_of(each, key) for name, key in names if text_of(each, key)}


def _mention(each: Record) -> Record:
    who = _lowered(_lowered(each.get("mentioned")).get("user"))
    return {"text": text_of(each, "mentiontext"), "id": text_of(who, "id")}
