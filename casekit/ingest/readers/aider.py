"""Reads what Aider keeps of its talks: the chat as Markdown, a session each, and the log of what models got."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from casekit.ingest.containers import Data
from casekit.ingest.dialects.bodies import read_messages
from casekit.ingest.dialects.chat import local_time
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.framing import Fault, Ledger, under_heads
from casekit.ingest.parsed import Books, Context, Parsed, Problem

SESSION = re.compile(
    rb"(?m)^# aider chat started at (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[ \t]*\r?$"
)
CALL = re.compile(
    rb"(?m)^TO LLM(?P<what> \([^()\r\n]{1,40}\))? (?P<time>\d{4}-\d\d-\d\dT[\d:.]{8,15})\r?$"
)
_ANSWER = re.compile(
    rb"(?m)^LLM RESPONSE(?: \([^()\r\n]{1,40}\))? (?P<time>\d{4}-\d\d-\d\dT[\d:.]{8,15})\r?$"
)
_MARKED = re.compile(rb"(?m)^#### [^\r\n]*  \r?$")
_MODEL = re.compile(r"(?:Main m|M)odel: (\S+) with ")
_COUNTS = re.compile(r"Tokens: (\d+) sent, (?:.*, )?(\d+) received")
_COST = re.compile(r"Cost: \$(\d{1,9}(?:\.\d{1,9})?) message")
_SPOKEN = ("/ask ", "/code ", "/architect ", "/context ", "/help ")
_THOUGHT = re.compile(
    r"\s*<(?P<tag>thinking-content-[0-9a-f]{32})>(?P<said>.*?)</(?P=tag)>\s*", re.DOTALL
)
_NO_MODEL = "The records do not name the model that answered; say it when the file is added."

Span = tuple[int, int]


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` for each session of a chat with an exchange for each answer, or one for each call.

    Aider writes the local time, and of a chat only when it began. Its own notices, and commands to it that no
    model was asked, are in `extra` as `notes`.

    Source: Aider-AI/aider `io.py`, `utils.py`, `reasoning_tags.py`.
    """
    data = untrusted_data[:]
    begins = SESSION if SESSION.search(data) else CALL
    marked = _MARKED.search(data) is not None
    kind = "text/markdown" if begins is SESSION else "text/plain"
    ledger = Ledger()
    named = False
    for piece in under_heads(data, begins, ledger):
        if isinstance(piece, Fault):
            yield ledger.set_aside(piece)
            continue
        raw = piece.raw
        draft = Draft(raw, context)
        if begins is SESSION:
            _session(raw, draft, marked=marked)
        else:
            _call(raw, draft)
        if "\ufffd" in raw.decode("utf-8", "replace") and b"\xef\xbf\xbd" not in raw:
            said = "Some of its bytes are no valid text and are shown as replacement characters."
            draft.problems += (Problem("parse", "bad-utf8", said),)
        if begins is CALL and not named and not context.model:
            named = True
            yield Problem("parse", "no-model", _NO_MODEL)
        yield finish(draft, piece.offset, piece.line, "", kind)
    yield ledger.books()


# -- the chat --------------------------------------------------------------------------------------


def _session(raw: bytes, draft: Draft, *, marked: bool) -> None:
    """A session; `marked` tells whether the file's lines still end in the two blanks that Aider puts there.

    They tell what a person typed, or Aider said, from a heading or a quotation in a model's answer.
    """
    head = SESSION.match(raw)
    if head is not None:
        draft.when = local_time(head["time"].decode(), "aider chat started at", raw)
    turns: list[Turn] = []
    notes: list[str] = []
    model = ""
    for kind, start, stop in _runs(raw, head.end() if head else 0, marked=marked):
        text = raw[start:stop].decode("utf-8", "replace").replace("\r\n", "\n")
        if kind == "user":
            text = "\n".join(each[5:].rstrip(" ") for each in text.split("\n"))
        command = kind == "user" and text[:1] in ("/", "!") and not text.startswith(_SPOKEN)
        if kind == "tool" or command:
            kept = turns[-1].extra.setdefault("notes", []) if turns else notes
            lines = [text] if command else [each[1:].strip() for each in text.split("\n")]
            kept += [each for each in lines if each]
            model = next((found[1] for each in lines if (found := _MODEL.match(each))), model)
            if turns and turns[-1].role == "assistant":
                _put_counts(turns[-1].told, lines)
            continue
        turns.append(_turn(len(turns), kind, text, (start, stop), model))
    if notes:
        draft.put_extra("notes", notes)
    grow_tree(turns, draft, "")
    draft.title = draft.title or (raw[: head.end()].decode().lstrip("# ") if head else "")


