"""Counts of tokens in a model's answer: one place for the names that a dozen services give them.

Source: openai-openapi `CompletionUsage`, `ResponseUsage`; anthropic-sdk-python `types/usage.py`; AWS
`TokenUsage`; Vertex AI `UsageMetadata`; Gemini `Interaction`; LangChain `UsageMetadata`; DeepSeek API `usage`;
OpenRouter usage accounting; Perplexity `usage.cost`; Ollama `ChatResponse`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft

_COUNTS: dict[str, str] = {
    **dict.fromkeys(
        ("input_tokens", "prompt_tokens", "inputTokens", "promptTokenCount", "inputTokenCount",
         "prompt_token_count", "promptTokens", "total_input_tokens", "prompt_eval_count"),
        "input_tokens",
    ),
    **dict.fromkeys(
        ("output_tokens", "completion_tokens", "outputTokens", "candidatesTokenCount",
         "outputTokenCount", "candidates_token_count", "completionTokens", "total_output_tokens",
         "eval_count"),
        "output_tokens",
    ),
    **dict.fromkeys(
        ("reasoning_tokens", "thoughtsTokenCount", "thoughts_token_count", "thinking_tokens",
         "total_thought_tokens"),
        "reasoning_tokens",
    ),
    **dict.fromkeys(
        ("cache_read_input_tokens", "cacheReadInputTokens", "cacheReadInputTokenCount",
         "cachedContentTokenCount", "cached_tokens", "cacheReadInputTokensCount",
         "total_cached_tokens", "prompt_cache_hit_tokens"),
        "cache_read_tokens",
    ),
    **dict.fromkeys(
        ("cache_creation_input_tokens", "cacheWriteInputTokens", "cacheWriteInputTokenCount",
         "cache_write_tokens", "cacheWriteInputTokensCount"),
        "cache_write_tokens",
    ),
}  # fmt: skip
_ASKED = {
    "cached_tokens": "cache_read_tokens",
    "cache_read": "cache_read_tokens",
    "cache_write_tokens": "cache_write_tokens",
    "cache_creation": "cache_write_tokens",
}
_ANSWERED = {
    "reasoning_tokens": "reasoning_tokens",
    "reasoning": "reasoning_tokens",
    "thinking_tokens": "reasoning_tokens",
}
_DETAILS = {
    "prompt_tokens_details": _ASKED,
    "input_tokens_details": _ASKED,
    "input_token_details": _ASKED,
    "completion_tokens_details": _ANSWERED,
    "output_tokens_details": _ANSWERED,
    "output_token_details": _ANSWERED,
}


def read_usage(usage: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Take the counts of tokens, as printed; returns what is left of `usage`."""
    rest: dict[str, Any] = {}
    for key, value in usage.items():
        target = _COUNTS.get(key)
        if target is not None and target not in draft.fields and draft.put(target, int, value):
            continue
        if key in _DETAILS and type(value) is dict:
            value = _details(value, _DETAILS[key], draft)
            if not value:
                continue
        rest[key] = value
    return rest


def take_cost(usage: dict[str, Any], draft: Draft) -> None:
    """What a call cost in dollars, as OpenRouter and Perplexity say it among the counts."""
    cost = usage.get("cost")
    told = cost.get("total_cost") if type(cost) is dict else cost
    if (
        type(told) not in (int, float)
        or "cost" in draft.fields
        or not draft.put("cost", float, told)
    ):
        return
    draft.fields["currency"] = "USD"
    if type(cost) is not dict:
        del usage["cost"]


def _details(details: dict[str, Any], targets: dict[str, str], draft: Draft) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for key, value in details.items():
        target = targets.get(key)
        if target is None or target in draft.fields or not draft.put(target, int, value):
            rest[key] = value
    return rest
