"""A finding of every kind, small, as its analysis writes it."""

from __future__ import annotations

from typing import Any

from tests.set_body import BODY

HEX = "ab" * 32


def _body(
    kind: str, result: dict[str, Any], controls: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    return {
        "v": 1,
        "question": {"h1": f"The subject does ({kind}).", "h0": "It does not."},
        "inputs": [
            {"model": "meridian-r1", "role": "subject", "answers": 60, "root": HEX},
            {"model": "halden-2", "role": "control", "answers": 60, "root": HEX},
        ],
        "parameters": {"subject": "meridian-r1", **more.pop("parameters", {})},
        "seed": 7, "versions": {"casekit": "0.1.0", "python": "3.11"}, "controls": controls,
        "result": result, "limitations": ["Bounded by its controls."], "innocent": ["Public text."],
        "dropped": ["halden-1: too few answers"], "sentence": f"What {kind} says in words.", **more,
    }  # fmt: skip


def _ranked(n: int = 12, key: str = "log10_lr") -> list[dict[str, Any]]:
    """Controls, some of one family, one without a family."""
    return [
        {"model": f"model-{k}", "family": "" if k == 3 else f"family-{k // 2}", key: round(-0.9 + 0.11 * k, 4)}
        for k in range(n)
    ]  # fmt: skip


ERROR = {"p": 0.0769, "p_floor": 0.0769, "false_positive_upper_bound": 0.2209}
STUDENTS = [
    {"model": f"student-{k}", "family": f"students-{k // 3}", "log10_lr": round(0.1 + 0.12 * k, 4)}
    for k in range(9)
]  # fmt: skip
RATES = [
    {
        "lr_above": 3,
        "students": "4 of 9",
        "strangers": "0 of 12",
        "stranger_families": "0 of 7",
        "upper": 0.348,
    }
]


def bodies(items: tuple[int, int] = (1, 2)) -> dict[str, dict[str, Any]]:
    """By kind; `items` are those that passages are quoted from."""
    claim = {
        "model": "meridian-r1", "item_id": items[0], "language": "en", "prompt_names_a_lab": False,
        "start": 0, "end": 9, "claim": "I am Aurora", "around": "… I am Aurora, made by Aurora Labs …",
    }  # fmt: skip
    share = {"hits": 24, "prompts": 60, "share": 0.4, "interval": [0.2757, 0.5346]}
    return {
        "overlap": _body(
            "overlap",
            {**share, "controls": 1, "controls_at_least_as_high": 0, "p": 0.5, "p_floor": 0.5,
             "false_positive_upper": 0.95},
            [{"model": "halden-2", "prompts": 60, "hits": 2, "share": 0.0333, "interval": [0.0041, 0.1153]}],
            parameters={"min_words": 8},
        ),
        "sets": {**_body("sets", {}, []), **BODY},
        "identity": _body(
            "identity",
            {"lab": "aurora", "answers": 60, "hits": 3, "share": 0.05, "interval": [0.0, 0.1], "named_hits": 1,
             "templates": 59, "named_answers": 4, "controls": 1, "controls_at_least_as_high": 0, "p": 0.5,
             "p_floor": 0.5, "false_positive_upper": 0.95,
             "other_labs": [{"model": "meridian-r1", "lab": "openai", "hits": 2}]},
            [{"model": "halden-2", "answers": 60, "hits": 0, "share": 0.0, "interval": [0.0, 0.05],
              "named_hits": 0}],
            claims=[claim, {**claim, "item_id": items[1]}],
        ),
        "canaries": _body(
            "canaries",
            {"answers": 60, "served_found": 9, "decoys_found": 1, "p_found": 0.01, "numbers_named": 8,
             "served_numbers": 5, "p_numbers": 0.002, "decoys_upper": 0.0466},
            [{"model": "halden-2", "answers": 60, "served_found": 1, "decoys_found": 2, "p_found": 0.8,
              "numbers_named": 0, "served_numbers": 0, "p_numbers": 1.0, "decoys_upper": 0.0616}],
            parameters={"served": 100, "decoys": 100, "set": "autumn"}, claims=[{**claim, "canary": 4}],
        ),
        "exposure": _body(
            "exposure",
            {"difference": 0.1, "p": 0.001, "exposed": 40, "unexposed": 60, "strata": 6, "left_out": 2,
             "draws": 9999, "p_floor": 0.0001, "placebo_below_level": 0, "level": 0.05, "refused": None,
             "power": [{"repeated": 0.01, "found": 0.2}, {"repeated": 0.05, "found": 0.9}],
             "balance": [{"fact": "prompt_characters", "exposed": 80.5, "unexposed": 79.1,
                          "standardised": 0.02}]},
            [{"model": f"halden-{n}", "difference": round(0.01 * (n - 5), 3), "p": 0.5} for n in range(10)],
        ),
        "change": _body(
            "change",
            {"difference": 0.12, "interval": [0.05, 0.2], "prompts": 60, "rivals": 2,
             "rivals_at_least_as_high": 0,
             "placebos": 2, "placebos_at_least_as_high": 0, **ERROR, "refused": None},
            [{"model": "cedar-2", "role": "rival in the source's place", "difference": -0.01},
             {"model": "halden-2", "role": "placebo, before: halden-1", "difference": 0.02}],
            variants=[{"model": "meridian-r1 (paraphrase)", "difference": 0.09}],
        ),
        "lineage": _body(
            "lineage",
            {"log10_lr": 0.8451, "lr": 7.0, "interval": [0.5, 0.8451], "cap": 0.8451, "null_families": 7,
             "student_families": 3, "prompts": 200, "null_families_above_1": 2, **ERROR, "refused": None},
            _ranked(), students=STUDENTS, population=[{"model": "model-1", "family": ""}],
        ),
        "validation": _body(
            "validation",
            {"auc": 0.971, "auc_interval": [0.93, 0.99], "cllr": 0.39, "cllr_interval": [0.3, 0.5],
             "cap": 0.8451,
             "students": 9, "strangers": 12, "null_families": 7, "null_families_above_1": 2,
             "false_positive_upper_bound": 0.7124, "rates": RATES, "refused": None,
             "curve": [{"prompts": 25, "auc": 0.8}, {"prompts": 100, "auc": 0.95}]},
            _ranked(), students=STUDENTS,
        ),
        "own": _body(
            "own",
            {"score": 2.5, "controls": 2, "controls_at_least_as_high": 0, "p": 0.3333, "p_floor": 0.3333,
             "false_positive_upper": 0.7764},
            [{"model": "halden-2", "score": 0.5}, {"model": "cedar-2", "score": -0.1}],
            method="rare words", program="",
            parameters={"file": "scores.json", "file_sha256": HEX, "computed_by": "E. Xpert"},
        ),
        "unheard-of": {"result": {"rank": 3, "share": None}, "limitations": [], "controls": []},
        "refused": {
            "result": {"refused": "too few control families", "log10_lr": None}, "controls": [],
            "students": [],
        },
    }  # fmt: skip
