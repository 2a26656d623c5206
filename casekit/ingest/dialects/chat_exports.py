"""Exports of other chat programs than ChatGPT and Claude.ai, each conversation as the tree it is.

Source: DeepSeek `conversations.json`, Grok `prod-grok-backend.json`, LM Studio `*.conversation.json` and
Mistral's Le Chat (none has a specification); open-webui/open-webui chats; danny-avila/LibreChat `ExportModal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.content import content_text
from casekit.ingest.dialects.draft import Draft, title_of
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, look, opened, rest_of, text_at, whole_at
from casekit.ingest.parsed import When

Record = dict[str, Any]
Spans = Mapping[Any, tuple[int, int]]


def _turn(
    own: str, parent: str, role: str, said: tuple[str, str], when: When | None,
    span: tuple[int, int] | None, model: Any, extra: Record,
) -> Turn:  # fmt: skip
    """A turn with its text and what was thought."""
    told: Record = {"request_id": own}
    if type(model) is str and model and role == "assistant":
        told["model"] = model
    return Turn(own, parent, role, said[0], said[1], "", when, span, told, extra)


# -- DeepSeek --------------------------------------------------------------------------------------

_DEEPSEEK = {"time": ("inserted_at",), "conversation_id": ("id",)}
_SAID = {"REQUEST": "user", "RESPONSE": "assistant", "TEMPLATE_RESPONSE": "assistant"}


def read_deepseek(record: Record, draft: Draft) -> bool:
    """A conversation; of exports before the parts of a message were told apart, whose turn it is follows."""
    mapping = record.get("mapping")
    if type(mapping) is not dict or not mapping or "inserted_at" not in record:
        return False
    if not all(type(each) is dict and "message" in each for each in mapping.values()):
        return False
    source = Source(rest_of(record, "mapping"))
    source.fill(draft, _DEEPSEEK)
    draft.fields["provider"] = "deepseek"
    spans = places.value_spans(draft.raw, ("mapping",))
    parents = {key: str(node.get("parent") or "") for key, node in mapping.items()}
    roles: dict[str, str] = {}
    turns = []
    for key, node in mapping.items():
        if type(message := node["message"]) is dict:
            before = roles.get(parents[key], "")
            turns.append(_deepseek_turn(key, parents[key], before, message, spans.get(key)))
            roles[key] = turns[-1].role
    grow_tree(turns, draft, text_at(record, "title"), parents)
    source.rest(draft)
    return True


def _deepseek_turn(
    key: str, parent: str, before: str, message: Record, span: tuple[int, int] | None
) -> Turn:
    fragments = message.get("fragments")
    listed = [each for each in fragments if type(each) is dict] if type(fragments) is list else []
    spoken = [each for each in listed if text_at(each, "type") in _SAID]
    thought = [each for each in listed if each.get("type") == "THINK"]
    role = str(message.get("role") or "").lower()
    if spoken or thought:
        role = _SAID[spoken[0]["type"]] if spoken else "assistant"
    elif not role:
        asks = before != "user" and not message.get("reasoning_content")
        role = "user" if asks else "assistant"
    text = "\n\n".join(str(each.get("content") or "") for each in spoken) or text_at(
        message, "content"
    )
    reasoning = "\n\n".join(str(each.get("content") or "") for each in thought)
    extra = rest_of(
        message, "fragments", "content", "reasoning_content", "model", "inserted_at", "role"
    )
    if others := [each for each in listed if each not in spoken and each not in thought]:
        extra["fragments"] = others
    return _turn(
        key, parent, role, (text, reasoning or text_at(message, "reasoning_content")),
        read_time(message.get("inserted_at"), "inserted_at"), span, message.get("model"), extra,
    )  # fmt: skip


# -- Grok ------------------------------------------------------------------------------------------

_GROK = {
    "time": ("create_time",),
    "conversation_id": ("id",),
    "account": ("user_id",),
}


def is_grok(record: Mapping[str, Any]) -> bool:
    """Whether a record is a conversation of Grok's export."""
    return type(record.get("conversation")) is dict and type(record.get("responses")) is list


