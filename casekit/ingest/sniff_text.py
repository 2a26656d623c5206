"""Tests that tell one text format from another at a file's head: mail, JSON, log, web page, table, prose."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from casekit.ingest.csv_framing import DELIMITER_LINE, DELIMITERS, Row, csv_rows, record_bytes
from casekit.ingest.dialects.access_lines import is_access_line
from casekit.ingest.framing import ASSIGNED, BOM, Fault, Ledger, json_values
from casekit.ingest.framing import Record as Framed
from casekit.ingest.strict_json import BadJson, parse
from casekit.ingest.wide import HEAD, charset_of

Told = tuple[str, float, str]
"""Format id, confidence, reason."""

_LINES = 200
_MAILDIR = re.compile(
    r"[:;!]2,[A-Za-z]{0,12}\Z|(?:\A|/)(?:cur|new)/[^/]+\Z|"
    r"(?:\A|/)\d{9,11}\.(?:[A-Z]\w*\d\w*|\d+(?:_\d+)?)\.[^/]+(?<!\.txt)(?<!\.log)\Z"
)
"""A message of a Maildir has no ending: it is known by its flags, its folder or its unique name."""

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (BOM, "utf-8"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, made ready for the tests.

    Attributes:
        raw: Its bytes, without a byte order mark, in an encoding that contains ASCII.
        lines: The first lines, without ends; the last one only if it is whole.
        whole: Whether this is all of the file.
        suffix: The name's ending in lower case, with its dot.
        reason: What was found out of the encoding, or empty.
        wide: The file is UTF-16 or UTF-32.
    """

    raw: bytes
    lines: list[bytes]
    whole: bool
    suffix: str
    reason: str
    wide: bool


def head_of(untrusted_head: bytes, size: int, name: str) -> Head:
    """The head as ASCII-compatible bytes, whatever its encoding."""
    raw, reason, wide = untrusted_head, "", False
    charset, skip = _encoding(untrusted_head)
    if charset != "utf-8":
        raw, reason, wide = untrusted_head[skip:].decode(charset, "replace").encode(), charset, True
    elif skip:
        raw, reason = untrusted_head[skip:], "UTF-8 with byte order mark"
    whole = len(untrusted_head) >= size
    found = re.split(rb"\r\n|\n|\r", raw)
    if not whole and len(found) > 1:
        found.pop()
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if _MAILDIR.search(name):
        suffix = ".eml"
    return Head(raw, found[:_LINES], whole, suffix, reason, wide)


def _encoding(raw: bytes) -> tuple[str, int]:
    """The encoding by its mark, by how JSON begins in UTF-32, or by the empty halves of ASCII in UTF-16."""
    for bom, charset in _BOMS:
        if raw.startswith(bom):
            return charset, len(bom)
    charset = charset_of(raw[:HEAD])[0]
    if charset.startswith("utf-32"):
        return charset, 0
    piece = raw[:512]
    if len(piece) >= 4 and 0 in piece:
        even, odd = piece[0::2].count(0), piece[1::2].count(0)
        half = len(piece) // 2
        if odd >= half * 0.7 and even <= half * 0.05:
            return "utf-16-le", 0
        if even >= half * 0.7 and odd <= half * 0.05:
            return "utf-16-be", 0
    return "utf-8", 0


# -- mail -----------------------------------------------------------------------------------------

_FROM = re.compile(
    rb"From (?:\S+ +)?.*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*\d\d:\d\d.*\d{4}\b|From \S+ .*\d{4}\s*$"
)
MMDF = b"\x01\x01\x01\x01\n"
"""The line before and behind each message of an MMDF mailbox."""
_FROM_SHORT = re.compile(rb"From (?:-|\S+@\S*)\s*$")
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_MAIL_NAMES = frozenset(
    b"from to cc bcc subject date received message-id mime-version content-type return-path sender "
    b"reply-to delivered-to in-reply-to references content-transfer-encoding content-disposition "
    b"dkim-signature x-mailer envelope-to resent-from resent-to resent-date x-original-to list-id "
    b"x-received arc-seal authentication-results x-mozilla-status organization user-agent "
    b"x-spam-status x-apparently-to importance errors-to precedence thread-index status".split()
)
_PLAIN_NAMES = frozenset(
    (b"date", b"content-type", b"user-agent", b"status", b"importance", b"to", b"organization")
)
_MAIL_SUFFIXES = frozenset((".eml", ".emlx", ".msg", ".mhtml", ".mht"))
_MULTIPART = re.compile(rb"(?i)content-type:\s*multipart/[^;]+;\s*boundary=")
_NOT_MAIL = (b"HTTP/1.", b"HTTP/2", b"BEGIN:V", b"GET ", b"POST ", b"WARC/")


