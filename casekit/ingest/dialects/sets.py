"""Records of output and training sets: AlpacaEval, Alpaca, ShareGPT, plain conversations, MT-bench answers.

Source: tatsu-lab/alpaca_eval, tatsu-lab/stanford_alpaca, lm-sys/FastChat, lmarena/arena-hard-auto.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import is_conversation, read_messages
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_ROLES = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant"}
_RULES: dict[str, Rule | None] = {
    **dict.fromkeys(("timestamp", "tstamp", "created_at", "create_time", "time")),
    **dict.fromkeys(
        ("id", "uid", "conversation_id", "conversation_hash"), ("conversation_id", str)
    ),
    **dict.fromkeys(("ans_id", "answer_id"), ("request_id", str)),
    **dict.fromkeys(("model", "model_id", "model_name", "generator"), ("model", str)),
}


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
        _RULES,
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
    """A training example; the prompt is the instruction, with the input below where there is one."""
    if not _is_alpaca(record):
        return False
    instruction, given = record["instruction"], record.get("input") or ""
    draft.prompt = f"{instruction}\n\n{given}" if given else instruction
    draft.output = record["output"]
    if type(record.get("system")) is str:
        draft.system = record["system"]
    used = ("instruction", "input", "output", "system")
    draft.take({key: value for key, value in record.items() if key not in used}, _RULES)
    if given:
        draft.put_extra("input", given)
    return True


def _is_sharegpt(record: Record) -> bool:
    """`{conversations: [{from, value}]}`, also under `items`."""
    turns = record.get("conversations", record.get("items"))
    return (
        type(turns) is list
        and bool(turns)
        and all(
            type(each) is dict and type(each.get("from")) is str and type(each.get("value")) is str
            for each in turns
        )
    )


def read_sharegpt(record: Record, draft: Draft) -> bool:
    """A conversation as one exchange: the last answer is the output, all before it the prompt."""
    if not _is_sharegpt(record):
        return False
    turns = record.get("conversations", record.get("items")) or []
    if type(record.get("system")) is str:
        draft.system = record["system"]
    messages = [
        {"role": _ROLES.get(each["from"], each["from"]), "content": each["value"]} for each in turns
    ]
    read_messages(messages, draft, answered=False)
    used = ("conversations", "items", "system")
    draft.take({key: value for key, value in record.items() if key not in used}, _RULES)
    if any(len(each) > 2 for each in turns):
        draft.put_extra("conversations", turns)
    return True


def _is_messages(record: Record) -> bool:
    """A whole conversation under `messages` (fine-tuning, Arena-Hard) or `conversation` (WildChat)."""
    return is_conversation(record.get("messages")) or is_conversation(record.get("conversation"))


def read_conversation(record: Record, draft: Draft) -> bool:
    """A conversation with roles, its last answer as the output."""
    if not _is_messages(record):
        return False
    key = "messages" if is_conversation(record.get("messages")) else "conversation"
    read_messages(record[key], draft, answered=False)
    draft.take({name: value for name, value in record.items() if name != key}, _RULES)
    return True


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
    """The answers to a question's turns, one below the other; questions are in another file."""
    if not _is_mt_bench(record):
        return False
    turns = record["choices"][0]["turns"]
    draft.output = "\n\n".join(turns)
    draft.fields["messages"] = encode([{"role": "assistant", "content": each} for each in turns])
    draft.take(record, _RULES)
    if len(record["choices"]) == 1:
        draft.extra.pop("choices", None)
    return True
