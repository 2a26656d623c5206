"""Values without what is withheld, however deep in them it stands."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol


class Finder(Protocol):
    """Says where in a text stands what is withheld, and what it is to be called."""

    def places(self, text: str, /) -> list[tuple[int, int, str]]: ...  # noqa: D102


class Given(Finder, Protocol):
    """Finds what has a pseudonym; `names` are all that it may be called."""

    @property
    def names(self) -> Iterable[str]: ...  # noqa: D102
    def __bool__(self) -> bool: ...


def clean_text(text: str, withheld: Finder) -> str:
    """A text with what is withheld replaced by what it is called."""
    for start, stop, name in reversed(withheld.places(text)):
        text = text[:start] + name + text[stop:]
    return text


def clean_json(text: Any, withheld: Finder) -> Any:
    """JSON with what is withheld replaced in its keys and values; what is none is a text."""
    if not isinstance(text, str) or not text:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return clean_text(text, withheld)
    return json.dumps(clean(value, withheld), ensure_ascii=False)


def clean(value: Any, withheld: Finder) -> Any:
    """The same value with withheld words replaced in every text of it."""
    if isinstance(value, str):
        return clean_text(value, withheld)
    if isinstance(value, tuple):
        return tuple(clean(each, withheld) for each in value)
    if isinstance(value, list):
        return [clean(each, withheld) for each in value]
    if isinstance(value, Mapping):
        return {clean(key, withheld): clean(each, withheld) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {f.name: clean(getattr(value, f.name), withheld) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **found)
    return value


def every_text(value: Any) -> Iterator[str]:
    """Every text inside a value of mappings and lists, as `msgspec.to_builtins` makes them; keys are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from every_text(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from every_text(each)
