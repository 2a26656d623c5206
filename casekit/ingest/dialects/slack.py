"""Slack exports: messages by day, people, rooms and the log of integrations.

A reply may lie in another day's file than what it answers: `thread_ts` joins them. Files are links that
expire; they are listed and never fetched.

Source: Slack Help Center, "How to read Slack data exports"; api.slack.com/events/message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.beside import MOST_MEMBERS, Room, person_name, read_beside
from casekit.ingest.dialects.chat import inside, instant, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Party, When

Record = dict[str, Any]

_TS = re.compile(r"\d{9,11}\.\d{1,9}")
_MENTION = re.compile(r"<@([UWB][A-Z0-9]{4,20})(?:\|[^<>]*)?>")
_DAY = re.compile(r"(?:.*/)?\d{4}-\d\d-\d\d\.json")
_PERSON = re.compile(r"[UWB][A-Z0-9]{2,20}")
_ROOM = re.compile(r"[CGD][A-Z0-9]{2,20}")
_USED = (
    "type", "subtype", "ts", "user", "text", "thread_ts", "edited", "reactions", "files", "file",
    "attachments", "blocks", "user_profile", "bot_profile", "username", "bot_id", "channel", "team",
    "message", "previous_message", "original", "deleted_ts",
)  # fmt: skip
_MOST_TEXTS = 2_000


def is_slack(record: Any) -> bool:
    """Whether a parsed value is a message of Slack."""
    if type(record) is not dict or record.get("type") != "message":
        return False
    ts = record.get("ts")
    return type(ts) is str and _TS.fullmatch(ts) is not None


def read_slack_message(record: Record, draft: Draft) -> bool:
    """One message, or one event of a room, of a day's file or of an answer of Slack's interface."""
    if not is_slack(record):
        return False
    ts = text_of(record, "ts")
    known = read_beside(draft.context.beside)
    room = _room(record, draft)
    said, before = _versions(record)
    sender = _sender(said, known.people) or _sender(record, known.people)
    text, text_from = _words(said)
    mentions = {each: known.people[each] for each in _MENTION.findall(text) if each in known.people}
    thread = text_of(said, "thread_ts") or text_of(record, "thread_ts")
    subtype = text_of(record, "subtype")
    facts: Record = {
        "chat": room.name or room.id,
        "channel": room.name if "channel" in room.kind else "",
        "channel_id": room.id if room.id != room.name else "",
        "room": room.kind,
        "team": text_of(record, "team", "team_id"),
        "id": text_of(said, "ts") or ts,
        "thread": thread,
        "reply_to": thread if thread and thread != ts else "",
        "event": subtype,
        "edited": said.get("edited") or (record.get("subtype") == "message_changed" and ts),
        "deleted": record.get("deleted_ts") or subtype in ("tombstone", "message_deleted"),
        "reactions": _reactions(said, known.people),
        "attachments": _files(said),
        "mentions": mentions,
        "text_from": text_from,
        "extra": rest_of(record, _USED),
    }
    more = [("attachment", _attached(said))]
    if before:
        more.append(("previous", text_of(before, "text")))
    return put_message(
        draft, "Slack", text=text, when=_when(ts), facts=facts, more=more,
        parties=[*([sender] if sender else []), *_to(room, sender, known.people)],
    )  # fmt: skip


def read_slack_user(record: Record, draft: Draft) -> bool:
    """One person or bot of `users.json`, as a contact."""
    account = record.get("id")
    profile = record.get("profile")
    if type(account) is not str or not _PERSON.fullmatch(account) or type(profile) is not dict:
        return False
    if "name" not in record and "real_name" not in record:
        return False
    name = person_name(record)
    shown = {**profile, **record}
    keys = ("real_name", "display_name", "name", "title", "email", "phone", "skype", "tz_label")
    lines = [f"{key}: {text_of(shown, key)}" for key in keys if text_of(shown, key)]
    draft.kind, draft.collection, draft.title = "contact", "correspondence", name or account
    draft.texts = (("body", "\n".join([name or account, f"id: {account}", *lines])),)
    draft.parties = (Party("contact", name, account),)
    email = text_of(profile, "email")
    if email:
        draft.parties += (Party("contact", name, email),)
    draft.facts = {"service": "Slack", "id": account, "extra": rest_of(record, ("id",))}
    draft.when = instant(record, ("updated",))
    return True


def read_slack_room(record: Record, draft: Draft) -> bool:
    """One channel or conversation of `channels.json`, `groups.json`, `dms.json` or `mpims.json`."""
    number = record.get("id")
    if type(number) is not str or not _ROOM.fullmatch(number) or "created" not in record:
        return False
    if type(record.get("members")) is not list:
        return False
    return _put_record(record, draft, text_of(record, "name") or number)


def read_slack_integration(record: Record, draft: Draft) -> bool:
    """One line of `integration_logs.json`: who added or changed which integration."""
    if not record.keys() >= {"user_id", "user_name", "date", "change_type"}:
        return False
    title = f"{text_of(record, 'change_type')}: {text_of(record, 'service_type', 'app_type')}"
    draft.fields["account"] = text_of(record, "user_id")
    draft.fields["operation"] = text_of(record, "change_type")
    return _put_record(record, draft, title)


def _put_record(record: Record, draft: Draft, title: str) -> bool:
    draft.kind, draft.collection, draft.title = "record", "correspondence", title
    draft.extra = dict(record)
    draft.when = instant(record, ("created", "date", "updated"))
    return True


def _when(ts: str) -> When | None:
    """The time of a message; what stands behind the point makes it unique and is no measured time."""
    found = read_time(ts, "ts")
    return msgspec.structs.replace(found, resolution_us=1_000_000) if found else None


def _room(record: Record, draft: Draft) -> Room:
    """Where it was said: as the message tells, or as the folder of its day's file."""
    rooms = read_beside(draft.context.beside).rooms
    told = text_of(record, "channel") or text_of(draft.around, "channel_id", "channel")
    folder = draft.context.folder if _DAY.fullmatch(draft.context.name) else ""
    for name in (told, folder):
        if name in rooms:
            return rooms[name]
    name = text_of(draft.around, "name") or told or folder
    kind = "channel" if name and not _ROOM.fullmatch(name) else ""
    return Room(told or folder or name, kind, name, ())


