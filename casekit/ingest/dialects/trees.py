"""Exports of ChatGPT and Claude.ai: a conversation as the tree it is, with one exchange for each answer in it.

Source: OpenAI data export `conversations.json`; Claude.ai data export `conversations.json`; chats of
Anthropic's Compliance API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import structs

from casekit.ingest import places
from casekit.ingest.dialects.content import content_text, labelled, read_thoughts
from casekit.ingest.dialects.draft import Draft, finish, title_of
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.values import Source, look, text_at
from casekit.ingest.parsed import Parsed, Party, Problem, When
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

PATH_CHARACTERS = 32 * 1024 * 1024
"""Characters that the answers of one conversation may repeat of what came before them; beyond it each keeps
only the last question, and says so."""
_A_TURN = 64
"""Characters that a turn counts for beside its text: a hostile tree may have many empty ones."""
_MORE_TURNS = 100
"""Turns that a path without a question may go on beyond its characters."""


class Turn(NamedTuple):
    """One node of a conversation.

    Attributes:
        id: Its own.
        parent: The id of the one before it, or empty.
        role: user, assistant, system or tool.
        text: What is said.
        reasoning: What is thought.
        signature: What signs the thoughts.
        when: Its time.
        span: Where it stands in the record.
        told: Fields of the exchange that its answer makes.
        extra: What has no place.
    """

    id: str
    parent: str
    role: str
    text: str
    reasoning: str
    signature: str
    when: When | None
    span: tuple[int, int] | None
    told: dict[str, Any]
    extra: Record


# -- ChatGPT --------------------------------------------------------------------------------------

_CHATGPT = {
    "time": ("create_time",),
    "conversation_id": ("conversation_id", "id"),
    "model": ("default_model_slug",),
    "project": ("gizmo_id", "conversation_template_id"),
}


def read_chatgpt(record: Record, draft: Draft) -> bool:
    """A conversation of ChatGPT's data export."""
    mapping = record.get("mapping")
    if type(mapping) is not dict or not mapping or not {"current_node", "title"} & record.keys():
        return False
    if not all(type(each) is dict and "message" in each for each in mapping.values()):
        return False
    source = Source({key: value for key, value in record.items() if key != "mapping"})
    source.fill(draft, _CHATGPT)
    draft.fields.setdefault("provider", "openai")
    spans = places.value_spans(draft.raw, ("mapping",))
    turns = [
        turn
        for key, node in mapping.items()
        if (turn := _chatgpt_turn(key, node, spans.get(key), draft.raw))
    ]
    grow_tree(turns, draft, str(record.get("title") or ""), _parents(mapping))
    source.rest(draft)
    return True


def _parents(mapping: Record) -> dict[str, str]:
    """Each node's parent, also of the nodes that hold no message."""
    return {key: str(node.get("parent") or "") for key, node in mapping.items()}


_SETTINGS = ("user_editable_context", "model_editable_context")
"""Kinds of content that carry the user's standing instructions, not a question."""


def _chatgpt_turn(key: str, node: Record, span: tuple[int, int] | None, raw: bytes) -> Turn | None:
    message = node["message"]
    if type(message) is not dict:
        return None
    content: Any = message.get("content")
    kind = look(content, "content_type")
    text = _chatgpt_text(content) if type(content) is dict else content_text(content)
    thought = kind in ("thoughts", "reasoning_recap")
    metadata = message.get("metadata")
    told: dict[str, Any] = {"request_id": str(message.get("id") or key)}
    for field, path in (("model", "model_slug"), ("finish_reason", "finish_details.type")):
        if type(found := look(metadata, path)) is str:
            told[field] = found
    if type(asked := look(metadata, "default_model_slug")) is str:
        told["model_requested"] = asked
    extra = {
        name: message[name]
        for name in ("recipient", "status", "channel", "weight", "end_turn")
        if name in message
    }
    if kind not in (None, "text"):
        extra["content"] = content
    if metadata:
        extra["metadata"] = metadata
    where = raw[slice(*span)] if span else b""
    return Turn(
        key, str(node.get("parent") or ""),
        "system" if kind in _SETTINGS else str(look(message, "author.role") or "user"),
        "" if thought else text, text if thought else "", "",
        read_time(message.get("create_time"), "create_time", where), span, told, extra,
    )  # fmt: skip


