"""Records of evaluation runs: the lm-evaluation-harness, HELM, OpenAI's evals, promptfoo, code samples.

Source: EleutherAI/lm-evaluation-harness `lm_eval/evaluator.py`; stanford-crfm/helm
`common/request.py`, `benchmark/adaptation/scenario_state.py`; openai/evals `evals/record.py`;
openai-openapi `EvalRunOutputItem`; promptfoo/promptfoo `EvaluateResult`; openai/human-eval.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from casekit.ingest.dialects.bodies import is_conversation, read_messages
from casekit.ingest.dialects.calls import read_answered, read_asked
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.dialects.failures import read_error
from casekit.ingest.dialects.times import milliseconds
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, look
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
    _put_helm_request(request, draft)
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


def _put_helm_request(request: Record, draft: Draft) -> None:
    """What was asked of which model, and how."""
    for key, rule in _HELM_REQUEST.items():
        if key in request and rule is not None:
            draft.put(rule[0], rule[1], request[key])
    if is_conversation(request.get("messages")):
        read_messages(request["messages"], draft, answered=True)
    else:
        draft.prompt = request["prompt"] if type(request.get("prompt")) is str else ""
    used = {"prompt", "messages", *_HELM_REQUEST}
    _put_settings({k: v for k, v in request.items() if k not in used}, draft)


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


_UNIT = {"instance_id", "train_trial_index"}
_COUNTED = {
    "input_tokens": ("stats.num_prompt_tokens",),
    "output_tokens": ("stats.num_output_tokens",),
}


def read_helm_display(record: Record, draft: Draft) -> bool:
    """What HELM shows of one instance: its request, its answer, or its scores, each in a file of its own.

    Request and answer are joined like those of a batch, where no other run could be meant.
    """
    if not record.keys() >= _UNIT or type(record["instance_id"]) is not str:
        return False
    request, said = record.get("request"), record.get("predicted_text")
    scored = type(record.get("stats")) is list
    if type(said) is not str and type(request) is not dict and not scored:
        return False
    source = Source(record)
    draft.collection = "outputs"
    draft.fields["request_id"] = _unit(source)
    if type(said) is str:
        draft.output = source.take("predicted_text")
        thought = source.take("thinking_text")
        draft.reasoning = thought if type(thought) is str else ""
        source.fill(draft, _COUNTED)
    elif type(request) is dict:
        _put_helm_request(source.take("request"), draft)
    else:
        draft.kind, draft.title = "record", f"Scores of {draft.fields['request_id']}"
    if not scored:
        draft.fields["joint"] = f"helm-batch/{'answer' if type(said) is str else 'request'}"
        draft.note("unjoined")
    source.rest(draft)
    return True


def _unit(source: Source) -> str:
    """What marks one question of a run: the instance, and what was done to it beyond the plain first trial."""
    trial, at = source.take("train_trial_index"), source.record.get("reference_index")
    changed = source.record.get("perturbation")
    name = changed.get("name") if type(changed) is dict else None
    found = [source.take("instance_id")]
    found += [f"trial {trial}"] if trial not in (0, None) else []
    found += [str(each) for each in (name, at) if each not in (None, "")]
    return " · ".join(found)


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


# -- OpenAI's evals, promptfoo, code samples -------------------------------------------------------

_EVENT = frozenset({"run_id", "event_id", "type", "data"})


def read_openai_eval(record: Record, draft: Draft) -> bool:
    """A line of a run's record: a sampling is the exchange, what was made of it and of the run is not."""
    spec, data = record.get("spec"), record.get("data")
    draft.collection = "outputs"
    if type(spec) is dict and "run_id" in spec and "eval_name" in spec:
        models = spec.get("completion_fns")
        if type(models) is list and models and type(models[0]) is str:
            draft.memory["openai evals"] = models[0]
        draft.kind, draft.title, draft.extra = "record", f"run {spec['eval_name']}", dict(record)
        draft.take_one("created_at", spec.get("created_at"), None)
        return True
    if "final_report" in record and "openai evals" in draft.memory:
        draft.kind, draft.title, draft.extra = "record", "final report", dict(record)
        return True
    if not record.keys() >= _EVENT or type(data) is not dict:
        draft.collection = None
        return False
    draft.take_one("created_at", record.get("created_at"), None)
    draft.put("request_id", str, record.get("sample_id"))
    rest = {key: value for key, value in record.items() if key not in ("created_at", "sample_id")}
    if record["type"] != "sampling" or "prompt" not in data:
        draft.kind, draft.title = "record", f"{record['type']} of {record.get('sample_id')}"
        draft.extra |= rest
        return True
    draft.put("model", str, data.get("model") or draft.memory.get("openai evals"))
    prompt, sampled = data["prompt"], data.get("sampled")
    if is_conversation(prompt):
        read_messages(prompt, draft, answered=True)
    else:
        draft.prompt = prompt if type(prompt) is str else encode(prompt)
    listed = sampled if type(sampled) is list else [sampled]
    answers = [each if type(each) is str else encode(each) for each in listed if each is not None]
    draft.output, *others = answers or [""]
    draft.answers = tuple(others)
    used = ("prompt", "sampled")
    draft.extra |= {**rest, "data": {k: v for k, v in data.items() if k not in used}}
    return True


