from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import Reading, recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.evaluations import (
    read_code_sample,
    read_eval_item,
    read_harness,
    read_helm,
    read_helm_display,
    read_openai_eval,
    read_promptfoo,
)
from casekit.ingest.parsed import Context, Parsed, Problem
from casekit.ingest.readers.json_records import read as read_json
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts

KWARGS = {"until": ["Q:"], "max_gen_toks": 256, "do_sample": False, "temperature": 0.0}


def line(doc: int, name: str, *answers: str, found: str = "[invalid]") -> dict[str, Any]:
    return {
        "doc_id": doc, "doc": {"question": "1+1?"}, "target": "2",
        "arguments": {"gen_args_0": {"arg_0": "Q: 1+1?\nA:", "arg_1": KWARGS}},
        "resps": [list(answers)], "filtered_resps": [found], "filter": name,
        "metrics": ["exact_match"], "doc_hash": "h", "exact_match": 1.0,
    }  # fmt: skip


def test_an_answer_that_two_filters_look_at_is_one_output() -> None:
    rows = [
        line(0, "strict-match", " It is 2. "),
        line(1, "strict-match", "3"),
        line(0, "flexible-extract", " It is 2. ", found="2"),
        line(1, "flexible-extract", "3", found="3"),
    ]
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    name = "samples_gsm8k_2024-06-19T11-20-21.569.jsonl"
    items, problems, books = read_all(read, data, Context(name=name))
    assert [item.kind for item in items] == ["exchange", "exchange", "record", "record"]
    assert [texts(item) for item in items] == [
        {"prompt": "Q: 1+1?\nA:", "output": " It is 2. "},
        {"prompt": "Q: 1+1?\nA:", "output": "3"},
        {},
        {},
    ]
    assert items[2].title == "question 0, filter flexible-extract"
    assert items[2].exchange is not None
    assert json.loads(items[2].exchange.extra)["filtered_resps"] == ["2"]
    first = items[0].exchange
    assert first is not None
    assert (first.temperature, first.max_tokens, first.sample) == (0.0, 256, 0)
    assert json.loads(first.parameters) == KWARGS
    assert json.loads(first.extra)["exact_match"] == 1.0
    assert [each.kind for each in problems] == ["no-model"]
    assert books.quarantined == 0


def test_repetitions_hang_below_the_first() -> None:
    record = line(0, "none", "a", "b")
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_harness(record, draft)
    (child,) = draft.children
    assert (draft.output, texts(child)) == ("a", {"prompt": "Q: 1+1?\nA:", "output": "b"})
    step = child.steps[0]
    assert draft.raw[step.offset : step.offset + step.length] == b'"b"'


def test_likelihoods_are_no_output() -> None:
    record = line(0, "none") | {
        "arguments": [["Q: 1+1?\nA:", " 2"], ["Q: 1+1?\nA:", " 3"]],
        "resps": [[["-1.5", "True"]], [["-9", "False"]]],
    }
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_harness(record, draft)
    assert (draft.prompt, draft.output, draft.children) == ("Q: 1+1?\nA:", "", ())
    assert draft.fields["operation"] == "loglikelihood"
    assert draft.extra["resps"] == record["resps"]


def test_shorter_lines_of_relatives_are_read_too() -> None:
    whole = {
        "doc_id": 3,
        "target": "D",
        "resps": [["D."]],
        "filtered_resps": ["D"],
        "doc_hash": "h",
    }
    for asked in ({"arguments": {"gen_args_0": {"arg_0": "Q?"}}}, {"arguments": [], "input": "Q?"}):
        draft = Draft(b"", Context())
        assert read_harness({**whole, **asked}, draft)
        assert (draft.prompt, draft.output) == ("Q?", "D.")
        assert draft.fields["operation"] == "generate_until"
    short = {"doc_id": 3, "target": "D", "filtered_resps": ["D"], "input": "Q?"}
    draft = Draft(b"", Context())
    assert read_harness(short, draft)
    assert (draft.prompt, draft.output) == ("Q?", "D")
    assert not read_harness({"doc_id": 3, "target": "D", "filtered_resps": ["D"]}, draft)


def test_a_chat_prompt_is_taken_apart() -> None:
    chat = [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]
    record = line(0, "none", "<think>hm</think>a")
    record["arguments"] = {"gen_args_0": {"arg_0": [json.dumps(chat)], "arg_1": KWARGS}}
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_harness(record, draft)
    assert (draft.system, draft.prompt, draft.output) == ("S", "U", "<think>hm</think>a")


