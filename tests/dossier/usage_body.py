"""A finding on usage as its analysis writes it, small: two groups, of one of which three accounts are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

DAY_US = 86_400_000_000
FIRST_US = 1_762_041_600_000_000  # 2 November 2025
STEPS = 12


def body(
    named: Sequence[str], items: Sequence[int] = (), sentence: str = "Grade the answer on {1} from 1 to 10.",
    ordinary: str = "acct_ordinary",
) -> dict[str, Any]:  # fmt: skip
    """The body; `ordinary` is an account that is among the largest and is not named."""
    members = [*named, None]
    figure = {"A7 reasoning": [9, 10, 0.9, 0.001, 0.01], "A5 night": [2, 10, 0.2, 0.3, 0.9]}
    tested = {
        "group": 1, "members": 4, "mean": 0.75, "controls": 50, "control_mean": 0.051, "p": 0.0001, "q": 0.0004,
    }  # fmt: skip
    measure = {
        "key": "reasoning", "what": "share of prompts that ask for reasoning", "accounts_measured": 90,
        "ungrouped_median": 0.05, "p_below_level": 7, "q_below_level": 3, "level": 0.05,
        "groups": [tested, {**tested, "group": 2, "p": 0.6, "q": 0.9}], "query": 'SELECT "account" FROM "log"',
    }  # fmt: skip
    heads = {
        "consistent_with": "collection",
        "innocent": ["Teachers ask for it."],
        "accounts": list(named),
    }
    volume = {"input_tokens": 100, "output_tokens": 900}
    return {
        "v": 1,
        "question": {"h1": "Some accounts were run together.", "h0": "They were run apart."},
        "inputs": [{"model": "aurora-4", "role": "log", "answers": 900, "root": "ab" * 32}],
        "parameters": {"unit": "account", "draws": 9999}, "seed": 1, "versions": {"casekit": "0.1.0"},
        "controls": [],
        "result": {
            "exchanges": 900, "without_account": 0, "accounts_in_log": 90, "groups": 2,
            "named_accounts": len(named), "analytics_refused": 1, "refused": None,
        },
        "named": list(named),
        "groups": [
            {
                "group": 1, "members": 4, "requests": 60, "linked_by": ["network", "payment"], "cells": 3,
                "largest_cell_p": 1.5e-7, "customers_of_scripted": 3, "follow_scripts": 3,
                "unlike_controls": ["A7"], "named": len(named), "not_named_because": "", "shared": [],
                "more_scripts": 2,
                "scripts": [
                    {
                        "sentence": sentence, "requests": 40, "accounts_asking": 3, "wordings": 21,
                        "blanks": [{"blank": 1, "different": 9, "of": 40, "examples": ["tides", "rent"]}],
                        "items": list(items),
                    }
                ],
            },
            {
                "group": 2, "members": 6, "requests": 70, "linked_by": ["network"], "cells": 1,
                "largest_cell_p": 0.001, "customers_of_scripted": 0, "follow_scripts": 0, "unlike_controls": [],
                "named": 0, "not_named_because": "its accounts follow no script of their own", "shared": [],
                "scripts": [], "more_scripts": 0,
            },
        ],
        "analytics": [
            {"id": "A1", "name": "Infrastructure", "refused": None, "sentence": "2 groups.", **heads,
             "others_showing": 5, "query": "SELECT 1"},
            {"id": "A7", "name": "Reasoning elicitation", "refused": None, "measures": [measure],
             "sentence": "Group 1 asks for reasoning.", **heads, "others_showing": 1},
            {"id": "A10", "name": "Release pivot", "refused": None, "measures": [], "sentence": "", **heads,
             "accounts": [], "others_showing": 0},
            {"id": "A11", "name": "Retries", "refused": "this log has no prompts", "measures": [], **heads,
             "accounts": []},
            {"id": "A12", "name": "Synchrony", "refused": None, "sentence": "", **heads, "others_showing": 0,
             "groups": [{"group": 1, "meetings": 40, "expected": 12.5, "p": 0.005, "q": 0.01, "draws": 199,
                         "wordings": 21, "asked_by_several": 4}], "query": "SELECT 2"},
            {
                "id": "A16", "name": "Volume and value", "refused": None, "value_refused": None, **heads,
                "accounts": [], "sentence": "900 exchanges.", "query": "SELECT 3",
                "by_group": [{"group": "1", "accounts_of_group": 4, "requests": 60, **volume}],
                "by_model": [{"model": "aurora-4", "requests": 900, **volume}],
                "largest": [{"account": ordinary, "requests": 300, **volume},
                            *({"account": name, "requests": 20, **volume} for name in named)],
                "value": {
                    "requests_priced": 890, "value": {"USD": "12.34"}, "requests_apart": 10,
                    "apart": [{"why": "time", "requests": 10, "words": "have no time that can be relied on"}],
                    "models_without_price": [{"model": "aurora-5", "why": "unknown", "requests": 3}],
                    "by_group": [{"group": "1", "requests_priced": 60, "value": {"USD": "1.20"}}],
                    "by_month": [{"month": "2025-11", "requests_priced": 890, "value": {"USD": "12.34"}}],
                    "by_price": [{"model": "aurora-4", "from": "2025-10-01", "to": "", "requests_priced": 890,
                                  "source": "https://aurora.example/prices", "source_date": "2025-10-01",
                                  "value": {"USD": "12.34"}}],
                    "query": "SELECT 4",
                },
            },
        ],
        "prices": {"file": "prices.csv", "sha256": "cd" * 32, "rows": []},
        "accounts_named": [
            {"account": name, "group": 1, "requests": 20, "scripted": 12, "figures": figure} for name in named
        ],
        "phrases": {"version": "2026-11", "reasoning": ["step[- ]by[- ]step"], "grading": []},
        "plots": {
            "v": 1, "first_us": FIRST_US, "step_us": DAY_US, "bins": STEPS, "query": "SELECT 5",
            "log": [75] * STEPS,
            "groups": [
                {
                    "group": 1, "accounts": members, "members": 9, "all": [5] * STEPS,
                    "counts": [[n % 3 for n in range(STEPS)] for _ in members], "beside": [[1] * STEPS] * 2,
                    "traits": [{"kind": "network", "value": "203.0.113.0/24", "bearers": 4},
                               {"kind": "api_key", "value": "sk-secret-1234", "bearers": 3}],
                    "more_traits": 5, "borne": [[0, 1] for _ in members],
                }
            ],
            "places": [
                {
                    "group": 1, "by": "country", "accounts": 4, "outside": 80,
                    "rows": [
                        {"name": "SG", "what": "place", "group": {"accounts": 3, "interval": [0.1941, 0.9937]},
                         "outside": {"accounts": 8, "interval": [0.0442, 0.1876]}},
                        {"name": "", "what": "unknown", "group": {"accounts": 1, "interval": [0.0063, 0.8059]},
                         "outside": {"accounts": 2, "interval": [0.003, 0.0874]}},
                    ],
                }
            ],
            "releases": [
                {
                    "model": "aurora-5", "first_us": FIRST_US + 4 * DAY_US, "step_us": DAY_US // 4,
                    "groups": [{"group": 1, "accounts": 4, "moved": [0, 2, 4, *[4] * 26]}],
                    "ungrouped": {"accounts": 80, "moved": [0, 1, *[9] * 27]}, "query": "SELECT 6",
                }
            ],
        },
        "limitations": ["Controls are accounts of the same log."],
        "innocent": ["A public tool may put the same sentences into prompts."],
        "dropped": [],
        "sentence": f"Over 900 exchanges {len(named)} accounts are named.",
    }  # fmt: skip