def read_grok(record: Record, draft: Draft) -> bool:
    """A conversation; whoever is not the person who asks is the model, by whatever name."""
    if not is_grok(record):
        return False
    source = Source(record["conversation"] | rest_of(record, "conversation", "responses"))
    source.fill(draft, _GROK)
    draft.fields["provider"] = "xai"
    spans = places.element_spans(draft.raw, ("responses",))
    turns: list[Turn] = []
    for number, each in enumerate(record["responses"]):
        said = each.get("response") if type(each) is dict else None
        if type(said) is dict:
            before = turns[-1].id if turns else ""
            turns.append(_grok_turn(said, before, number, spans.get(number)))
    grow_tree(turns, draft, text_at(record, "conversation.title"))
    source.rest(draft)
    return True


def _grok_turn(said: Record, before: str, number: int, span: tuple[int, int] | None) -> Turn:
    thought = [text_at(said, "thinking_trace")]
    traces = said.get("agent_thinking_traces")
    thought += [text_at(each, "thinking_trace") for each in traces] if type(traces) is list else []
    asks = str(said.get("sender") or "").lower() in ("human", "user")
    extra = rest_of(said, "_id", "message", "sender", "create_time", "model", "parent_response_id",
                  "thinking_trace", "agent_thinking_traces", "conversation_id")  # fmt: skip
    parent = said.get("parent_response_id", before)
    return _turn(
        str(said.get("_id") or f"response {number}"), parent if type(parent) is str else "",
        "user" if asks else "assistant",
        (text_at(said, "message"), "\n\n".join(filter(None, thought))),
        _of_bson(said.get("create_time")), span, said.get("model"), extra,
    )  # fmt: skip


def _of_bson(value: Any) -> When | None:
    """A time as a database writes it into JSON, or as text."""
    for path in ("$date.$numberLong", "$date"):
        if type(found := look(value, path)) in (str, int):
            value = found
            break
    return read_time(value, "create_time")


# -- Open WebUI ------------------------------------------------------------------------------------

_WEBUI = {
    "time": ("created_at", "chat.timestamp"),
    "conversation_id": ("id", "chat.id"),
    "account": ("user_id",),
    "project": ("folder_id",),
}


def read_open_webui(record: Record, draft: Draft) -> bool:
    """A chat of Open WebUI, in which several models may answer one question; a row of its database, too."""
    if type(record.get("chat")) is str and "user_id" in record:
        record = {**record, "chat": opened(record["chat"])}
    messages = look(record, "chat.history.messages")
    if type(messages) is not dict or not all(type(each) is dict for each in messages.values()):
        return False
    source = Source(record)
    source.take("chat.history"), source.take("chat.messages")
    source.fill(draft, _WEBUI)
    turns: list[Turn] = []
    standing = text_at(record, "chat.params.system") or text_at(record, "chat.system")
    first = "system" if standing else ""
    if standing:
        turns.append(_turn(first, "", "system", (standing, ""), None, None, "", {}))
    spans = places.value_spans(draft.raw, ("chat", "history", "messages"))
    turns += [
        _webui_turn(key, first, each, spans.get(key), draft) for key, each in messages.items()
    ]
    grow_tree(turns, draft, text_at(record, "title") or text_at(record, "chat.title"))
    source.rest(draft)
    return True


