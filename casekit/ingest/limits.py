"""How much a file may unfold into before CaseKit stops reading it: the ceilings, and who keeps count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

MAX_DEPTH = 8
"""Containers inside containers, mails inside mails."""
MAX_RATIO = 200
"""Unpacked bytes for each packed one; asked only above `RATIO_FLOOR`."""
RATIO_FLOOR = 50 * 1024 * 1024
"""Bytes a stream may give before its ratio matters: a small file of equal lines packs very well."""
MAX_MEMBERS = 10_000
"""Members of one archive."""
MAX_UNPACKED = 2 * 1024**3
"""Bytes that one original may unfold into, at each of its levels."""
MAX_TEXT = 64 * 1024 * 1024
"""Characters of text one item may carry."""
MAX_PAGES = 20_000
"""Pages of one document that are read."""
MAX_PIXELS = 200_000_000
"""Pixels of one picture: a scan of 1 m by 1 m at 300 dots an inch has 139 million."""
MAX_FRAME = 192 * 1024 * 1024
"""Bytes of one frame a worker may send."""


class LimitReached(Exception):
    """A ceiling was met; `kind` is the word for the problem, `text` the sentence."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(text)


@dataclass(slots=True)
class Budget:
    """What one original has used up so far.

    Attributes:
        depth: Levels we are inside now.
        unpacked: Bytes unpacked so far, by level.
        inside: Of the files read inside the original, by format: how many, their bytes, those understood.
    """

    depth: int
    unpacked: dict[int, int]
    inside: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Go one level down for the time of the block.

        Raises:
            LimitReached: `depth`, if that is one level too many.
        """
        if self.depth >= MAX_DEPTH:
            raise LimitReached("depth", f"More than {MAX_DEPTH} containers lie inside each other.")
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def weigh(self, form: str, size: int, understood: int) -> None:
        """Count a file that was read, if it lies inside another."""
        if self.depth:
            files, weighed, known = self.inside.get(form, (0, 0, 0))
            self.inside[form] = (files + 1, weighed + size, known + understood)

    def use(self, count: int, given: int, packed: int) -> None:
        """Count `count` more unpacked bytes of a stream that gave `given` bytes from `packed` ones.

        Raises:
            LimitReached: `size` or `ratio`.
        """
        used = self.unpacked.get(self.depth, 0) + count
        self.unpacked[self.depth] = used
        if used > MAX_UNPACKED:
            raise LimitReached("size", f"It unfolds into more than {MAX_UNPACKED:,} bytes.")
        if given > RATIO_FLOOR and given > packed * MAX_RATIO:
            raise LimitReached("ratio", f"It unfolds to more than {MAX_RATIO} times its size.")


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


def budget() -> Budget:
    """The budget of the original being read."""
    found = _current.get()
    if found is None:
        found = new_budget()
    return found


def new_budget() -> Budget:
    """Start counting afresh, for another original."""
    made = Budget(0, {})
    _current.set(made)
    return made
