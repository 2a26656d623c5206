from pathlib import Path

import pytest

from casekit.queries import exchanges
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, sha


def test_answers_of_one_model_in_one_collection(case: Case, tmp_path: Path) -> None:
    logged = make_exchange("Why?", "Logged.", "m-1")
    logged.columns["collection"] = "api-log"
    file_items(
        case,
        [
            make_exchange("Why?", "So.", "m-1"),
            make_exchange("Why?", "No.", "m-2"),
            logged,
            make_item(),
        ],
        tmp_path,
    )
    with case.read() as s:
        (answer,) = exchanges.answers(s, "m-1")
        assert [a.output for a in exchanges.answers(s, "m-1", "api-log")] == ["Logged."]
    assert (answer.item_id, answer.prompt_sha256, answer.output) == (1, sha(b"Why?"), "So.")


def test_refusals_and_silence_are_no_answers_and_the_first_answer_stands(
    case: Case, tmp_path: Path
) -> None:
    heads = [
        make_exchange("Why?", "Rate limit reached.", "m-1", status=429, account="a"),
        make_exchange("Why?", " \n", "m-1", account="a"),
        make_exchange("Why?", "So.", "m-1", status=200, account="a"),
        make_exchange("Why?", "So so.", "m-1", account="a"),
    ]
    file_items(case, heads, tmp_path)
    for head in heads:
        head.columns["collection"] = "api-log"
    file_items(case, heads, tmp_path, name="log.txt")
    with case.read() as s:
        assert [a.output for a in exchanges.answers(s, "m-1")] == ["So.", "So so."]
        assert {p: a.output for p, a in exchanges.by_prompt(s, "m-1").items()} == {
            sha(b"Why?"): "So."
        }
        served = exchanges.served(s, "m-1", {sha(b"Why?")})
        assert [one.output for one in served] == ["So.", "So so."]


def test_answers_come_in_parts_or_by_their_item(case: Case, tmp_path: Path) -> None:
    heads = [make_exchange(f"Why {n}?", "" if n == 2 else f"So {n}.", "m") for n in range(5)]
    file_items(case, heads, tmp_path)
    with case.read() as s:
        whole = exchanges.answers(s, "m")
        parts = list(exchanges.in_batches(s, "m", "outputs", 2))
        assert [len(part) for part in parts] == [2, 1, 1]
        assert [a for part in parts for a in part] == whole
        assert exchanges.by_item(s, "m", "outputs", whole[2].item_id) == whole[2]
        assert list(exchanges.in_batches(s, "m", "api-log")) == []


def test_prompts_belong_to_the_task_that_the_set_of_an_answer_names(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        '{"dataset":"b","task":"a"}',
        '{"dataset":"b"}',
        '{"dataset":["b"]}',
        '{"task":""}',
        None,
    ]
    heads = [
        make_exchange(f"Why {n}?", "So.", "m-1", **({"extra": extra} if extra else {}))
        for n, extra in enumerate(told)
    ]
    file_items(case, heads, tmp_path)
    monkeypatch.setattr(exchanges, "MOST_IDS", 2)
    with case.read() as s:
        found = {a.prompt: a for a in exchanges.answers(s, "m-1")}
        asked = {a.prompt_sha256: a.item_id for a in found.values()}
        named = exchanges.tasks(s, asked)
    assert named == {found["Why 0?"].prompt_sha256: "a", found["Why 1?"].prompt_sha256: "b"}
