"""Records that belong together though they stand apart: holds the parts of one exchange until all are there."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.dialects import Dialect, Reading
from casekit.ingest.framing import Fault, Record

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


def joined(frames: Iterator[Record | Fault], reading: Reading) -> Iterator[Record | Fault | Group]:
    """The frames of a file; those that are parts of something come as groups, behind the others.

    A group is complete at the end of the file, for no log says which of its rows is the last. What a file
    needs more than `HELD_BYTES` for comes in pieces.
    """
    held: dict[tuple[str, str], Group] = {}
    weight = 0
    for frame in frames:
        told = reading.joint(frame.value, frame.around) if isinstance(frame, Record) else None
        if told is None or isinstance(frame, Fault):
            yield frame
            continue
        dialect, key = told
        group = held.get((dialect.name, key))
        if group is None:
            held[dialect.name, key] = Group(dialect, frame)
        else:
            group.frames.append(frame)
        weight += len(frame.raw)
        while weight > HELD_BYTES or len(held) > HELD:
            oldest = held.pop(next(iter(held)))
            weight -= oldest.weight()
            yield oldest
    yield from held.values()