def as_mbox(head: Head) -> Told | None:
    """A From_ line at the start, blank lines before it allowed, and a header field below it; or MMDF's line."""
    if head.raw.startswith(MMDF) and len(head.lines) > 1 and _FIELD.match(head.lines[1]):
        return "mbox", 0.95, "begins with MMDF's line"
    for number, line in enumerate(head.lines):
        if not line.strip():
            continue
        field = _FIELD.match((head.lines[number + 1 : number + 2] or [b""])[0].removeprefix(b">"))
        if _FROM.match(line) and (
            field or not b"".join(head.lines[number + 1 : number + 2]).strip()
        ):
            return "mbox", 0.95, "begins with a From_ line"
        if _FROM_SHORT.match(line) and field and field.group(1).lower() in _MAIL_NAMES:
            return "mbox", 0.8, "begins with a From_ line without a date, and a header field below"
        return None
    return None


def as_mail(head: Head) -> Told | None:
    """A block of header fields, two of them known ones of mail, odd lines among them forgiven."""
    if head.raw.lstrip().startswith(_NOT_MAIL):
        return None
    known: set[bytes] = set()
    fields = odd = 0
    for line in _header_block(head.lines):
        match = _FIELD.match(line)
        if match:
            fields += 1
            name = match.group(1).lower()
            if name in _MAIL_NAMES or name.startswith((b"x-", b"content-", b"resent-", b"list-")):
                known.add(name)
        elif not line.startswith((b" ", b"\t", b">From ")):
            odd += 1
    certain = known - _PLAIN_NAMES
    if len(known) >= 2 and certain and odd * 2 <= fields + 1:
        shown = ", ".join(sorted(each.decode("latin-1") for each in known)[:4])
        return "eml", 0.95 if not odd else 0.7, f"mail header fields {shown}"
    if known == {b"content-type"} and not odd and _MULTIPART.match(head.raw.lstrip()):
        return "eml", 0.6, "begins with the Content-Type of a message in several parts"
    if known and odd <= fields and head.suffix in _MAIL_SUFFIXES:
        return "eml", 0.6, "header fields, and the name of a mail"
    return None


def _header_block(lines: list[bytes]) -> list[bytes]:
    """The lines up to the first blank one behind a field; blank ones, and a number, before it forgiven."""
    start = 0
    while start < min(len(lines), 10) and (
        not lines[start].strip() or lines[start].strip().isdigit()
    ):
        start += 1
    block = []
    for line in lines[start:]:
        if not line.strip():
            break
        block.append(line)
    return block


# -- JSON -----------------------------------------------------------------------------------------

_OBJECT = re.compile(rb'\s*+\{\s*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"\s*+(?::|$)|\}|$)', re.DOTALL)
_ARRAY = re.compile(
    rb'\s*+(?:\[\s*+)+(?:\]|$|\{\s*+(?:"|\}|$)|'
    rb'(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?|true|false|null)\s*+(?:[,\]]|$))',
    re.DOTALL,
)


