"""Model outputs and API log extracts on paper: who was asked what, with what, and the answer whole."""

from __future__ import annotations

from typing import Any

import orjson

from casekit.dossier.sections.common import (
    Context,
    facts,
    instant,
    origin_facts,
    place,
    values_grid,
    when_facts,
)
from casekit.dossier.sheet import Block, Fact, Facts, Prose, Raw, Remark
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView
from casekit.queries.joined import Joined, OtherPart

PARTS = ("system", "prompt", "reasoning", "output")
_ALWAYS = ("provider", "endpoint", "account", "api_key", "request_id", "conversation_id", "model_requested",
           "model", "status", "finish_reason", "ip", "asn", "country", "user_agent", "ja4", "payment",
           "input_tokens", "output_tokens", "latency_ms")  # fmt: skip
"""Fields of a log that are printed with or without a value."""
_WHERE_KNOWN = ("operation", "api_version", "organisation", "project", "end_user", "upstream_id", "trace_id",
                "parent_request", "turn", "sdk", "referer", "ja3", "error", "answers", "sample", "stream",
                "reasoning_tokens", "cache_read_tokens", "cache_write_tokens", "cost", "currency", "ttft_ms",
                "reasoning_signature")  # fmt: skip
_PARAMETERS = ("temperature", "top_p", "top_k", "seed", "max_tokens")
ELSEWHERE = (
    *_PARAMETERS,
    "parameters",
    "extra",
    "completeness",
    "messages",
    "prompt_sha256",
    "joint",
)
"""Columns of an exchange that are printed in a place of their own, or are the parts printed whole."""
FIELDS = (*_ALWAYS, *_WHERE_KNOWN)


def title(view: ItemView, words: Wording) -> str:
    """A title from the model and the first line of the prompt."""
    values = view.exchange
    prompt = first_line(view.text("prompt"))
    model = values.get("model") or values.get("model_requested") or words("exchange.a_model")
    if view.row.kind in {"request", "record"}:
        return words("title.request", what=values.get("request_id") or view.row.title)
    if not prompt:
        return words("title.output", model=model)
    key = "title.log" if view.row.collection == "api-log" else "title.answer"
    return words(key, model=model, prompt=prompt)


def blocks(view: ItemView, context: Context) -> tuple[Block, ...]:
    """The exhibit's facts, its texts whole, and where it is asked for the exact record."""
    words = context.words
    is_log = view.row.collection == "api-log"
    found: list[Block] = [
        Facts((*_facts(view, context, is_log), *origin_facts(view, context))),
    ]
    if is_log:
        names = (n for n in FIELDS if n in _ALWAYS or n in view.exchange)
        values = {words(f"field.{n}"): _shown(n, view, words) for n in names}
        found.append(values_grid(values, words, words("heading.record")))
    found += _texts(view, words)
    extra = _json(view.exchange.get("extra"))
    if isinstance(extra, dict) and extra:
        found.append(values_grid(extra, words, words("heading.extra")))
    if context.spec.raw == "all" or (context.spec.raw == "log" and is_log):
        if view.row.id in context.redacted:
            return (*found, Remark(words("redacted.raw"), small=True))
        heading = words("heading.raw", size=f"{view.row.size:,}")
        key = str(view.exchange.get("api_key", ""))
        secret = (len(key), key[-4:]) if key else (0, "")
        found.append(Raw(heading, view.row.id, view.sha256.hex(), view.row.size, secret))
    return tuple(found)


def _facts(view: ItemView, context: Context, is_log: bool) -> tuple[Fact, ...]:
    words, values = context.words, view.exchange
    requested = values.get("model_requested", "")
    model = values.get("model", "")
    return facts(
        (words("facts.evidence"), place(view, words)),
        (words("facts.model"), model),
        (words("facts.model_requested"), requested if requested != model else ""),
        *_times(view, words),
        (words("facts.parameters"), _parameters(view, words)),
        *(() if is_log else _record_facts(view, words)),
        *_joined_facts(view.joined, context),
        (_together("completeness", view, words), _completeness(view.completeness, words)),
    )


def _together(name: str, view: ItemView, words: Wording) -> str:
    """The label of a fact that is of all parts of an exchange together, where there are several."""
    several = view.joined is not None and view.joined.others
    return words(f"facts.{name}_all" if several else f"facts.{name}")


def _joined_facts(joined: Joined | None, context: Context) -> tuple[Fact, ...]:
    """Where the other parts of an exchange stand, and what says that they belong to it."""
    words = context.words
    if joined is None:
        return ()
    if joined.alone:
        return (Fact(words("facts.not_joined"), words(f"joined.{joined.ground}")),)
    told = [other for other in joined.others if other.item_id not in context.kept_back]
    lines = [_part_place(other, context) for other in told]
    if len(joined.others) > len(told):
        lines.append(words.count("joined.kept_back", len(joined.others) - len(told)))
    if joined.count > len(joined.others):
        lines.append(words("joined.more", n=f"{joined.count - len(joined.others):,}"))
    lines.append(words(f"joined.{joined.ground}"))
    return (Fact(words("facts.joined"), "\n".join(lines)),)