def _webui_turn(
    key: str, first: str, message: Record, span: tuple[int, int] | None, draft: Draft
) -> Turn:
    """A message; what it took stands in it as the service that answered counts it."""
    extra = rest_of(message, "id", "parentId", "childrenIds", "role", "content", "timestamp", "model",
                  "reasoning_content")  # fmt: skip
    turn = _turn(
        key, str(message.get("parentId") or first), str(message.get("role") or "user"),
        (content_text(message.get("content")), text_at(message, "reasoning_content")),
        read_time(message.get("timestamp"), "timestamp"), span, message.get("model"), extra,
    )  # fmt: skip
    for name in ("usage", "info"):
        counts = message.get(name)
        if turn.role == "assistant" and type(counts) is dict:
            counted = Draft(b"", draft.context)
            extra[name] = read_usage(counts, counted)
            for field, value in counted.fields.items():
                turn.told.setdefault(field, value)
            if not extra[name]:
                del extra[name]
    return turn


# -- LibreChat -------------------------------------------------------------------------------------

_LIBRE = {"time": ("createdAt",), "conversation_id": ("conversationId",), "account": ("user",)}
_ASKED_OF_LIBRE = ("options.model", "model")
_MOST_LOOKED_AT = 64 * 1024 * 1024
"""Bytes that are gone through for the places of messages inside messages; beyond it one has its parent's."""


def read_librechat(record: Record, draft: Draft) -> bool:
    """A chat of LibreChat, whose answers stand beside the questions or inside them."""
    messages = record.get("messages")
    if type(messages) is not list or "conversationId" not in record or "endpoint" not in record:
        return False
    source = Source(rest_of(record, "messages"))
    source.fill(draft, _LIBRE)
    model = next((found for path in _ASKED_OF_LIBRE if (found := text_at(record, path))), "")
    draft.fields.setdefault("provider", text_at(record, "endpoint"))
    if model:
        draft.fields["model"] = model
    spans = places.element_spans(draft.raw, ("messages",))
    turns: list[Turn] = []
    for parent, message, span in _unfolded(messages, spans, draft.raw):
        turns.append(_libre_turn(message, parent or (turns[-1].id if turns else ""), span))
    grow_tree(turns, draft, text_at(record, "title"))
    source.rest(draft)
    return True


def _unfolded(
    messages: list[Any], spans: Spans, raw: bytes
) -> Iterator[tuple[str, Record, tuple[int, int] | None]]:
    """Every message with the id of the one that it stands in, each before those inside it."""
    left = _MOST_LOOKED_AT
    waiting = [("", each, spans.get(number)) for number, each in enumerate(messages)][::-1]
    while waiting:
        parent, message, span = waiting.pop()
        if type(message) is not dict:
            continue
        yield parent, message, span
        inside = message.get("children")
        if type(inside) is not list or not inside:
            continue
        places_of: dict[int, tuple[int, int]] = {}
        if span and left > 0:
            left -= span[1] - span[0]
            cut = raw[span[0] : span[1]]
            found = places.element_spans(cut, ("children",))
            places_of = {n: (span[0] + first, span[0] + last) for n, (first, last) in found.items()}
        own = str(message.get("messageId") or "")
        waiting += [(own, each, places_of.get(n, span)) for n, each in enumerate(inside)][::-1]


def _libre_turn(message: Record, parent: str, span: tuple[int, int] | None) -> Turn:
    said = message.get("parentMessageId")
    before = said if type(said) is str else parent
    content = message.get("content")
    parts = [each for each in content if type(each) is dict] if type(content) is list else []
    thoughts = [str(each["think"]) for each in parts if type(each.get("think")) is str]
    spoken = content_text([each for each in parts if "think" not in each]) if parts else ""
    extra = rest_of(message, "messageId", "parentMessageId", "conversationId", "text", "sender", "createdAt",
                  "isCreatedByUser", "model", "children")  # fmt: skip
    if all(set(each) <= {"type", "text", "think"} for each in parts):
        extra.pop("content", None)
    return _turn(
        str(message.get("messageId") or f"message {span[0] if span else parent}"),
        before,
        "user" if message.get("isCreatedByUser") is True else "assistant",
        (text_at(message, "text") or spoken, "\n\n".join(thoughts)),
        read_time(message.get("createdAt"), "createdAt"), span, message.get("model"), extra,
    )  # fmt: skip


