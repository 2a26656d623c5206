"""A mailbox file: messages one behind the other, each behind a line that begins with `From `."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator

from casekit.ingest.mail.fields import read_header
from casekit.ingest.mail.message import read_message
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.sniff_text import MMDF

MAX_LINE = 1000
"""Bytes of a `From ` line that are looked at."""

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rb"From (?=[^\n]*\b"
    + _MONTH
    + rb"\b)(?=[^\n]*\b\d{1,2}:\d\d)(?=[^\n]*\b(?:19|20)\d\d\b)[^\n]*\n?"
)
_UNDATED = re.compile(rb"From (?:-|[^\s@]+@[^\s@]+)[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:)")
_KNOWN_NEXT = re.compile(
    rb"[^\n]*\n(?:return-path|received|delivered-to|message-id|date|from|to|subject|reply-to|sender|"
    rb"mime-version|content-[a-z-]+|dkim-signature|status|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rb"^Content-Length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_LEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")
_WINDOW = 4096


def read(untrusted_data: bytes | mmap.mmap, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read a mailbox (mboxo, mboxrd, mboxcl; RFC 4155).

    A message begins behind a line `From …` that carries a month, a time and a year of four digits, or
    no more than an address or `-`. It stands at the file's beginning, after an empty line, or where a
    well-known header field follows it. The message's bytes end before the empty line; the `From ` lines
    and empty lines are separators. `>From ` in the bytes stays; in the text it loses its mark. In an MMDF
    mailbox a message stands between two lines of four control characters.
    """
    if untrusted_data[: len(MMDF)] == MMDF:
        return _read_mmdf(untrusted_data, context)
    return _Mailbox(untrusted_data, context).read()


def _read_mmdf(
    untrusted_data: bytes | mmap.mmap, context: Context
) -> Iterator[Parsed | Problem | Books]:
    """The messages between MMDF's lines; the last one may lack its second.

    Source: mmdf(5); Python `mailbox.MMDF`.
    """
    data, size = untrusted_data, len(untrusted_data)
    good = lost = at = 0
    line = 1
    while at < size:
        marked = data[at : at + len(MMDF)] == MMDF
        if not marked and not _FIELD.match(data[at : at + MAX_LINE]):
            stop = _mmdf_line(data, at)
            text = "These bytes stand between two messages and were left out."
            if data[at:stop].strip():
                yield Problem("frame", "bytes-outside", text, line, at, stop - at)
                lost += stop - at
            line += data[at:stop].count(b"\n")
            at = stop
            continue
        begin = at + len(MMDF) * marked  # some write one line between two messages
        stop = _mmdf_line(data, begin)
        if data[begin : begin + 5] == b"From ":
            begin = min(data.find(b"\n", begin, stop) + 1 or stop, stop)
        raw = data[begin:stop]
        first = line + data[at:begin].count(b"\n")
        digest = hashlib.sha256(raw).digest()
        step = Step("slice", offset=begin, length=len(raw), line=first, sha256=digest)
        yield read_message(raw, context, steps=(step,), digest=digest, from_mbox=True)
        good += len(raw)
        line += data[at : stop + len(MMDF)].count(b"\n")
        at = stop + len(MMDF)
    yield Books(good, lost, size - good - lost)


def _mmdf_line(data: bytes | mmap.mmap, begin: int) -> int:
    """Where the next line of MMDF begins, from `begin` on; the end if there is none."""
    if data[begin : begin + len(MMDF)] == MMDF:
        return begin
    return data.find(b"\n" + MMDF, begin) + 1 or len(data)