def _versions(record: Record) -> tuple[Record, Record]:
    """The message as it then stood, and as it stood before: a changed one lies inside its event."""
    now, before = (
        inside(record.get("message")),
        record.get("previous_message", record.get("original")),
    )
    return (now if "text" in now else record), inside(before)


def _sender(record: Record, people: dict[str, str]) -> Party | None:
    account = text_of(record, "user", "bot_id")
    profile = inside(record.get("user_profile")) or inside(record.get("bot_profile"))
    name = people.get(account) or text_of(record, "username") or person_name({"profile": profile})
    return Party("from", name, account) if name or account else None


def _to(room: Room, sender: Party | None, people: dict[str, str]) -> list[Party]:
    """A channel stands for its members; of a conversation each of the others is named."""
    if room.members and "channel" not in room.kind and len(room.members) <= MOST_MEMBERS:
        me = sender.address if sender else ""
        return [Party("to", people.get(each, ""), each) for each in room.members if each != me]
    if not room.id:
        return []
    name = f"#{room.name}" if room.name and "channel" in room.kind else room.name
    return [Party("to", name, room.id if room.id != room.name else "")]


def _words(said: Record) -> tuple[str, str]:
    """The text, and `blocks` where it had to be taken from them."""
    text = said.get("text")
    if type(text) is str and text:
        return text, ""
    found = "".join(_block_texts(said.get("blocks")))
    return found, "blocks" if found else ""


def _block_texts(blocks: Any) -> Iterator[str]:
    """The words of rich text, block by block; walked without recursion, for it may nest deep."""
    rest, given = [blocks], 0
    while rest and given < _MOST_TEXTS:
        value = rest.pop()
        if type(value) is list:
            rest += reversed(value)
        elif type(value) is dict:
            for key in ("text", "url", "user_id", "name"):
                if type(value.get(key)) is str:
                    given += 1
                    yield value[key]
                    break
            else:
                rest += [value[key] for key in ("fields", "elements", "text") if key in value]


def _attached(said: Record) -> str:
    """The words of the boxes below a message: previews of links, and what programs post."""
    lines: list[str] = []
    for box in objects(said.get("attachments")):
        shown = [text_of(box, key) for key in ("pretext", "author_name", "title", "text")]
        shown += [
            f"{text_of(each, 'title')}: {text_of(each, 'value')}"
            for each in objects(box.get("fields"))
        ]
        lines += [each for each in shown if each] or [text_of(box, "fallback")]
    return "\n".join(each for each in lines if each)


def _files(said: Record) -> list[Record]:
    """The files of a message, as links: name, type, size, place."""
    files = objects(said.get("files")) or objects([said.get("file")])
    names = (("id", "id"), ("name", "name"), ("type", "mimetype"), ("size", "size"),
             ("link", "url_private"), ("state", "mode"))  # fmt: skip
    return [
        {name: text_of(each, key) for name, key in names if text_of(each, key)} for each in files
    ]


def _reactions(said: Record, people: dict[str, str]) -> list[Record]:
    return [
        {
            "reaction": text_of(each, "name"),
            "by": [people.get(who, who) for who in each.get("users", ()) if type(who) is str]
            if type(each.get("users")) is list
            else [],
            "count": text_of(each, "count"),
        }
        for each in objects(said.get("reactions"))
    ]
