"""Discord channels as plain text: each message below a line with its time and who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.chat_stamps import Calendar, Stamp, Votes, stamp_at
from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import local_time, put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import MAX_RECORD
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem, When

_RULE = re.compile(rb"={20,}[ \t]*\r?\n?")
_FOOT = re.compile(rb"(?<!=)={20,}[ \t]*\r?\nExported [^\r\n]*message[^\r\n]*\r?\n?[=\s]*\Z")
_HEADED = re.compile(rb"(?m)^\[([^\]\r\n]{8,60})\] ([^\r\n]{1,200}?)[ \t]*\r?$")
_ENTRY = re.compile(r"(?m)^(Guild|Channel|Topic): (.*)$")
_PARTED = re.compile(r"(?m)^\{(Attachments|Embed|Stickers|Reactions)\}[ \t]*\n")
_PINNED = " (pinned)"


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each line `[time] name`, with the lines up to the next; head and foot are separators.

    The times are in the form that its maker's computer had, and read as those of other chats kept as text.

    Source: Tyrrrz/DiscordChatExporter `PlainTextMessageWriter.cs`.
    """
    data = untrusted_data[:]
    begin, end = _inside(data)
    heads = [found for found in _HEADED.finditer(data, begin, end) if _time(found[1]) is not None]
    votes = Votes()
    for found in heads:
        if isinstance(stamp := _time(found[1]), Stamp):
            votes.add(stamp)
    calendar = votes.decide() if votes.stamps else None
    if calendar is not None and calendar.by == "assumed":
        first = "month" if calendar.order == "mdy" else "day"
        said = (
            "No date of the file tells whether the day or the month comes first; "
            f"it was read with the {first} first."
        )
        yield Problem("parse", "ambiguous-date", said)
    said_of_all = dict(_ENTRY.findall(data[:begin].decode("utf-8", "replace").replace("\r", "")))
    good, line, counted, lost = 0, 1, 0, 0
    stops = [*(each.start() for each in heads[1:]), end][: len(heads)]
    start = heads[0].start() if heads else end
    if data[begin:start].strip():
        lost = start - begin
        text = "These bytes stand before the first message."
        yield Problem("frame", "preamble", text, 1 + data[:begin].count(b"\n"), begin, lost)
    for found, stop in zip(heads, stops, strict=True):
        start = found.start()
        line += data.count(b"\n", counted, start)
        counted = start
        raw = data[start:stop].rstrip(b"\r\n")
        if len(raw) > MAX_RECORD:
            text = f"The message is longer than {MAX_RECORD:,} bytes and was not read."
            yield Problem("frame", "too-long", text, line, start, len(raw))
            lost += len(raw)
            continue
        draft = Draft(raw, context)
        _put(draft, found, calendar, said_of_all)
        good += len(raw)
        yield finish(draft, start, line, "", "text/plain")
    yield Books(good, lost, len(data) - good - lost)


def _inside(data: bytes) -> tuple[int, int]:
    """First byte behind the head, and byte behind the last one before the foot."""
    first = _RULE.search(data)
    second = _RULE.search(data, first.end()) if first else None
    begin = second.end() if second else 0
    foot = _FOOT.search(data, begin)
    return begin, foot.start() if foot else len(data)


def _time(shown: bytes) -> Stamp | When | None:
    """The time of a message: numbers whose order the whole file decides, or one that nobody can misread."""
    text = shown.decode("utf-8", "replace")
    return local_time(text, "line") or stamp_at(f"[{text}] ")


def _put(
    draft: Draft, found: re.Match[bytes], calendar: Calendar | None, around: dict[str, str]
) -> None:
    time = _time(found[1])
    when = calendar.when(time) if isinstance(time, Stamp) and calendar is not None else None
    name = found[2].decode("utf-8", "replace")
    pinned = name.endswith(_PINNED)
    text = tidy(draft.raw[found.end() - found.start() :].decode("utf-8", "replace"))
    said, *pieces = _PARTED.split(text.strip("\n"))
    parts: dict[str, str] = {}
    for kind, piece in zip(pieces[::2], pieces[1::2], strict=True):
        parts[kind] = f"{parts[kind]}\n\n{piece.strip()}" if kind in parts else piece.strip()
    category, _, channel = around.get("Channel", "").rpartition(" / ")
    facts: dict[str, Any] = {
        "chat": channel, "channel": channel, "category": category, "team": around.get("Guild", ""),
        "attachments": [{"link": each} for each in parts.get("Attachments", "").split()],
        "reactions": parts.get("Reactions", ""), "stickers": parts.get("Stickers", ""),
        "pinned": pinned,
    }  # fmt: skip
    put_message(
        draft, "Discord", text=said.strip("\n"), facts=facts,
        when=time if isinstance(time, When) else when,
        more=[("attachment", parts["Embed"])] if "Embed" in parts else (),
        parties=[
            Party("from", name.removesuffix(_PINNED), ""),
            Party("to", f"#{channel}" if channel else "", ""),
        ],
    )  # fmt: skip
