"""Chats kept as text: WhatsApp's exports of every country, and what other programs write alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from casekit.ingest.charsets import decode_text, tidy
from casekit.ingest.chat_stamps import Calendar, Stamp, Votes, stamp_at
from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import BOM, MAX_RECORD
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem
from casekit.ingest.records import document

_HEAD = 64 * 1024
_LONGEST_STAMP = 400
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARK = "\u200e"
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SENDER = re.compile(r"([^\n]{1,100}?): ")
_WORDS_OF_A_NAME = 8
_MOST_NAMES = 10_000
_NAMED = re.compile(
    r"(?i).{0,30}?whatsapp(?:[ -]?chat)?\s+(?:with|mit|con|com|avec|met|med|z|с|ile|-|–)\s+"
    r"(.+?)(?:\.txt|\.zip)?"
)
_ATTACHED = re.compile(r"<[^<>:：\n]{2,30}[:：]\s?([^<>\n]{1,200}\.\w{2,5})\s?>")
_FILE = re.compile(r"\u200e?([^\n<>:\"/\\|?*]{1,200}\.\w{2,5}) \([^()\n]{3,40}\)(?:\n|$)")
_LEFT_OUT = re.compile(r"\u200e?<[^<>\n:]{3,60}>")
_EDITED = re.compile(r"[\u200e ]<([^<>\n:]{8,80})>$")
_DELETED = re.compile(
    r"(?i)\u200e?(?:this message was deleted|you deleted this message|se eliminó este mensaje|"
    r"eliminaste este mensaje|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht|"
    r"ce message a été supprimé|vous avez supprimé ce message|esta mensagem foi apagada|mensagem apagada|"
    r"você apagou esta mensagem|questo messaggio è stato eliminato|hai eliminato questo messaggio|"
    r"dit bericht is verwijderd|u hebt dit bericht verwijderd)[\s.]*"
)


class _Line(NamedTuple):
    """A line that begins a message: where it stands, its number, its stamp and who seems to speak."""

    offset: int
    number: int
    stamp: Stamp
    sender: str


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each stamp, with all lines up to the next; what comes before the first is quarantined.

    Facts besides those of every chat: `date_order` (such as `dmy`) and `date_order_by`, `generated` (the
    words are the program's, by its mark U+200E), `left_out` (what was not exported), `event` of a line
    that nobody said.

    Besides `date, time - name: words` and `[date, time] name: words`, the form of WeChat's and QQ's tools is
    read: date, time and name on a line, the words below, an empty line behind; and what is copied from DingTalk
    and Feishu, where the name comes first on that line.

    Source: faq.whatsapp.com, "How to export your chat history"; there is no specification.
    """
    charset = _charset(untrusted_data[:_HEAD])
    alone = False
    votes, first, nobody = _counted(untrusted_data, charset, alone=False)
    if first is None:
        alone = True
        votes, first, nobody = _counted(untrusted_data, charset, alone=True)
    if first is None:
        said = "No line of it begins with a date and a time; the file is kept as one document."
        problem = Problem("frame", "no-stamp", said)
        yield from document(untrusted_data, context, "text/plain", (problem,))
        return
    calendar = votes.decide()
    yield from _doubts(votes, calendar)
    lead = len(BOM) if untrusted_data[:3] == BOM else 0
    if first.offset > lead:
        said = "These bytes stand before the first message."
        yield Problem("frame", "preamble", said, 1, lead, first.offset - lead)
    chat = _Chat(context, calendar, charset, nobody)
    good = 0
    skipped = max(0, first.offset - lead)
    for line, after in _with_next(_stamped(untrusted_data, charset, alone=alone)):
        stop = len(untrusted_data) if after is None else after.offset
        if stop - line.offset > MAX_RECORD:
            said = f"The message is longer than {MAX_RECORD:,} bytes and was not read."
            yield Problem("frame", "too-long", said, line.number, line.offset, stop - line.offset)
            skipped += stop - line.offset
            continue
        raw = untrusted_data[line.offset : stop].removesuffix(b"\n").removesuffix(b"\r")
        good += len(raw)
        yield chat.message(raw, line)
    yield Books(good, skipped, len(untrusted_data) - good - skipped)