STATE: dict[str, Any] = {
    "instance": {"input": {"text": "1+1?"}, "references": [], "split": "test", "id": "id1"},
    "train_trial_index": 0,
    "request": {
        "model_deployment": "together/m", "model": "org/m", "prompt": "Q: 1+1?\nA:", "temperature": 0.0,
        "num_completions": 2, "top_k_per_token": 1, "max_tokens": 5, "stop_sequences": ["\n"],
    },
    "result": {
        "success": True, "cached": True, "request_time": 1.2345, "request_datetime": 1710000000,
        "completions": [
            {"text": " 2", "logprob": -0.5, "tokens": [{"text": " 2", "logprob": -0.5}],
             "finish_reason": {"reason": "stop"}, "thinking": {"text": "hm"}},
            {"text": " 3", "logprob": -1, "tokens": []},
        ],
    },
    "prompt_truncated": True,
}  # fmt: skip


def test_a_request_state_keeps_every_completion() -> None:
    draft = Draft(json.dumps(STATE).encode(), Context())
    assert read_helm(STATE, draft)
    assert (draft.prompt, draft.output, draft.reasoning) == ("Q: 1+1?\nA:", " 2", "hm")
    assert draft.fields.pop("parameters")
    assert draft.fields == {
        "request_id": "id1", "model": "org/m", "model_requested": "together/m", "answers": 2,
        "temperature": 0.0, "top_k": 1, "max_tokens": 5, "latency_ms": 1234,
        "finish_reason": "stop", "sample": 0,
    }  # fmt: skip
    assert draft.when is not None
    assert (draft.when.raw, draft.missing) == ("1710000000", ("truncated",))
    assert draft.extra["logprob"] == -0.5
    assert draft.extra["result"] == {"success": True, "cached": True}
    (child,) = draft.children
    step = child.steps[0]
    cut = json.loads(draft.raw[step.offset : step.offset + step.length])
    assert cut == STATE["result"]["completions"][1]
    assert texts(child) == {"prompt": "Q: 1+1?\nA:", "output": " 3"}
    assert (child.exchange is not None, recognise(STATE)) == (True, "HELM scenario state")
    assert child.exchange is not None
    assert (child.exchange.model, child.exchange.sample) == ("org/m", 1)


def test_a_request_state_without_a_result_has_no_output() -> None:
    state = {k: v for k, v in STATE.items() if k != "result"}
    draft = Reading(Context()).draft(state, json.dumps(state).encode())
    assert draft is not None
    assert (draft.output, draft.children) == ("", ())
    assert not read_helm({"request": {"model": "m"}, "instance": {}}, Draft(b"", Context()))


SHOWN: dict[str, Any] = {
    "instance_id": "id7", "train_trial_index": 0, "predicted_text": " 2", "truncated_predicted_text": "2",
    "thinking_text": "hm", "stats": {"num_prompt_tokens": 9.0, "num_output_tokens": 1.0, "exact_match": 1.0},
}  # fmt: skip
WANTED = {"instance_id": "id7", "train_trial_index": 0, "request": STATE["request"]}


def test_requests_and_answers_of_helms_pages_are_two_sides_of_one() -> None:
    answer, request = (Draft(json.dumps(each).encode(), Context()) for each in (SHOWN, WANTED))
    assert read_helm_display(SHOWN, answer)
    assert read_helm_display(WANTED, request)
    assert recognise(SHOWN) == recognise(WANTED) == "HELM, as shown on its pages"
    assert (answer.prompt, answer.output, answer.reasoning) == ("", " 2", "hm")
    assert answer.extra == {"truncated_predicted_text": "2", "stats": {"exact_match": 1.0}}
    assert (answer.fields["input_tokens"], answer.fields["output_tokens"]) == (9, 1)
    assert (request.prompt, request.fields["model"]) == ("Q: 1+1?\nA:", "org/m")
    assert request.fields["max_tokens"] == 5
    sides = {each.fields["joint"]: each.fields["request_id"] for each in (answer, request)}
    assert sides == {"helm-batch/answer": "id7", "helm-batch/request": "id7"}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"train_trial_index": 2}, "id7 · trial 2"),
        ({"perturbation": {"name": "typos"}}, "id7 · typos"),
        ({"reference_index": 1, "perturbation": None}, "id7 · 1"),
    ],
)
def test_what_was_done_to_an_instance_is_part_of_its_key(more: dict[str, Any], key: str) -> None:
    draft = Draft(b"{}", Context())
    assert read_helm_display({**SHOWN, **more}, draft)
    assert draft.fields["request_id"] == key


def test_an_answer_takes_no_model_from_the_name_of_its_file() -> None:
    data = json.dumps([{**SHOWN, "instance_id": f"id{n}"} for n in range(3)]).encode()
    found = list(read_json(data, Context(name="display_predictions.json")))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [each.exchange.model for each in items if each.exchange] == ["", "", ""]
    assert not [each for each in found if isinstance(each, Problem)]
    assert not any(each.problems for each in items)