def _chatgpt_text(content: Record) -> str:
    """The text of a message's content, whatever its kind."""
    parts = content.get("parts")
    if type(parts) is list:
        return "\n".join(filter(None, map(_chatgpt_part, parts)))
    for name in ("text", "content", "result"):
        if type(content.get(name)) is str:
            return str(content[name])
    thoughts = content.get("thoughts")
    if type(thoughts) is list:
        return "\n\n".join(
            "\n".join(str(each[name]) for name in ("summary", "content") if each.get(name))
            for each in thoughts
            if type(each) is dict
        )
    known = {"user_profile", "user_instructions", "model_set_context", "summary"} & content.keys()
    return "\n\n".join(str(content[name]) for name in sorted(known) if content[name])


def _chatgpt_part(part: Any) -> str:
    if type(part) is dict and type(part.get("content_type")) is str and "text" not in part:
        return f"[{part['content_type']}]"
    return content_text(part)


# -- Claude.ai ------------------------------------------------------------------------------------

_CLAUDE = {
    "time": ("created_at",),
    "conversation_id": ("uuid", "id"),
    "account": ("account.uuid", "user.id"),
    "organisation": ("organization_uuid", "organization_id"),
    "project": ("project_uuid", "project.uuid", "project_id"),
    "model": ("model",),
}
_UNSPOKEN = ("thinking", "redacted_thinking", "token_budget")
_ROOT = "00000000-0000-4000-8000-000000000000"


def read_claude(record: Record, draft: Draft) -> bool:
    """A conversation of Claude.ai's data export, or as the Compliance API gives it.

    The export mostly does not name the model.
    """
    messages = record.get("chat_messages")
    if type(messages) is not list or not {"uuid", "name"} & record.keys():
        return False
    source = Source({key: value for key, value in record.items() if key != "chat_messages"})
    source.fill(draft, _CLAUDE)
    draft.fields.setdefault("provider", "anthropic")
    spans = places.element_spans(draft.raw, ("chat_messages",))
    turns: list[Turn] = []
    for number, message in enumerate(messages):
        if type(message) is dict:
            before = turns[-1].id if turns else ""
            turns.append(_claude_turn(message, spans.get(number), before, draft))
    grow_tree(turns, draft, str(record.get("name") or ""))
    if address := text_at(record, "user.email_address"):
        draft.parties = (Party("actor", draft.fields.get("account", ""), address),)
    source.rest(draft)
    return True


def _claude_turn(message: Record, span: tuple[int, int] | None, before: str, draft: Draft) -> Turn:
    """One message; an export without parents is a list, where each follows the one before."""
    parent = message.get("parent_message_uuid")
    if type(parent) is not str:
        parent = before
    content = message.get("content")
    inner = Draft(b"", draft.context)
    reasoning = read_thoughts(content, inner) if type(content) is list else ""
    text = _claude_text(message, content)
    text = "\n\n".join(filter(None, (text, *_attached(message))))
    sender = str(message.get("sender") or message.get("role") or "human")
    own = str(message.get("uuid") or message.get("id") or f"message {span[0] if span else before}")
    told: dict[str, Any] = {"request_id": own}
    for field, name in (("model", "model"), ("finish_reason", "stop_reason")):
        if type(message.get(name)) is str:
            told[field] = message[name]
    extra = {
        key: value
        for key, value in message.items()
        if key not in _OF_TURN and value not in (None, [], "")
    }
    if type(content) is list and all(
        type(each) is dict and set(each) <= {"type", "text"} for each in content
    ):
        extra.pop("content", None)
    return Turn(
        own, "" if parent == _ROOT else parent, {"human": "user"}.get(sender, sender), text, reasoning,
        inner.fields.get("reasoning_signature", ""), read_time(message.get("created_at"), "created_at"),
        span, told, extra,
    )  # fmt: skip


_OF_TURN = (
    "uuid", "id", "text", "sender", "role", "parent_message_uuid", "model", "stop_reason", "created_at",
)  # fmt: skip


