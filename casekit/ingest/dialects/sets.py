"""Records of output and training sets: AlpacaEval, Alpaca, ShareGPT, conversations, MT-bench, Arena-Hard.

Source: tatsu-lab/alpaca_eval, tatsu-lab/stanford_alpaca, hiyouga/LLaMA-Factory, lm-sys/FastChat,
lmarena/arena-hard-auto; dataset cards of allenai/WildChat-1M and lmsys/lmsys-chat-1m.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import (
    ANSWERING,
    is_conversation,
    mended,
    put_others,
    read_messages,
)
from casekit.ingest.dialects.content import content_text, labelled
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.dialects.parameters import DECODING
from casekit.ingest.dialects.translate import request_in_common_terms
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_ROLES = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant"}
RULES: dict[str, Rule | None] = {
    **dict.fromkeys(("timestamp", "tstamp", "created_at", "create_time", "time")),
    **dict.fromkeys(
        ("id", "uid", "conversation_id", "conversation_hash"), ("conversation_id", str)
    ),
    **dict.fromkeys(("ans_id", "answer_id"), ("request_id", str)),
    **dict.fromkeys(("model", "model_id", "model_name", "generator"), ("model", str)),
    **DECODING,
}
"""Where the common columns of output sets go."""


def as_messages(value: Any) -> list[dict[str, Any]] | None:
    """A list of turns as `[{"role", "content"}, …]`, in whichever of three ways it is written; or None.

    The others are `[{"from", "value"}, …]` and `[{"user", "assistant"}, …]`.
    """
    if is_conversation(value):
        found: list[dict[str, Any]] = value
        return found
    if _is_paired(value):
        return [
            {"role": role, "content": each[role]}
            for each in value
            for role in ("user", "assistant")
        ]
    if not _is_turns(value):
        return None
    return [
        {"role": _ROLES.get(each["from"], each["from"]), "content": each["value"]} for each in value
    ]


def _is_turns(value: Any) -> bool:
    return (
        type(value) is list
        and bool(value)
        and all(
            type(each) is dict and type(each.get("from")) is str and type(each.get("value")) is str
            for each in value
        )
    )


def _is_paired(value: Any) -> bool:
    return (
        type(value) is list
        and bool(value)
        and all(
            type(each) is dict
            and type(each.get("user")) is str
            and type(each.get("assistant")) is str
            for each in value
        )
    )


def _is_alpaca_eval(record: Record) -> bool:
    """`{instruction, output, generator}`; a set whose file names the generator elsewhere has `dataset`."""
    return (
        type(record.get("instruction")) is str
        and type(record.get("output")) is str
        and ("generator" in record or "dataset" in record)
        and "input" not in record
    )


def read_alpaca_eval(record: Record, draft: Draft) -> bool:
    """One model's answer to one instruction of the common set."""
    if not _is_alpaca_eval(record):
        return False
    draft.prompt, draft.output = record["instruction"], record["output"]
    draft.take(
        {key: value for key, value in record.items() if key not in ("instruction", "output")},
        RULES,
    )
    return True


def _is_alpaca(record: Record) -> bool:
    """`{instruction, input, output}`."""
    return (
        type(record.get("instruction")) is str
        and type(record.get("output")) is str
        and type(record.get("input", "")) in (str, type(None))
    )


def read_alpaca(record: Record, draft: Draft) -> bool:
    """A training example; the prompt is the instruction, with the input below where there is one.

    LLaMA-Factory's `history` of earlier turns stands before it.
    """
    if not _is_alpaca(record):
        return False
    instruction, given = record["instruction"], record.get("input") or ""
    prompt = f"{instruction}\n\n{given}" if given else instruction
    if type(record.get("system")) is str:
        draft.system = record["system"]
    used = {"instruction", "input", "output", "system"}
    earlier = record.get("history")
    if type(earlier) is list and earlier and all(_texts(each) for each in earlier):
        used.add("history")
        turns = [
            {"role": role, "content": text}
            for pair in earlier
            for role, text in zip(("user", "assistant"), pair, strict=False)
        ]
        read_messages([*turns, {"role": "user", "content": prompt}], draft, answered=True)
    else:
        draft.prompt = prompt
    draft.output = record["output"]
    draft.take({key: value for key, value in record.items() if key not in used}, RULES)
    if given:
        draft.put_extra("input", given)
    return True


def read_seed_task(record: Record, draft: Draft) -> bool:
    """`{instruction, instances: [{input, output}]}`: the first instance, and the others below it."""
    instances = record.get("instances")
    if (
        type(record.get("instruction")) is not str
        or type(instances) is not list
        or not instances
        or not all(type(each) is dict and _is_alpaca({**record, **each}) for each in instances)
    ):
        return False
    for number, each in enumerate(instances):
        part = draft if not number else draft.part(("instances", number))
        read_alpaca({"instruction": record["instruction"], **each}, part)
        part.fields["sample"] = number
        if number:
            draft.hang(part)
    used = ("instruction", "instances")
    draft.take({key: value for key, value in record.items() if key not in used}, RULES)
    return True