# -- LM Studio -------------------------------------------------------------------------------------


def read_lm_studio(record: Record, draft: Draft) -> bool:
    """A conversation of LM Studio, all versions of each message; its messages have no times."""
    messages = record.get("messages")
    if type(messages) is not list or "systemPrompt" not in record or "createdAt" not in record:
        return False
    if not any(type(each) is dict and type(each.get("versions")) is list for each in messages):
        return False
    source = Source(rest_of(record, "messages"))
    source.fill(draft, {"time": ("createdAt",)})
    draft.fields["provider"] = "lm-studio"
    turns: list[Turn] = []
    before = ""
    if system := source.take("systemPrompt"):
        turns.append(_turn("system", "", "system", (str(system), ""), None, None, "", {}))
        before = "system"
    spans = places.element_spans(draft.raw, ("messages",))
    for number, message in enumerate(messages):
        versions = message.get("versions") if type(message) is dict else None
        made = [
            _lm_turn(f"{number}.{place}", before, each, spans.get(number))
            for place, each in enumerate(versions if type(versions) is list else ())
            if type(each) is dict
        ]
        turns += made
        chosen = message.get("currentlySelected") if made else None
        at = chosen if type(chosen) is int and 0 <= chosen < len(made) else -1
        before = made[at].id if made else before
    grow_tree(turns, draft, text_at(record, "name"))
    source.rest(draft)
    return True


def _lm_turn(own: str, before: str, version: Record, span: tuple[int, int] | None) -> Turn:
    steps = version.get("steps")
    blocks = [each for each in steps if type(each) is dict] if type(steps) is list else []
    made: Any = next((each["genInfo"] for each in blocks if type(each.get("genInfo")) is dict), {})
    spoken = [version, *blocks]
    thought = [each for each in blocks if look(each, "style.type") == "thinking"]
    text = "\n\n".join(filter(None, (_content(each) for each in spoken if each not in thought)))
    turn = _turn(
        own, before, str(version.get("role") or "user"), (text, "\n\n".join(map(_content, thought))), None,
        span, made.get("indexedModelIdentifier") or made.get("identifier"),
        rest_of(version, "type", "role", "content", "steps") | ({"genInfo": made} if made else {}),
    )  # fmt: skip
    for field, path in (
        ("input_tokens", "promptTokensCount"),
        ("output_tokens", "predictedTokensCount"),
    ):
        if (count := whole_at(made, f"stats.{path}")) is not None:
            turn.told[field] = count
    if type(reason := look(made, "stats.stopReason")) is str:
        turn.told["finish_reason"] = reason
    return turn


def _content(block: Record) -> str:
    content = block.get("content")
    return content_text(content) if type(content) in (list, str) else ""


# -- Le Chat ---------------------------------------------------------------------------------------

_OF_LE_CHAT = {"version", "reaction"}
_LE_CHAT = {
    "time": ("createdAt",),
    "request_id": ("id",),
    "conversation_id": ("chatId",),
    "model": ("model",),
    "parent_request": ("parentId",),
}


def read_le_chat(record: Record, draft: Draft) -> bool:
    """A message told by itself, as Mistral's Le Chat exports them: a question, or an answer without it.

    Other programs keep messages under the same names; only what Le Chat alone says tells whose it is.
    """
    if not record.keys() >= {"chatId", "role", "content", "createdAt"}:
        return False
    text = content_text(record["content"])
    source = Source(record)
    source.fill(draft, _LE_CHAT)
    draft.collection = "outputs"
    if record.keys() >= _OF_LE_CHAT:
        draft.fields["provider"] = "mistral"
    if source.take("role") == "assistant":
        draft.output = text
    else:
        draft.kind, draft.prompt = "request", text
    draft.title = title_of(text)
    if type(record["content"]) is str:
        source.take("content")
    source.rest(draft)
    return True