def _turn(number: int, role: str, text: str, span: Span, model: str) -> Turn:
    told: dict[str, Any] = {"request_id": str(number)}
    thought = ""
    if role == "assistant":
        found = _THOUGHT.match(text)
        if found is not None:
            thought, text = found["said"].strip(), text[found.end() :]
        if model:
            told["model"] = model
    parent = str(number - 1) if number else ""
    return Turn(str(number), parent, role, text, thought, "", None, span, told, {})


def _put_counts(told: dict[str, Any], lines: list[str]) -> None:
    """Tokens where they are told to the last one, as counts below a thousand are, and the cost of an answer."""
    for each in lines:
        if counts := _COUNTS.match(each):
            told["input_tokens"], told["output_tokens"] = int(counts[1][:15]), int(counts[2][:15])
        if cost := _COST.search(each):
            told["cost"], told["currency"] = float(cost[1]), "USD"


def _runs(raw: bytes, at: int, *, marked: bool) -> Iterator[tuple[str, int, int]]:
    """Runs of lines of one kind: who they are of, first byte and the byte behind the last that is not blank."""
    kind, start, stop = "", at, at
    while at < len(raw):
        newline = raw.find(b"\n", at)
        end = len(raw) if newline < 0 else newline + 1
        line = raw[at:end].rstrip(b"\r\n")
        found = _kind(line, marked=marked and newline >= 0)
        over = (
            found != kind if found else kind == "user"
        )  # two messages have a blank line between them
        if over:
            if kind:
                yield kind, start, stop
            kind, start = found, at
        if found:
            stop = at + len(line)
        at = end
    if kind:
        yield kind, start, stop


def _kind(line: bytes, *, marked: bool) -> str:
    if not line.strip():
        return ""
    own = not marked or line.endswith(b"  ")
    if own and line.startswith(b"#### "):
        return "user"
    return "tool" if own and (line.startswith(b"> ") or line.strip() == b">") else "assistant"


# -- the log of calls ------------------------------------------------------------------------------


def _call(raw: bytes, draft: Draft) -> None:
    """A call of a model: every line says first whose it is."""
    head, answer = CALL.match(raw), _ANSWER.search(raw)
    asked = raw[head.end() if head else 0 : answer.start() if answer else len(raw)]
    messages: list[dict[str, Any]] = []
    for block in re.split(rb"(?m)^-------\r?\n", asked):
        role, text = _unprefixed(block)
        if role:
            messages.append({"role": role, "content": text})
    read_messages(messages, draft, answered=True)
    if head is not None:
        when = local_time(head["time"].decode(), "TO LLM", raw)
        draft.when = when
        if head["what"]:
            draft.put_extra("call", head["what"].decode("utf-8", "replace").strip(" ()"))
    draft.collection = "outputs"
    if answer is None:
        draft.kind = "request"
        return
    if draft.when is not None:
        draft.put_extra("asked", draft.when.raw)
    draft.when = local_time(answer["time"].decode(), "LLM RESPONSE", raw)
    text = _unprefixed(raw[answer.end() :])[1]
    if found := _THOUGHT.match(text):
        draft.reasoning, text = found["said"].strip(), text[found.end() :]
    draft.output = text


def _unprefixed(block: bytes) -> tuple[str, str]:
    """Whose lines a block holds, in lower case, and what they say without that; lines of others stay whole."""
    lines = block.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n").split("\n")
    role = lines[0].partition(" ")[0]
    if not role.isalpha() or not role.isupper():
        return "", "\n".join(lines)
    cut = len(role) + 1
    return role.lower(), "\n".join(
        each[cut:] if each.startswith(f"{role} ") or each == role else each for each in lines
    )
