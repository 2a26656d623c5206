"""One attachment, read like a file of its own: how a mail's parts become documents, pictures and mails."""

from __future__ import annotations

import msgspec

from casekit.ingest.archives import UNWRAPPED
from casekit.ingest.containers import Data
from casekit.ingest.limits import LimitReached, budget
from casekit.ingest.parsed import Context, Parsed, Problem
from casekit.ingest.reading import format_of, kept, read_any
from casekit.ingest.within import UNNAMED, within

_AS_TEXT = (
    "json-records",
    "jsonl",
    "csv",
    "access-log",
    "w3c-log",
    "chat-text",
    "daily-chat",
    "irc-log",
    "text",
)
_CONTAINERS = ("gzip", "zip", "mbox", *UNWRAPPED)


def read_part(untrusted_bytes: Data, name: str, media_type: str, context: Context) -> Parsed:
    """Read an attachment by its content.

    A PDF becomes a `document`, a picture an `image`, a message a `mail`, an archive or mailbox a `file`
    with its members as children, and all else a `file`. Records (JSON, CSV, logs) and chats stay one
    document with their text in `body`.

    Args:
        untrusted_bytes: The attachment, decoded.
        name: Its file name as the mail gives it, for display.
        media_type: As declared.
        context: The mail's.

    Returns:
        The item with empty `steps`: the caller puts its own step there (`msgspec.structs.replace`);
        the steps of its children lead on from its bytes. `sha256` and `size` are those of the bytes.
    """
    inner = msgspec.structs.replace(context, name=name, skip=0)
    form = _form(untrusted_bytes, name, media_type)
    try:
        with budget().deeper():
            made = _read(untrusted_bytes, media_type, inner, form)
    except LimitReached as reached:
        made = msgspec.structs.replace(
            kept(untrusted_bytes, name, media_type),
            problems=(Problem("limits", reached.kind, reached.text),),
        )
    return within(made, name or UNNAMED)


def _form(untrusted_bytes: Data, name: str, media_type: str) -> str:
    form = format_of(untrusted_bytes, name)
    declared = media_type.lower()
    if form in _AS_TEXT:
        return "eml" if declared == "message/rfc822" else "text"
    if form == "chat-page":
        return "html"
    if (
        form in ("eml", "mbox")
        and declared.startswith("text/")
        and not name.lower().endswith((".eml", ".mbox"))
    ):
        return "text"  # a quoted header block is still the text that was attached
    return form


def _read(untrusted_bytes: Data, media_type: str, context: Context, form: str) -> Parsed:
    items: list[Parsed] = []
    problems: list[Problem] = []
    for found in read_any(untrusted_bytes, context, form):
        if isinstance(found, Parsed):
            items.append(found)
        elif isinstance(found, Problem):
            problems.append(found)
    if form not in _CONTAINERS and len(items) == 1 and not items[0].steps:
        only = items[0]
        return msgspec.structs.replace(
            only,
            name=context.name or only.name,
            media_type=only.media_type or media_type,
            problems=(*only.problems, *problems),
        )
    if len(items) == 1 and items[0].kind == "file" and not items[0].steps:
        items = []  # the container itself, which could not be opened
    made = kept(untrusted_bytes, context.name, media_type)
    return msgspec.structs.replace(made, children=tuple(items), problems=tuple(problems))
