from __future__ import annotations

import json

from casekit.analysis import own_inside
from tests.analysis.test_own import METHOD


def test_a_method_says_what_it_is_or_what_is_wrong_with_it() -> None:
    told = own_inside.described(METHOD.encode(), b"")
    assert (told[:1], json.loads(told[1:])["compare"]) == (b"r", True)
    wrong = own_inside.described(b"1 / 0", b"")
    assert (wrong[:1], json.loads(wrong[1:])) == (b"e", ["ZeroDivisionError", "division by zero"])


def test_progress_leaves_before_the_result() -> None:
    text = """
def compare(answers, controls, seed, progress):
    progress(1)
    return {"score": seed, "controls": {m: len(p) for m, p in controls.items()}, "odd": object()}
"""
    asked = {"text": text, "answers": [["q", "a"]], "controls": {"c": [["q", "a"]]}, "seed": 4}
    frames = list(own_inside.computed(json.dumps(asked).encode(), b""))
    assert [f[:1] for f in frames] == [b"p", b"r"]
    assert json.loads(frames[0][1:]) == [1, None]
    assert json.loads(frames[1][1:]) == {"score": 4, "controls": {"c": 1}}
    nothing = {**asked, "text": "def compare(answers, controls, seed): return 3"}
    assert list(own_inside.computed(json.dumps(nothing).encode(), b"")) == [b"rnull"]
