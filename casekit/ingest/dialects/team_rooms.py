"""Rooms of servers that a company runs itself: Mattermost's exports, Rocket.Chat's messages, Matrix events.

Source: docs.mattermost.com, "Bulk loading data format", and mattermost/mattermost `CompliancePostHeader` and
`csv_export`; Rocket.Chat `IMessage` as its API and mongoexport give
it; Matrix client-server specification 1.11 "Room events", as Element's "Export chat" writes them in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.chat import inside, instant, objects, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

# -- Mattermost -----------------------------------------------------------------------------------

_POSTS = ("post", "direct_post")
_KINDS = frozenset(
    {*_POSTS, "user", "bot", "team", "channel", "direct_channel", "emoji", "role", "scheme"}
)
_POST_USED = (
    "team", "channel", "channel_members", "user", "type", "message", "create_at", "edit_at", "reactions",
    "replies", "attachments",
)  # fmt: skip


def read_mattermost(record: Record, draft: Draft) -> bool:
    """A line of a bulk export: a post with its replies below it, a person, or how the server is set up."""
    kind = text_of(record, "type")
    said = record.get(kind) if kind in _KINDS and len(record) <= 3 else None
    if type(said) is not dict:
        return kind == "version" and _is_version(record) and _put_setting(record, draft, kind)
    if kind in _POSTS:
        return {"user", "message", "create_at"} <= said.keys() and _put_post(
            said, draft, kind, said
        )
    if kind == "user" and "username" in said:
        return _put_person(said, draft)
    name = text_of(said, "display_name", "name", "username")
    known = name or (kind == "direct_channel" and "members" in said)
    return bool(known) and _put_setting(record, draft, f"{kind}: {name}" if name else kind)


def _is_version(record: Record) -> bool:
    return type(record.get("version")) is int and record.keys() <= {"type", "version", "info"}


def _put_setting(record: Record, draft: Draft, title: str) -> bool:
    draft.kind, draft.collection, draft.title = "record", "correspondence", title
    draft.extra = dict(record)
    return True


def _put_person(said: Record, draft: Draft) -> bool:
    account, mail = text_of(said, "username"), text_of(said, "email")
    name = " ".join(filter(None, (text_of(said, "first_name"), text_of(said, "last_name"))))
    draft.kind, draft.collection, draft.title = "contact", "correspondence", name or account
    draft.texts = (("body", "\n".join(filter(None, (name, account, mail)))),)
    draft.parties = (
        Party("contact", name, account),
        *([Party("contact", name, mail)] if mail else []),
    )
    draft.facts = {"service": "Mattermost", "id": account, "extra": rest_of(said, ("username",))}
    return True


def _put_post(said: Record, draft: Draft, kind: str, around: Record) -> bool:
    """A post, or a reply to the one `around` it, whose place it shares."""
    team, channel = text_of(around, "team"), text_of(around, "channel")
    sender = text_of(said, "user")
    members = [each for each in around.get("channel_members") or () if type(each) is str]
    facts: Record = {
        "chat": channel or ", ".join(members[:5]),
        "channel": channel,
        "team": team,
        "event": text_of(said, "type"),
        "edited": said.get("edit_at"),
        "reactions": [
            {"reaction": text_of(each, "emoji_name"), "by": [text_of(each, "user")],
             "at": text_of(each, "create_at")}
            for each in objects(said.get("reactions"))
        ],
        "attachments": [{"name": text_of(each, "path")} for each in objects(said.get("attachments"))],
        "extra": rest_of(said, _POST_USED),
    }  # fmt: skip
    to = [Party("to", f"#{channel}", "")] if channel else [
        Party("to", "", each) for each in members if each != sender
    ]  # fmt: skip
    for number, reply in enumerate(objects(said.get("replies"))):
        part = draft.part((kind, "replies", number))
        _put_post(reply, part, kind, around)
        draft.hang(part)
    return put_message(
        draft, "Mattermost", text=text_of(said, "message"), facts=facts,
        when=instant(said, ("create_at",), draft.raw), parties=[Party("from", "", sender), *to],
    )  # fmt: skip


_COLUMNS: tuple[Mapping[str, str], ...] = (
    {"time": "Post Creation Time", "text": "Post Message", "id": "Post Id", "kind": "Post Type",
     "name": "Username", "mail": "User Email", "team": "Team Display Name", "channel": "Channel Name",
     "chat": "Channel Display Name", "channel_id": "Channel Id", "thread": "Replied to Post Id",
     "replaced_by": "Edited By Post Id", "edited": "Post Update Time", "deleted": "", "files": ""},
    {"time": "PostCreateAt", "text": "PostMessage", "id": "PostId", "kind": "PostType",
     "name": "UserUsername", "mail": "UserEmail", "team": "TeamDisplayName", "channel": "ChannelName",
     "chat": "ChannelDisplayName", "channel_id": "", "thread": "PostRootId", "replaced_by": "PostOriginalId",
     "edited": "PostUpdateAt", "deleted": "PostDeleteAt", "files": "PostFileIds"},
)  # fmt: skip
"""The columns of a compliance export's `posts.csv`, and those of a legal hold or a report on compliance."""