_ITEM = {
    "time": ("created_at",),
    "request_id": ("id",),
    "model": ("sample.model",),
    "finish_reason": ("sample.finish_reason",),
    "temperature": ("sample.temperature",),
    "top_p": ("sample.top_p",),
    "seed": ("sample.seed",),
    "max_tokens": ("sample.max_completion_tokens",),
}


def read_eval_item(record: Record, draft: Draft) -> bool:
    """An item of a run of OpenAI's, or Azure's, Evals API: what was put to the model, and what it answered.

    What the graders used of tokens stays with their verdicts in `extra`.
    """
    if record.get("object") != "eval.run.output_item" or type(record.get("sample")) is not dict:
        return False
    source = Source(record)
    source.take("object")
    source.fill(draft, _ITEM)
    draft.collection = "outputs"
    read_asked(source.take("sample.input"), draft)
    read_answered(source.take("sample.output"), draft)
    usage = source.take("sample.usage")
    rest = read_usage(usage, draft) if type(usage) is dict else {}
    if rest:
        draft.put_extra("usage", rest)
    if not read_error(look(record, "sample.error"), draft):
        source.take("sample.error")
    source.rest(draft)
    return True


def read_promptfoo(record: Record, draft: Draft) -> bool:
    """One result of promptfoo: a prompt put to a provider, its answer and what the checks made of it."""
    prompt, response, provider = (record.get(key) for key in ("prompt", "response", "provider"))
    asked = prompt.get("raw") if type(prompt) is dict else None
    if type(asked) is not str or type(response) is not dict or type(provider) not in (dict, str):
        return False
    draft.collection = "outputs"
    _ask_harness(asked, draft)
    answer = response.get("output")
    draft.output = answer if type(answer) is str else encode(answer) if answer is not None else ""
    named = provider.get("id") if type(provider) is dict else provider
    if type(named) is str:
        draft.fields["model_requested"] = named
        draft.fields["model"] = named.rpartition(":")[2]
        draft.fields["provider"] = named.partition(":")[0] if ":" in named else ""
    counts = response.get("tokenUsage")
    counts = counts if type(counts) is dict else {}
    for key, target in (("prompt", "input_tokens"), ("completion", "output_tokens")):
        draft.put(target, int, counts.get(key))
    draft.put("latency_ms", int, record.get("latencyMs"))
    draft.put("cost", float, record.get("cost", response.get("cost")))
    draft.put("error", str, record.get("error") or response.get("error"))
    draft.extra |= {
        key: value for key, value in record.items() if key not in ("prompt", "latencyMs")
    }
    draft.extra = {key: value for key, value in draft.extra.items() if value is not None}
    draft.fields = {key: value for key, value in draft.fields.items() if value not in (None, "")}
    return True


def read_code_sample(record: Record, draft: Draft) -> bool:
    """A program that a model wrote for a numbered task, whose text is in the set of tasks."""
    output = record.get("completion", record.get("solution"))
    if type(record.get("task_id")) is not str or type(output) is not str or "prompt" in record:
        return False
    draft.collection = "outputs"
    draft.fields["request_id"] = record["task_id"]
    draft.output = output
    draft.put("model", str, record.get("model"))
    used = ("task_id", "completion" if "completion" in record else "solution", "model")
    draft.extra = {key: value for key, value in record.items() if key not in used}
    return True