class _Mailbox:
    def __init__(self, untrusted_data: bytes | mmap.mmap, context: Context) -> None:
        self._data = untrusted_data
        self._size = len(untrusted_data)
        self._context = context
        self._lengths_differ = False

    def read(self) -> Iterator[Parsed | Problem | Books]:
        data, size = self._data, self._size
        first = at = self._first()
        blank = _LEAD.match(data[:_WINDOW])
        lead = min(blank.end() if blank else 0, first)
        if lead < first:
            text = "The file does not begin with a message; these bytes were left out."
            yield Problem(
                "frame",
                "no-separator",
                text,
                offset=lead,
                length=first - lead,
                line=1 + data[:lead].count(b"\n"),
            )
        good = count = 0
        line = 1 + data[:first].count(b"\n")
        while at < size:
            begin = data.find(b"\n", at) + 1 or size
            stop = self._next(begin)
            raw = data[begin : self._without_blank(begin, stop)]
            digest = hashlib.sha256(raw).digest()
            line += data[begin - 1 : begin] == b"\n"  # the last From line may be cut off
            step = Step("slice", offset=begin, length=len(raw), line=line, sha256=digest)
            yield read_message(raw, self._context, steps=(step,), digest=digest, from_mbox=True)
            self._compare_length(raw)
            line += raw.count(b"\n") + (stop - begin > len(raw))
            good += len(raw)
            count += 1
            at = stop
        if self._lengths_differ:
            yield from self._by_length(first, count)
        yield Books(good, first - lead, size - good - (first - lead))

    def _first(self) -> int:
        """Where the first `From ` line is; the end if there is none."""
        lead = _LEAD.match(self._data[:_WINDOW])
        at = lead.end() if lead else 0
        if self._is_separator(at):
            return at
        return self._next(at)

    def _is_separator(self, at: int) -> bool:
        line = self._data[at : at + MAX_LINE]
        if _DATED.match(line) is None and _UNDATED.match(line) is None:
            return False
        data = self._data
        if at < 2 or data[at - 2] == 10 or data[at - 3 : at] == b"\n\r\n":
            return True
        return _KNOWN_NEXT.match(line) is not None  # as Netscape wrote them, without an empty line

    def _next(self, begin: int) -> int:
        """Where the `From ` line behind the message at `begin` is; the end if it is the last."""
        at = self._data.find(b"\nFrom ", max(0, begin - 1)) + 1
        while at and not (at >= begin and self._is_separator(at)):
            at = self._data.find(b"\nFrom ", at) + 1
        return at or self._size

    def _without_blank(self, begin: int, stop: int) -> int:
        """Where the message that ends at `stop` ends without the empty line that separates it."""
        tail = self._data[max(begin - 1, stop - 3) : stop]
        if tail.endswith(b"\n\n"):
            return max(begin, stop - 1)
        if tail.endswith(b"\n\r\n"):
            return max(begin, stop - 2)
        return stop

    def _declared_end(self, begin: int) -> int:
        """Where the message at `begin` ends by its Content-Length; 0 if it has none."""
        head = self._data[begin : begin + 16 * _WINDOW]
        header = read_header(head)
        declared = _LENGTH.search(head, 0, header.body)
        return begin + header.body + int(declared[1]) if declared else 0

    def _compare_length(self, raw: bytes) -> None:
        if not self._lengths_differ and raw.find(b"ontent-Length:", 0, 2 * _WINDOW) >= 0:
            header = read_header(raw)
            declared = _LENGTH.search(raw, 0, header.body)
            if declared and not 0 <= len(raw) - header.body - int(declared[1]) <= 2:
                self._lengths_differ = True

    def _by_length(self, first: int, count: int) -> Iterator[Problem]:
        """A problem if following Content-Length gives another number of messages."""
        found = 0
        at = first
        while at < self._size:
            found += 1
            begin = self._data.find(b"\n", at) + 1 or self._size
            end = self._declared_end(begin)
            while 0 < end < self._size and self._data[end : end + 1] in (b"\n", b"\r"):
                end += 1
            jumped = end > begin and (end >= self._size or self._data[end : end + 5] == b"From ")
            at = end if jumped else self._next(begin)
        if found != count:
            text = (
                f"Read by its From lines the mailbox has {count:,} messages, "
                f"read by Content-Length {found:,}; the From lines count."
            )
            yield Problem("frame", "content-length", text)
