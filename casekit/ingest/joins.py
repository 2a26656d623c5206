"""Records that belong together though they stand apart: holds the parts of one exchange until all are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casekit.ingest.framing import Record

if TYPE_CHECKING:
    from casekit.ingest.dialects import Dialect

HELD_BYTES = 64 * 1024 * 1024
"""Bytes of records that are held at most; the oldest exchange is let go first, with the parts it has."""

HELD = 100_000
"""Exchanges that are held at most."""


class Group:
    """The records of one exchange in the order of the file; there may be only one."""

    __slots__ = ("dialect", "frames")

    def __init__(self, dialect: Dialect, first: Record) -> None:
        self.dialect = dialect
        self.frames = [first]

    def weight(self) -> int:
        """Bytes of its records."""
        return sum(len(frame.raw) for frame in self.frames)


class Held:
    """The parts that are held while a file is read.

    A group is complete at the end of the file, for no log says which of its rows is the last. What a file
    needs more than `HELD_BYTES` for comes in pieces.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], Group] = {}
        self._weight = 0

    def take(self, dialect: Dialect | None, frame: Record) -> list[Group] | None:
        """Hold a record that is a part of something; gives the groups that must be let go for it.

        Args:
            dialect: The record's, if it has one.
            frame: The record.

        Returns:
            None if it is no part, and is not held.
        """
        if dialect is None or dialect.joint is None or not (key := dialect.joint(frame.value)):
            return None
        group = self._groups.get((dialect.name, key))
        if group is None:
            self._groups[dialect.name, key] = Group(dialect, frame)
        else:
            group.frames.append(frame)
        self._weight += len(frame.raw)
        freed = []
        while self._weight > HELD_BYTES or len(self._groups) > HELD:
            oldest = self._groups.pop(next(iter(self._groups)))
            self._weight -= oldest.weight()
            freed.append(oldest)
        return freed

    def rest(self) -> Iterator[Group]:
        """All groups that are left, the first begun first."""
        yield from self._groups.values()
