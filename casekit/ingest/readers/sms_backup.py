"""Text messages and calls of an Android telephone as SMS Backup & Restore keeps them, one element each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import instant, put_message, rest_of
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import MAX_RECORD, Fault, too_long
from casekit.ingest.mail.transfer import undo
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem, Step, sha256

_VALUE = rb"""(?>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)"""
"""What stands between a tag's name and its end: no markup may stand in a value as it is."""
_BEGIN = re.compile(rb"<(?P<name>sms|mms|call)(?=[\s/>])")
_TAG = re.compile(rb"<\w+(?=[\s/>])" + _VALUE + rb">")
_AROUND = re.compile(
    rb"<\?[^<>]*+>|</?(?:smses|calls|allsms)\b" + _VALUE + rb">"
    rb"|</(?:sms|call)\s*+>|\xef\xbb\xbf"
)
_SPACE = re.compile(rb"\s+")
_ONE = re.compile(rb"(?s:.)[^<\s]*+")
_LONGEST_COMMENT = 4096
_ATTRIBUTE = re.compile(r"""([\w:-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_INNER = re.compile(rb"<(?P<name>part|addr)(?=[\s/>])" + _VALUE + rb">")
_DATA = re.compile(rb"""\sdata\s*=\s*["']([^"'<]+)""")

_BOXES = {
    "2": "", "3": "draft", "4": "waiting to be sent", "5": "not sent", "6": "waiting to be sent",
}  # fmt: skip
"""What became of a message of the telephone's own, by its `type` or `msg_box`; 1 was received."""
_CALLS = {
    "1": "incoming call", "2": "outgoing call", "3": "missed call", "4": "voicemail", "5": "rejected call",
    "6": "blocked call", "7": "call answered elsewhere",
}  # fmt: skip
_ROLES = {"137": "from", "151": "to", "130": "cc", "129": "bcc"}
_OWNER = "insert-address-token"
_NUMBERS = re.compile(r"\s*~\s*")
_USED = (
    "address", "date", "type", "subject", "body", "contact_name", "msg_box", "sub", "number", "duration",
    "readable_date", "m_id",
)  # fmt: skip


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """A `message` for each text message, picture message and call.

    The telephone's own number stands in picture messages alone: who sent or got a text message is the other
    one. Facts besides those of every chat: `state` of what was not sent, `seconds` of a call, `time_shown` as
    the telephone wrote it. What stands around them is separators; other bytes are quarantined.

    Source: synctech.com.au "XML fields in backup files"; no specification.
    """
    data = untrusted_data[:]
    good = bad = at = 0
    line, counted = 1, 0
    while at < len(data):
        begin = _BEGIN.search(data, at)
        start = begin.start() if begin else len(data)
        for first, stop in _strange(data, at, start):
            said = "These bytes are no message and nothing that stands around messages."
            line, counted = line + data.count(b"\n", counted, first), first
            yield Fault("bad-line", said, first, stop - first, line).problem()
            bad += stop - first
        if begin is None:
            break
        line, counted = line + data.count(b"\n", counted, start), start
        end = _end(data, start, begin["name"])
        if end is None or end - start > MAX_RECORD:
            after = _BEGIN.search(data, start + 1)
            stop = after.start() if after and end is None else end or len(data)
            kind, said = (
                ("truncated", "The message has no end.")
                if end is None
                else ("too-long", too_long())
            )
            yield Fault(kind, said, start, stop - start, line).problem()
            bad, at = bad + stop - start, stop
            continue
        raw = data[start:end]
        good, at = good + len(raw), end
        yield finish(_message(raw, begin["name"].decode(), context), start, line, "", "text/xml")
    yield Books(good, bad, len(data) - good - bad)


def _strange(data: bytes, at: int, stop: int) -> Iterator[tuple[int, int]]:
    """The runs of bytes between two messages that are none of what belongs there."""
    first = last = at
    while at < stop:
        space = _SPACE.match(data, at, stop)
        if space is not None:
            at = space.end()
            continue
        end = _behind(data, at, stop)
        if end is None:
            first = first if last > first else at
            at = last = _ONE.match(data, at, stop).end()  # type: ignore[union-attr]
            continue
        if last > first:
            yield first, last
        first = last = at = end
    if last > first:
        yield first, last


def _behind(data: bytes, at: int, stop: int) -> int | None:
    """Behind what stands around messages: a comment, a declaration, the tags around all; None if none does."""
    if data.startswith(b"<!--", at):
        end = data.find(b"-->", at + 4, min(stop, at + _LONGEST_COMMENT))
        return end + 3 if end >= 0 else None
    around = _AROUND.match(data, at, stop)
    return around.end() if around else None


def _end(data: bytes, start: int, name: bytes) -> int | None:
    """Behind an element; None where it has no end."""
    tag = _TAG.match(data, start)
    if tag is None:
        return None
    if name != b"mms" or tag.group().endswith(b"/>"):
        return tag.end()
    following = _BEGIN.search(data, tag.end())
    found = data.find(b"</mms>", tag.end(), following.start() if following else len(data))
    return found + len(b"</mms>") if found >= 0 else None


def _message(raw: bytes, kind: str, context: Context) -> Draft:
    draft = Draft(raw, context)
    tag = _TAG.match(raw)
    head = _attributes(_text(tag.group() if tag else raw))
    name, number = _said(head, "contact_name"), _said(head, "address", "number")
    if name == "(Unknown)":
        name = ""
    facts: dict[str, Any] = {
        "chat": name or number,
        "chat_id": number,
        "time_shown": _said(head, "readable_date"),
        "extra": rest_of({key: _said(head, key) for key in head}, _USED),
    }
    when = instant(head, ("date",), raw)
    if kind == "call":
        event = _CALLS.get(_said(head, "type"), "call")
        facts |= {"event": event, "seconds": _said(head, "duration")}
        role = "to" if event == "outgoing call" else "from"
        put_message(
            draft, "telephone", text="", when=when, facts=facts, parties=[Party(role, name, number)]
        )
        return draft
    box = _said(head, "msg_box" if kind == "mms" else "type")
    facts |= {"state": _BOXES.get(box, ""), "sent": box in _BOXES}
    text, subject = _said(head, "body"), _said(head, "sub" if kind == "mms" else "subject")
    facts["subject"] = subject
    parties = _others(name, number, sent=box in _BOXES)
    if kind == "mms":
        facts["id"] = _said(head, "m_id")
        words, files, listed = _parts(raw, context)
        text = "\n".join(filter(None, words))
        draft.children = tuple(files)
        facts["attachments"] = [
            {"name": each.name or "attachment", "type": each.media_type} for each in files
        ]
        parties = _named(listed, parties) or parties
    put_message(
        draft, kind.upper(), when=when, parties=parties, facts=facts,
        text="\n\n".join(filter(None, (subject, text))),
    )  # fmt: skip
    return draft


def _others(name: str, number: str, *, sent: bool) -> list[Party]:
    """The people at the other end: their numbers are joined by a tilde, their names by a comma."""
    numbers = _NUMBERS.split(number)
    names = name.split(", ") if len(numbers) > 1 else [name]
    if len(names) != len(numbers):
        names = [""] * len(numbers)
    role = "to" if sent else "from"
    return [Party(role, *each) for each in zip(names, numbers, strict=True)][: None if sent else 1]


def _named(listed: list[Party], known: list[Party]) -> list[Party]:
    names = {each.address: each.name for each in known}
    return [Party(each.role, names.get(each.address, ""), each.address) for each in listed]


def _parts(raw: bytes, context: Context) -> tuple[list[str], list[Parsed], list[Party]]:
    """Texts, attachments and people of a picture message; the sender first."""
    words, files, people = [], [], []
    for part in _INNER.finditer(raw):
        data = _DATA.search(part.group())
        shown = (
            part.group()
            if data is None
            else part.group()[: data.start()] + part.group()[data.end() + 1 :]
        )
        said = _attributes(_text(shown))
        kind = _said(said, "ct")
        if part["name"] == b"addr":
            role, number = _ROLES.get(_said(said, "type")), _said(said, "address")
            if role and number and number != _OWNER:
                people.append(Party(role, "", number))
        elif data is not None and data[1] != b"null":
            name = _said(said, "name", "fn", "cl")
            files.append(_attachment(data[1], part.start() + data.start(1), name, kind, context))
        elif kind == "text/plain":
            words.append(_said(said, "text"))
    people.sort(key=lambda each: each.role != "from")
    return words, files, people


def _attachment(raw: bytes, offset: int, name: str, kind: str, context: Context) -> Parsed:
    from casekit.ingest.parts import read_part  # here, because parts read messages in their turn

    undone = undo(raw, "base64")
    child = read_part(undone.data, name, kind, context)
    step = Step(
        "slice", offset=offset, length=len(raw), decoding=undone.decoding, before=sha256(raw),
        sha256=child.sha256,
    )  # fmt: skip
    problems = child.problems
    if undone.problem:
        said = "The attachment's base64 is damaged; what could be decoded is kept."
        problems += (Problem("parse", undone.problem, said),)
    return msgspec.structs.replace(child, steps=(step,), problems=problems)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _attributes(tag: str) -> dict[str, str]:
    return {each[1]: _plain(each[2] or each[3] or "") for each in _ATTRIBUTE.finditer(tag)}


def _plain(value: str) -> str:
    """A value without references; pictures stand in it as the two halves of a pair, which no XML may have."""
    if "&" not in value:
        return value
    return (
        _REFERENCE.sub(_character, value)
        .encode("utf-16-le", "surrogatepass")
        .decode("utf-16-le", "replace")
    )


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    number = int(found[1]) if found[1] else int(found[2], 16)
    return chr(number) if 0 < number < 0x110000 else "\ufffd"


def _said(attributes: dict[str, str], *names: str) -> str:
    """The first of some attributes that says something: what is empty is written `null`."""
    return next(
        (each for name in names if (each := attributes.get(name, "")) not in ("", "null")), ""
    )
