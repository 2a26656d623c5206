"""Tells a file's format by its content, with the reasons; the name only decides where content cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from casekit.ingest import sniff_captures, sniff_logs, sniff_svg, sniff_text
from casekit.ingest.sniff_cards import as_cards
from casekit.ingest.sniff_chat import (
    as_aider,
    as_chat,
    as_chat_page,
    as_cursor_export,
    as_daily_chat,
    as_discord,
    as_imessage,
    as_irc,
    as_sms_backup,
    as_transcript,
)
from casekit.ingest.sniff_load import as_load_file, as_opticon
from casekit.ingest.sniff_zip import zip_format
from casekit.ingest.tapes import is_tape


@dataclass(frozen=True, slots=True)
class Format:
    """What a file seems to be.

    Attributes:
        id: Of a row of `formats.FORMATS`, or `empty` or `unknown`.
        confidence: From 0 (a guess) to 1 (certain).
        reasons: Why, in words for a reader.
    """

    id: str
    confidence: float
    reasons: tuple[str, ...]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pdf", "PDF header"),
    (b"\x89PNG\r\n\x1a\n", "image", "PNG signature"),
    (b"\xff\xd8\xff", "image", "JPEG signature"),
    (b"\x1f\x8b\x08", "gzip", "gzip signature"),
    (_OLE, "unknown", "OLE compound file (old Office, Outlook message)"),
    (b"!BDN", "pst", "Outlook mailbox (PST)"),
    (b"\x78\x9f\x3e\x22", "tnef", "TNEF (winmail.dat)"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7-Zip signature"),
    (b"Rar!\x1a\x07", "unknown", "RAR archive"),
    (b"\xfd7zXZ\x00", "xz", "XZ signature"),
    (b"\x28\xb5\x2f\xfd", "zst", "Zstandard signature"),
    (b"\x04\x22\x4d\x18", "unknown", "LZ4 file"),
    (b"SQLite format 3\x00", "sqlite", "SQLite database"),
    (b"PAR1", "parquet", "Parquet file"),
    (b"PARE", "parquet", "encrypted Parquet file"),
    (b"{\\rtf", "rtf", "Rich Text Format"),
    (b"WARC/", "warc", "web archive (WARC)"),
    (b"GIF8", "unknown", "GIF picture"),
    (b"II*\x00", "unknown", "TIFF picture"),
    (b"MM\x00*", "unknown", "TIFF picture"),
    (b"\xd7\xcd\xc6\x9a", "unknown", "Windows metafile"),
    (b"\x7fELF", "unknown", "program"),
    (b"%!PS", "unknown", "PostScript"),
    (b"filedesc:", "arc", "web archive (ARC)"),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18(?s:.){4,}?\x28\xb5\x2f\xfd")
_LATE_PDF = re.compile(rb"%PDF-\d")
_BARE_PDF = re.compile(rb"\s*(?:%[^\r\n]*[\r\n]+\s*)?\d+ \d+ obj\b")
_PDF_WITHIN = 1024

_Told = tuple[str, float, str]
_TESTS: tuple[Callable[[sniff_text.Head], _Told | None], ...] = (
    as_load_file,
    as_opticon,
    sniff_captures.as_har,
    sniff_captures.as_flows,
    sniff_captures.as_cassette,
    sniff_captures.as_mhtml,
    sniff_captures.as_event_stream,
    as_cards,
    sniff_text.as_mbox,
    sniff_text.as_mail,
    sniff_text.as_json,
    sniff_logs.as_w3c_log,
    sniff_text.as_access_log,
    sniff_logs.as_server_log,
    as_aider,
    as_cursor_export,
    as_discord,
    as_transcript,
    as_sms_backup,
    as_imessage,
    as_daily_chat,
    as_chat,
    as_irc,
    sniff_svg.as_svg,
    as_chat_page,
    sniff_text.as_html,
    sniff_text.as_csv,
)


def identify(untrusted_head: bytes, size: int, name: str) -> Format:
    """Tell the format of a file.

    Args:
        untrusted_head: Its first bytes, 64 KiB or more where it has them.
        size: Bytes of the whole file.
        name: Its name, a hint of last resort.

    Returns:
        The format that fits best; `unknown` for what no reader reads, with what it is where that shows.
    """
    if not size:
        return Format("empty", 1.0, ("no bytes",))
    told = _by_magic(untrusted_head, name) or _as_tensors(untrusted_head, size)
    if told is not None:
        return Format(told[0], told[1], (told[2],))
    head = sniff_text.head_of(untrusted_head, size, name)
    late = _LATE_PDF.search(untrusted_head, 0, _PDF_WITHIN)
    if late is not None and sniff_text.as_mail(head) is None:
        return Format("pdf", 0.8, (f"PDF header {late.start()} bytes behind the start",))
    if _BARE_PDF.match(untrusted_head):
        return Format("pdf", 0.7, ("a PDF's first object, without its header",))
    reasons = (head.reason,) if head.reason else ()
    for test in _TESTS:
        told = test(head)
        if told is not None:
            return Format(told[0], told[1], (told[2], *reasons))
    told = sniff_text.as_text(head)
    return Format(told[0], told[1], (told[2], *reasons))


def _as_tensors(untrusted_head: bytes, size: int) -> _Told | None:
    """A safetensors file: the length of its header, then that header in JSON, which may fill the whole head."""
    length = int.from_bytes(untrusted_head[:8], "little")
    if untrusted_head[8:10] == b'{"' and 2 <= length <= size - 8 and 0 in untrusted_head[:8]:
        return "unknown", 0.9, "safetensors header"
    return None


def _by_magic(untrusted_head: bytes, name: str) -> _Told | None:
    for magic, form, reason in _MAGIC:
        if untrusted_head.startswith(magic):
            if magic == _OLE and _LOCKED in untrusted_head:
                return form, 1.0, "Office file locked with a password"
            return form, 1.0, reason
    if untrusted_head.startswith(
        (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK", b"PK00PK\x03\x04")
    ):
        return zip_format(untrusted_head, name)
    if _BZIP2.match(untrusted_head):
        return "bz2", 1.0, "bzip2 signature"
    if untrusted_head[257:262] == b"ustar" or is_tape(untrusted_head):
        return "tar", 1.0, "tar header"
    if _SKIPPABLE.match(untrusted_head):
        return "zst", 1.0, "Zstandard frames behind one that is passed over"
    if untrusted_head[40:44] == b" EMF":
        return "unknown", 1.0, "enhanced metafile"
    if untrusted_head[:4] == b"RIFF" or untrusted_head[4:8] == b"ftyp":
        return "unknown", 0.9, "picture, sound or film"
    return None
