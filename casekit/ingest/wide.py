"""Records in UTF-16 and UTF-32: framed as UTF-8 and given back with their place and bytes in the file.

Excel's "Unicode text" and what PowerShell redirects into a file are such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.framing import Fault, Ledger, Record

Framing = Callable[[Data, Ledger], Iterator[Record | Fault]]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_PASS = "surrogatepass"
_UTF_32 = re.compile(rb"([{[]\0\0\0[\t\n\r -~]\0\0\0)|\0\0\0[{[]\0\0\0[\t\n\r -~]")

HEAD = 8
"""Bytes of a file that tell its encoding."""


def charset_of(untrusted_head: bytes) -> tuple[str, int]:
    """A file's encoding by its first `HEAD` bytes, and the length of its byte order mark.

    UTF-16 without a mark is told by the empty halves of two ASCII characters, UTF-32 by a bracket that begins
    JSON and another ASCII character; all else is `utf-8`.
    """
    head = untrusted_head[:4]
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name, len(bom)
    if unmarked := _UTF_32.match(untrusted_head):
        return ("utf-32-le" if unmarked.group(1) else "utf-32-be"), 0
    if len(head) == 4 and head.count(0) == 2:
        if head[0] == head[2] == 0:
            return "utf-16-be", 0
        if head[1] == head[3] == 0:
            return "utf-16-le", 0
    return "utf-8", 0


def is_wide(untrusted_data: Data) -> bool:
    """Whether a file is in an encoding that does not contain ASCII."""
    return charset_of(untrusted_data[:HEAD])[0] != "utf-8"


def widely(framing: Framing) -> Framing:
    """A framing for wide files from one for files in UTF-8.

    Line numbers are counted in the text. Bytes that are no text at all make one fault of the file.
    """

    def frames(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
        size = len(untrusted_data)
        charset, skip = charset_of(untrusted_data[:HEAD])
        unit = 4 if charset.startswith("utf-32") else 2
        whole = skip + (size - skip) // unit * unit
        try:
            text = untrusted_data[skip:whole].decode(charset, _PASS).encode("utf-8", _PASS)
        except UnicodeDecodeError:
            said = f"Its bytes are no valid {charset.upper()}."
            yield Fault("bad-encoding", said, 0, size, 1)
            return
        used = seen = 0
        at = skip
        for frame in framing(text, Ledger()):
            length = frame.length if isinstance(frame, Fault) else len(frame.raw)
            start = at + _width(text[seen : frame.offset], charset)
            at = start + _width(text[frame.offset : frame.offset + length], charset)
            seen = frame.offset + length
            used += at - start
            if isinstance(frame, Fault):
                yield frame._replace(offset=start, length=at - start)
            else:
                yield msgspec.structs.replace(frame, raw=untrusted_data[start:at], offset=start)
        if whole < size:
            used += size - whole
            yield Fault("truncated", "Half a character stands at the end.", whole, size - whole, 1)
        ledger.separators += size - used

    return frames


def _width(text: bytes, charset: str) -> int:
    """Bytes that a piece of UTF-8 takes in the file's encoding."""
    return len(text.decode("utf-8", _PASS).encode(charset, _PASS))
