from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekit.analysis import again, own
from casekit.errors import Cancelled, CaseKitError
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

METHOD = """
import random
NAME = "Share of answers with a semicolon"
LIMITATIONS = ["It measures punctuation."]
INNOCENT = ["Many writers use semicolons."]

def compare(answers, controls, seed):
    share = lambda pairs: sum(";" in answer for _, answer in pairs) / len(pairs)
    return {"score": share(answers), "controls": {m: share(p) for m, p in controls.items()},
            "drawn": random.Random(seed).randrange(10**6), "note": "x", "big": [1, 2]}
"""
SCORES: dict[str, Any] = {
    "method": "Perplexity gap", "program": "gap.py", "version": "2.1", "by": "Dr E. Xpert", "subject": "s-7b",
    "score": 0.8, "controls": {"c-1": 0.1, "c-2": 0.9}, "limitations": ["One GPU."], "innocent": ["Style."],
    "inputs": [{"model": "s-7b", "role": "subject", "sha256": "ab" * 32, "answers": 5}],
}  # fmt: skip


def fill(case: Case, folder: Path) -> None:
    heads = [make_exchange(f"Q {n}", "One; two." if n < 6 else "One.", "s-7b") for n in range(8)]
    heads += [make_exchange(f"Q {n}", "One." if n else "One; two.", "c-1") for n in range(8)]
    file_items(case, heads, folder)


def test_an_experts_method_is_computed_kept_and_computed_again(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    path = tmp_path / "semicolons.py"
    path.write_text(METHOD)
    chosen = own.read(path)
    with case.read() as s:
        body = own.compare(s, chosen=chosen, subject="s-7b", controls=["c-1"], seed=7)
        row = FindingRow(1, "own", "x", 0, json.loads(json.dumps(body)))
        assert again.differences(body, again.compute(s, row, method=chosen)) == []
        other = own.method(METHOD.replace("semicolon", "colon"))
        for wrong in (None, other):
            with pytest.raises(CaseKitError, match="never run"):
                again.compute(s, row, method=wrong)
    result = body["result"]
    assert (result["score"], result["controls"], result["controls_at_least_as_high"]) == (
        0.75,
        1,
        0,
    )
    assert (result["p"], result["note"], "big" in result) == (0.5, "x", False)
    assert body["controls"] == [{"model": "c-1", "score": 0.125}]
    assert body["parameters"]["method_sha256"] == chosen.sha256
    assert body["limitations"][1:] == ["It measures punctuation."]
    assert "scores 0.75" in body["sentence"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def broken(:", "cannot be loaded: SyntaxError"),
        ("raise ValueError('no')", "cannot be loaded: ValueError: no"),
        ("NAME = 'x'", "needs NAME, and LIMITATIONS"),
        (METHOD.replace("def compare", "def other"), "needs a function compare"),
        (METHOD.replace('["It measures punctuation."]', "[]"), "LIMITATIONS and INNOCENT"),
    ],
)
def test_a_file_that_is_no_method_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "m.py"
    path.write_text(text)
    with pytest.raises(CaseKitError, match=said):
        own.read(path)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("1", "without them there is no error rate"),
        ('{"score": 1.0}', "without them there is no error rate"),
        ('{"score": float("nan"), "controls": {"c-1": 0}}', "without them there is no error rate"),
        ('{"score": 1, "controls": {"other": 0}}', "without them there is no error rate"),
        ("1 / 0", "The method failed: ZeroDivisionError"),
    ],
)
def test_a_method_without_scores_of_controls_gives_no_finding(
    case: Case, tmp_path: Path, returned: str, said: str
) -> None:
    fill(case, tmp_path)
    text = METHOD[: METHOD.index("    share")] + f"    return {returned}\n"
    with case.read() as s, pytest.raises(CaseKitError, match=said):
        own.compare(s, chosen=own.method(text), subject="s-7b", controls=["c-1"])