def _charset(untrusted_head: bytes) -> str:
    """The charset if lines can be found in it byte by byte; else empty."""
    cut = untrusted_head[: untrusted_head.rfind(b"\n") + 1] or untrusted_head
    text = cut.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if bad * 2 <= sum(map("\x7f".__lt__, text)) and b"\0\0" not in cut[:4] and cut[:2] not in _WIDE:
        return "utf-8"
    found = decode_text(cut).charset
    return "" if found.startswith(("utf-16", "utf-32", "utf_16", "utf_32")) else found


def _counted(
    untrusted_data: Data, charset: str, *, alone: bool
) -> tuple[Votes, _Line | None, frozenset[str]]:
    """What all stamps of the file say, the first of them, and what looks like a sender and is none."""
    votes = Votes()
    names: Counter[str] = Counter()
    first: _Line | None = None
    for line in _stamped(untrusted_data, charset, alone=alone):
        first = first or line
        votes.add(line.stamp)
        if line.sender in names or len(names) < _MOST_NAMES:
            names[line.sender] += 1
    speakers = {name for name, count in names.items() if count > 1 and name}
    once = (name for name, count in names.items() if count == 1)
    return votes, first, frozenset(name for name in once if _begins_with(name, speakers))


def _begins_with(name: str, speakers: set[str]) -> bool:
    """Such as `Ann changed the rules to` where Ann speaks elsewhere; `Ann Lee` may be somebody else."""
    words = name.split(" ")
    return any(" ".join(words[:count]) in speakers for count in range(1, len(words) - 2))


def _stamped(untrusted_data: Data, charset: str, *, alone: bool) -> Iterator[_Line]:
    """The lines that begin a message: those with a stamp of the same form as the first one's."""
    size, number = len(untrusted_data), 0
    at = len(BOM) if untrusted_data[:3] == BOM else 0
    form: tuple[str, str, bool, bool] | None = None
    blank = True
    while charset and at < size:
        number += 1
        end = untrusted_data.find(b"\n", at)
        end = size if end < 0 else end
        start = untrusted_data[at : min(end, at + _LONGEST_STAMP)]
        if (
            alone
            or any(48 <= byte <= 57 for byte in start[:12])
            or start[:1] > b"\x7f"
            or start[:1] == b"["
        ):
            text = start.rstrip(b"\r").decode(charset, "replace")
            stamp = stamp_at(text.rstrip() if alone else text, alone=alone)
            behind_words = stamp is not None and bool(stamp.name) and not blank
            if stamp is not None and form in (None, stamp.form) and not behind_words:
                form = stamp.form
                name = "" if alone else _parted(text[stamp.end :])[0]
                yield _Line(at, number, stamp, name)
        blank = not start.strip()
        at = end + 1


def _with_next(lines: Iterator[_Line]) -> Iterator[tuple[_Line, _Line | None]]:
    last: _Line | None = None
    for line in lines:
        if last is not None:
            yield last, line
        last = line
    if last is not None:
        yield last, None


def _doubts(votes: Votes, calendar: Calendar) -> Iterator[Problem]:
    """What had to be assumed of all dates and times of the file."""
    if calendar.by == "assumed":
        first = "month" if calendar.order == "mdy" else "year" if calendar.order == "ymd" else "day"
        said = (
            "No date of the file tells whether the day or the month comes first; "
            f"it was read with the {first} first."
        )
        yield Problem("parse", "ambiguous-date", said)
    if calendar.offset:
        said = "The years are those of the Thai calendar and were read 543 years earlier."
        yield Problem("parse", "other-calendar", said)
    if votes.halves_unknown:
        said = "Words beside the times may tell morning from evening in a language that is not known here."
        yield Problem("parse", "ambiguous-time", said)


