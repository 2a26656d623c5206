"""Records with several answers to one prompt: pairs of a chosen and a rejected one, and sets of answers.

The first answer is the exchange, the others hang below it, each with its own bytes, so that every output
is there once and with what it was an answer to.

Source: Hugging Face TRL, dataset formats; hiyouga/LLaMA-Factory `data/README.md`; openai-openapi (DPO);
anthropics/hh-rlhf; OpenBMB/UltraFeedback.
"""

from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.dialects.bodies import ANSWERING, OUTPUT_NAMES, is_conversation, read_messages
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.sets import RULES, as_messages
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_PAIRS = (
    ("chosen", "rejected"),
    ("chosen_messages", "rejected_messages"),
    ("preferred_output", "non_preferred_output"),
    ("chosen_response", "rejected_response"),
    ("response_chosen", "response_rejected"),
)
_PROMPTS = ("prompt", "conversations", "messages", "conversation", "instruction", "question")
_ANSWERS = ("completions", "answers", "responses", "generations", "outputs", "output", "samples")
_LAST_TURN = "\n\nAssistant:"
_Messages = list[dict[str, Any]]


# -- chosen and rejected --------------------------------------------------------------------------


def read_preference(record: Record, draft: Draft) -> bool:
    """A prompt with the answer that was preferred and, below it, the one that was not.

    `extra.preference` says which of the two an exchange is.
    """
    for good, bad in _PAIRS:
        if good in record and bad in record:
            break
    else:
        return False
    chosen, rejected = _answers(record[good]), _answers(record[bad])
    prompt = _prompt_of(record)
    if not chosen or not rejected or prompt is None:
        return False
    used = {good, bad, *prompt[1]}
    models = {name: record.get(name) for name in (*_models(good), *_models(bad))}
    _fill(draft, record, prompt[0], chosen[0], good, models)
    draft.extra["preference"] = "chosen"
    source = record.get("input")
    if type(source) is dict and len(source) > 1:
        draft.fields["parameters"] = encode({k: v for k, v in source.items() if k != "messages"})
    draft.take({k: v for k, v in record.items() if k not in used and not models.get(k)}, RULES)
    for name, side in ((good, chosen[1:]), (bad, rejected)):
        many = type(record[name]) is list and type(record[name][0]) is str
        skipped = 1 if name == good else 0
        for number, answer in enumerate(side, skipped):
            part = draft.part((name, number) if many else (name,))
            _fill(part, record, prompt[0], answer, name, models)
            part.fields |= {k: v for k, v in draft.fields.items() if k == "conversation_id"}
            part.extra["preference"] = "chosen" if name == good else "rejected"
            part.when = draft.when
            draft.hang(part)
    return True


def _models(name: str) -> tuple[str, ...]:
    """Columns that name the model of an answer."""
    return f"{name}_model", f"{name}-model", f"model_{name}"


def _fill(
    draft: Draft, record: Record, prompt: _Messages, answer: Any, name: str, models: Record
) -> None:
    """Prompt and one answer into a draft."""
    if type(record.get("system")) is str:
        draft.system = record["system"]
    for column in _models(name):
        if type(models.get(column)) is str and models[column]:
            draft.fields["model"] = models[column]
    if type(answer) is list:
        begun = answer[0]["role"] not in ANSWERING | {"function_call", "tool"}
        read_messages(answer if begun else [*prompt, *answer], draft, answered=False)
        return
    if prompt:
        read_messages([*prompt, {"role": "assistant", "content": answer}], draft, answered=False)
        return
    head, mark, tail = answer.rpartition(_LAST_TURN)
    draft.prompt, draft.output = head + mark, tail


def _answers(value: Any) -> list[Any]:
    """What a side holds: texts, or lists of messages; empty if it is neither."""
    if type(value) is str:
        return [value]
    if type(value) is dict:
        value = [value]
    if type(value) is not list or not value:
        return []
    if all(type(each) is str for each in value):
        return value
    found = as_messages(value)
    return [found] if found else []


def _prompt_of(record: Record) -> tuple[_Messages, tuple[str, ...]] | None:
    """The messages before the answers, and the columns they stand in; None if they cannot be read."""
    source: Any = record.get("input")
    if type(source) is dict and is_conversation(source.get("messages")):
        return source["messages"], ("input", "system")
    for name in _PROMPTS:
        value = record.get(name)
        if type(value) is str:
            given = record.get("input") if name == "instruction" else None
            text = f"{value}\n\n{given}" if type(given) is str and given else value
            return [{"role": "user", "content": text}], (
                name,
                "system",
                *(("input",) * bool(given)),
            )
        found = as_messages(value)
        if found:
            return found, (name, "system")
    if any(record.get(name) for name in _PROMPTS):
        return None
    return [], ("system",)


# -- two models side by side ----------------------------------------------------------------------

