"""What the joiners of streams share: texts, lists and parts that grow event by event."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]
Joined = tuple[dict[str, Any], bool]
"""The body of an answer, and whether its stream said that it ended."""

_MOST_PARTS = 10_000
"""Choices, blocks or calls of one answer; a number beyond it is no index."""


def as_dict(value: Any) -> dict[str, Any]:
    """An object as it is; of anything else an empty one."""
    return value if type(value) is dict else {}


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; of anything else none."""
    return [each for each in value if type(each) is dict] if type(value) is list else []


def index_of(event: Event, key: str = "index", default: int = 0) -> int:
    """The number that an event gives for a choice, block or item; what is no index gives `default`."""
    number = event.get(key)
    return number if type(number) is int and 0 <= number < _MOST_PARTS else default


def grow(target: dict[str, Any], key: str, piece: Any) -> None:
    """Join a piece of text to what is there."""
    if type(piece) is str:
        before = target.get(key)
        target[key] = before + piece if type(before) is str else piece


def in_order(numbered: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects by their numbers, the lowest first."""
    return [numbered[number] for number in sorted(numbered)]


def join_lists(target: dict[str, Any], pieces: dict[str, Any]) -> None:
    """Add the lists of `pieces` to those of `target`; other values stay as they came first."""
    for key, value in pieces.items():
        before = target.get(key)
        if type(value) is list:
            target[key] = before + value if type(before) is list else list(value)
        elif value is not None:
            target.setdefault(key, value)


def part_of(item: dict[str, Any], key: str, number: int, kind: str) -> dict[str, Any]:
    """The part of an item with this number; those before it that never came stay empty."""
    if type(item.get(key)) is not list:
        item[key] = []
    parts: list[Any] = item[key]
    while len(parts) <= number:
        parts.append({"type": kind})
    if type(parts[number]) is not dict:
        parts[number] = {"type": kind}
    part: dict[str, Any] = parts[number]
    return part
