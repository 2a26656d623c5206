"""A file that is one mail message."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator

import msgspec

from casekit.ingest.mail.message import read_message
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step

_COUNTED = re.compile(rb"\s{0,8}(\d{1,12})[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:)")
_PLIST = re.compile(rb"\s*<(?:\?xml|!DOCTYPE|plist)")
_MAILDIR_FLAGS = re.compile(r"[:;!]2,([A-Za-z]{1,26})\Z")
_MAILDIR = {
    "D": "draft", "F": "flagged", "P": "passed", "R": "replied", "S": "seen", "T": "trashed",
}  # fmt: skip
_APPLE = ("read", "deleted", "answered", "encrypted", "flagged", "recent", "draft")
"""What the lowest bits of an `.emlx` file's flags mean, from the first on."""
_MOST_PLIST = 1024 * 1024


def read(untrusted_data: bytes | mmap.mmap, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read one message (RFC 5322 with MIME, whatever state it is in).

    An `.emlx` of Apple Mail, whose first line counts the message's bytes, gives that slice. What a mail
    program noted of a message (in an `.emlx` behind it, in a Maildir by the file's name) is its fact
    `flags`.
    """
    size = len(untrusted_data)
    counted = _COUNTED.match(untrusted_data[:256])
    if counted and int(counted[1]) <= size - counted.end():
        begin, length = counted.end(), int(counted[1])
        raw = untrusted_data[begin : begin + length]
        digest = hashlib.sha256(raw).digest()
        step = Step("slice", offset=begin, length=length, line=2, sha256=digest)
        made = read_message(raw, context, steps=(step,), digest=digest)
        behind = untrusted_data[begin + length :][:_MOST_PLIST]
        yield _with_facts(made, _apple(behind))
        rest = 0
        if behind.strip() and not _PLIST.match(behind):
            rest = size - begin - length
            said = "Behind the message that the first line counts stands more than a mail program notes."
            yield Problem("frame", "bytes-behind", said, offset=begin + length, length=rest)
        yield Books(length, rest, size - length - rest)
        return
    yield _with_facts(read_message(untrusted_data[:], context), _maildir(context.name))
    yield Books(size)


def _with_facts(item: Parsed, more: dict[str, object]) -> Parsed:
    if not more:
        return item
    known = msgspec.json.decode(item.facts) if item.facts else {}
    return msgspec.structs.replace(item, facts=msgspec.json.encode({**known, **more}).decode())


def _maildir(name: str) -> dict[str, object]:
    """Flags in the name of a Maildir's file (cr.yp.to/proto/maildir.html)."""
    found = _MAILDIR_FLAGS.search(name)
    flags = [_MAILDIR[flag] for flag in found[1] if flag in _MAILDIR] if found else []
    return {"flags": flags} if flags else {}


def _apple(untrusted_plist: bytes) -> dict[str, object]:
    """What Apple Mail notes behind a message."""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        noted = plistlib.loads(untrusted_plist.strip(), fmt=plistlib.FMT_XML)
    except (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, LookupError):
        return {}
    except (AttributeError, OverflowError, RecursionError):
        return {}  # known to happen on junk
    if not isinstance(noted, dict):
        return {}
    found: dict[str, object] = {}
    flags = noted.get("flags")
    if isinstance(flags, int):
        found["flags"] = [name for bit, name in enumerate(_APPLE) if flags >> bit & 1]
    received = noted.get("date-received")
    if isinstance(received, int | float) and 0 < received < 4e9:
        found["received"] = int(received * 1_000_000)
    return {key: value for key, value in found.items() if value}
