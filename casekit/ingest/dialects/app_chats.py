"""Conversations that other chat programs keep: NextChat, Chatbox, TypingMind, chat-ui, SillyTavern.

Source: ChatGPTNextWeb/NextChat `app/store/chat.ts`; Bin-Huang/chatbox `src/shared/types.ts`;
huggingface/chat-ui `src/lib/types`; SillyTavern/SillyTavern chat files; TypingMind export (no specification).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.chat import local_time
from casekit.ingest.dialects.content import content_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.growing import dicts
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Places, Source, look, rest_of, text_at
from casekit.ingest.parsed import Context, When

Record = dict[str, Any]
Span = tuple[int, int]
Told = tuple[tuple[str, str], When | None, Record, tuple[str, ...]]
"""What a message says and what was thought, its time, fields of its exchange, and the keys that told it."""

_OF_TURN = ("id", "role", "content", "createdAt", "timestamp")


def _grow(
    record: Record, draft: Draft, where: Places, title: str, tell: Callable[[Record], Told],
    first: str = "",
) -> bool:  # fmt: skip
    """Make a conversation of a record with `messages`, each after the one before it.

    Args:
        record: Whole; what nobody takes of it goes to `extra`.
        draft: The head.
        where: Places of its fields.
        title: What it is called.
        tell: Reads one message.
        first: Instructions that stand beside the messages.
    """
    source = Source(rest_of(record, "messages"))
    source.fill(draft, where)
    spans = places.element_spans(draft.raw, ("messages",))
    turns = [Turn("system", "", "system", first, "", "", None, None, {}, {})] if first else []
    for number, message in enumerate(record["messages"]):
        if type(message) is dict:
            before = turns[-1].id if turns else ""
            turns.append(_turn(message, number, before, spans.get(number), tell(message)))
    grow_tree(turns, draft, title)
    source.rest(draft)
    return True


def _turn(message: Record, number: int, before: str, span: Span | None, told: Told) -> Turn:
    (text, thought), when, fields, used = told
    own = text_at(message, "id") or text_at(message, "uuid") or str(number)
    role = text_at(message, "role") or text_at(message, "from") or "user"
    above = message.get("ancestors")
    if type(above) is list:
        before = above[-1] if above and type(above[-1]) is str else ""
    if role != "assistant":
        fields = {}
    usage = message.get("usage")
    extra = rest_of(message, *_OF_TURN, *used)
    if role == "assistant" and type(usage) is dict:
        counted = Draft(b"", Context())
        extra["usage"] = read_usage(usage, counted)
        fields = {**counted.fields, **fields}
        if not extra["usage"]:
            del extra["usage"]
    return Turn(
        own, before, role, text, thought, "", when, span, {"request_id": own, **fields}, extra
    )


def _named(model: Any) -> Record:
    return {"model": model} if type(model) is str and model else {}


def _holds(record: Mapping[str, Any], *keys: str) -> bool:
    """Whether a record has these keys and messages, each of them an object."""
    listed = record.get("messages")
    return (
        type(listed) is list
        and bool(listed)
        and record.keys() >= set(keys)
        and all(type(each) is dict for each in listed)
    )


# -- NextChat --------------------------------------------------------------------------------------

_NEXT = {
    "time": ("lastUpdate",),
    "conversation_id": ("id",),
    "model": ("mask.modelConfig.model",),
    "provider": ("mask.modelConfig.providerName",),
    "temperature": ("mask.modelConfig.temperature",),
    "top_p": ("mask.modelConfig.top_p",),
    "max_tokens": ("mask.modelConfig.max_tokens",),
}


def read_nextchat(record: Record, draft: Draft) -> bool:
    """A session of NextChat. Its messages have times as the browser's language writes them, kept as `date`."""
    if not _holds(record, "topic", "mask", "memoryPrompt"):
        return False
    said = [content_text(each.get("content")) for each in dicts(look(record, "mask.context"))]
    return _grow(
        record,
        draft,
        _NEXT,
        text_at(record, "topic"),
        _next_message,
        "\n\n".join(filter(None, said)),
    )


