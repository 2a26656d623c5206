from __future__ import annotations

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.usage import read_usage, take_cost
from casekit.ingest.parsed import Context


def test_counts_of_tokens_are_taken_and_the_rest_left() -> None:
    draft = Draft(b"", Context())
    usage = {
        "prompt_tokens": 1,
        "completion_tokens": 2,
        "total_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 5},
    }
    assert read_usage(usage, draft) == {
        "total_tokens": 3,
        "prompt_tokens_details": {"audio_tokens": 0},
    }
    assert draft.fields == {
        "input_tokens": 1,
        "output_tokens": 2,
        "cache_read_tokens": 4,
        "reasoning_tokens": 5,
    }


def test_each_service_has_its_own_names() -> None:
    anthropic, gemini, converse = (Draft(b"", Context()) for _ in range(3))
    read_usage(
        {"input_tokens": 1, "cache_creation_input_tokens": 2, "cache_creation": {"x": 2}}, anthropic
    )
    read_usage({"promptTokenCount": 1, "candidatesTokenCount": 2, "thoughtsTokenCount": 3}, gemini)
    read_usage({"inputTokens": 1, "outputTokens": 2, "cacheReadInputTokens": 3}, converse)
    assert anthropic.fields == {"input_tokens": 1, "cache_write_tokens": 2}
    assert gemini.fields == {"input_tokens": 1, "output_tokens": 2, "reasoning_tokens": 3}
    assert converse.fields == {"input_tokens": 1, "output_tokens": 2, "cache_read_tokens": 3}


def test_odd_counts_are_left() -> None:
    draft = Draft(b"", Context())
    odd = {"input_tokens": "many", "output_tokens": [], "input_tokens_details": 7}
    assert (read_usage(odd, draft), draft.fields) == (odd, {})


def test_deepseek_counts_what_the_cache_had() -> None:
    draft = Draft(b"", Context())
    rest = read_usage(
        {"prompt_tokens": 16, "prompt_cache_hit_tokens": 6, "prompt_cache_miss_tokens": 10}, draft
    )
    assert (draft.fields, rest) == (
        {"input_tokens": 16, "cache_read_tokens": 6}, {"prompt_cache_miss_tokens": 10},
    )  # fmt: skip


def test_odd_costs_are_left() -> None:
    for cost in ("free", None, {"total_cost": None}, 10**400):
        made = Draft(b"", Context())
        usage = {"cost": cost}
        take_cost(usage, made)
        assert (made.fields, usage) == ({}, {"cost": cost})
