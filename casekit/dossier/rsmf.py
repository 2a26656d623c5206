"""A conversation as RSMF, in which review programs take chats: a mail with a ZIP that holds its manifest.

Source: Relativity's short message format 2.0.0 (help.relativity.com, "The Relativity Short Message Format") and
the schema of its manifest, `RSMFManifestSchema/rsmf_schema_2_0_0.json` of its published samples (BSD-3).
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casekit import clock
from casekit.dossier.sections.common import plain
from casekit.queries.items import ItemView

VERSION = "2.0.0"
MOST_EVENTS = 9_999
"""Messages in one file: with the notice the 10,000 events that the format's makers advise; a longer
conversation goes in several of one collection."""

MANIFEST = "rsmf_manifest.json"
_BOUNDARY = "CASEKIT-RSMF"  # both parts are base64, in which it cannot stand
_COMES = {
    "channel_join": "join",
    "group_join": "join",
    "channel_leave": "leave",
    "group_leave": "leave",
}
_LONGEST_REACTION = 30
_ENCODED_WORD = 45  # bytes that come to 60 characters of base64
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TOLD = ("event", "edited", "mentions", "attachments", "quoted", "forwarded")
"""What a service says of a message that has no place of its own in the format."""

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message: its name in the ZIP, the one that the source gives, and its bytes."""

    name: str
    display: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it may be shown, under its number.

    Attributes:
        bates: Its first number.
        sha256: Of its record, in hex; empty where it would let be guessed what is redacted.
    """

    bates: str
    view: ItemView
    sha256: str = ""
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Chat:
    """Messages of one conversation in one custodian's hands, in order of time."""

    service: str
    name: str
    custodian: str
    messages: tuple[Message, ...]
    part: str = ""


@dataclass(slots=True)
class _People:
    """Who takes part, each under a number of the file."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, name: str, address: str) -> str:
        return self.known.setdefault((name, address), f"P{len(self.known) + 1}")

    def named(self, name: str) -> str:
        """The one of that name, whose address a reaction does not give."""
        same = [number for (each, _), number in self.known.items() if each == name]
        return same[0] if len(same) == 1 else self(name, "")

    def nodes(self) -> list[Node]:
        found = []
        for (name, address), number in self.known.items():
            node: Node = {"id": number, "display": name or address or "Not named by the source"}
            if address:
                node["account_id"] = address
            found.append(node)
        return found


def in_files(chat: Chat) -> list[Chat]:
    """The conversation in pieces that are not too long for one file."""
    messages = chat.messages
    cuts = range(0, len(messages), MOST_EVENTS)
    if len(cuts) < 2:
        return [chat]
    return [
        Chat(chat.service, chat.name, chat.custodian, messages[at : at + MOST_EVENTS], f"{n}/{len(cuts)}")
        for n, at in enumerate(cuts, 1)
    ]  # fmt: skip


def manifest(chat: Chat, volume: str, collection: str) -> Node:
    """What `rsmf_manifest.json` says; every number in it is of a participant, conversation or event in it.

    Args:
        chat: The conversation, or a piece of it.
        volume: Of the production.
        collection: The same for all the pieces of a conversation.
    """
    people = _People()
    ids = {
        plain(known): m.bates for m in chat.messages if (known := (m.view.facts or {}).get("id"))
    }
    events = [_notice(chat, volume)]
    events += [_event(each, people, ids) for each in chat.messages]
    conversation: Node = {
        "id": "C1", "display": chat.name or "No conversation named by the source",
        "platform": chat.service or "unknown", "participants": [*people.known.values()],
    }  # fmt: skip
    return {
        "version": VERSION, "participants": people.nodes(), "conversations": [conversation],
        "events": events, "eventcollectionid": collection,
    }  # fmt: skip


def _notice(chat: Chat, volume: str) -> Node:
    part = f" Part {chat.part} of it." if chat.part else ""
    body = (
        f"Produced in {volume}: {len(chat.messages):,} messages of this conversation. It may have others, "
        f"which were withheld, not asked for or not collected.{part} Times are UTC. The documents produced "
        "under the numbers given here govern."
    )
    return {"type": "disclaimer", "conversation": "C1", "body": body}


def _event(message: Message, people: _People, ids: Mapping[str, str]) -> Node:
    view, known = message.view, message.view.facts or {}
    for name, address in _named(view, ("from", "to", "cc", "bcc")):
        people(name, address)
    sender = next(iter(_named(view, ("from",))), ("", ""))
    node: Node = {
        "type": _COMES.get(plain(known.get("event", "")), "message"), "id": message.bates,
        "conversation": "C1", "participant": people(*sender), "body": view.text("body"),
    }  # fmt: skip
    if view.row.sent_us is not None:
        node["timestamp"] = stamp(view.row.sent_us)
    answered = plain(known.get("reply_to", ""))
    if answered in ids and ids[answered] != message.bates:
        node["parent"] = ids[answered]
    if known.get("deleted"):
        node["deleted"] = True
    if before := [text for part, text in view.texts if part == "previous"]:
        node["edits"] = [
            {"participant": node["participant"], "previous": text, "new": node["body"]} for text in before
        ]  # fmt: skip
    reactions, odd = _reactions(known.get("reactions"), people)
    if reactions:
        node["reactions"] = reactions
    if message.attached:
        node["attachments"] = [
            {"id": each.name, "display": each.display or each.name, "size": len(each.data)}
            for each in message.attached
        ]
    node["custom"] = _custom(message, odd, answered if "parent" not in node else "")
    return node


def _named(view: ItemView, roles: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, address) for role, name, address in view.parties if role in roles]


def _reactions(given: Any, people: _People) -> tuple[list[Node], str]:
    """Reactions in the format's form, and as words those of another form."""
    found = []
    for each in given if isinstance(given, list) else ():
        value = plain(each.get("reaction", "")) if isinstance(each, dict) else ""
        if not 0 < len(value) <= _LONGEST_REACTION:
            return [], plain(given)
        node: Node = {"value": value}
        by = each.get("by")
        if isinstance(by, list) and all(isinstance(name, str) and name for name in by):
            node["participants"] = [people.named(name) for name in by]
        counted = str(each.get("count") or len(node.get("participants", ())))
        if counted.isascii() and counted.isdigit() and 0 < len(counted) < 10 and int(counted):
            node["count"] = int(counted)
        found.append(node)
    return found, plain(given) if given and not found else ""


