from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.analysis.departure import Asking, Candidate, choose, departure, design, read_list
from casekit.errors import CaseKitError
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

PLAIN = "The river is long. The lake is deep."
LISTED = "- River!\n- Lake!\n\nSure thing, my friend: done?"


def designed(case: Case, **values: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"question": "q", "subject": "s", "sources": ["t"], "rivals": ["a", "b"],
                             "count": 4, "asking": Asking(), "seed": 1, **values}  # fmt: skip
    with case.read() as s:
        return design(s, **given)


def test_a_prompt_departs_where_rivals_agree_and_the_source_alone_differs() -> None:
    assert departure([PLAIN], [PLAIN, PLAIN]) == 0.0
    assert departure([LISTED], [PLAIN, PLAIN]) > 0.8
    assert (
        departure([PLAIN], [PLAIN, LISTED]) < 0.0
    )  # the rivals disagree: nothing that marks the source out


def test_the_choice_reads_controls_only_and_takes_what_departs_most(
    case: Case, tmp_path: Path
) -> None:
    made = []
    for n, word in enumerate(["alpha", "beta", "gamma", "delta", "omega", "sigma"]):
        prompt = f"{word} {word}{n} question about {word}"
        made += [make_exchange(prompt, PLAIN, m) for m in ("a", "b")]
        made.append(make_exchange(prompt, LISTED if n < 2 else PLAIN, "t"))
        made.append(make_exchange(prompt, f"{word} subject", "s"))
    file_items(case, made, tmp_path)
    body = designed(case, count=2)
    assert {p["prompt"].split()[0] for p in body["prompts"]} == {"alpha", "beta"}
    assert [p["departure"] for p in body["prompts"]] == [0.9667, 0.9667]
    assert [(r["model"], r["role"], r["answers"]) for r in body["read"]] == [
        ("t", "source", 6), ("a", "rival", 6), ("b", "rival", 6)]  # fmt: skip
    assert (body["answered_by_subject_before"], body["candidates"]) == (2, 6)
    with pytest.raises(CaseKitError, match="on controls only"):
        designed(case, subject="a")
    with pytest.raises(CaseKitError, match="at least two rivals"):
        designed(case, rivals=["a"])
    with pytest.raises(CaseKitError, match="no answers of a model “nobody”"):
        designed(case, rivals=["a", "nobody"])
    with pytest.raises(CaseKitError, match="State the question"):
        designed(case, question=" ")


def test_every_topic_of_every_source_has_its_turn_and_near_copies_go() -> None:
    many = [
        Candidate(f"law number {n} of contracts and torts", "law", "x", 0.9 - n / 10)
        for n in range(3)
    ]
    other = [
        Candidate("bake bread slowly", "food", "x", 0.1),
        Candidate("solve one equation", "law", "y", 0.0),
    ]
    chosen = choose([*many, *other], 3, seed=1)
    assert [(c.origin, c.topic) for c in chosen] == [("x", "food"), ("x", "law"), ("y", "law")]
    assert chosen[1] == many[0]  # the one that departs most
    assert len(choose([*many, *other], 9, seed=1)) == 3  # the other two laws say nearly the same


def test_a_list_of_prompts_is_read_and_a_broken_one_named(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text('{"prompt": "One?", "topic": "t", "source": "case"}\n\nTwo?\n')
    assert read_list(path) == [Candidate("One?", "t", "list"), Candidate("Two?", "", "list")]
    for text, said in (('{"prompt": 5}', "Line 1"), ("{", "no JSON"), ("", "is empty")):
        path.write_text(text)
        with pytest.raises(CaseKitError, match=said):
            read_list(path)


def test_topics_part_what_has_no_words_in_common(case: Case) -> None:
    groups = ("river lake ocean water", "judge court appeal contract", "python loop function class")
    listed = [Candidate(f"{g} number{n}x", "", "list") for g in groups for n in range(24)]
    body = designed(case, sources=(), rivals=(), listed=listed, count=9)
    topics = {p["topic"] for p in body["prompts"]}
    assert len(topics) >= 3
    for topic in topics:
        firsts = {p["prompt"].split()[0] for p in body["prompts"] if p["topic"] == topic}
        assert len(firsts) == 1
