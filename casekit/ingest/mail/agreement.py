"""A second opinion on a message's structure: Python's own parser must find the same parts."""

from __future__ import annotations

from email import message_from_string
from email.message import Message
from email.policy import compat32

from casekit.ingest.mail.structure import Part

MAX_CHECKED = 1024 * 1024
"""Bytes of a message up to which the second opinion is asked for: it reads line by line."""


def parsers_agree(raw: bytes, root: Part) -> bool:
    """Whether the standard library's `email` splits the message into the same bytes as `root` does.

    Bodies of nested messages are not compared, only that they are there: `email` keeps no bytes of them.

    Args:
        raw: The message.
        root: Its structure.
    """
    declared = root.header.first("content-type").encode("utf-8", "surrogateescape")
    head = b"Content-Type: " + declared.replace(b"\r", b"").replace(b"\n", b" ") + b"\n\n"
    # As Latin-1 each byte is one character, and `email` gives payloads back without decoding them.
    text = (head + raw[root.start : root.end]).decode("latin-1")
    try:
        return _same(raw, root, message_from_string(text, policy=compat32))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError):
        return False


def _same(raw: bytes, part: Part, other: Message) -> bool:
    payload = other.get_payload()
    if part.parts:
        if not isinstance(payload, list) or len(payload) != len(part.parts):
            return False
        return all(
            isinstance(theirs, Message) and _same(raw, ours, theirs)
            for ours, theirs in zip(part.parts, payload, strict=True)
        )
    if not isinstance(payload, str):
        return other.get_content_maintype() == "message" or not payload
    # Where a boundary is missing, the two count the last line end to different sides.
    body = raw[part.start : part.end]
    theirs_raw = payload.encode("latin-1")
    return theirs_raw == body or theirs_raw.rstrip(b"\r\n") == body.rstrip(b"\r\n")
