"""Reads chats that Cursor exports as Markdown: a document each, below it an exchange for each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from casekit.ingest.containers import Data
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.framing import Fault, Ledger, under_heads
from casekit.ingest.parsed import Books, Context, Parsed, Problem

HEAD = re.compile(
    rb"(?m)^# (?P<title>[^\r\n]*)\r?\n_Exported on (?P<time>[^\r\n_]{1,80}) from Cursor "
    rb"\((?P<version>[^()\r\n]{1,40})\)_[ \t]*\r?$"
)
_MARK = re.compile(rb"(?m)^---[ \t]*\r?\n\r?\n\*\*(?P<who>User|Cursor)\*\*[ \t]*\r?$")
_RULE = re.compile(rb"(?:\A|\n)---[ \t\r\n]*\Z")
_ROLES = {b"User": "user", b"Cursor": "assistant"}
_NO_MODEL = "The records do not name the model that answered; say it when the file is added."


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` for each chat; it names neither the model nor the time of any message.

    When it was exported, written as the machine's language writes it, and by which version stand in `extra`.

    Source: Cursor's command "Export Chat", versions 0.50 to 3.2; no specification.
    """
    data, ledger = untrusted_data[:], Ledger()
    if data.strip(b"\xef\xbb\xbf\r\n\t ") and not context.model:
        yield Problem("parse", "no-model", _NO_MODEL)
    for piece in under_heads(data, HEAD, ledger):
        if isinstance(piece, Fault):
            yield ledger.set_aside(piece)
        else:
            yield finish(_chat(piece.raw, context), piece.offset, piece.line, "", "text/markdown")
    yield ledger.books()


def _chat(raw: bytes, context: Context) -> Draft:
    draft = Draft(raw, context)
    if "\ufffd" in raw.decode("utf-8", "replace") and b"\xef\xbf\xbd" not in raw:
        said = "Some of its bytes are no valid text and are shown as replacement characters."
        draft.problems = (Problem("parse", "bad-utf8", said),)
    head = HEAD.match(raw)
    title = _text(head["title"]) if head else ""
    for key in ("time", "version"):
        if head is not None:
            draft.put_extra("exported" if key == "time" else key, _text(head[key]))
    marks = list(_MARK.finditer(raw, head.end() if head else 0))
    turns: list[Turn] = []
    for number, (mark, after) in enumerate(pairwise([*marks, None])):
        assert mark is not None
        start, stop = _said(raw, mark.end(), after.start() if after else len(raw))
        before = str(number - 1) if number else ""
        told = {"request_id": str(number)}
        turns.append(
            Turn(str(number), before, _ROLES[mark["who"]], _text(raw[start:stop]), "", "", None,
                 (start, stop), told, {})
        )  # fmt: skip
    between = raw[head.end() if head else 0 : marks[0].start() if marks else len(raw)].strip()
    grow_tree(turns, draft, title)
    if between:
        draft.body = "\n\n".join(filter(None, (_text(between), draft.body or "")))
    draft.title = draft.title or "(no text)"
    return draft


def _said(raw: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the words of a turn stand, without the blank lines around them and the rule behind the last."""
    piece = raw[start:stop]
    if rule := _RULE.search(piece):
        piece = piece[: rule.start()]
    blank = len(piece) - len(piece.lstrip())
    return start + blank, start + max(blank, len(piece.rstrip()))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\r\n", "\n")
