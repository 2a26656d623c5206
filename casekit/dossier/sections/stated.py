"""What a person must state in their own words, and the places that they left open in it."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"[\W_]*(?:tb[acd]|to ?do|to be \w+(?: \w+)?|x{2,}|lorem ipsum.*|\[.*\]|<.*>|n\.?n\.?)?[\W_]*",
    re.IGNORECASE | re.DOTALL,
)
"""What stands for a fact that somebody meant to fill in later."""

_ASKS = (
    r"name|date|day|month|year|place|title|address|number|insert|add|fill|complete|confirm|check|specify|"
    r"describe|state|here|your|tb[acd]|to ?do|to be \w+|x+"
)
_HOLE = re.compile(
    rf"\[[\s._…?•*–—-]*\]|[\[<{{](?:[^\]>}}]*[^\w\]>}}])?(?:{_ASKS})(?:[^\w\]>}}@.][^\]>}}@]*)?[\]>}}]"
    r"|\b(?:tb[acd]|todo|fixme|x{3,}|lorem ipsum)\b|_{3,}|\?{2,}|…{2,}|\.{5,}|-{4,}|[–—]{3,}",
    re.IGNORECASE,
)
"""A place left open within a sentence; what is quoted in brackets, such as `[sic]`, is none."""


def stated(text: str) -> str:
    """The person's own words, or nothing where they are a mere placeholder."""
    said = text.strip()
    return "" if _PLACEHOLDER.fullmatch(said) else said


def is_open(text: str) -> bool:
    """Whether nothing is stated, or a place within it was left open."""
    said = stated(text)
    return not said or _HOLE.search(said) is not None


def or_gap(text: str, gap: str) -> str:
    """The person's words; where they are open, with `gap` under what there is of them."""
    return f"{stated(text)}\n{gap}".strip() if is_open(text) else stated(text)
