"""Records of evaluation runs: lines of the lm-evaluation-harness, request states of HELM.

Source: EleutherAI/lm-evaluation-harness `lm_eval/evaluator.py`; stanford-crfm/helm
`common/request.py`, `benchmark/adaptation/scenario_state.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from casekit.ingest.dialects.bodies import is_conversation, read_messages
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.dialects.times import milliseconds
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_SETTINGS: dict[str, tuple[str, type]] = {
    "temperature": ("temperature", float),
    "top_p": ("top_p", float),
    "top_k": ("top_k", int),
    "top_k_per_token": ("top_k", int),
    "seed": ("seed", int),
    "max_tokens": ("max_tokens", int),
    "max_gen_toks": ("max_tokens", int),
}


def _put_settings(settings: Mapping[str, Any], draft: Draft) -> None:
    """How the answer was sampled."""
    for key, value in settings.items():
        rule = _SETTINGS.get(key)
        if rule is not None and value is not None and rule[0] not in draft.fields:
            draft.put(rule[0], rule[1], value)
    if settings:
        draft.fields["parameters"] = encode(settings)


# -- lm-evaluation-harness ------------------------------------------------------------------------

_HARNESS = frozenset({"doc_id", "target", "filtered_resps"})
_HARNESS_INPUTS = frozenset({"arguments", "input", "doc"})


def read_harness(record: Record, draft: Draft) -> bool:
    """A line of `samples_TASK_TIME.jsonl`: what was put to the model and what it answered.

    The harness writes a line for each filter that cuts the result out of one and the same answer. The
    answer is one output: the first such line is the exchange, a further one is a `record` that holds
    what its filter found and no text of the answer.
    """
    if not record.keys() >= _HARNESS or _HARNESS_INPUTS.isdisjoint(record):
        return False
    answered = record.get("resps", record["filtered_resps"])
    if type(answered) is not list:
        return False
    name = record.get("filter") or ""
    first = draft.memory.setdefault(_fingerprint(record, answered), name)
    rest = {k: v for k, v in record.items() if k not in ("arguments", "resps")}
    draft.collection = "outputs"
    if first != name:
        draft.kind, draft.body = (
            "record",
            None,
        )  # the first line's text, once more, would be found twice
        draft.title = f"question {record['doc_id']}, filter {name}"
        draft.extra = {"first_filter": first, **rest}
        return True
    draft.extra = rest
    prompt, settings = _arguments(record.get("arguments"))
    _ask_harness(rest.pop("input", "") if prompt is None else prompt, draft)
    if type(settings) is dict:
        _put_settings(settings, draft)
    answers = _generated(answered)
    if type(settings) is str or not answers:
        draft.fields["operation"] = "loglikelihood"
        draft.extra |= {k: record[k] for k in ("arguments", "resps") if k in record}
        return True
    draft.fields["operation"] = "generate_until"
    for (group, number), answer in answers:
        path = ("resps" if "resps" in record else "filtered_resps", group, number)
        part = draft if not (group or number) else draft.part(path)
        part.output = answer
        part.fields["sample"] = number
        if part is not draft:
            part.system, part.prompt, part.collection = draft.system, draft.prompt, "outputs"
            copied = (
                "messages",
                "parameters",
                "operation",
                *(rule[0] for rule in _SETTINGS.values()),
            )
            part.fields |= {k: draft.fields[k] for k in copied if k in draft.fields}
            part.extra["doc_id"] = record["doc_id"]
            draft.hang(part)
    return True


def _fingerprint(record: Record, answered: list[Any]) -> int:
    """A number for one answer to one question, the same for each of its lines."""
    question = record.get("arguments", record.get("input", record.get("doc")))
    told = encode([record["doc_id"], question, answered]).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big")


def _arguments(value: Any) -> tuple[Any, Any]:
    """Prompt and second argument of the first request; newer files name them `gen_args_0`, `arg_0`.

    The second is the sampling's settings, or the continuation whose likelihood was asked.
    """
    requests = list(value.values()) if type(value) is dict else value
    if type(requests) is not list or not requests:
        return None, None
    parts = list(requests[0].values()) if type(requests[0]) is dict else requests[0]
    if type(parts) is not list or not parts:
        return None, None
    return parts[0], parts[1] if len(parts) > 1 else None


def _ask_harness(prompt: Any, draft: Draft) -> None:
    """The prompt, which for a chat model is the JSON of its messages, perhaps in a list of one."""
    text = prompt[0] if type(prompt) is list and len(prompt) == 1 else prompt
    if type(text) is str and text.startswith('[{"role"'):
        try:
            prompt = orjson.loads(text)
        except orjson.JSONDecodeError:
            prompt = text
    elif type(text) is str:
        prompt = text
    if is_conversation(prompt):
        read_messages(prompt, draft, answered=True)
    else:
        draft.prompt = prompt if type(prompt) is str else encode(prompt)


def _generated(resps: list[Any]) -> list[tuple[tuple[int, int], str]]:
    """The texts among the answers, with their places: by request, then by repetition."""
    return [
        ((group, number), answer)
        for group, answers in enumerate(resps)
        for number, answer in enumerate(answers if type(answers) is list else [answers])
        if type(answer) is str
    ]


# -- HELM -----------------------------------------------------------------------------------------

_HELM_REQUEST: dict[str, Rule | None] = {
    "model": ("model", str),
    "model_deployment": ("model_requested", str),
    "num_completions": ("answers", int),
}


def read_helm(record: Record, draft: Draft) -> bool:
    """One of HELM's request states; completions beyond the first hang below it."""
    request, instance = record.get("request"), record.get("instance")
    if type(request) is not dict or type(instance) is not dict:
        return False
    if "model" not in request or not {"prompt", "messages"} & request.keys():
        return False
    result: Any = record.get("result")
    result = result if type(result) is dict else {}
    draft.collection = "outputs"
    draft.put("request_id", str, instance.get("id"))
    for key, rule in _HELM_REQUEST.items():
        if key in request and rule is not None:
            draft.put(rule[0], rule[1], request[key])
    if is_conversation(request.get("messages")):
        read_messages(request["messages"], draft, answered=True)
    else:
        draft.prompt = request["prompt"] if type(request.get("prompt")) is str else ""
    used = {"prompt", "messages", *_HELM_REQUEST}
    _put_settings({k: v for k, v in request.items() if k not in used}, draft)
    _take_result(result, draft)
    if record.get("prompt_truncated") is True:
        draft.missing += ("truncated",)
    for key, value in record.items():
        if key not in ("request", "result"):
            draft.put_extra(key, value)
    completions = result.get("completions")
    for number, each in enumerate(completions if type(completions) is list else ()):
        part = draft if not number else draft.part(("result", "completions", number))
        if type(each) is not dict or type(each.get("text")) is not str:
            continue
        _complete(each, part)
        part.fields["sample"] = number
        if number:
            part.system, part.prompt, part.when = draft.system, draft.prompt, draft.when
            part.collection = "outputs"
            part.fields = {**draft.fields, **part.fields}
            draft.hang(part)
    return True


def _take_result(result: Record, draft: Draft) -> None:
    """What is said of the answer as a whole."""
    draft.take_one("request_datetime", result.get("request_datetime"), None)
    draft.put("latency_ms", int, milliseconds(result.get("request_time")))
    if type(result.get("error")) is str:
        draft.fields["error"] = result["error"]
    used = ("completions", "request_datetime", "request_time", "error")
    rest = {k: v for k, v in result.items() if k not in used}
    draft.extra = {k: v for k, v in draft.extra.items() if v is not None}
    if rest:
        draft.put_extra("result", rest)


def _complete(completion: Record, part: Draft) -> None:
    """One completion; its single tokens stay in its bytes."""
    part.output = completion["text"]
    reason, thinking = completion.get("finish_reason"), completion.get("thinking")
    if type(reason) is dict and type(reason.get("reason")) is str:
        part.fields["finish_reason"] = reason["reason"]
    if type(thinking) is dict and type(thinking.get("text")) is str:
        part.reasoning = thinking["text"]
    if completion.get("logprob") is not None:
        part.put_extra("logprob", completion["logprob"])