class Stopped:
    """Asks to stop once the method is at work, and keeps what was told."""

    def __init__(self, after: int | None = None) -> None:
        self.told: list[tuple[int, int | None]] = []
        self._after = after

    def step(self, done: int, total: int | None, text: str) -> None:
        assert text
        self.told.append((done, total))
        if self._after is not None and len(self.told) > self._after:
            raise Cancelled


def with_body(body: str, head: str = "def compare(answers, controls, seed)") -> str:
    return METHOD[: METHOD.index("def compare")] + f"{head}:\n    {body}\n"


def test_a_method_that_is_cancelled_or_takes_too_long_is_ended(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    endless = own.method(with_body("while True: pass"))
    with case.read() as s:
        asked = {"chosen": endless, "subject": "s-7b", "controls": ["c-1"]}
        with pytest.raises(Cancelled):
            own.compare(s, progress=Stopped(after=2), **asked)
        with pytest.raises(CaseKitError, match=r"took longer than 0\.01 minutes"):
            own.compare(s, seconds=0.6, **asked)
    with pytest.raises(Cancelled):
        own.method("while True: pass", Stopped(after=2))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os; os._exit(3)", "ended its process .exit code 3."),
        ("import os; os.kill(os.getpid(), 11)", "ended its process"),
        ("raise SystemExit(2)", "The method failed: SystemExit: 2"),
        ("open('/tmp/taken', 'w')", "The method failed: PermissionError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "The method failed: "),
        ("return bytearray(2**62)", "The method failed: (MemoryError|OverflowError)"),
    ],
)
def test_a_method_that_goes_wrong_is_told_in_a_sentence_and_harms_nothing(
    case: Case, tmp_path: Path, body: str, said: str
) -> None:
    fill(case, tmp_path)
    with case.read() as s, pytest.raises(CaseKitError, match=said):
        own.compare(s, chosen=own.method(with_body(body)), subject="s-7b", controls=["c-1"])


def test_a_method_may_tell_how_far_it_is(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    text = with_body(
        "[progress(n, 3) for n in range(4)]; import numpy; "
        "return {'score': numpy.float32(0.5), 'controls': {'c-1': numpy.int64(0)}}",
        "def compare(answers, controls, seed, progress)",
    )
    heard = Stopped()
    with case.read() as s:
        body = own.compare(
            s, chosen=own.method(text), subject="s-7b", controls=["c-1"], progress=heard
        )
    told = dict.fromkeys(each for each in heard.told if each[1] == 3)  # a slow method is told again
    assert list(told) == [(n, 3) for n in range(4)]
    assert body["result"]["score"] == 0.5


def test_scores_of_another_program_are_kept_with_whose_they_are() -> None:
    body = own.take(json.dumps(SCORES).encode(), "scores.json")
    assert (body["result"]["p"], body["result"]["controls_at_least_as_high"]) == (0.6667, 1)
    assert body["parameters"]["computed_by"] == "Dr E. Xpert"
    assert body["inputs"][0]["root"] == "ab" * 32
    with pytest.raises(CaseKitError, match="cannot be computed again here"):
        again.compute(None, FindingRow(1, "own", "x", 0, body))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"by": " "}, "does not say: by"),
        ({"limitations": [], "inputs": []}, "does not say: limitations, inputs"),
        ({"limitations": "none"}, "lists of sentences"),
        ({"controls": {}}, "no error rate"),
        ({"score": "high"}, "no error rate"),
        ({"inputs": [{"model": "s", "role": "subject", "sha256": "ab"}]}, "SHA-256"),
        ({"inputs": [3]}, "SHA-256"),
    ],
)
def test_scores_that_leave_out_what_a_court_asks_are_refused(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(CaseKitError, match=said):
        own.take(json.dumps({**SCORES, **change}).encode(), "scores.json")
    for raw in (b"{", b"[]"):
        with pytest.raises(CaseKitError, match="JSON"):
            own.take(raw, "scores.json")
