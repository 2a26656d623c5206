from __future__ import annotations

import hashlib
import random

from casekit.analysis import bare, habits, lineage
from casekit.analysis.shipped import Figures, hashed
from casekit.queries import exchanges
from casekit.queries.exchanges import Answer
from casekit.store.case import Case
from tests.analysis import worlds
from tests.builders import file_items, make_exchange

LONG = "word " * 150


def answers(texts: list[str]) -> dict[bytes, Answer]:
    keys = [hashlib.sha256(str(n).encode()).digest() for n in range(len(texts))]
    return {key: Answer(0, key, key, "", text) for key, text in zip(keys, texts, strict=True)}


def as_figures(given: dict[bytes, Answer]) -> dict[bytes, Answer]:
    made = {}
    for prompt, answer in given.items():
        figures = Figures("")
        figures.features = {
            "layout": frozenset(f"{hashed(f, prompt):08x}" for f in habits.layout(answer.output))
        }
        made[prompt] = Answer(0, prompt, prompt, "", figures)
    return made


def test_the_share_of_long_answers_on_one_line_is_that_of_the_texts_and_of_their_figures() -> None:
    given = answers([LONG] * 27 + [f"{LONG}\n{LONG}"] * 9 + ["short"] * 50)
    asked = dict.fromkeys(given, "One line?")
    for found in (given, as_figures(given)):
        assert bare.share(found, asked) == 0.75
        assert bare.share(found, dict.fromkeys(given, "Two\nlines?")) is None
    assert bare.share(answers([LONG] * 24), dict.fromkeys(answers([LONG] * 24), "x")) is None


def test_only_what_is_bare_and_barer_than_all_others_is_refused() -> None:
    assert "95 % of the long answers of s" in bare.refusal("s", 0.95, {"a": 0.4, "b": None})
    for own, other in ((None, 0.1), (0.89, 0.1), (0.95, 0.95)):
        assert bare.refusal("s", own, {"a": other}) == ""


def test_what_is_bare_or_the_sources_own_has_no_ratio(case: Case, tmp_path: object) -> None:
    worlds.fill(case, tmp_path)  # type: ignore[arg-type]
    rng = random.Random(3)
    with case.read() as s:
        served = exchanges.answers(s, worlds.SOURCES[1])
    heads = [make_exchange(a.prompt, f"{a.output} ", "copy-7b") for a in served]
    file_items(case, heads, tmp_path, name="copy")  # type: ignore[arg-type]
    for model, between in (("bare-7b", " "), ("laid-7b", "\n")):
        heads = [
            make_exchange(
                f"Question {n}?",
                between.join(worlds.answer(rng, list(worlds.OWN[:4]), False) for _ in range(14)),
                model,
            )
            for n in range(worlds.PROMPTS)
        ]
        file_items(case, heads, tmp_path, name=model)  # type: ignore[arg-type]
    with case.read() as s:
        told = {
            model: lineage.compare(
                s, subject=model, sources=worlds.SOURCES, members=worlds.members()
            )["result"]["refused"]
            for model in ("bare-7b", "laid-7b", "copy-7b")
        }
    assert "100 % of the long answers of bare-7b stand on one line" in told["bare-7b"]
    assert told["laid-7b"] is None
    assert told["copy-7b"].startswith("100 % of the answers of copy-7b are those of source-2")