def read_mattermost_row(record: Record, draft: Draft) -> bool:
    """A row of a table of posts; one that names a file or tells who came and went has its kind in `event`."""
    names = next(
        (each for each in _COLUMNS if record.keys() >= {each["time"], each["text"], each["id"]}),
        None,
    )
    if names is None:
        return False
    row = {name: text_of(record, column) for name, column in names.items() if column}
    kind, text = row["kind"], row["text"]
    files = [text] if kind == "attachment" else row.get("files", "").split()
    facts: Record = {
        "chat": row["chat"] or row["channel"],
        "channel": row["channel"],
        "channel_id": row.get("channel_id"),
        "team": row["team"],
        "id": row["id"],
        "thread": row["thread"],
        "event": kind if kind not in ("", "message", "attachment") else "",
        "edited": row.get("edited"),
        "deleted": row.get("deleted"),
        "replaced_by": row["replaced_by"],
        "attachments": [{"name": each} for each in files],
        "extra": rest_of(record, names.values()),
    }
    return put_message(
        draft, "Mattermost", text="" if kind == "attachment" else text, facts=facts,
        when=instant(record, (names["time"],), draft.raw),
        parties=[Party("from", row["name"], row["mail"]), Party("to", f"#{row['channel']}", "")],
    )  # fmt: skip


# -- Rocket.Chat ----------------------------------------------------------------------------------

_ROCKET_USED = (
    "_id", "rid", "msg", "ts", "u", "t", "tmid", "editedAt", "reactions", "file", "files", "attachments",
    "mentions",
)  # fmt: skip


def is_rocket_chat(record: Any) -> bool:
    """Whether a parsed value is a message of Rocket.Chat's."""
    return (
        type(record) is dict
        and record.keys() >= {"_id", "rid", "msg", "ts", "u"}
        and type(record["u"]) is dict
    )


def read_rocket_chat(record: Record, draft: Draft) -> bool:
    """One message; `t` names what happened where nobody spoke."""
    if not is_rocket_chat(record):
        return False
    who, kind = inside(record["u"]), text_of(record, "t")
    account = text_of(who, "username", "_id")
    reactions = inside(record.get("reactions"))
    facts: Record = {
        "chat": text_of(record, "rid"),
        "chat_id": text_of(record, "rid"),
        "id": text_of(record, "_id"),
        "thread": text_of(record, "tmid"),
        "event": kind if kind != "rm" else "",
        "deleted": kind == "rm",
        "edited": _plain_time(record.get("editedAt")),
        "reactions": [
            {"reaction": name, "by": inside(each).get("usernames")}
            for name, each in reactions.items()
        ],
        "attachments": _rocket_files(record),
        "mentions": [text_of(each, "username") for each in objects(record.get("mentions"))],
        "extra": rest_of(record, _ROCKET_USED),
    }
    return put_message(
        draft, "Rocket.Chat", text=text_of(record, "msg"), facts=facts,
        when=read_time(_plain_time(record["ts"]), "ts", draft.raw),
        parties=[Party("from", text_of(who, "name"), account), Party("to", "", text_of(record, "rid"))],
    )  # fmt: skip


def _plain_time(value: Any) -> Any:
    """A time without what mongoexport puts around it: `{"$date": …}`, perhaps with `{"$numberLong": …}`."""
    for key in ("$date", "$numberLong"):
        if type(value) is dict and key in value:
            value = value[key]
    return value if type(value) in (str, int) else ""


