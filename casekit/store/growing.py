"""Makes the files of the sidecar while an import files the very rows, instead of reading them back later.

It writes what `sidecar.update` would, byte for byte. Wherever that is not certain (another import filed in
between, something is sequestered, the disk is full) the file at hand is dropped and left to it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from importlib import import_module
from typing import Any

from sqlalchemy import func, select

from casekit.store import hiding, sidecar
from casekit.store.case import Case
from casekit.store.tables import item

HELD_ROWS = 4000
"""Rows that wait as Python's own objects, which take three times the room."""
_TROUBLE = (OSError, ValueError, MemoryError, ImportError)
"""Whatever is wrong or short: who makes the file later can tell it, and the import goes on."""
_log = logging.getLogger(__name__)


class Growing:
    """The file of the sidecar that an import is filling; close it when the import ends.

    Args:
        case: The case; only the one that files the rows tells of them.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._next = 0  # the id expected
        self._first = 0  # first id of the file at hand, 0 where there is none
        self._values: dict[str, list[Any]] = {"item_id": []}
        self._held = False  # rows that the file has taken and not written
        self._file: sidecar.PartWriter | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="casekit-tables")
        self._thread.submit(_load)  # while the import still receives what it will read
        self._groups: list[Future[None]] = []  # of the file at hand, on their way into it
        self._ending: list[Future[None]] = []  # files that are being finished

    def add(
        self, first_id: int, number: int, columns: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        """Tell of items that have been filed, in the order of their ids.

        Args:
            first_id: Of the first.
            number: How many.
            columns: For exchanges the columns of the file that have any value but `item_id`, each with a value
                for every item; None for items that are none.
        """
        if first_id != self._next:
            self._drop()
        at = 0
        while at < number:
            id_ = first_id + at
            start = id_ - (id_ - 1) % sidecar.PART_ITEMS
            if id_ == start:
                self._first = start
            end = start + sidecar.PART_ITEMS - 1
            stop = min(end, id_ + sidecar.FETCHED - 1 - (id_ - start) % sidecar.FETCHED)
            count = min(number - at, stop - id_ + 1)
            if self._first:
                if columns is not None:
                    self._hold(id_, count, columns, at)
                if id_ + count > stop:
                    self._write()
                if id_ + count > end:
                    self._finish(end)
            at += count
        self._next = first_id + number

    def close(self, *, finished: bool) -> None:
        """End the last file, if the import has come to its end and nothing has been filed behind it.

        What went wrong on the way is raised, but for what the one who makes the file later can tell.
        """
        try:
            if finished and self._first:
                with self._case.read(whole=True) as s:
                    newest = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
                if newest == self._next - 1:
                    self._write()
                    self._finish(newest)
        finally:
            self._drop()
            self._thread.shutdown()
        self._settle()

    def _hold(
        self, first_id: int, count: int, columns: Mapping[str, Sequence[Any]], at: int
    ) -> None:
        values = self._values
        held = len(values["item_id"])
        values["item_id"].extend(range(first_id, first_id + count))
        for name, column in columns.items():
            known = values.get(name)
            if known is None:
                known = values[name] = [None] * held
            known.extend(column if count == len(column) else column[at : at + count])
        for name in values.keys() - columns.keys() - {"item_id"}:
            values[name].extend([None] * count)
        if self._file is None:
            with self._dropped_in_trouble():
                self._file = sidecar.PartWriter(self._case, self._first)
        if held + count >= HELD_ROWS:
            self._pack()

    def _pack(self) -> None:
        """Hand the rows over, which makes them smaller."""
        if self._file is not None and self._values["item_id"]:
            self._held = True
            values, self._values = self._values, {"item_id": []}
            with self._dropped_in_trouble():
                self._file.hold(values)

    def _write(self) -> None:
        """Let the rows that the file has taken be written as one group."""
        self._pack()
        if self._file is not None and self._held:
            self._held = False
            with self._dropped_in_trouble():
                for group in self._groups:
                    group.result()
            if self._file is not None:  # all is well with them
                self._groups.append(self._thread.submit(self._file.group()))

    def _finish(self, last: int) -> None:
        """Let the file at hand be given its name; the next row begins another."""
        if self._file is not None:
            self._settle()
            self._ending.append(self._thread.submit(self._publish, self._file, self._groups, last))
            self._file, self._groups = None, []
        self._drop()

    def _settle(self) -> None:
        """Raise what went wrong with files that have been finished; of several the first, once."""
        ended = [each for each in self._ending if each.done()]
        self._ending = [each for each in self._ending if each not in ended]
        for each in ended:
            each.result()

    def _publish(self, file: sidecar.PartWriter, groups: Sequence[Future[None]], last: int) -> None:
        """Give a file its name, if all its groups are in it and nothing is sequestered."""
        with contextlib.closing(file), _told():
            for group in groups:
                group.result()
            with self._case.read() as s:
                hidden = hiding.is_hiding(s)
            if not hidden:
                file.publish(last)

    @contextlib.contextmanager
    def _dropped_in_trouble(self) -> Iterator[None]:
        with _told():
            try:
                yield
            except _TROUBLE:
                self._drop()
                raise

    def _drop(self) -> None:
        """Leave nothing of the file at hand behind."""
        if self._file is not None:
            wait(self._groups)
            self._file.close()
        self._first, self._file, self._held, self._groups = 0, None, False, []
        self._values = {"item_id": []}


def _load() -> None:
    """Load the library; one that is missing is told of when it is needed."""
    with contextlib.suppress(*_TROUBLE):
        import_module("pyarrow.parquet")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Leave a file that cannot be made to others, and say so in the program's log."""
    try:
        yield
    except _TROUBLE:
        _log.warning("a table for analytics is left for later", exc_info=True)