_BATTLES = (
    ("output_1", "output_2", "generator_1", "generator_2"),
    ("conversation_a", "conversation_b", "model_a", "model_b"),
    ("response_a", "response_b", "model_a", "model_b"),
    ("response_1", "response_2", "model_1", "model_2"),
)


def read_battle(record: Record, draft: Draft) -> bool:
    """The answers of two models to one prompt, with the judgment in `extra`; the second hangs below.

    AlpacaEval's and AlpacaFarm's annotations, the battles of Chatbot Arena.
    """
    columns = next((each for each in _BATTLES if each[0] in record and each[1] in record), None)
    if columns is None:
        return False
    names, models = columns[:2], columns[2:]
    asked = _opened(record.get("prompt"))
    prompt = ([], ()) if type(asked) is list else _prompt_of(record)
    if prompt is None:
        return False
    talks = [_talk(asked, prompt[0], _opened(record[name])) for name in names]
    if not all(talks):
        return False
    used = {*columns, "prompt", *prompt[1]}
    for number, (talk, model) in enumerate(zip(talks, models, strict=True)):
        part = draft if not number else draft.part((names[1],))
        if type(record.get("system")) is str:
            part.system = record["system"]
        read_messages(talk, part, answered=False)
        part.put("model", str, record.get(model))
        part.fields["sample"] = number
        if not number:
            draft.take({k: v for k, v in record.items() if k not in used}, RULES)
            continue
        part.when = draft.when
        part.fields |= {k: v for k, v in draft.fields.items() if k == "conversation_id"}
        draft.hang(part)
    return True


def _talk(asked: Any, before: _Messages, answer: Any) -> _Messages:
    """A whole conversation from its questions and answers; empty if they cannot be read."""
    if type(asked) is list:
        if not (_all_texts(asked) and _some_texts(answer) and len(asked) == len(answer)):
            return []
        turns = zip(asked, answer, strict=True)
        return [
            {"role": role, "content": text or ""}
            for turn in turns
            for role, text in zip(("user", "assistant"), turn, strict=True)
        ]
    if type(answer) is str:
        return [*before, {"role": "assistant", "content": answer}]
    found = as_messages(answer) or []
    return [*before, *found] if found and found[0]["role"] in ANSWERING else found


def _all_texts(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(each) is str for each in value)


def _some_texts(value: Any) -> bool:
    """Texts, some of which may be missing: an answer that never came is null in tables of battles."""
    return (
        type(value) is list
        and bool(value)
        and all(type(each) in (str, type(None)) for each in value)
    )


def _opened(value: Any) -> Any:
    """A list of texts that was written as JSON in a text, as in tables of battles."""
    if type(value) is str and value.startswith(('["', "[null")) and value.endswith("]"):
        try:
            found = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
        return found if _some_texts(found) else value
    return value


# -- prompt and completion as messages ------------------------------------------------------------


def read_completion(record: Record, draft: Draft) -> bool:
    """`{prompt: [messages], completion: [messages]}`, with a `label` where the answer was judged."""
    prompt, answer = as_messages(record.get("prompt")), as_messages(record.get("completion"))
    if not prompt or not answer:
        return False
    read_messages([*prompt, *answer], draft, answered=False)
    draft.take({k: v for k, v in record.items() if k not in ("prompt", "completion")}, RULES)
    return True


# -- a set of answers -----------------------------------------------------------------------------


def read_answers(record: Record, draft: Draft) -> bool:
    """One prompt with a list of answers, each a text or an object that may name its model."""
    prompt: Any = next(
        (record[k] for k in ("instruction", "prompt", "question", "problem") if k in record), None
    )
    name = next((k for k in _ANSWERS if type(record.get(k)) is list and record[k]), "")
    if not name or not (type(prompt) is str or is_conversation(prompt)):
        return False
    given = record.get("input")
    if type(prompt) is str and type(given) is str and given:
        prompt = f"{prompt}\n\n{given}"
    texts = [_text_of(each) for each in record[name]]
    if not all(type(text) is str for text in texts):
        return False
    named = record.get("models")
    models = named if type(named) is list and len(named) == len(texts) else [None] * len(texts)
    used = (
        name,
        "instruction",
        "prompt",
        "question",
        "problem",
        *(("models",) * (models is named)),
    )
    for number, (each, text) in enumerate(zip(record[name], texts, strict=True)):
        part = draft if not number else draft.part((name, number))
        if type(prompt) is str:
            part.prompt = prompt
        else:
            read_messages(prompt, part, answered=True)
        part.output = text
        part.fields["sample"] = number
        if type(models[number]) is str:
            part.fields["model"] = models[number]
        if type(each) is dict:
            part.take({k: v for k, v in each.items() if k not in OUTPUT_NAMES}, RULES)
        if number:
            draft.hang(part)
        else:
            part.take({k: v for k, v in record.items() if k not in used}, RULES)
    return True


def _text_of(answer: Any) -> Any:
    if type(answer) is not dict:
        return answer
    return next((answer[k] for k in OUTPUT_NAMES if type(answer.get(k)) is str), None)
