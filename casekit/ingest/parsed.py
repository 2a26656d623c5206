"""What a reader makes of untrusted bytes: the one shape that crosses from the worker to the case.

These are `msgspec` structs rather than dataclasses: they leave the confined worker as MessagePack and
are checked against this very schema on arrival, so a worker taken over by a hostile file can send
nothing but well-typed evidence. All are immutable.
"""

from __future__ import annotations

import hashlib
from mmap import mmap
from typing import Annotated, Literal

import msgspec

int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number that the case can hold: the worker's word for it is not taken."""

Kind = Literal[
    "exchange",
    "request",
    "record",
    "mail",
    "message",
    "event",
    "contact",
    "document",
    "image",
    "file",
]
"""exchange: a request with its answer, or a model output · request: a log line without bodies ·
record: an entry of an administrator's log or a count of use · message: one of a chat ·
event: of a calendar · contact: of an address book · file: bytes kept and not read."""

Collection = Literal["outputs", "api-log", "correspondence", "documents", "other"]
"""Which of the three kinds of evidence an item belongs to: the first division the window shows."""

Stage = Literal[
    "receive", "sniff", "open", "frame", "parse", "limits", "worker", "read-again", "verify"
]


How = Literal[
    "gzip", "zip", "zip-local", "slice", "mime", "tar", "bz2", "xz", "zst", "7z", "ole", "tnef",
    "pst", "row",
]  # fmt: skip


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One step on the way from an original's bytes to an item's bytes.

    Attributes:
        how: `gzip` (whole stream), `zip` (member `name`, also its `number` in the directory), `slice`
            (`length` bytes at `offset`), `mime` (the body of MIME part `name`, such as `2.1`); the others
            are those of `pointer.TAKERS`, whose modules say what they mean.
        name: Member name as displayed, or MIME part path.
        number: Number of the zip member in the directory, from 0.
        offset: First byte of a slice, from 0.
        length: Bytes of a slice.
        line: Line the slice starts at, from 1, where the format has lines.
        decoding: What was undone after taking the bytes: `base64`, `quoted-printable`, `uuencode`, `7bit`,
            `mboxrd`, `pkcs7`, `flate`, `http` (chunks and codings of an HTTP body), `sparse`, or nothing.
        before: SHA-256 of the bytes taken, before decoding; empty if nothing was decoded.
        sha256: SHA-256 of the bytes that this step gives.
    """

    how: How
    name: str = ""
    number: int64 = 0
    offset: int64 = 0
    length: int64 = 0
    line: int64 | None = None
    decoding: str = ""
    before: bytes = b""
    sha256: bytes = b""


class When(msgspec.Struct, frozen=True, array_like=True):
    """An instant and how it was read.

    Attributes:
        us: Microseconds since 1970 UTC.
        raw: The source's own text, verbatim.
        field: Where it stood, such as `Date` or `ts`.
        zone: `explicit`, or `assumed:` and the rule.
        resolution_us: Smallest step the source's text can express, in microseconds.
    """

    us: int64
    raw: str
    field: str
    zone: str = "explicit"
    resolution_us: int64 = 1_000_000


class Party(msgspec.Struct, frozen=True, array_like=True):
    """Someone who appears in an item.

    `role` is from, sender, reply-to, to, cc, bcc, attendee, actor or contact.
    """

    role: str
    name: str
    address: str


class Mail(msgspec.Struct, frozen=True, array_like=True):
    """What a message says of itself; `headers` are all header fields in order, decoded for display.

    A message of a chat has one too where its service numbers its messages, so that answers find it: its
    `message_id` is then `SERVICE/CHAT/NUMBER`, and `headers` is empty.

    Attributes:
        message_id: Message-ID with its angle brackets, or empty.
        mih: EDRM Message Identification Hash v1.0: MD5 (hex) of the Message-ID with brackets.
        in_reply_to: Message-IDs of In-Reply-To, with brackets.
        references: Message-IDs of References in order, with brackets.
        subject: Decoded subject.
        content_hash: SHA-256 over date, sender, recipients, subject, body letters and attachments:
            equal for the same message from two mailboxes (recipe in `mail.identity`).
    """

    message_id: str
    mih: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    content_hash: bytes
    headers: tuple[tuple[str, str], ...]


class Exchange(msgspec.Struct, frozen=True, array_like=True):
    """One request and its answer, or one model output; names as in the normalised schema.

    `messages` is the JSON text of the conversation as sent, `[{"role", "content"}, …]`, empty where the parts
    `system` and `prompt` say the same; `extra` is the
    JSON text of every source field that has no place here; `completeness` lists what is missing:
    `no-prompt`, `no-output`, `truncated`, `ip-masked`, `sampled`, `redacted`, `no-time`,
    `body-elsewhere` (the log names a place where the bodies lie), `earlier-turns-elsewhere` (the
    conversation before this request was kept by the provider), `unjoined` (its other half is missing).

    Times are in milliseconds, counts of tokens as printed, `cost` in units of `currency`. `upstream_id` is
    the id another provider gave the same call, `trace_id` joins calls of one program run, `sdk` is the
    JSON text of the `x-stainless-*` headers, `reasoning_signature` what signs the reasoning, verbatim.

    `joint` marks a record whose other parts may stand in another file: `FAMILY/SIDE`, such as
    `openai-batch/request`. Sides: `request` and `answer` of a batch, `job` (the batch as a whole), `part` (of
    what shares one id), `rows` (a part that holds messages cut into rows). `request_id` is what the parts of a
    family have in common.
    """

    model: str = ""
    model_requested: str = ""
    provider: str = ""
    endpoint: str = ""
    account: str = ""
    api_key: str = ""
    request_id: str = ""
    conversation_id: str = ""
    ip: str = ""
    asn: int64 | None = None
    country: str = ""
    user_agent: str = ""
    ja4: str = ""
    payment: str = ""
    status: int64 | None = None
    finish_reason: str = ""
    temperature: float | None = None
    top_p: float | None = None
    seed: int64 | None = None
    max_tokens: int64 | None = None
    input_tokens: int64 | None = None
    output_tokens: int64 | None = None
    latency_ms: int64 | None = None
    prompt_sha256: bytes = b""
    messages: str = ""
    parameters: str = ""
    extra: str = ""
    completeness: tuple[str, ...] = ()
    organisation: str = ""
    project: str = ""
    end_user: str = ""
    operation: str = ""
    upstream_id: str = ""
    trace_id: str = ""
    parent_request: str = ""
    api_version: str = ""
    referer: str = ""
    ja3: str = ""
    sdk: str = ""
    stream: int64 | None = None
    answers: int64 | None = None
    turn: int64 | None = None
    sample: int64 | None = None
    top_k: int64 | None = None
    ttft_ms: int64 | None = None
    reasoning_tokens: int64 | None = None
    cache_read_tokens: int64 | None = None
    cache_write_tokens: int64 | None = None
    cost: float | None = None
    currency: str = ""
    error: str = ""
    reasoning_signature: str = ""
    joint: str = ""


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """Trouble with one file or record, kept as data.

    Attributes:
        stage: Where on the walk it happened.
        kind: A short stable word, such as `bad-json`, `duplicate-key`, `unknown-charset`, `encrypted`.
        text: One sentence for a reader; never evidence text.
        line: Line from 1, where known.
        offset: Byte from 0 in the bytes being read, where known.
        length: Bytes it concerns; for a quarantined record, all of them.
        path: Member inside the file, where there is one; the importer puts the file before it.
    """

    stage: Stage
    kind: str
    text: str
    line: int64 | None = None
    offset: int64 | None = None
    length: int64 | None = None
    path: str = ""


class Parsed(msgspec.Struct, frozen=True, array_like=True):
    """One item made by a reader, with its family below it.

    Attributes:
        kind: What it is.
        collection: Where it belongs.
        title: One line for lists: subject, prompt's first line, file name.
        steps: The way from the bytes the reader was given (for a child: its parent's bytes) to this item's;
            empty: all of them.
        sha256: SHA-256 of the item's bytes.
        size: Bytes of the item.
        name: File name given by the source (attachment, member), for display only: never a path.
        media_type: As declared or found, such as `application/pdf`.
        texts: (part, text) pairs. Parts: `body`; for an exchange `system`, `prompt`, `output`,
            `reasoning`, and `answer/n` from 2 for answers beside the output; for a document with pages
            one `page/n` each.
        when: Its time, if it has one.
        pages: Number of pages, for what has pages.
        language: ISO 639 code, where the source says so.
        facts: JSON text of what else is worth showing: EXIF, producer, remote links, macros present.
        problems: Trouble that leaves the item usable.
        children: Attachments and nested messages.
        beside: For a child: its steps lead from the bytes that its parent's last step starts from, because it
            stands beside its parent, not inside, such as the other rows of an answer that a log cut up.
    """

    kind: Kind
    collection: Collection
    title: str
    steps: tuple[Step, ...]
    sha256: bytes
    size: int64
    name: str = ""
    media_type: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    when: When | None = None
    parties: tuple[Party, ...] = ()
    mail: Mail | None = None
    exchange: Exchange | None = None
    pages: int64 | None = None
    language: str = ""
    facts: str = ""
    problems: tuple[Problem, ...] = ()
    children: tuple[Parsed, ...] = ()
    beside: bool = False


class Books(msgspec.Struct, frozen=True, array_like=True):
    """Where every byte of what was read went, in bytes; the three add up to the size or a problem says so."""

    good: int64
    quarantined: int64 = 0
    separators: int64 = 0

    @property
    def total(self) -> int:
        """All bytes accounted for."""
        return self.good + self.quarantined + self.separators

    @property
    def understood(self) -> int:
        """Bytes that are in an item that was read, or between two."""
        return self.good + self.separators


class Context(msgspec.Struct, frozen=True, array_like=True):
    """What a reader may know besides the bytes.

    Attributes:
        name: The file's name, for display and as the last hint; content decides.
        model: Model name the user gave for outputs that carry none.
        provider: Who ran the model, if the user said so.
        mapping: JSON text of a field mapping for plain records, or empty.
        templates: Mappings saved under a name: (name, columns of the records they were made for, JSON).
        skip: Top-level items already in the case from an import that was cut short.
        folder: Name of the folder or archive that the file lies in.
        beside: JSON text of what other files of the same archive say for it (see `beside`).
    """

    name: str = ""
    model: str = ""
    provider: str = ""
    mapping: str = ""
    skip: int64 = 0
    templates: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    folder: str = ""
    beside: str = ""


def sha256(data: bytes | memoryview | mmap) -> bytes:
    """SHA-256 digest (32 bytes) of `data`."""
    return hashlib.sha256(data).digest()