def read_sharegpt(record: Record, draft: Draft) -> bool:
    """A conversation as one exchange: the last answer is the output, all before it the prompt."""
    turns = record.get("conversations", record.get("items"))
    if turns is None or not (_is_turns(turns) or _is_paired(turns)):
        return False
    if type(record.get("system")) is str:
        draft.system = record["system"]
    read_messages(as_messages(turns) or [], draft, answered=False)
    used = ("conversations", "items", "system")
    draft.take({key: value for key, value in record.items() if key not in used}, RULES)
    if any(len(each) > 2 for each in turns):
        draft.put_extra("conversations", turns)
    return True


def read_ultrachat(record: Record, draft: Draft) -> bool:
    """`{id, data: [text, …]}`: question and answer by turns, beginning with a question."""
    turns = record.get("data")
    if record.keys() != {"id", "data"} or not _texts(turns) or len(record["data"]) < 2:
        return False
    messages = [
        {"role": ("user", "assistant")[number % 2], "content": text}
        for number, text in enumerate(record["data"])
    ]
    read_messages(messages, draft, answered=False)
    draft.take({"id": record.get("id")}, RULES)
    return True


_TALKS = ("messages", "conversation", "conversations", "dialogue", "chat")
"""Where a whole conversation stands: in sets for fine-tuning, Arena-Hard, WildChat and others."""


def read_conversation(record: Record, draft: Draft) -> bool:
    """A conversation with roles, its last answer as the output."""
    key = next((name for name in _TALKS if is_conversation(record.get(name))), None)
    if key is None:
        return False
    if type(record.get("system")) is str or is_parts(record.get("system")):
        draft.system = content_text(record["system"])
    read_messages(record[key], draft, answered=False)
    for name in _SAMPLED:
        _other_answers(record.get(name), draft)
    spoken = [each["content"] for each in record[key] if type(each.get("content")) is dict]
    for name in ("thought", "thinking", "reasoning"):  # Arena-Hard keeps it beside the answer
        if spoken and not draft.reasoning and type(spoken[-1].get(name)) is str:
            draft.reasoning = spoken[-1][name]
    used = (
        (key, "system")
        if type(record.get("system")) is str or is_parts(record.get("system"))
        else (key,)
    )
    rest = {name: value for name, value in record.items() if name not in used}
    if "openai_moderation" in record or "hashed_ip" in record:
        _take_public(rest, record[key], draft)
    draft.take(rest, RULES)
    return True


_SAMPLED = ("generations", "responses", "completions")
"""Columns in which sets that were sampled several times keep all answers; the conversation holds one."""


def _other_answers(untrusted_answers: Any, draft: Draft) -> None:
    """Show the answers beside the one of the conversation; they stay in `extra` too."""
    if (
        type(untrusted_answers) is not list
        or draft.output not in untrusted_answers
        or draft.answers
    ):
        return
    others = [each for each in untrusted_answers if type(each) is str and each != draft.output]
    if others:
        put_others(others, draft)


def is_parts(untrusted_value: Any) -> bool:
    """Whether this is a list of parts of a text, as Bedrock writes a system's."""
    return (
        type(untrusted_value) is list
        and bool(untrusted_value)
        and all(type(each) is dict and type(each.get("text")) is str for each in untrusted_value)
    )


def read_contents(record: Record, draft: Draft) -> bool:
    """A conversation of Gemini's form that ends with the model's turn, as it is tuned with."""
    if type(record.get("contents")) is not list or "candidates" in record:
        return False
    body = mended(request_in_common_terms(record))
    messages = body.get("messages")
    if not is_conversation(messages) or messages[-1]["role"] not in ANSWERING:
        return False
    return read_conversation(body, draft)


_PUBLIC: dict[str, Rule] = {
    "turn": ("turn", int),
    "hashed_ip": ("ip", str),
    "country": ("country", str),
    "user-agent": ("user_agent", str),
}


def _take_public(rest: Record, messages: list[Record], draft: Draft) -> None:
    """What WildChat and LMSYS-Chat-1M add: who asked, as a hash of the address, whence, and what was cut out.

    Where the record as a whole does not say it, its first message does.
    """
    header = rest.get("header")
    if type(header) is dict:
        _pick(dict(header), draft)
    _pick(rest, draft)
    first = messages[0]
    _pick({"hashed_ip": first.get("hashed_ip"), "country": first.get("country")}, draft)
    if type(first.get("header")) is dict:
        _pick(dict(first["header"]), draft)
    if draft.fields.get("ip"):
        draft.missing += ("ip-masked",)
    if rest.get("redacted") is True:
        draft.missing += ("redacted",)
    if "timestamp" not in rest:
        times = [each["timestamp"] for each in messages if each.get("timestamp")]
        if times:
            draft.take_one("timestamp", times[-1], None)