def _next_message(message: Record) -> Told:
    text = content_text(message.get("content"))
    when = read_time(message.get("date"), "date")
    return (text, ""), when, _named(message.get("model")), ("model", *(("date",) if when else ()))


# -- Chatbox ---------------------------------------------------------------------------------------

_CHATBOX = {"conversation_id": ("id",), "provider": ("settings.provider",)}
_LATENCY = {"ttft_ms": "firstTokenLatency"}


def read_chatbox(record: Record, draft: Draft) -> bool:
    """A session of Chatbox; its other threads and branches stay beside it."""
    known = _holds(record, "id", "name", "messages")
    if not known or not any(_is_chatbox(each) for each in record["messages"]):
        return False
    return _grow(record, draft, _CHATBOX, text_at(record, "name"), _chatbox_message)


def _is_chatbox(message: Record) -> bool:
    """Whether a message has words of Chatbox's beside those that others have too."""
    has_text = "content" in message or "contentParts" in message
    return (
        has_text
        and "role" in message
        and bool({"aiProvider", "generating", "contentParts"} & message.keys())
    )


def _chatbox_message(message: Record) -> Told:
    parts = dicts(message.get("contentParts"))
    thought = [text_at(each, "text") for each in parts if each.get("type") == "reasoning"]
    spoken = [each for each in parts if each.get("type") != "reasoning"]
    text = content_text(spoken) if parts else content_text(message.get("content"))
    plain = all(set(each) <= {"type", "text"} for each in parts)
    fields = _named(message.get("model"))
    for field, key in (("provider", "aiProvider"), ("error", "error")):
        if type(message.get(key)) is str and message[key]:
            fields[field] = message[key]
    for field, key in _LATENCY.items():
        if type(message.get(key)) is int:
            fields[field] = message[key]
    used = (
        "model",
        "aiProvider",
        "reasoningContent",
        "firstTokenLatency",
        *(("contentParts",) if plain else ()),
    )
    thoughts = "\n\n".join(filter(None, (text_at(message, "reasoningContent"), *thought)))
    return (text, thoughts), read_time(message.get("timestamp"), "timestamp"), fields, used


# -- TypingMind ------------------------------------------------------------------------------------

_TYPING = {
    "time": ("createdAt",),
    "conversation_id": ("chatID", "id"),
    "model": ("model",),
    "project": ("folderID",),
}


def read_typingmind(record: Record, draft: Draft) -> bool:
    """A chat of TypingMind, an exchange for each of its answers."""
    if not _holds(record, "chatTitle") or not {"chatID", "modelInfo"} & record.keys():
        return False
    first = text_at(record, "chatParams.systemMessage")
    return _grow(record, draft, _TYPING, text_at(record, "chatTitle"), _typing_message, first)


def _typing_message(message: Record) -> Told:
    text = content_text(message.get("content"))
    when = read_time(message.get("createdAt"), "createdAt")
    return (text, ""), when, _named(message.get("model")), ("uuid", "model")


# -- Hugging Face chat-ui --------------------------------------------------------------------------

_CHAT_UI = {
    "time": ("createdAt", "createdAt.$date"),
    "conversation_id": ("_id.$oid", "_id", "id"),
    "model": ("model",),
    "account": ("userId.$oid", "userId"),
    "user_agent": ("userAgent",),
}


def read_chat_ui(record: Record, draft: Draft) -> bool:
    """A conversation of HuggingChat, as the tree its messages say they are in."""
    if not _holds(record, "title", "model"):
        return False
    if not all(type(each.get("from")) is str and "content" in each for each in record["messages"]):
        return False
    first = record["messages"][0]
    told = "" if first["from"] == "system" else text_at(record, "preprompt")
    if first["from"] == "system" and first["content"] == record.get("preprompt"):
        record = rest_of(record, "preprompt")
    return _grow(record, draft, _CHAT_UI, text_at(record, "title"), _chat_ui_message, told)