def as_json(head: Head) -> Told | None:
    """JSON by its first token, its lines and the keys of its first records."""
    raw = head.raw
    if ASSIGNED.match(raw):
        return "json-records", 0.95, f"JSON of an archive of X{_first_kind(raw)}"
    rows = [line for line in head.lines if line.strip()]
    good = [value for value in map(_object, rows[:50]) if value is not None]
    if len(rows) >= 2 and b"\n" in raw and len(good) * 2 >= len(rows[:50]):
        return "jsonl", 0.98, f"lines that are JSON objects{_kind(good[0])}"
    lone = len(rows) == 1 and head.suffix in (".jsonl", ".ndjson") and _OBJECT.match(raw)
    if lone and not _goes_on(raw):
        return "jsonl", 0.8, "begins as a JSON object, and the name of JSON Lines"
    if _OBJECT.match(raw) or _ARRAY.match(raw):
        return "json-records", 0.95, f"begins as JSON{_first_kind(raw)}"
    if head.suffix in (".json", ".jsonl") and not head.wide:
        if head.whole and _is_json(raw):
            return "json-records", 0.9, "one JSON value"
        if raw.lstrip()[:1] in (b"{", b"["):
            return "json-records", 0.5, "a bracket, and the name of JSON"
    return None


def _goes_on(raw: bytes) -> bool:
    """Whether another object follows the first in the same line, as Amazon Data Firehose writes records."""
    first = next(iter(json_values(raw, Ledger())), None)
    if not isinstance(first, Framed):
        return False
    return raw[first.offset + len(first.raw) :].lstrip()[:1] == b"{"


def _object(line: bytes) -> dict[str, object] | None:
    stripped = line.strip()
    if stripped[:1] != b"{":
        return None
    try:
        value, _ = parse(stripped)
    except BadJson:
        return None
    return value if isinstance(value, dict) else None


def _is_json(raw: bytes) -> bool:
    try:
        parse(raw)
    except BadJson:
        return False
    return True


def _kind(record: dict[str, object]) -> str:
    from casekit.ingest.dialects import recognise
    from casekit.ingest.nests import nest_of

    nest = nest_of(record)
    found = nest.name if nest else recognise(record)
    return f" of the kind {found}" if found else ""


def _first_kind(raw: bytes) -> str:
    """The kind of the first record that the head holds whole."""
    for frame in json_values(raw, Ledger()):
        if isinstance(frame, Framed) and isinstance(frame.value, dict):
            return _kind(frame.value)
        if isinstance(frame, Fault):
            break
    return ""


# -- other texts ----------------------------------------------------------------------------------

_TAG = re.compile(
    rb"<\s*/?(html|head|body|title|meta|link|script|style|div|span|table|tr|td|p|br|font|center|h[1-6]|"
    rb"a|img|ul|ol|li|form|b|i|hr|frameset|base|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+|<!--.*?-->\s*+|<!\[.*?>\s*+)*(?:<!doctype\s+html|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = frozenset(
    (b"html", b"head", b"body", b"title", b"meta", b"table", b"div", b"script", b"style")
)


def as_access_log(head: Head) -> Told | None:
    """Lines in the combined form, half of them at least."""
    rows = [line for line in head.lines if line.strip()]
    good = sum(map(is_access_line, rows))
    if good and good * 2 >= len(rows):
        return (
            "access-log",
            0.95,
            f"{good} of the first {len(rows)} lines are a web server's log lines",
        )
    return None


def as_html(head: Head) -> Told | None:
    """A web page by its opening, or by enough of its tags."""
    raw = head.raw[:65536]
    if _OPENING.match(raw[:8192]):
        return "html", 0.95, "opens as a web page"
    if _is_xml(raw) or raw.lstrip().startswith(_NOT_MAIL):
        return None
    tags = Counter(match.group(1).lower() for match in _TAG.finditer(raw))
    if _TAG.match(raw.lstrip()) and (_PAGE & tags.keys() or tags.total() >= 3):
        return "html", 0.8, "begins with a tag and has those of a web page"
    if head.suffix in (".html", ".htm", ".xhtml") and tags:
        return "html", 0.6, "has tags, and the name of a web page"
    if tags.total() * 60 > len(raw) and len(tags) >= 3:
        return "html", 0.6, "is thick with the tags of a web page"
    return None


def _is_xml(raw: bytes) -> bool:
    return raw.lstrip().startswith(b"<?xml")