def _pick(source: Record, draft: Draft) -> None:
    """Move what has a field out of `source`."""
    for key, rule in _PUBLIC.items():
        wanted = rule[0] not in draft.fields and bool(source.get(key))
        if wanted and draft.put(rule[0], rule[1], source[key]):
            del source[key]


def _is_mt_bench(record: Record) -> bool:
    """`{question_id, model_id, choices: [{turns}]}`: answers without their questions."""
    choices = record.get("choices")
    return (
        "question_id" in record
        and type(choices) is list
        and bool(choices)
        and all(type(each) is dict and _texts(each.get("turns")) for each in choices)
    )


def _texts(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(each) is str for each in value)


def read_mt_bench(record: Record, draft: Draft) -> bool:
    """The answers to a question's turns, one below the other; questions are in another file.

    Where the question was put several times, each further choice hangs below the first.
    """
    if not _is_mt_bench(record):
        return False
    draft.take({key: value for key, value in record.items() if key != "choices"}, RULES)
    draft.missing += ("unjoined",)
    for number, choice in enumerate(record["choices"]):
        turns = choice["turns"]
        part = draft if not number else draft.part(("choices", number))
        part.output = "\n\n".join(turns)
        part.fields["messages"] = encode([{"role": "assistant", "content": each} for each in turns])
        rest = {k: v for k, v in choice.items() if k not in ("index", "turns")}
        if rest:
            part.put_extra("choice", rest)
        if number:
            part.missing, part.when = draft.missing, draft.when
            part.fields |= {
                k: draft.fields[k] for k in ("model", "request_id") if k in draft.fields
            }
            part.fields["sample"] = number
            part.extra["question_id"] = record["question_id"]
            draft.hang(part)
    return True


def read_mt_question(record: Record, draft: Draft) -> bool:
    """`{question_id, category, turns}`: what a model is to be asked; its answers are in another file."""
    if "question_id" not in record or not _texts(record.get("turns")) or "choices" in record:
        return False
    turns = record["turns"]
    draft.prompt = labelled([("user", each) for each in turns])
    if len(turns) > 1:
        draft.fields["messages"] = encode([{"role": "user", "content": each} for each in turns])
    draft.missing += ("unjoined",)
    draft.take({key: value for key, value in record.items() if key != "turns"}, RULES)
    return True


# -- what a model said of the answers of others -----------------------------------------------------


def read_judgment(record: Record, draft: Draft) -> bool:
    """What a judge answered: one text (MT-bench), or two in which the answers change places, below each other.

    The judge is the model; whose answers it judged stays in `extra`.
    """
    judge = record.get("judge")
    judge = judge[0] if type(judge) is list and judge else judge
    told = _judged(record)
    if type(judge) is not str or not told:
        return False
    used = {"judge", "games", "tstamp", *_JUDGED}
    for number, (prompt, said, path, rest) in enumerate(told):
        part = draft if not number else draft.part(path)
        part.collection = "outputs"
        part.fields["model"] = judge
        part.fields["sample"] = number
        part.output = said
        if is_conversation(prompt):
            read_messages(prompt, part, answered=True)
        else:
            part.prompt = prompt if type(prompt) is str else ""
        part.take_one("tstamp", record.get("tstamp"), None)
        part.extra = {**{k: v for k, v in record.items() if k not in used}, **rest}
        if number:
            draft.hang(part)
    return True


_JUDGED = (
    "user_prompt",
    "judgment",
    "g1_user_prompt",
    "g1_judgment",
    "g2_user_prompt",
    "g2_judgment",
)


def _judged(record: Record) -> list[tuple[Any, str, tuple[str | int, ...], Record]]:
    """Prompt, judgment, its place in the record and what else belongs to it, of each that there is."""
    found: list[tuple[Any, str, tuple[str | int, ...], Record]] = []
    for mark in ("", "g1_", "g2_"):
        said = record.get(f"{mark}judgment")
        if type(said) is str:
            found.append((record.get(f"{mark}user_prompt"), said, (f"{mark}judgment",), {}))
    games = record.get("games")
    for number, game in enumerate(games if type(games) is list else ()):
        said = game.get("judgment") if type(game) is dict else None
        said = said.get("answer") if type(said) is dict else said
        if type(said) is str:
            rest = {k: v for k, v in game.items() if k not in ("judgment", "user_prompt", "prompt")}
            found.append(
                (game.get("user_prompt", game.get("prompt")), said, ("games", number), rest)
            )
    return found