def _attached(message: Record) -> Iterator[str]:
    """What was handed over with a message: its text as it was extracted, or else the file's name."""
    named = []
    for key in ("attachments", "files", "files_v2"):
        for each in message.get(key) or ():
            if type(each) is not dict:
                continue
            name = each.get("file_name") or each.get("filename") or "attachment"
            inside = each.get("extracted_content")
            if inside or name not in named:
                yield f"[{name}]\n{inside}" if inside else f"[{name}]"
            named.append(name)


def _claude_text(message: Record, content: Any) -> str:
    """What the blocks say that are no thinking; of an early export, and where they say nothing, the `text`."""
    if type(content) is list and content:
        spoken = [each for each in content if look(each, "type") not in _UNSPOKEN]
        if text := content_text(spoken):
            return text
    return text_at(message, "text")


# -- both -----------------------------------------------------------------------------------------


def grow_tree(
    turns: list[Turn], draft: Draft, title: str, parents: Mapping[str, str] | None = None
) -> None:
    """Make the head of a conversation, and below it an exchange for each answer.

    A question that nobody answered, such as one that was edited, becomes a `request`.

    Args:
        turns: In the record's order.
        draft: The head.
        title: What the conversation is called.
        parents: Of each node by its id the id before it, also of nodes that hold no turn. None: as the turns
            say it; an id that stands twice then means the nearest turn before.
    """
    if parents is None:
        turns = _apart(turns, draft)
        parents = {turn.id: turn.parent for turn in turns}
    known = {turn.id: turn for turn in turns}
    above = _above(turns, parents)
    answered = set(above.values())
    left = PATH_CHARACTERS
    children = []
    untold = {turn.id: turn for turn in turns if turn.extra.keys() - _USUAL}
    for turn in turns:
        open_question = turn.role == "user" and turn.id not in answered
        if turn.role != "assistant" and not open_question:
            continue
        path, used, whole = _path(turn, known, above, left)
        left = max(0, left - used)
        untold.pop(turn.id, None)
        beside = _beside(path, untold)
        children.append(_child(turn, path, draft, beside, whole=whole))
    if untold:
        draft.put_extra("turns", list(map(_told, untold.values())))
    draft.children = tuple(children)
    draft.kind, draft.collection = "document", "outputs"
    draft.title = title_of(title) or (title_of(turns[0].text) if turns else "")
    draft.body = "\n\n".join(filter(None, (title, *_transcript(turns, above))))
    if account := draft.fields.get("account"):
        draft.parties = (Party("actor", "", account),)


def _apart(turns: list[Turn], draft: Draft) -> list[Turn]:
    """The turns with an id of its own each, and it is said if there were two of one id."""
    last: dict[str, str] = {}
    found = []
    for number, turn in enumerate(turns):
        parent = last.get(turn.parent, turn.parent)
        own = f"{turn.id} ({number})" if turn.id in last else turn.id
        last[turn.id] = own
        found.append(turn._replace(id=own, parent=parent))
    if len(last) < len(turns):
        said = "Several messages of the conversation have one id; each is read after the one before it."
        draft.problems += (Problem("parse", "id-twice", said),)
    return found


_USUAL = frozenset({"recipient", "status", "channel", "weight", "end_turn", "updated_at"})
"""What is said of every message and tells nothing of a question."""


def _beside(path: list[Turn], untold: dict[str, Turn]) -> list[Record]:
    """What the turns that an answer answers hold beside their words, such as files; each is told once."""
    found = []
    for each in reversed(path):
        if each.role == "assistant":
            break
        if untold.pop(each.id, None):
            found.append(_told(each))
    return found[::-1]


def _told(turn: Turn) -> Record:
    told = {"id": turn.id, "role": turn.role, **turn.extra}
    content = told.get("content")
    if type(content) is list:
        told["content"] = [_unsaid(each, "text") for each in content]
    elif type(content) is dict and type(content.get("parts")) is list:
        silent = [each for each in content["parts"] if type(each) is not str]
        told["content"] = {**content, "parts": silent}
    elif content is not None:
        told["content"] = _unsaid(content, "text", "content", "result")
    return told


def _unsaid(value: Any, *names: str) -> Any:
    """A part without the words that its turn says already: those under the first of the names."""
    if type(value) is not dict:
        return value
    said = next((name for name in names if type(value.get(name)) is str), None)
    return {key: other for key, other in value.items() if key != said}