def _chat_ui_message(message: Record) -> Told:
    text, thought = content_text(message.get("content")), text_at(message, "reasoning")
    made = message.get("createdAt")
    when = read_time(look(made, "$date") if type(made) is dict else made, "createdAt")
    fields = _named(look(message, "routerMetadata.model"))
    return (text, thought), when, fields, ("from", "ancestors", "children", "reasoning")


# -- SillyTavern -----------------------------------------------------------------------------------

_ASKED = "sillytavern asked"
_HALF = re.compile(r"(?<=\d)([ap]m)\Z")
_HUMAN = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?) ?@(\d\d?)h ?(\d\d?)m ?(\d\d?)s(?: ?(\d{1,3})ms)?\Z", re.ASCII
)
_TAVERN = (
    "mes",
    "swipes",
    "swipe_info",
    "swipe_id",
    "extra",
    "gen_finished",
    "send_date",
    "is_user",
)


def read_sillytavern(record: Record, draft: Draft) -> bool:
    """A line of a chat file: its head, what a person wrote, or an answer with those put aside below it.

    What a character says before anybody asked is its card's greeting, and no answer of a model.
    """
    if type(record.get("chat_metadata")) is dict and "user_name" in record:
        draft.kind, draft.collection, draft.extra = "record", "outputs", dict(record)
        draft.when = _tavern_time(record.get("create_date"), "create_date")
        draft.title = f"SillyTavern chat with {text_at(record, 'character_name')}".strip()
        return True
    if type(record.get("mes")) is not str or not record.keys() >= {"name", "is_user"}:
        return False
    draft.collection = "outputs"
    asks, asked = record["is_user"] is True, str(draft.memory.get(_ASKED, ""))
    for key, value in rest_of(record, *_TAVERN).items():
        draft.put_extra(key, value)
    if asks or type(look(record, "extra.type")) is str or not (asked or _is_made(record)):
        draft.when = _tavern_time(record.get("send_date"), "send_date")
        draft.extra |= rest_of({"extra": record.get("extra")})
        if asks:
            draft.memory[_ASKED] = draft.prompt = record["mes"]
            draft.kind = "request"
        else:
            draft.kind, draft.body, draft.title = "record", record["mes"], record["mes"]
        return True
    _put_answer(record, record["mes"], draft, asked)
    swipes = record.get("swipes")
    chosen = record.get("swipe_id")
    listed = record.get("swipe_info")
    about = listed if type(listed) is list else []
    for number, text in enumerate(swipes if type(swipes) is list else ()):
        if type(text) is str and number != chosen and text != record["mes"]:
            part = draft.part(("swipes", number))
            told = about[number] if number < len(about) and type(about[number]) is dict else {}
            _put_answer(told, text, part, asked)
            part.collection = "outputs"
            part.fields["sample"] = number
            draft.hang(part)
    return True


def _is_made(record: Record) -> bool:
    """Whether a line says that a model wrote it."""
    return bool(
        record.get("gen_started") or text_at(record, "extra.model") or text_at(record, "extra.api")
    )


def _put_answer(told: Record, text: str, draft: Draft, asked: str) -> None:
    draft.prompt, draft.output = asked, text
    draft.reasoning = text_at(told, "extra.reasoning")
    for field, path in (("model", "extra.model"), ("provider", "extra.api")):
        if found := text_at(told, path):
            draft.fields[field] = found
    finished = _tavern_time(told.get("gen_finished"), "gen_finished")
    draft.when = finished or _tavern_time(told.get("send_date"), "send_date")
    extra = told.get("extra")
    if type(extra) is dict and (rest := rest_of(extra, "reasoning", "model", "api")):
        draft.put_extra("extra", rest)


def _tavern_time(value: Any, field: str) -> When | None:
    """A time as one of SillyTavern's versions writes it; without a zone it is the local one."""
    if type(value) is not str:
        return read_time(value, field)
    human = _HUMAN.match(value)
    plain = _HALF.sub(lambda each: f" {each[1].upper()}", value)
    if human is not None:
        year, month, day, hour, minute, second = (int(each) for each in human.groups()[:6])
        plain = (
            f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{int(human[7] or 0):03}"
        )
    found = local_time(plain, field)
    return found and When(found.us, value, field, found.zone, found.resolution_us)
