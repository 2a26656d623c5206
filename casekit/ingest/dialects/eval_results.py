"""Results of evaluations: OpenCompass, EvalPlus, DeepEval, Ragas, lighteval, LiveBench.

Source: open-compass/opencompass `GenInferencerOutputHandler`; evalplus/evalplus `evaluate.py`;
confident-ai/deepeval `LLMApiTestCase`; vibrantlabsai/ragas `SingleTurnSample`; huggingface/lighteval
`DetailsLogger`; LiveBench/LiveBench `model_judgment`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.bodies import is_conversation, read_messages
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, look, text_at
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_SPEAKERS = {"human": "user", "bot": "assistant", "ai": "assistant"}


def _ask(asked: Any, draft: Draft) -> None:
    """A question as a text, or as messages that may name their parts otherwise than the APIs do."""
    if type(asked) is list and asked and all(type(each) is dict for each in asked):
        told = [_message(each) for each in asked]
        if is_conversation(told):
            read_messages(told, draft, answered=True)
            return
    draft.prompt = asked if type(asked) is str else encode(asked) if asked else ""


def _message(message: Record) -> Record:
    role = str(message.get("role", message.get("type", ""))).lower()
    said = message.get("content", message.get("prompt"))
    return {
        "role": _SPEAKERS.get(role, role),
        "content": said if type(said) is str else encode(said),
    }


def _answer(answered: Any, draft: Draft) -> None:
    """The answer, or several to one question."""
    listed = answered if type(answered) is list else [answered]
    said = [each if type(each) is str else encode(each) for each in listed if each is not None]
    draft.output, *others = said or [""]
    draft.answers = tuple(others)


def _head(draft: Draft, title: str) -> None:
    """A document of results, below which each answer hangs."""
    draft.kind, draft.title, draft.body = "document", title, None


# -- OpenCompass ----------------------------------------------------------------------------------


def read_opencompass(record: Record, draft: Draft) -> bool:
    """A file of predictions: an object with a number for each question, which is an exchange of its own."""
    if not record or not all(
        key.isdecimal() and _is_prediction(each) for key, each in record.items()
    ):
        return False
    spans = places.value_spans(draft.raw, ())
    for key, each in record.items():
        part = draft.part(span=spans.get(key))
        source = Source(each)
        part.collection = "outputs"
        part.fields["request_id"] = key
        _ask(source.take("origin_prompt"), part)
        _answer(source.take("prediction"), part)
        source.rest(part)
        draft.hang(part)
    draft.collection = "outputs"
    _head(draft, f"{len(record)} predictions")
    return True


def _is_prediction(value: Any) -> bool:
    return type(value) is dict and value.keys() >= {"origin_prompt", "prediction"}


# -- EvalPlus -------------------------------------------------------------------------------------


def read_evalplus(record: Record, draft: Draft) -> bool:
    """A file of results: the programs that were written for each task, and how they fared."""
    told = record.get("eval")
    if type(told) is not dict or not told or "hash" not in record:
        return False
    if not all(type(each) is list and all(map(_is_solution, each)) for each in told.values()):
        return False
    source = Source({key: value for key, value in record.items() if key != "eval"})
    source.fill(draft, {"time": ("date",)})
    spans = places.value_spans(draft.raw, ("eval",))
    count = 0
    for task, listed in told.items():
        start = spans.get(task)
        inner = dict(places.elements(draft.raw, start[0])) if start else {}
        for number, each in enumerate(listed):
            part = draft.part(span=inner.get(number))
            own = Source(each)
            part.collection = "outputs"
            own.fill(part, {"request_id": ("task_id",)})
            part.fields.setdefault("request_id", task)
            part.fields["sample"] = number
            part.output = own.take("solution")
            own.rest(part)
            draft.hang(part)
            count += 1
    draft.collection = "outputs"
    _head(draft, f"{count} programs")
    source.rest(draft)
    return True


def _is_solution(value: Any) -> bool:
    return type(value) is dict and type(value.get("solution")) is str and "base_status" in value


# -- DeepEval -------------------------------------------------------------------------------------


def read_deepeval(record: Record, draft: Draft) -> bool:
    """A test case; what its graders cost and took is theirs and stays with their verdicts in `extra`."""
    if not record.keys() >= {"input", "actualOutput", "metricsData"}:
        return False
    source = Source(record)
    draft.collection = "outputs"
    source.fill(draft, {"request_id": ("id", "name")})
    _ask(source.take("input"), draft)
    _answer(source.take("actualOutput"), draft)
    source.rest(draft)
    return True


# -- Ragas ----------------------------------------------------------------------------------------

_RAGAS = frozenset({"retrieved_contexts", "reference", "reference_contexts", "rubrics", "rubric"})


def read_ragas(record: Record, draft: Draft) -> bool:
    """A sample with its scores: one turn, or a conversation that ends with the answer."""
    asked = record.get("user_input")
    if type(asked) not in (str, list) or _RAGAS.isdisjoint(record):
        return False
    if type(asked) is str and "response" not in record:
        return False
    source = Source(record)
    draft.collection = "outputs"
    told = list(map(_message, asked)) if type(asked) is list and _are_objects(asked) else None
    if told is not None and is_conversation(told):
        source.take("user_input")
        read_messages(told, draft, answered=False)
    else:
        _ask(source.take("user_input"), draft)
    if "response" in record:
        _answer(source.take("response"), draft)
    source.rest(draft)
    return True


def _are_objects(value: list[Any]) -> bool:
    return all(type(each) is dict for each in value)


# -- lighteval ------------------------------------------------------------------------------------

_OF_TOKENS = ("input_tokens", "output_tokens", "logprobs", "logits")


def read_lighteval(record: Record, draft: Draft) -> bool:
    """A row of the details: what was put to the model and what it answered; its tokens stay in its bytes."""
    doc, response = record.get("doc"), record.get("model_response")
    source = Source(record)
    if type(doc) is dict and type(response) is dict and type(response.get("text")) is list:
        source.fill(draft, {"request_id": ("doc.id",)})
        _ask(source.take("model_response.input") or source.take("doc.query"), draft)
        _answer(source.take("model_response.text"), draft)
        thoughts = source.take("model_response.reasonings")
        first = thoughts[0] if type(thoughts) is list and thoughts else None
        draft.reasoning = first if type(first) is str else ""
        for name in _OF_TOKENS:
            source.take(f"model_response.{name}")
    elif record.keys() >= {"example", "full_prompt", "predictions", "gold"}:
        _ask(source.take("full_prompt"), draft)
        _answer(source.take("predictions"), draft)
        for name in (*_OF_TOKENS, "cont_tokens"):
            source.take(name)
    else:
        return False
    draft.collection = "outputs"
    source.rest(draft)
    return True


# -- LiveBench ------------------------------------------------------------------------------------

_LIVEBENCH = {"time": ("tstamp",), "model": ("model",), "turn": ("turn",)}


def read_livebench(record: Record, draft: Draft) -> bool:
    """How an answer was scored."""
    if not record.keys() >= {"question_id", "task", "model", "score", "category"}:
        return False
    source = Source(record)
    source.fill(draft, _LIVEBENCH)
    draft.kind, draft.collection = "record", "outputs"
    draft.title = f"score of {text_at(record, 'model')}, question {look(record, 'question_id')}"
    source.rest(draft)
    return True
