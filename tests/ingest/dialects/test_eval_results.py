from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.eval_results import (
    read_deepeval,
    read_evalplus,
    read_lighteval,
    read_livebench,
    read_opencompass,
    read_ragas,
)
from casekit.ingest.parsed import Context, Parsed, sha256
from casekit.ingest.readers.json_records import read as read_json
from tests.ingest.records_case import read_all, texts

COMPASS: dict[str, Any] = {
    "0": {"origin_prompt": [{"role": "SYSTEM", "prompt": "Be short."}, {"role": "HUMAN", "prompt": "1+1?"}],
          "prediction": "2", "gold": "2"},
    "1": {"origin_prompt": "2+2?", "prediction": ["4", "5"], "gold": "4"},
}  # fmt: skip
PLUS: dict[str, Any] = {
    "date": "2024-11-02 10:11", "hash": "h",
    "eval": {"HumanEval/0": [{"task_id": "HumanEval/0", "solution": "def f(): pass", "base_status": "pass"},
                             {"task_id": "HumanEval/0", "solution": "def g(): pass", "base_status": "fail"}]},
}  # fmt: skip
CASE: dict[str, Any] = {
    "name": "test_case_0", "input": "Why?", "actualOutput": "So.", "expectedOutput": "So", "success": True,
    "metricsData": [{"name": "Relevancy", "score": 1.0, "evaluationModel": "gpt-x", "evaluationCost": 0.1}],
    "runDuration": 1.2, "evaluationCost": 0.1,
}  # fmt: skip
RAGAS = {
    "user_input": "Why?",
    "retrieved_contexts": ["c"],
    "response": "So.",
    "reference": "So",
    "faithful": 1.0,
}
TALK = {
    "user_input": [{"type": "human", "content": "Why?"}, {"type": "ai", "content": "So."}],
    "reference": "So",
}
DETAIL: dict[str, Any] = {
    "doc": {"query": "Q?", "choices": ["A"], "gold_index": 0, "id": "7", "task_name": "t"},
    "model_response": {"input": [{"role": "user", "content": "Q, then?"}], "text": ["So.", "No."],
                       "input_tokens": [1, 2], "output_tokens": [[3]], "reasonings": ["Hm."]},
    "metric": {"em": 1.0},
}  # fmt: skip
EARLIER = {
    "example": "Q",
    "instruction": "",
    "full_prompt": "Q?",
    "gold": ["1"],
    "predictions": ["So."],
}
BENCH = {"question_id": "q1", "task": "t", "model": "gpt-x", "score": 1.0, "turn": 1, "tstamp": 1719000000.5,
         "category": "math"}  # fmt: skip
RESULTS = (COMPASS, PLUS, CASE, RAGAS, TALK, DETAIL, EARLIER, BENCH)


def made(record: dict[str, Any], read: Any) -> Draft:
    draft = Draft(json.dumps(record, indent=1).encode(), Context())
    assert read(record, draft)
    assert draft.collection == "outputs"
    return draft


def cut(draft: Draft, child: Parsed) -> Any:
    (step,) = child.steps
    piece = draft.raw[step.offset : step.offset + step.length]
    assert sha256(piece) == child.sha256
    return json.loads(piece)


def test_each_prediction_of_opencompass_is_an_exchange_with_its_own_bytes() -> None:
    draft = made(COMPASS, read_opencompass)
    assert (recognise(COMPASS), draft.kind, draft.title) == (
        "OpenCompass predictions", "document", "2 predictions")  # fmt: skip
    first, last = draft.children
    assert texts(first) == {"system": "Be short.", "prompt": "1+1?", "output": "2"}
    assert texts(last) == {"prompt": "2+2?", "output": "4", "answer/2": "5"}
    assert [cut(draft, each) for each in draft.children] == [COMPASS["0"], COMPASS["1"]]
    assert first.exchange is not None
    assert (first.exchange.request_id, json.loads(first.exchange.extra)) == ("0", {"gold": "2"})


def test_each_program_of_evalplus_is_an_exchange_with_its_own_bytes() -> None:
    draft = made(PLUS, read_evalplus)
    assert (recognise(PLUS), draft.title) == ("EvalPlus results", "2 programs")
    assert draft.when is not None
    assert [cut(draft, each) for each in draft.children] == PLUS["eval"]["HumanEval/0"]
    assert [texts(each)["output"] for each in draft.children] == ["def f(): pass", "def g(): pass"]
    assert [each.exchange and each.exchange.sample for each in draft.children] == [0, 1]


def test_what_graders_cost_is_none_of_the_answers_cost() -> None:
    draft = made(CASE, read_deepeval)
    assert (draft.prompt, draft.output, draft.fields) == (
        "Why?",
        "So.",
        {"request_id": "test_case_0"},
    )
    assert draft.extra["metricsData"][0]["evaluationModel"] == "gpt-x"
    run = {"testFile": None, "testCases": [CASE, CASE], "testPassed": 2}
    items, problems, _ = read_all(read_json, json.dumps(run).encode(), Context(model="m"))
    assert [(each.title, each.kind) for each in items] == [("Why?", "exchange")] * 2
    assert not problems


def test_samples_of_ragas_of_one_turn_and_of_several() -> None:
    one, several = made(RAGAS, read_ragas), made(TALK, read_ragas)
    assert (one.prompt, one.output, one.extra["faithful"]) == ("Why?", "So.", 1.0)
    assert (several.prompt, several.output) == ("Why?", "So.")
    assert not read_ragas({"user_input": "Why?", "response": "So."}, Draft(b"", Context()))


def test_details_of_lighteval_in_both_forms() -> None:
    later, earlier = made(DETAIL, read_lighteval), made(EARLIER, read_lighteval)
    assert (later.prompt, later.output, later.answers, later.reasoning) == (
        "Q, then?",
        "So.",
        ("No.",),
        "Hm.",
    )
    assert later.fields["request_id"] == "7"
    assert "model_response" not in later.extra
    assert later.extra["metric"] == {"em": 1.0}
    assert (earlier.prompt, earlier.output, earlier.extra["gold"]) == ("Q?", "So.", ["1"])


@pytest.mark.parametrize("record", [CASE, RAGAS, DETAIL])
def test_a_file_of_results_is_not_called_after_the_model(record: dict[str, Any]) -> None:
    data = json.dumps([record, record]).encode()
    items, (problem,), _ = read_all(read_json, data, Context(name="truthful_qa.json"))
    assert {each.exchange.model for each in items if each.exchange} == {""}
    assert problem.kind == "no-model"


def test_a_score_of_livebench_is_no_answer() -> None:
    draft = made(BENCH, read_livebench)
    assert (draft.kind, draft.title, draft.fields["model"]) == (
        "record",
        "score of gpt-x, question q1",
        "gpt-x",
    )
    assert draft.when is not None


@pytest.mark.parametrize("record", RESULTS, ids=recognise)
def test_a_file_that_breaks_off_keeps_the_records_before(record: dict[str, Any]) -> None:
    assert recognise(record)
    data = json.dumps([record, record]).encode()
    items, problems, _ = read_all(read_json, data[:-9], Context(model="m"))
    assert [each.kind for each in items][:1] in (["document"], ["exchange"], ["record"])
    assert next(each.title for each in items) != "f"
    assert problems


@pytest.mark.parametrize(
    "record", [{}, {"0": {"prediction": "x"}}, {"a": COMPASS["0"]}, {**COMPASS, "x": 1}]
)
def test_an_object_of_other_things_is_no_file_of_predictions(record: dict[str, Any]) -> None:
    assert not read_opencompass(record, Draft(b"", Context()))
