"""Conversations of Apple's Messages as text: a time on a line, who wrote on the next, the words below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from operator import itemgetter
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.page_times import english_time
from casekit.ingest.framing import BOM, MAX_RECORD
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem

_TIME = rb"[A-Z][a-z]{2} \d\d, \d{4} [ \d]\d:\d\d:\d\d [AP]M"
BEGIN = re.compile(
    rb"(?m)^(?P<time>" + _TIME + rb")"
    rb"(?: \((?P<read>[^()\r\n]{1,120})\)|(?: (?P<event>[^\r\n(][^\r\n]{0,2000})))?\r?$"
)
"""A line that begins a message, or is an announcement as a whole."""

_ANSWER = re.compile(
    r"(?m)^ {4}(?P<time>"
    + _TIME.decode()
    + r")(?: \([^()\n]{1,120}\))?\n {4}(?P<sender>[^\n]{1,200})$"
)
_ATTACHED = re.compile(r"(?m)^((?:attachments/|~/Library/|/)[^\n]{1,400}\.\w{1,5})$")
_TAPBACKS = re.compile(r"(?m)^(?:Tapbacks|Reactions):\n")
_DELETED = "This message was deleted from the conversation!"
_ANSWERED = re.compile(r"(?:\A|\n)This message responded to an earlier message\.\Z")
_QUOTED = 200
_MOST_ANSWERS = 50_000
_MOST_REACTIONS = 1000

_Answered = dict[tuple[str, str], str]
"""The words that an answer answers, by its time and who gave it."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each time that stands at the beginning of a line.

    The file shows each answer twice: below the message it answers, where it is the text `attachment`, and
    in its own place, where it is a message. Facts besides those of every chat: `read` (when it was read, as
    printed), `answer` and `quoted` (the words it answers). Times are the local ones of the computer that made
    the file.

    Source: ReagentX/imessage-exporter `exporters/txt.rs`.
    """
    data = untrusted_data[:]
    lead = len(BOM) if data[:3] == BOM else 0
    begins = list(BEGIN.finditer(data, lead))
    good = bad = 0
    first = begins[0].start() if begins else len(data)
    if data[lead:first].strip():
        bad = first - lead
        said = "These bytes stand before the first message."
        yield Problem("frame", "preamble", said, 1, lead, bad)
    line, counted = 1, 0
    answered: _Answered = {}
    stops = [*(each.start() for each in begins[1:]), len(data)]
    for begin, stop in zip(begins, stops, strict=False):
        start = begin.start()
        line += data.count(b"\n", counted, start)
        counted = start
        raw = data[start:stop].rstrip(b"\r\n")
        if len(raw) > MAX_RECORD:
            said = f"The message is longer than {MAX_RECORD:,} bytes and was not read."
            yield Problem("frame", "too-long", said, line, start, len(raw))
            bad += len(raw)
            continue
        good += len(raw)
        yield finish(_message(raw, begin, context, answered), start, line, "", "text/plain")
    yield Books(good, bad, len(data) - good - bad)


def _message(raw: bytes, begin: re.Match[bytes], context: Context, answered: _Answered) -> Draft:
    draft = Draft(raw, context)
    shown = begin["time"].decode()
    whole = tidy(raw[begin.end() - begin.start() :].decode("utf-8", "replace")).lstrip("\n")
    if "\ufffd" in whole and b"\xef\xbf\xbd" not in raw:
        said = "Some of its bytes are no valid text and are shown as replacement characters."
        draft.problems = (Problem("parse", "bad-utf8", said),)
    when = english_time(shown, "line")
    if when is None:
        said = "No calendar has the date that the line begins with."
        draft.problems += (Problem("parse", "bad-date", said),)
    event = tidy((begin["event"] or b"").decode("utf-8", "replace"))
    sender, _, text = ("", "", f"{event}\n{whole}") if event else whole.partition("\n")
    answers = list(_ANSWER.finditer(text))
    below = text[answers[0].start() :] if answers else ""
    text = (text[: answers[0].start()] if answers else text).strip("\n")
    for each in answers[: _MOST_ANSWERS - len(answered)]:
        answered[each["time"], each["sender"]] = text[:_QUOTED]
    chat = context.name.rpartition("/")[2].removesuffix(".txt") or context.folder
    answers_one = _ANSWERED.search(text) is not None
    facts: dict[str, Any] = {
        "chat": chat,
        "event": "announcement" if event else "",
        "read": (begin["read"] or b"").decode("utf-8", "replace"),
        "answer": answers_one,
        "quoted": answered.get((shown, sender), "") if answers_one else "",
        "deleted": text.startswith(_DELETED),
        "attachments": [{"name": name} for name in _ATTACHED.findall(text)],
        "reactions": _reactions(text),
    }
    parties = [Party("from", sender.strip(), "")] if sender.strip() else []
    parties += [Party("to", chat, "")] if chat != sender.strip() else []
    put_message(
        draft, "iMessage", text=text, when=when, parties=parties, facts=facts,
        more=[("attachment", below.strip("\n"))],
    )  # fmt: skip
    return draft


def _reactions(text: str) -> list[dict[str, str]]:
    found = _TAPBACKS.search(text)
    lines = text[found.end() :].split("\n") if found else ()
    pairs = takewhile(itemgetter(1), (each.rpartition(" by ") for each in lines[:_MOST_REACTIONS]))
    return [{"reaction": what, "by": who} for what, _, who in pairs]
