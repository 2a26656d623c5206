"""Where words of a page meet without a space: between letters of scripts that write none."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNSPACED = (
    "[\u2e80-\u303f\u3041-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff60\U00020000-\U0003ffff]"
)
_ALONE = re.compile(rf"{_UNSPACED}|(?:(?!{_UNSPACED})\S)+")
_LAST, _FIRST = re.compile(rf"{_UNSPACED}\Z"), re.compile(_UNSPACED)


def joint(before: str, after: str) -> str:
    """What stands between two words of a line: a space, or nothing in Chinese and Japanese."""
    return "" if _LAST.search(before) and _FIRST.match(after) else " "


def joined(words: Iterable[str]) -> str:
    """Words as a line."""
    line = ""
    for word in words:
        line += f"{joint(line, word)}{word}" if line else word
    return line


def words_in(line: str) -> list[tuple[int, int]]:
    """The places of a line's words; in Chinese and Japanese each sign is one, as no space tells more."""
    return [found.span() for found in _ALONE.finditer(line)]