def _custom(message: Message, reactions: str, answered: str) -> list[Node]:
    """What else is known, as names and values that the viewer shows; none is empty."""
    view, known = message.view, message.view.facts or {}
    us = view.row.sent_us
    sure = "" if us is None or view.row.time.is_sure else "zone assumed, not stated by the source"
    told = {
        "Bates": message.bates, "SHA-256": message.sha256, "Time as the source gives it": view.sent_raw,
        "Time": "not stated by the source" if us is None else sure, "Answers": answered,
        "Redacted": "yes" if view.is_redacted else "", "Reactions": reactions,
        **{name.capitalize(): plain(known[name]) for name in _TOLD if known.get(name)},
    }  # fmt: skip
    return [{"name": name, "value": value} for name, value in told.items() if value]


def stamp(us: int) -> str:
    """An instant as ISO 8601 in UTC."""
    return clock.iso(us)


def texts(node: Any) -> list[str]:
    """All that a manifest says."""
    if isinstance(node, dict):
        return [text for each in node.values() for text in texts(each)]
    if isinstance(node, list):
        return [text for each in node for text in texts(each)]
    return [node] if isinstance(node, str) else []


def message_file(
    chat: Chat, made: Mapping[str, Any], volume: str, at_us: int, version: str
) -> bytes:
    """The `.rsmf` file; equal conversations give equal bytes.

    Args:
        chat: The conversation.
        made: From `manifest`.
        volume: Of the production.
        at_us: Its date.
        version: Of CaseKit.
    """
    attached = [each for message in chat.messages for each in message.attached]
    zipped = _zipped(made, attached)
    times = sorted(t for m in chat.messages if (t := m.view.row.sent_us) is not None)
    people = [node["display"] for node in made["participants"]]
    headers = {
        "X-RSMF-Version": VERSION, "X-RSMF-Generator": f"CaseKit {version}",
        "X-RSMF-BeginDate": stamp(times[0]) if times else "",
        "X-RSMF-EndDate": stamp(times[-1]) if times else "",
        "X-RSMF-EventCount": str(len(made["events"])), "X-RSMF-AttachmentCount": str(len(attached)),
        "X-RSMF-Application": chat.service, "X-RSMF-Custodian": chat.custodian,
        "X-RSMF-Participants": "; ".join(people), "X-RSMF-EventCollectionID": made["eventcollectionid"],
        "From": "CaseKit <rsmf@casekit.invalid>", "Date": _date(at_us),
        "Subject": f"{volume} {chat.messages[0].bates} {chat.name} {chat.part}".strip(),
        "MIME-Version": "1.0", "Content-Type": f'multipart/mixed; boundary="{_BOUNDARY}"',
    }  # fmt: skip
    head = "".join(f"{name}: {_value(v)}\r\n" for name, v in headers.items() if v)
    said = "\n".join(_line(node, made) for node in made["events"])
    parts = (
        ('text/plain; charset="utf-8"', "", said.encode("utf-8", "backslashreplace")),
        ('application/zip; name="rsmf.zip"', 'attachment; filename="rsmf.zip"', zipped),
    )
    body = "".join(
        f"--{_BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        + (f"Content-Disposition: {shown}\r\n" if shown else "")
        + f"\r\n{_base64(data)}\r\n"
        for kind, shown, data in parts
    )
    return f"{head}\r\n{body}--{_BOUNDARY}--\r\n".encode("ascii")


def _zipped(made: Mapping[str, Any], attached: Sequence[Attached]) -> bytes:
    out = io.BytesIO()
    text = json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in ((MANIFEST, text), *((each.name, each.data) for each in attached)):
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _value(text: str) -> str:
    """A head line's value on one line of ASCII, folded where it is long."""
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    if line.isascii() and len(line) < 900:
        return line
    words = [f"=?utf-8?B?{base64.b64encode(piece.encode()).decode()}?=" for piece in _pieces(line)]
    return "\r\n ".join(words)


def _pieces(line: str) -> Iterator[str]:
    """The line in pieces that one encoded word of RFC 2047 (75 characters) holds."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > _ENCODED_WORD:
            yield piece
            piece = ""
        piece += character
    yield piece


def _date(us: int) -> str:
    """An instant as RFC 5322 has it, in English whatever the machine's language."""
    at = clock.from_us(us)
    return f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S} +0000"


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii").replace("\n", "\r\n").rstrip()


def _line(node: Node, made: Mapping[str, Any]) -> str:
    """An event for who has no program for the format."""
    names = {each["id"]: each["display"] for each in made["participants"]}
    said = (node.get("timestamp", ""), names.get(node.get("participant", ""), ""), node["body"])
    return "  ".join(filter(None, said))
