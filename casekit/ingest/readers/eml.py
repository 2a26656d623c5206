"""A file that is one mail message."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator

from casekit.ingest.mail.message import read_message
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step

_COUNTED = re.compile(rb"\s{0,8}(\d{1,12})[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:)")


def read(untrusted_data: bytes | mmap.mmap, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read one message (RFC 5322 with MIME, whatever state it is in).

    An `.emlx` of Apple Mail, whose first line counts the message's bytes, gives that slice.
    """
    size = len(untrusted_data)
    counted = _COUNTED.match(untrusted_data[:256])
    if counted and int(counted[1]) <= size - counted.end():
        begin, length = counted.end(), int(counted[1])
        raw = untrusted_data[begin : begin + length]
        digest = hashlib.sha256(raw).digest()
        step = Step("slice", offset=begin, length=length, line=2, sha256=digest)
        yield read_message(raw, context, steps=(step,), digest=digest)
        yield Books(length, 0, size - length)
        return
    yield read_message(untrusted_data[:], context)
    yield Books(size)