def _part_place(other: OtherPart, context: Context) -> str:
    """Which exhibit another part is, its file, line and bytes, and its hash unless that would tell much."""
    words, file = context.words, other.path
    if other.line is not None:
        file = words("joined.line", line=f"{other.line:,}", file=file)
    last = other.offset + max(other.size, 1) - 1
    hidden = other.item_id in context.redacted
    where = words(
        "joined.bytes",
        place=file,
        first=f"{other.offset:,}",
        last=f"{last:,}",
        sha256=other.sha256.hex(),
    )
    if hidden:
        where = words("joined.hidden", place=file, sha256=words("redacted.hash"))
    if other.item_id in context.labels:
        where = words("joined.exhibit", label=context.labels[other.item_id][0], place=where)
    return words(f"joined.{other.side}", place=where)


def _record_facts(view: ItemView, words: Wording) -> tuple[Fact, ...]:
    service = " · ".join(
        _shown(n, view, words) for n in ("provider", "endpoint") if _shown(n, view, words)
    )
    names = ("account", "api_key", "request_id", "conversation_id")
    ends = [part for part in (_shown("finish_reason", view, words), _tokens(view, words)) if part]
    return facts(
        (words("facts.service"), service),
        *((words(f"field.{name}"), _shown(name, view, words)) for name in names),
        (words("field.finish_reason"), " · ".join(ends)),
        *((words(f"field.{name}"), _shown(name, view, words)) for name in _WHERE_KNOWN),
    )


def _tokens(view: ItemView, words: Wording) -> str:
    sent, answered = view.exchange.get("input_tokens"), view.exchange.get("output_tokens")
    if sent is None and answered is None:
        return ""
    known = [f"{n:,}" if n is not None else "–" for n in (sent, answered)]
    return words("facts.tokens_text", sent=known[0], answered=known[1])


def _times(view: ItemView, words: Wording) -> tuple[Fact, ...]:
    """When asked, in the source's own words too, and when answered where the record tells."""
    found = when_facts(view, words, words("facts.asked"))
    answered = _answered(view, words)
    if not found or not answered:
        return found
    return (*found, Fact(words("facts.answered"), answered))


def _answered(view: ItemView, words: Wording) -> str:
    latency, sent = view.exchange.get("latency_ms"), view.row.sent_us
    if latency is None or sent is None:
        return ""
    end = instant(sent + latency * 1000, 1000)
    if not view.row.time.is_sure:
        end = words("when.about", day=end)
    return words("facts.answered_text", when=end, ms=f"{latency:,}")


def _parameters(view: ItemView, words: Wording) -> str:
    values = view.exchange
    found = {n: values[n] for n in _PARAMETERS if n in values}
    more = _json(values.get("parameters"))
    if isinstance(more, dict):
        found.update({k: v for k, v in more.items() if k not in found})
    parts = [f"{name} {_number(name, value)}" for name, value in found.items()]
    if view.row.kind == "exchange" and not view.text("system"):
        parts.append(words("facts.no_system"))
    return " · ".join(parts)


def _number(name: str, value: Any) -> str:
    """A parameter as it was sent; counts of tokens alone are grouped in thousands."""
    if type(value) is int and name.endswith("tokens"):
        return f"{value:,}"
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _texts(view: ItemView, words: Wording) -> list[Block]:
    """Every part, in the order of the conversation; parts we have no heading for under their own name."""
    order = {part: n for n, part in enumerate(PARTS)}
    texts = sorted(view.texts, key=lambda t: order.get(t[0], len(order)))
    return [
        Prose(words.get(f"part.{part}", part.upper()), text, view.row.id, part)
        for part, text in texts
        if text
    ]


def _shown(name: str, view: ItemView, words: Wording) -> str:
    """A field as printed; of a key only its last four characters."""
    value = view.exchange.get(name, "")
    if name == "api_key" and value and value not in view.pseudonyms:
        return f"…{str(value)[-4:]}"
    if name == "stream" and value != "":
        return words("yes") if value else words("no")
    return f"{value:,}" if isinstance(value, int) and name.endswith("tokens") else str(value)


def _completeness(value: str, words: Wording) -> str:
    return "; ".join(words.get(f"completeness.{word}", word) for word in value.split())


def _json(text: Any) -> Any:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None


def first_line(text: str) -> str:
    """A text on one line, cut at a word after at most 120 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119].rsplit(" ", 1)[0] + "…"