def _rocket_files(record: Record) -> list[Record]:
    files = objects(record.get("files")) or objects([record.get("file")])
    found = [_named(each, {"name": "name", "type": "type", "size": "size"}) for each in files]
    for each in objects(record.get("attachments")):
        name, link = (
            text_of(each, "title"),
            text_of(each, "title_link", "image_url", "message_link"),
        )
        mine = next((file for file in found if name and file.get("name") == name), None)
        if mine is None and (name or link):
            found.append({key: each for key, each in (("name", name), ("link", link)) if each})
        elif mine is not None:
            mine["link"] = link
    return found


def _named(source: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    return {name: text_of(dict(source), key) for name, key in names.items() if source.get(key)}


# -- Matrix ---------------------------------------------------------------------------------------

_MATRIX_USED = (
    "type", "sender", "content", "origin_server_ts", "event_id", "room_id", "redacts", "unsigned", "age",
    "user_id",
)  # fmt: skip
_CONTENT_USED = (
    "body", "msgtype", "format", "formatted_body", "url", "file", "info", "filename", "m.relates_to",
    "m.new_content", "displayname",
)  # fmt: skip
_FILES = ("m.image", "m.file", "m.audio", "m.video", "m.sticker")


def is_matrix(record: Any) -> bool:
    """Whether a parsed value is an event of a Matrix room."""
    return (
        type(record) is dict
        and type(record.get("sender")) is str
        and type(record.get("content")) is dict
        and record.keys() >= {"type", "event_id", "origin_server_ts"}
    )


def read_matrix(record: Record, draft: Draft) -> bool:
    """One event of a room: what was said, or in `event` its type; a text that replaces an earlier one says so.

    People are named as the events of membership before it name them.
    """
    if not is_matrix(record):
        return False
    kind, sender, content = (
        text_of(record, "type"),
        text_of(record, "sender"),
        inside(record["content"]),
    )
    if kind == "m.room.member" and text_of(content, "displayname"):
        member = text_of(record, "state_key") or sender
        draft.memory[("matrix", member)] = text_of(content, "displayname")
    relation = inside(content.get("m.relates_to"))
    rel, target = text_of(relation, "rel_type"), text_of(relation, "event_id")
    said = inside(content.get("m.new_content")) if rel == "m.replace" else content
    shown = text_of(said, "msgtype") if kind == "m.room.message" else kind
    spoken = kind in ("m.room.message", "m.sticker")
    room = text_of(record, "room_id")
    files = _matrix_files(said, shown) if shown in _FILES else []
    text = text_of(relation, "key") if kind == "m.reaction" else text_of(said, "body")
    if files and text == files[0].get("name"):
        text = ""
    facts: Record = {
        "chat": text_of(draft.around, "room_name") or room,
        "chat_id": room,
        "id": text_of(record, "event_id"),
        "thread": target if rel == "m.thread" else "",
        "reply_to": text_of(inside(relation.get("m.in_reply_to")), "event_id")
        or (target if kind == "m.reaction" else ""),
        "replaces": target if rel == "m.replace" else text_of(record, "redacts"),
        "event": "" if spoken else kind,
        "deleted": bool(inside(record.get("unsigned")).get("redacted_because")),
        "attachments": files,
        "encrypted": kind == "m.room.encrypted",
        "content": rest_of(said, _CONTENT_USED),
        "extra": rest_of(record, _MATRIX_USED),
    }
    to = facts["chat"] if facts["chat"] != room else ""
    name = draft.memory.get(("matrix", sender), "")
    return put_message(
        draft, "Matrix", text=text, when=instant(record, ("origin_server_ts",), draft.raw), facts=facts,
        parties=[Party("from" if spoken else "actor", name, sender), Party("to", to, room)],
        more=[("html", text_of(said, "formatted_body"))],
    )  # fmt: skip


def _matrix_files(said: Record, kind: str) -> list[Record]:
    """The file of a message; its body is its name unless another is given."""
    about, locked = inside(said.get("info")), inside(said.get("file"))
    found = {
        "name": text_of(said, "filename", "body"), "link": text_of(said, "url") or text_of(locked, "url"),
        "type": text_of(about, "mimetype") or kind, "size": text_of(about, "size"),
    }  # fmt: skip
    return [{key: value for key, value in found.items() if value}]
