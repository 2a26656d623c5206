"""Sessions that coding agents keep on the machine they ran on: Claude Code and Codex, a record a line.

Source: anthropics/claude-code, `~/.claude/projects`; openai/codex `codex-rs/protocol/src/protocol.rs`, rollout
files.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import read_response
from casekit.ingest.dialects.content import call_text, content_text, read_thoughts
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, look, text_at

Record = dict[str, Any]

_MOST = 100_000
"""Lines whose question is remembered for the answers to come."""


# -- Claude Code -----------------------------------------------------------------------------------

_CLAUDE = {
    "time": ("timestamp",),
    "conversation_id": ("sessionId",),
    "request_id": ("requestId",),
    "parent_request": ("parentUuid",),
}
_CLAUDE_KINDS = frozenset({"user", "assistant", "system", "summary", "attachment", "progress"})


def claude_code_key(record: Record) -> str:
    """What the lines of one answer share: each of its blocks is a line, and each says the usage again."""
    found = look(record, "message.id")
    own = record.get("type") == "assistant" and "sessionId" in record
    return found if own and type(found) is str else ""


def merge_claude_code(records: list[Record]) -> Record:
    """The answer that the lines make up; the last says how it ended and what it took."""
    contents = [look(each, "message.content") for each in records]
    blocks = [block for each in contents if type(each) is list for block in each]
    last = {key: value for key, value in records[-1]["message"].items() if value is not None}
    return {**records[0], "message": {**records[0]["message"], **last, "content": blocks}}


def read_claude_code(record: Record, draft: Draft) -> bool:
    """A line of a session: an answer of the model with the question it belongs to, or what came before it."""
    kind = record.get("type")
    if type(kind) is not str or not _is_claude_code(record, kind, draft):
        return False
    source = Source(record)
    message: Any = record.get("message")
    if kind in ("user", "assistant") and type(message) is dict:
        source.take("message")
        source.fill(draft, _CLAUDE)
        draft.fields["provider"] = "anthropic"
        draft.collection = "outputs"
        above = ("claude code", record.get("parentUuid"))
        asked = str(draft.memory.get(above, ""))
        if kind == "assistant":
            read_response(message, draft)
            draft.prompt = asked
        elif _is_result(message.get("content")):
            draft.kind, draft.title = "record", "result of a tool"
            draft.body = content_text(message["content"])
        else:
            asked = draft.prompt = content_text(message.get("content"))
            draft.kind = "request"
            draft.title = asked or "(no text)"
        if len(draft.memory) < _MOST:
            draft.memory["claude code", record.get("uuid")] = asked
    else:
        source.fill(draft, _CLAUDE)
        draft.kind, draft.collection = "record", "outputs"
        draft.title = text_at(record, "summary") or text_at(record, "content") or kind
    draft.memory["claude code"] = True
    source.rest(draft)
    return True


def _is_claude_code(record: Record, kind: str, draft: Draft) -> bool:
    """Whether a line is one of a session; some kinds say little, and are known by those before them."""
    if type(record.get("sessionId")) is str and kind in _CLAUDE_KINDS and "uuid" in record:
        return True
    if kind == "summary" and "leafUuid" in record:
        return True
    if kind == "file-history-snapshot" and "snapshot" in record:
        return True
    return bool(draft.memory.get("claude code"))


def _is_result(content: Any) -> bool:
    """Whether a turn of the user is what a tool gave back, and nothing that a person said."""
    return type(content) is list and all(look(each, "type") == "tool_result" for each in content)


# -- Codex -----------------------------------------------------------------------------------------

_CODEX = frozenset({"session_meta", "response_item", "event_msg", "turn_context", "compacted"})


_EARLY_META = {"id", "timestamp", "instructions"}
_EARLY = "codex early"


def read_codex(record: Record, draft: Draft) -> bool:
    """A line of a rollout: what was asked, what the model answered, or what the program noted."""
    kind, payload = record.get("type"), record.get("payload")
    if "payload" not in record and _read_early(record, draft):
        return True
    if kind not in _CODEX or type(payload) is not dict or "timestamp" not in record:
        return False
    memory = draft.memory
    if kind == "session_meta" and type(payload.get("id")) is str:
        memory["codex session"] = payload["id"]
    if kind == "turn_context" and type(payload.get("model")) is str:
        memory["codex model"] = payload["model"]
    source = Source(record)
    source.fill(draft, {"time": ("timestamp",)})
    draft.put("conversation_id", str, memory.get("codex session"))
    draft.fields["provider"] = "openai"
    draft.collection = "outputs"
    if kind == "response_item" and _read_item(payload, draft):
        source.take("payload")
        source.rest(draft)
        return True
    draft.kind, draft.body = "record", None if kind == "event_msg" else _result(payload)
    draft.title = f"{kind} {text_at(payload, 'type')}".strip()
    source.rest(draft)
    return True


def _result(payload: Record) -> str:
    """What a tool gave back, or the summary that took the place of a long talk; else empty."""
    given = payload.get("output", payload.get("message"))
    if type(given) is dict:
        given = given.get("content")
    return content_text(given) if type(given) in (str, list) else ""


def _read_early(record: Record, draft: Draft) -> bool:
    """A line of a rollout as it was until August 2025: only the first says whose it is, and has a time."""
    memory = draft.memory
    if "type" not in record and record.keys() >= _EARLY_META and type(record["id"]) is str:
        memory[_EARLY], memory["codex session"] = True, record["id"]
    elif not memory.get(_EARLY) or not {"type", "record_type"} & record.keys():
        return False
    source = Source(record)
    draft.fields["provider"] = "openai"
    draft.put("conversation_id", str, memory.get("codex session"))
    draft.collection = "outputs"
    if "type" in record and _read_item(record, draft):
        return True
    draft.kind, draft.body = "record", _result(record)
    draft.title = text_at(record, "type") or text_at(record, "record_type") or "session"
    source.fill(draft, {"time": ("timestamp",)})
    source.rest(draft)
    return True


def _read_item(item: Record, draft: Draft) -> bool:
    """A message, a call of a tool or a thought; the event beside it says the same once more."""
    kind, role = item.get("type"), item.get("role")
    if kind == "message" and role != "assistant":
        text = content_text(item.get("content"))
        if role == "user":
            draft.prompt = draft.memory["codex prompt"] = text
        else:
            draft.system = text
        draft.kind, draft.title = "request", text or "(no text)"
    elif kind == "message":
        draft.output = content_text(item.get("content"))
    elif kind == "reasoning":
        draft.reasoning = read_thoughts([item], draft)
        draft.kind, draft.title = "record", draft.reasoning or "(reasoning)"
    elif type(kind) is str and kind.endswith("_call"):
        draft.output = call_text(item)
    else:
        return False
    if draft.output:
        draft.prompt = str(draft.memory.get("codex prompt", ""))
        draft.put("model", str, draft.memory.get("codex model"))
    for key, value in item.items():
        if key not in ("type", "role", "content", "summary"):
            draft.put_extra(key, value)
    return True