def as_csv(head: Head) -> Told | None:
    """A table: the same number of fields in its rows, under a header of different names."""
    if head.suffix not in (".csv", ".tsv") and head.suffix not in (
        "",
        ".txt",
        ".dat",
        ".log",
        ".tab",
    ):
        return None
    named = head.suffix in (".csv", ".tsv", ".tab")
    if not _few_controls(head.raw) or not head.raw.strip():
        return None
    raw = head.raw if head.whole else record_bytes(head.raw)
    if told := DELIMITER_LINE.match(raw):
        raw = raw[told.end() :]
    for delimiter in DELIMITERS:
        rows = _rows(raw, delimiter)
        if len(rows) < 2:
            continue
        sure = named or _is_known(rows)
        width = len(rows[0])
        same = sum(len(row) == width for row in rows)
        if (
            width >= 2
            and len(rows) >= (2 if sure else 4)
            and same * 10 >= len(rows) * (7 if sure else 10)
            and _is_header(rows[0], sure)
        ):
            return (
                "csv",
                0.9 if named else 0.7,
                f"{len(rows)} rows of {width} fields by {delimiter!r}",
            )
    if named and head.lines and head.lines[0].strip():
        return "csv", 0.4, "the name of a table"
    return None


def is_known_table(head: Head) -> bool:
    """Whether this is a table by its name and form, or its columns are those of records CaseKit reads."""
    told = as_csv(head)
    if told is None:
        return False
    if told[1] >= 0.9:
        return True
    raw = head.raw if head.whole else record_bytes(head.raw)
    return any(
        len(rows) > 1 and _is_known(rows) for rows in (_rows(raw, each) for each in DELIMITERS)
    )


def _rows(raw: bytes, delimiter: str) -> list[list[str]]:
    found = []
    try:
        for row in csv_rows(raw, delimiter, "latin-1", Ledger()):
            found.append(row.fields if isinstance(row, Row) else [])
            if len(found) >= 50:
                break
    except csv.Error:
        return []
    return found


def _is_known(rows: list[list[str]]) -> bool:
    """Whether the columns are those of records that CaseKit reads: then two rows tell as much as many."""
    if len(rows[0]) != len(rows[1]) or len(rows[0]) < 2 or len({*rows[0]}) != len(rows[0]):
        return False
    from casekit.ingest.dialects import mapped, recognise

    record = dict(zip(rows[0], rows[1], strict=True))
    return bool(recognise(record)) or mapped.guess(record) is not None


def _is_header(names: list[str], named: bool) -> bool:
    """Whether the first row names columns: short, different, none of them empty or a number."""
    if named:
        return True
    plain = [name.strip() for name in names]
    return len(set(plain)) == len(plain) and all(
        name and len(name) <= 40 and not name[0].isdigit() and len(name.split()) <= 4
        for name in plain
    )


def as_text(head: Head) -> Told:
    """Text if its bytes are letters and no control characters, `unknown` otherwise."""
    raw = head.raw
    if head.wide:
        return "text", 0.9, "text in a wide encoding"
    if not _few_controls(raw):
        return "unknown", 0.6, "bytes that are no text"
    try:
        raw[: max(0, len(raw) - 3) if not head.whole else len(raw)].decode("utf-8")
    except UnicodeDecodeError:
        high = sum(byte > 0x7F for byte in raw[:4096]) / max(1, len(raw[:4096]))
        if high > 0.6 and not _is_double_byte(raw[:4096]):
            return "unknown", 0.4, "bytes that are no text in a known encoding"
        return "text", 0.6, "text in an older encoding"
    if head.suffix in (".eml", ".emlx") and raw.strip():
        return "eml", 0.3, "text with the name of a mail"
    return "text", 0.8, "plain text"


_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\b")) + b"\x7f"


def _control(raw: bytes) -> int:
    """Control characters that no text has."""
    return len(raw) - len(raw.translate(None, _CONTROL))


def _few_controls(raw: bytes) -> bool:
    """Whether at most one byte in fifty, or two of a few, are such: a single NUL must not hide a text."""
    found = _control(raw)
    return found * 50 <= len(raw) or (found <= 2 and len(raw) >= 20)


def _is_double_byte(raw: bytes) -> bool:
    """Whether it reads as Chinese, Japanese or Korean or as Cyrillic letters."""
    for charset in ("gb18030", "shift_jis", "euc-kr", "big5", "cp1251", "koi8-r"):
        try:
            raw[: len(raw) - 1].decode(charset)
        except UnicodeDecodeError:
            continue
        return True
    return False
