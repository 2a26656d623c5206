"""What makes two messages the same: the EDRM hash of the Message-ID, and a hash of what they say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_ID = re.compile(r"<[^<>]+>")
_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def read_message_id(value: str) -> str:
    """The Message-ID of a field, with its angle brackets; the bare text if it has none."""
    found = _ID.search(value)
    return found[0] if found else value.strip()


def read_message_ids(value: str) -> tuple[str, ...]:
    """Message-IDs of a References or In-Reply-To field in order, with brackets, each once."""
    if "<" not in value:
        found = [f"<{word}>" for word in value.replace(",", " ").split() if "@" in word]
    else:
        found = ["<" + "".join(one[1:-1].split()) + ">" for one in _ID.findall(value)]
    return tuple(dict.fromkeys(found))


def mih(message_id: str) -> str:
    """EDRM Message Identification Hash v1.0: MD5 in hexadecimal of the Message-ID with its brackets.

    An empty Message-ID has no hash. Equal hashes are a hint and no proof: see `content_hash`.
    """
    if not message_id:
        return ""
    return hashlib.md5(message_id.encode(), usedforsecurity=False).hexdigest()


def content_hash(
    sent_us: int | None,
    sender: str,
    recipients: Iterable[str],
    subject: str,
    body: str,
    attachments: Iterable[tuple[str, int]],
) -> bytes:
    r"""SHA-256 of what a message says, equal for the copies of it in two mailboxes.

    The hash is over the UTF-8 of seven lines, joined by LF: `casekit-mail-1`; the sent time in whole
    seconds since 1970 UTC, or nothing; the sender's address in lower case; the recipients' (To and
    Cc; a Bcc is only in the sender's copy) addresses in lower case, each once, sorted, joined by `;`;
    the decoded subject; the body's letters and digits only (`str.isalnum`), of the plain text if there
    is one; the attachments as `name:size`, sorted, joined by `;`. The recipe follows the published
    one of Reveal, with SHA-256.

    Args:
        sent_us: Microseconds since 1970 UTC, or None.
        sender: First address of From.
        recipients: Addresses of To and Cc.
        subject: Decoded.
        body: Text as shown.
        attachments: Name and decoded size in bytes of each.
    """
    lines = (
        "casekit-mail-1",
        "" if sent_us is None else str(sent_us // 1_000_000),
        sender.lower(),
        ";".join(sorted({address.lower() for address in recipients if address})),
        subject,
    )
    files = ";".join(sorted(f"{name}:{size}" for name, size in attachments))
    digest = hashlib.sha256("\n".join(lines).encode())
    digest.update(b"\n" + _letters(body) + b"\n" + files.encode())
    return digest.digest()


def _letters(text: str) -> bytes:
    if text.isascii():
        return text.encode("ascii").translate(None, _NOT_LETTERS)
    return "".join(filter(str.isalnum, text)).encode()
