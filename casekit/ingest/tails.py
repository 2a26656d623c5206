"""Bytes behind the end of a picture or PDF: whoever looks at the file sees none of them."""

from __future__ import annotations

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.parsed import Context, Parsed, Problem, Step

_BLANK = b"\0\t\n\r \x1a"
_PNG = b"\x89PNG\r\n\x1a\n"


def end_of(untrusted_data: Data, form: str) -> int:
    """The byte behind a file's own end; its size where no end is found.

    Args:
        untrusted_data: The file.
        form: `PDF`, `PNG` or `JPEG`; any other has no end that could be told.

    Source: ISO 32000-2, 7.5.5; PNG (third edition), 5.3; ITU-T T.81, B.1.1.3.
    """
    size = len(untrusted_data)
    if form == "PNG":
        return _png_end(untrusted_data)
    mark = {"PDF": b"%%EOF", "JPEG": b"\xff\xd9"}.get(form, b"")
    at = untrusted_data.rfind(mark) if mark else -1
    return at + len(mark) if at >= 0 else size


def _png_end(untrusted_data: Data) -> int:
    at, size = len(_PNG), len(untrusted_data)
    if untrusted_data[:at] != _PNG:
        return size
    while at + 12 <= size:
        length = int.from_bytes(untrusted_data[at : at + 4], "big")
        kind = untrusted_data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return min(at, size)
    return size


def read_tail(
    untrusted_data: Data, form: str, context: Context
) -> tuple[tuple[Parsed, ...], tuple[Problem, ...]]:
    """What stands behind a file's end as a child that is read by its content, and the problem that tells it."""
    return read_behind(untrusted_data, end_of(untrusted_data, form), context)


def read_behind(
    untrusted_data: Data, end: int, context: Context
) -> tuple[tuple[Parsed, ...], tuple[Problem, ...]]:
    """The same for a file whose reader knows that it ends at `end`."""
    from casekit.ingest.parts import read_part

    start, size = end, len(untrusted_data)
    rest = untrusted_data[start:size]
    if not rest.strip(_BLANK):
        return (), ()
    lead = len(rest) - len(rest.lstrip(_BLANK))
    start, rest = start + lead, rest[lead:]
    made = read_part(rest, f"bytes {start} to {size - 1}", "", context)
    step = Step("slice", offset=start, length=len(rest), sha256=made.sha256)
    said = f"{len(rest):,} bytes stand behind the end of the file, where no program shows them; they were read."
    return (msgspec.structs.replace(made, steps=(step,)),), (
        Problem("parse", "bytes-behind", said, offset=start),
    )