def test_scores_of_an_instance_are_no_answer() -> None:
    record = {
        "instance_id": "id7",
        "train_trial_index": 0,
        "stats": [{"name": {"name": "f1"}, "sum": 1}],
    }
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_helm_display(record, draft)
    assert (draft.kind, draft.title, draft.output) == ("record", "Scores of id7", "")
    assert "joint" not in draft.fields
    assert not read_helm_display({**record, "stats": {}}, Draft(b"", Context()))


def test_a_run_of_openais_evals() -> None:
    event = {
        "run_id": "r",
        "event_id": 0,
        "sample_id": "t.0",
        "created_at": "2023-03-28 05:41:00+00:00",
    }
    asked = [{"role": "user", "content": "Once upon a"}]
    memory: dict[Any, Any] = {}
    drafts = []
    for record in (
        {"spec": {"run_id": "r", "eval_name": "t", "completion_fns": ["m"]}},
        {**event, "type": "sampling", "data": {"prompt": asked, "sampled": ["time", "day"]}},
        {**event, "type": "match", "data": {"correct": True}},
        {"final_report": {"accuracy": 1.0}},
    ):
        draft = Draft(b"", Context(), memory)
        assert read_openai_eval(record, draft)
        drafts.append(draft)
    assert [each.kind for each in drafts] == ["record", "exchange", "record", "record"]
    one = drafts[1]
    assert (one.prompt, one.output, one.answers) == ("Once upon a", "time", ("day",))
    assert (one.fields["model"], one.fields["request_id"]) == ("m", "t.0")
    assert not read_openai_eval({"final_report": {}}, Draft(b"", Context()))


def test_a_result_of_promptfoo_and_a_program_for_a_task() -> None:
    draft = Draft(b"", Context())
    counts = {"prompt": 3, "completion": 2}
    record = {"provider": {"id": "openai:m"}, "prompt": {"raw": "Hi"}, "latencyMs": 7,
              "response": {"output": "Yo", "tokenUsage": counts, "cost": 0.5}, "success": True}  # fmt: skip
    assert read_promptfoo(record, draft)
    assert (draft.prompt, draft.output) == ("Hi", "Yo")
    names = ("model", "provider", "input_tokens", "output_tokens", "latency_ms", "cost")
    assert [draft.fields[name] for name in names] == ["m", "openai", 3, 2, 7, 0.5]
    draft = Draft(b"", Context())
    assert read_code_sample({"task_id": "HumanEval/0", "completion": " return 1"}, draft)
    assert (draft.fields["request_id"], draft.output) == ("HumanEval/0", " return 1")
    assert not read_code_sample({"task_id": "t", "prompt": "", "completion": ""}, draft)


def eval_item(**sample: Any) -> dict[str, Any]:
    """An item of a run as the API lists it."""
    return {
        "object": "eval.run.output_item", "id": "outputitem_1", "created_at": 1743092076, "run_id": "evalrun_1",
        "status": "pass", "datasource_item_id": 5, "datasource_item": {"input": "Rally"},
        "results": [{"name": "check", "passed": True, "score": 1.0, "sample": {"usage": {"prompt_tokens": 9}}}],
        "sample": {
            "input": [{"role": "developer", "content": "Sort."}, {"role": "user", "content": "Rally"}],
            "output": [{"role": "assistant", "content": "Markets"}], "finish_reason": "stop", "model": "gpt-x",
            "usage": {"total_tokens": 325, "completion_tokens": 2, "prompt_tokens": 323, "cached_tokens": 7},
            "error": None, "temperature": 1.0, "max_completion_tokens": 2048, "top_p": 1.0, "seed": 42,
            **sample,
        },
    }  # fmt: skip


def test_a_page_of_a_run_of_the_evals_api_is_a_page_of_answers() -> None:
    page = {"object": "list", "data": [eval_item(), eval_item()], "has_more": False}
    items, problems, _ = read_all(read_json, json.dumps(page).encode())
    assert [(item.kind, item.collection) for item in items] == [("exchange", "outputs")] * 2
    assert (texts(items[0]), problems) == (
        {"system": "Sort.", "prompt": "Rally", "output": "Markets"}, [],
    )  # fmt: skip


def test_an_item_of_a_run_counts_what_the_model_took_and_not_what_its_graders_did() -> None:
    draft = Draft(b"", Context())
    assert read_eval_item(eval_item(), draft)
    assert draft.fields == {
        "request_id": "outputitem_1", "model": "gpt-x", "finish_reason": "stop", "temperature": 1.0,
        "top_p": 1.0, "seed": 42, "max_tokens": 2048, "input_tokens": 323, "output_tokens": 2,
        "cache_read_tokens": 7,
    }  # fmt: skip
    assert draft.extra["results"][0]["passed"] is True
    failed = Draft(b"", Context())
    assert read_eval_item(
        eval_item(output=[], error={"code": "timeout", "message": "late"}), failed
    )
    assert (failed.output, failed.fields["error"]) == ("", "timeout")
    assert failed.extra["sample"]["error"]["message"] == "late"
