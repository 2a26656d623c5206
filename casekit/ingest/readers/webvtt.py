"""Transcripts of meetings in WebVTT and SubRip, as Teams, Zoom and others write them: a message a cue."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import MAX_RECORD, Fault, too_long
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem

_BLANK = re.compile(rb"\n\r?\n[\r\n]*+")
_CLOCK = r"(?:\d{1,4}:)?[0-5]\d:[0-5]\d[.,]\d{3}"
_CUE = re.compile(
    rf"(?:(?P<id>[^\n]*)\n)?(?P<start>{_CLOCK})[ \t]+-->[ \t]+(?P<end>{_CLOCK})(?:[ \t][^\n]*)?(?:\n|$)"
)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?=[ \t\r\n]|$)")
_BESIDE = re.compile(rb"(?:\xef\xbb\xbf)?(?:WEBVTT|NOTE|STYLE|REGION)(?=[ \t\r\n]|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+(?P<name>[^<>\n]{1,200})>")
_TAG = re.compile(r"<[^<>\n]{0,200}>")
_NAMED = re.compile(r"(?P<name>[^\s:<>][^:<>\n]{0,60}): ")
_WORDS_OF_A_NAME = 6
_ENDING = re.compile(r"\.(?:vtt|srt)$", re.I)
_ENOUGH = 64 * 1024
"""Bytes of a block in which a name is looked for."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each cue: who speaks by its voice, or by a name before a colon if most cues have one.

    Facts besides those of every chat: `time_shown` (begin and end as printed, counted from the
    start of the recording), `cue` (its identifier). Head, notes and styles are separators; a block that is
    no cue is quarantined. SubRip has no head, and a comma where WebVTT has a point.

    Source: W3C WebVTT 1; SubRip has no specification.
    """
    said = "Its times count from the start of the recording, so its messages have no time."
    yield Problem("parse", "no-date", said, length=0)
    data = untrusted_data[:]
    named = _has_names(data)
    media_type = "text/vtt" if _HEAD.match(data) else "application/x-subrip"
    good = bad = 0
    line, counted = 1, 0
    for start, raw in _blocks(data):
        line += data.count(b"\n", counted, start)
        counted = start
        text = _text(raw) if len(raw) <= MAX_RECORD else ""
        match = _CUE.match(text)
        if match is not None:
            good += len(raw)
            draft = _message(raw, text, match, context, named=named)
            yield finish(draft, start, line, "", media_type)
        elif not _BESIDE.match(raw):
            bad += len(raw)
            why = too_long() if len(raw) > MAX_RECORD else "The lines have no cue's times."
            kind = "too-long" if len(raw) > MAX_RECORD else "bad-line"
            yield Fault(kind, why, start, len(raw), line).problem()
    yield Books(good, bad, len(data) - good - bad)


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """First byte and bytes of what stands between blank lines, without the ends of its last line."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    while start < len(data):
        blank = _BLANK.search(data, start)
        stop = blank.start() if blank else len(data)
        yield start, data[start:stop].rstrip(b"\r\n")
        start = blank.end() if blank else stop


def _text(raw: bytes) -> str:
    return tidy(raw.decode("utf-8", "replace")).removeprefix("\ufeff")


def _has_names(data: bytes) -> bool:
    """Whether half of the cues at least begin with a name and a colon, as Zoom writes them."""
    cues = names = 0
    for _, raw in _blocks(data):
        text = _text(raw[:_ENOUGH])
        if match := _CUE.match(text):
            cues += 1
            names += _name_before(text[match.end() :]) is not None
    return names * 2 >= cues


def _name_before(words: str) -> re.Match[str] | None:
    found = _NAMED.match(words)
    return found if found and len(found["name"].split()) <= _WORDS_OF_A_NAME else None


def _message(raw: bytes, text: str, cue: re.Match[str], context: Context, *, named: bool) -> Draft:
    words = text[cue.end() :]
    voices = list(_VOICE.finditer(words))
    names = list(dict.fromkeys(html.unescape(each["name"]).strip() for each in voices))
    if len(names) > 1:
        words = _VOICE.sub(lambda each: f"{each['name'].strip()}: ", words)
    words = html.unescape(_TAG.sub("", words))
    if not names and named and (before := _name_before(words)):
        names, words = [before["name"]], words[before.end() :]
    draft = Draft(raw, context)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in raw:
        said = "Some of its bytes are no valid text and are shown as replacement characters."
        draft.problems = (Problem("parse", "bad-utf8", said),)
    facts: dict[str, Any] = {
        "chat": _ENDING.sub("", context.name.rpartition("/")[2]) or context.folder,
        "time_shown": f"{cue['start']} --> {cue['end']}",
        "cue": cue["id"],
    }
    parties = [Party("from", name, "") for name in names]
    put_message(
        draft, "meeting transcript", text=words.strip("\n"), when=None, parties=parties, facts=facts
    )
    return draft
