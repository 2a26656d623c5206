"""What the parameters of a request say besides: who asked, and what of the conversation the provider kept.

Source: openai/openai-openapi 2.3.0; anthropics/anthropic-sdk-python `types/message_create_params.py`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft

PARAMETERS: dict[str, tuple[str, type]] = {
    "temperature": ("temperature", float),
    "top_p": ("top_p", float),
    "seed": ("seed", int),
    "max_tokens": ("max_tokens", int),
    "max_completion_tokens": ("max_tokens", int),
    "max_output_tokens": ("max_tokens", int),
    "top_k": ("top_k", int),
    "n": ("answers", int),
    "user": ("end_user", str),
    "safety_identifier": ("end_user", str),
}
"""The field of an exchange that a parameter fills, and its type."""

DECODING = {name: PARAMETERS[name] for name in ("temperature", "top_p", "top_k", "seed")}
"""Those that say how an answer was drawn, which stand in plain records too."""


def _note_stream(value: Any, draft: Draft) -> None:
    if type(value) is bool:
        draft.fields["stream"] = int(value)


def note_kept_before(value: Any, draft: Draft) -> None:
    """The provider kept the conversation so far: the request does not hold all that was asked."""
    if value:
        draft.note("earlier-turns-elsewhere")
        draft.fields.setdefault("parent_request", value if type(value) is str else "")


def _note_conversation(value: Any, draft: Draft) -> None:
    known = value.get("id") if type(value) is dict else value
    if type(known) is str and known:
        draft.note("earlier-turns-elsewhere")
        draft.fields.setdefault("conversation_id", known)


def _note_metadata(value: Any, draft: Draft) -> None:
    if type(value) is dict and type(value.get("user_id")) is str:
        draft.fields.setdefault("end_user", value["user_id"])


NOTING = {
    "stream": _note_stream,
    "previous_response_id": note_kept_before,
    "previous_interaction_id": note_kept_before,
    "conversation": _note_conversation,
    "metadata": _note_metadata,
}
"""What reads a parameter further than its value."""