def _above(turns: list[Turn], parents: Mapping[str, str]) -> dict[str, str]:
    """For each turn the one before it on its branch, past nodes that hold no message; empty for the first."""
    known = {turn.id for turn in turns}
    past: dict[str, str] = {}
    above = {}
    for turn in turns:
        trail: dict[str, None] = {}
        at = parents.get(turn.id, "")
        while at and at not in known and at not in past and at not in trail:
            trail[at] = None
            at = parents.get(at, "")
        found = at if at in known else past.get(at, "")
        past.update(dict.fromkeys(trail, found))
        above[turn.id] = found
    return above


def _path(
    turn: Turn, known: dict[str, Turn], above: dict[str, str], most: int
) -> tuple[list[Turn], int, bool]:
    """What was said before a turn on its own branch, the first first.

    Args:
        turn: Where the path ends; it is not in it.
        known: The turns by id.
        above: As `_above` gives it.
        most: Characters that may be used; beyond them the path begins with the nearest question.

    Returns:
        The path, the characters it uses, and whether it begins where the conversation does.
    """
    path: list[Turn] = []
    used = over = 0
    at, seen = above[turn.id], {turn.id}
    while at and at not in seen:
        seen.add(at)
        path.append(known[at])
        used += len(known[at].text) + _A_TURN
        over += used > most
        if over and (known[at].role == "user" or over > _MORE_TURNS):
            at = above[at]
            break
        at = above[at]
    return path[::-1], used, not at or at in seen


def _child(
    turn: Turn, path: list[Turn], head: Draft, beside: list[Record], *, whole: bool
) -> Parsed:
    start, stop = turn.span or (0, len(head.raw))  # of one without a place, all of the record
    draft = Draft(head.raw[start:stop], head.context)
    for key in ("conversation_id", "provider", "account", "organisation", "project", "model"):
        if key in head.fields:
            draft.fields[key] = head.fields[key]
    draft.fields.update(turn.told)
    draft.when, draft.extra, draft.collection = turn.when, dict(turn.extra), "outputs"
    if beside:
        draft.put_extra("asked", beside)
    said = [each for each in path if each.text and each.role != "system"]
    draft.system = "\n\n".join(each.text for each in path if each.text and each.role == "system")
    asked = [(each.role, each.text) for each in said]
    if turn.role == "assistant":
        draft.output, draft.reasoning = turn.text, turn.reasoning or _thought_before(path)
        if turn.signature:
            draft.fields["reasoning_signature"] = turn.signature
    else:
        draft.kind = "request"
        asked.append((turn.role, turn.text))
    draft.prompt = labelled(asked)
    draft.fields["turn"] = sum(each.role == "user" for each in path) + (turn.role == "user")
    if len(asked) > 1 or draft.system:
        messages = [(each.role, each.text) for each in path if each.text]
        messages += [(turn.role, turn.text)] if turn.role == "user" else []
        draft.fields["messages"] = encode(
            [{"role": role, "content": text} for role, text in messages]
        )
    if path:
        draft.fields["parent_request"] = path[-1].told.get("request_id", path[-1].id)
    if not whole:
        draft.note("earlier-turns-elsewhere")
    item = finish(draft, start, None, "")
    question = next((text for role, text in reversed(asked) if role == "user"), "")
    return structs.replace(item, title=title_of(question) or item.title)


def _thought_before(path: list[Turn]) -> str:
    """The thoughts directly before an answer, where they are turns of their own."""
    found: list[str] = []
    for each in reversed(path):
        if each.role == "user":
            break
        if each.reasoning and not each.text:
            found.append(each.reasoning)
    return "\n\n".join(reversed(found))


def _transcript(turns: list[Turn], above: dict[str, str]) -> Iterator[str]:
    """All that was said, in the record's order; where a branch leaves the line before it, that is said."""
    silent = {turn.id for turn in turns if not turn.text and not turn.reasoning}
    line, before = "", ""
    for turn in turns:
        if turn.id in silent:
            if above[turn.id] == line:
                line = turn.id
            continue
        mark = " (another branch)" if before and above[turn.id] != line else ""
        shown = turn.text or f"[thinking]\n{turn.reasoning}"
        yield f"{turn.role}{mark}:\n{shown}"
        line = before = turn.id
