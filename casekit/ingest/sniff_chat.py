"""Tells chats kept as text from other texts, by the stamps their lines begin with."""

from __future__ import annotations

import re

from casekit.ingest.chat_stamps import stamp_at
from casekit.ingest.daily_chats import form_of
from casekit.ingest.irc_lines import day_of, irc_line
from casekit.ingest.sniff_text import Head, Told, is_known_table

_SPOKEN = re.compile(r"[^\n]{1,100}?: ")
_LEVEL = re.compile(
    r"(?:.{0,60}\W)??(?:ERROR|WARN|WARNING|INFO|DEBUG|NOTICE|TRACE|FATAL|CRITICAL|SEVERE|ALERT)\b|"
    r"\W{0,4}(?:error|warn|info|debug|notice|trace|fatal|critical)\b"
)


_DAILY = 60
_MESSAGES = re.compile(
    rb"[A-Z][a-z]{2} \d\d, \d{4} [ \d]\d:\d\d:\d\d [AP]M"
    rb"(?:(?: \(Read by [^()\r\n]{1,120}\))?\r?\n[^\r\n]{1,200}\r?\n[^\r\n]|"
    rb" [^\r\n(]{1,400}\r?\n\r?\n[A-Z][a-z]{2} \d\d, \d{4} )"
)
_WEBVTT = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)")
_SUBRIP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,20}\d{1,9}[ \t]*\r?\n\d{1,4}:[0-5]\d:[0-5]\d,\d{3} --> "
    rb"\d{1,4}:[0-5]\d:[0-5]\d,\d{3}[^\r\n]{0,100}\r?(?:\n|$)"
)
_SMS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?>(?:<\?[^>]*+>\s*+|<!--[^-]*+(?>(?:-(?!->)[^-]*+)*)-->\s*+)*)"
    rb"<(?:smses|calls|allsms)\s[^<>]*+/?>"
    rb"(?:\s*+</|\s*+$|\s*+(?>(?:<!--[^-]*+(?>(?:-(?!->)[^-]*+)*)-->\s*+)*)<(?:sms|mms|call)[\s/])"
)
_AIDER = re.compile(
    rb"\s*+(?:# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d[ \t]*\r?(?:\n|$)|"
    rb"TO LLM(?: \([^()\r\n]{1,40}\))? \d{4}-\d\d-\d\dT[\d:.]{8,15}\r?\n-------\r?\n)"
)
_CURSOR = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+# [^\r\n]*+\r?\n_Exported on [^\r\n_]{1,80} from Cursor \([^()\r\n]{1,40}\)_"
)
_DISCORD = re.compile(rb"\s*={20,}[ \t]*\r?\nGuild: [^\r\n]*\r?\nChannel: ")


def as_aider(head: Head) -> Told | None:
    """Aider's history: begins with the line above a session, or above a call with its first message."""
    if head.wide or not _AIDER.match(head.raw):
        return None
    return "aider", 0.95, "begins as a history of Aider"


def as_cursor_export(head: Head) -> Told | None:
    """A chat exported by Cursor, by the two lines that it begins with."""
    if head.wide or not _CURSOR.match(head.raw):
        return None
    return "cursor-export", 0.95, "begins as a chat that Cursor exported"


def as_discord(head: Head) -> Told | None:
    """The head that DiscordChatExporter writes above a channel in plain text."""
    if head.wide or not _DISCORD.match(head.raw):
        return None
    return "discord-text", 0.95, "begins as DiscordChatExporter's text"


def as_sms_backup(head: Head) -> Told | None:
    """A backup of text messages or calls, by its first element and those in it."""
    if head.wide or not _SMS.match(head.raw):
        return None
    return "sms-backup", 0.97, "opens as a backup of text messages or calls"


def as_transcript(head: Head) -> Told | None:
    """A transcript in WebVTT, by the first line that each must have, or in SubRip, by its first cue."""
    if head.wide:
        return None
    if _WEBVTT.match(head.raw):
        return "webvtt", 0.98, "begins as WebVTT"
    return ("webvtt", 0.95, "begins with a cue of SubRip") if _SUBRIP.match(head.raw) else None


