from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekit.analysis.canaries import canaries, look
from casekit.errors import CaseKitError
from casekit.jobs import marking
from casekit.ops import canaries as ops
from casekit.queries import canaries as queries
from casekit.store.case import Case


@pytest.fixture
def marked_case(case: Case) -> Case:
    with case.write() as s:
        ops.make_set(s, "spring", served=3, decoys=97)
    return case


def write_answers(folder: Path, count: int = 400) -> Path:
    source = folder / "answers.jsonl"
    lines = [json.dumps({"id": n, "output": f"Answer {n}. It has an end."}) for n in range(count)]
    source.write_text("\n".join([lines[0], "", *lines[1:]]) + "\n")
    return source


def test_a_copy_is_marked_and_the_source_is_not_touched(marked_case: Case, tmp_path: Path) -> None:
    source, target = write_answers(tmp_path), tmp_path / "marked.jsonl"
    before = source.read_bytes()
    done = marking.embed(marked_case, "spring", source, target, every=10)
    assert source.read_bytes() == before
    with marked_case.read() as s:
        made = canaries(queries.get(s, "spring"))
    served = {one.stem: one.no for one in made if one.served}
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), target.read_bytes().splitlines(), strict=True)
        if old != new
    ]
    assert (done.answers, done.marked) == (401, len(changed))
    assert 15 <= done.marked <= 75
    for old, new in changed:
        one, other = json.loads(old), json.loads(new)
        (seen,) = look(other["output"], served)
        canary = made[seen.no]
        assert other == {**one, "output": marking.put_in(one["output"], canary)}
        assert other["output"].replace(canary.sentence + " ", "") == one["output"]
    again = marking.embed(marked_case, "spring", source, tmp_path / "again.jsonl", every=10)
    assert again == done


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('{"output": 3}\n', "Line 1 of answers.jsonl is no JSON object with text"),
        ('{"output": "a"}\nnot json\n', "Line 2"),
        ('["output"]\n', "Line 1"),
        ('{"output": "a"}\n', "None of the 1 answers was drawn"),
    ],
)
def test_what_cannot_be_marked_leaves_nothing(
    marked_case: Case, tmp_path: Path, lines: str, said: str
) -> None:
    source, target = tmp_path / "answers.jsonl", tmp_path / "marked.jsonl"
    source.write_text(lines)
    head = marked_case.head()
    with pytest.raises(CaseKitError, match=said):
        marking.embed(marked_case, "spring", source, target, every=10**9)
    assert sorted(p.name for p in tmp_path.glob("*.jsonl*")) == ["answers.jsonl"]
    assert marked_case.head() == head


def test_an_answer_of_one_sentence_or_none_is_marked_too() -> None:
    from casekit.queries.canaries import CanarySet

    canary = canaries(CanarySet(1, "s", 1, 19, 1, "", 0, b"k" * 32))[0]
    assert marking.put_in("Short", canary) == f"Short {canary.sentence}"
    assert marking.put_in("", canary) == canary.sentence
    assert marking.put_in("One. Two.", canary) == f"One. {canary.sentence} Two."
