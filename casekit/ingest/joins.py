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

    A group is complete at the end of the file, for no log says which of its rows is the last; a run of events
    that name no answer is complete where it says so, or where a record stands that does not go on with it.
    What a file needs more than `HELD_BYTES` for comes in pieces.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], Group] = {}
        self._runs: dict[tuple[str, str], None] = {}
        self._weight = 0

    def ended(self, dialect: Dialect | None, frame: Record) -> Iterator[Group]:
        """The runs that come to their end because a record stands here that does not go on with them."""
        if not self._runs:
            return
        run = dialect.run if dialect is not None else None
        name, place = run(frame.value) if run is not None else ("", "")
        for key in [each for each in self._runs if each[1] == name] if place else [*self._runs]:
            if place in ("", "first"):
                yield self._let_go(key)

    def _let_go(self, key: tuple[str, str]) -> Group:
        self._runs.pop(key, None)
        group = self._groups.pop(key)
        self._weight -= group.weight()
        return group

    def _key_of(self, dialect: Dialect, frame: Record) -> tuple[str, str, bool] | None:
        """What the record shares with the others of its group, and whether it is the last of them."""
        if dialect.run is not None:
            name, place = dialect.run(frame.value)
            if place:
                return f"{dialect.name} run", name, place == "last"
        found = dialect.joint(frame.value) if dialect.joint is not None else ""
        return (dialect.name, found, False) if found else None

    def take(self, dialect: Dialect | None, frame: Record) -> list[Group] | None:
        """Hold a record that is a part of something; gives the groups that must be let go for it.

        Args:
            dialect: The record's, if it has one.
            frame: The record.

        Returns:
            None if it is no part, and is not held.
        """
        if dialect is None or (found := self._key_of(dialect, frame)) is None:
            return None
        key, last = (found[0], found[1]), found[2]
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = Group(dialect, frame)
            if dialect.run is not None:
                self._runs[key] = None
        else:
            group.frames.append(frame)
        self._weight += len(frame.raw)
        freed = [self._let_go(key)] if last else []
        while self._weight > HELD_BYTES or len(self._groups) > HELD:
            freed.append(self._let_go(next(iter(self._groups))))
        return freed

    def rest(self) -> Iterator[Group]:
        """All groups that are left, the first begun first."""
        yield from self._groups.values()