def as_imessage(head: Head) -> Told | None:
    """A conversation of Messages as imessage-exporter writes it: begins with its time, who wrote it below."""
    if head.wide or not head.lines or not _MESSAGES.match(head.raw):
        return None
    return "imessage-text", 0.95, "begins as a conversation of Messages on Apple devices"


def as_chat(head: Head) -> Told | None:
    """A chat: the first line that is not blank has a stamp, and behind most stamps somebody speaks.

    A program's log has stamps too, but levels such as ERROR where a chat has names; a table's rows may begin
    with a time, but its first line has none.
    """
    if head.wide:
        return None
    if _is_in_blocks(head):
        return "chat-text", 0.8, "blocks that begin with a date, a time and a name"
    lines = [line[:400].decode("utf-8", "replace") for line in head.lines if line.strip()]
    stamps = [(line, stamp_at(line)) for line in lines]
    if not stamps or not any(stamp for _, stamp in stamps[:5]):
        return None
    rests = [line[stamp.end :] for line, stamp in stamps if stamp is not None]
    spoken = sum(_SPOKEN.match(rest) is not None for rest in rests)
    levels = sum(_LEVEL.match(rest) is not None for rest in rests)
    if not spoken or levels * 3 > len(rests) or (len(rests) == 1 and len(lines) > 5):
        return None
    if stamps[0][1] is None and is_known_table(head):
        return None
    return "chat-text", 0.9, f"{len(rests)} of the first {len(lines)} lines begin a chat's message"


def _is_in_blocks(head: Head) -> bool:
    """Date, time and name on a line behind an empty one, twice at least, with words below each.

    Where the name comes first, as in many another text, the file must begin with such a line.
    """
    lines = [line[:400].decode("utf-8", "replace").rstrip() for line in head.lines]
    begins = [
        (number, stamp)
        for number, line in enumerate(lines)
        if (stamp := stamp_at(line, alone=True))
        and not (stamp.name and number and lines[number - 1])  # a line of somebody's words
    ]
    if len(begins) < 2 or (begins[0][1].name and any(lines[: begins[0][0]])):
        return False
    return all(
        (not number or not lines[number - 1]) and (number + 1 >= len(lines) or lines[number + 1])
        for number, _ in begins
    )


def as_irc(head: Head) -> Told | None:
    """A log of IRC: nearly all its lines have the form of one program's log, and somebody speaks."""
    lines = [line[:400].decode("utf-8", "replace") for line in head.lines if line.strip()]
    found = [irc_line(line) for line in lines]
    spoken = sum(each is not None and bool(each.nick) and not each.event for each in found)
    fit = sum(
        each is not None or day_of(line) is not None
        for each, line in zip(found, lines, strict=True)
    )
    if not spoken or fit * 10 < len(lines) * 8 or head.wide:
        return None
    return "irc-log", 0.9, f"{fit} of the first {len(lines)} lines are those of an IRC log"


def as_chat_page(head: Head) -> Told | None:
    """A chat exported as a web page, by what its exporter alone writes into a page."""
    if b"<" not in head.raw[:4096] or head.wide:
        return None
    from casekit.ingest.readers.chat_page import ACTIVITY, exporter_of

    found = exporter_of(head.raw)
    if found is None:
        return None
    form = "gemini-page" if found.name == ACTIVITY else "chat-page"
    return form, 0.95, f"a page as {found.name} writes it"


def as_daily_chat(head: Head) -> Told | None:
    """A chat of a program that writes its days on lines of their own, or none."""
    if head.wide:
        return None
    lines = [line[:400].decode("utf-8", "replace") for line in head.lines if line.strip()][:_DAILY]
    form = form_of(lines)
    return ("daily-chat", 0.9, f"a chat as {form.service} writes it") if form else None