class _Chat:
    """One file's chat: what is the same for all its messages."""

    def __init__(
        self, context: Context, calendar: Calendar, charset: str, nobody: frozenset[str]
    ) -> None:
        self._nobody = nobody
        self._context = context
        self._calendar = calendar
        self._charset = charset
        stem = context.name.rpartition("/")[2]
        for name in (stem, context.folder):
            found = _NAMED.fullmatch(name)
            if found:
                self._name, self._named = found[1], True
                return
        self._name = context.folder if stem.startswith("_chat") else stem.removesuffix(".txt")
        self._named = False

    def message(self, raw: bytes, line: _Line) -> Parsed:
        """The item of one message."""
        whole = tidy(raw.decode(self._charset, "replace"))
        stamp = line.stamp
        alone = stamp.form[0] == "alone"
        sender, text = (_below if alone or stamp.name else _parted)(whole[stamp.end :])
        sender = stamp.name or sender
        if sender in self._nobody:
            sender, text = "", whole[stamp.end :]
        draft = Draft(raw, self._context)
        if "\ufffd" in whole and b"\xef\xbf\xbd" not in raw:
            said = "Some of its bytes are no valid text and are shown as replacement characters."
            draft.problems = (Problem("parse", "bad-utf8", said),)
        when = self._calendar.when(stamp)
        if when is None:
            said = "No calendar has the date that the line begins with."
            draft.problems += (Problem("parse", "bad-date", said),)
        parties = [Party("from", sender, "")] if sender else []
        if self._named and self._name != sender:
            parties.append(Party("to", self._name, ""))
        facts: dict[str, Any] = {
            "chat": self._name,
            "event": "" if sender else "system line",
            "date_order": self._calendar.order,
            "date_order_by": self._calendar.by,
            **_marked(text),
        }
        service = "WhatsApp" if self._named or _is_whatsapp(stamp) else "chat as text"
        put_message(draft, service, text=text, when=when, parties=parties, facts=facts)
        return finish(draft, line.offset, line.number, "", "text/plain")


def _is_whatsapp(stamp: Stamp) -> bool:
    """Its exports have a dash, or brackets and seconds; others write none, or the date as ISO 8601 has it."""
    if stamp.form[0] == "[" and stamp.form[1] == "-" and stamp.numbers[0] > 99:
        return False
    return stamp.form[0] in ("", ":", "clock first") or (stamp.form[0] == "[" and stamp.form[3])


def _parted(rest: str) -> tuple[str, str]:
    """Sender and words; a line without a colon behind a name is one that nobody said."""
    found = _SENDER.match(rest)
    if found is None:
        return "", rest
    name = _MARKS.sub("", found[1]).strip()
    if not name or any(each in name for each in '"“”„«»') or len(name.split()) > _WORDS_OF_A_NAME:
        return "", rest  # such as: Ann changed the subject to "Plan: B"
    return name, rest[found.end() :]


def _below(rest: str) -> tuple[str, str]:
    """Sender and words where the words stand below; the empty line behind them only parts them."""
    name, _, text = rest.partition("\n")
    return _MARKS.sub("", name).strip(), text.removesuffix("\n")


def _marked(text: str) -> dict[str, Any]:
    """What the program wrote in place of, or behind, what was said."""
    attached = _ATTACHED.search(text) or _FILE.match(text)
    edited = _EDITED.search(text)
    return {
        "attachments": [{"name": attached[1].strip(_MARK)}] if attached else [],
        "left_out": text.strip(_MARK) if not attached and _LEFT_OUT.fullmatch(text) else "",
        "deleted": bool(_DELETED.fullmatch(text)),
        "edited": edited[1] if edited and edited.start() > 0 and not attached else "",
        "generated": text.startswith(_MARK) and not attached,
    }
