"""What is read but not yet committed: collects rows and files them in transactions of at most 0.1 s.

Two imports may come upon the same bytes at the same time. Whose items are filed first goes on; the
other's are dropped, inside the transaction that would have filed them twice.

A commit waits for the disk: a thread does it, while the rows of the next transaction are made. No more than
one is under way, and whoever looks into the case waits for it first.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from casekit.ingest.tables import hand_on
from casekit.ops import items as item_ops
from casekit.ops.columns import ItemColumns
from casekit.ops.items import Filed, Graft, NewItem, Received, Row
from casekit.store.case import Case
from casekit.store.growing import Growing

ROWS_A_BATCH = 2000  # the first; those after it are as large as the computer is quick
MOST_ROWS = 5000
LEAST_ROWS = 100
SECONDS_A_BATCH = 0.5  # between two commits
CHECKPOINT_ROWS = 8000
"""After so many the log beside the database is emptied, while the next ones are read: it waits for the disk."""
SECONDS_LOCKED = (
    0.08  # aimed at: nobody waits for more than 0.1 s, so a slow computer files smaller batches
)


class Queue:
    """The rows of one import that wait for their transaction.

    Attributes:
        growing: Is told what has been committed, where tables are made on the way.
    """

    growing: Growing | None = None

    def __init__(self, case: Case, run_id: int) -> None:
        self._case = case
        self._run_id = run_id
        self._filed_so_far: dict[bytes, int] = {}
        self._elsewhere: set[bytes] = set()
        self._reopened: set[bytes] = set()
        self._enough = ROWS_A_BATCH
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="casekit-commit")
        self._commit: Future[float] | None = None  # gives the seconds that the case was locked
        self._committing: tuple[int, list[Filed]] = (0, [])  # its rows, and what it brings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="casekit-checkpoint")
        self._checkpoint: Future[None] | None = None
        self._in_log = 0
        self._clear()

    def receive(self, received: Received) -> None:
        """Queue a receipt."""
        self._received.append(received)
        self._rows += 1

    def file(
        self,
        sha256: bytes,
        form: str,
        state: str,
        heads: Sequence[NewItem | ItemColumns],
        grafts: Sequence[Graft] = (),
    ) -> None:
        """Queue items of an original, with what was read of files kept in it, and its state after them."""
        filed = self._filed.setdefault(sha256, Filed(sha256, form, state))
        filed.state, filed.format = state, form
        filed.heads.extend(heads)
        filed.grafts.extend(grafts)
        self._rows += sum(len(list(new.family())) for graft in grafts for new in graft.read)
        self._rows += 1 + sum(map(_rows, heads))

    def reopen(self, sha256: bytes) -> None:
        """Let further items of an original be filed that has been read already."""
        self._reopened.add(sha256)

    def read_again(self, sha256: bytes) -> None:
        """Queue the word that a reopened original has been read to its end."""
        self._read_again.append(sha256)
        self._rows += 1

    def trouble(self, sha256: bytes, row: Row) -> None:
        """Queue a problem of an original, or of no original where `sha256` is empty."""
        self._problems.append((sha256, row))
        self._rows += 1

    def state_of(self, sha256: bytes) -> tuple[str, int]:
        """State of an original and the top-level items it has so far; empty and 0 if it is new.

        What is filed of it from now on counts on from there.
        """
        self.settle()
        with self._case.read(whole=True) as s:
            state, items = item_ops.known_originals(s, [sha256]).get(sha256, ("", 0))
        self._filed_so_far[sha256] = items
        self._elsewhere.discard(sha256)
        filed = self._filed.get(sha256)
        if filed is not None:
            state, items = filed.state, items + filed.number
        return state, items

    def is_elsewhere(self, sha256: bytes) -> bool:
        """Whether another import files the items of this original."""
        return sha256 in self._elsewhere

    def flush_if_due(self) -> list[Filed]:
        """File what waits, if it is much or has waited long; see `flush`. The commit may still be under way."""
        if self._commit is not None and self._commit.done():
            self.settle()
        if self._rows >= self._enough or time.monotonic() - self._since > SECONDS_A_BATCH:
            return self._file_all()
        return []

    def flush(self) -> list[Filed]:
        """File all that waits in one act; returns what was dropped, because another import files it."""
        dropped = self._file_all()
        self.settle()
        return dropped

    def settle(self) -> None:
        """Wait until all that was filed is committed, and raise what went wrong with it."""
        if self._commit is None:
            return
        (rows, filed), self._committing = self._committing, (0, [])
        commit, self._commit = self._commit, None
        self._suit(rows, commit.result())
        self._empty_log(rows)
        if self.growing is not None:
            hand_on(filed, self.growing)

    def close(self, *, finished: bool) -> None:
        """End what is done on the way and raise what it met; `finished`: the import has come to its end."""
        settled = False
        try:
            self.settle()
            settled = True
        finally:
            self._committer.shutdown()
            self._thread.shutdown()
            growing, self.growing = self.growing, None
            if growing is not None:
                growing.close(finished=finished and settled)
        self._settle_log()

    def _file_all(self) -> list[Filed]:
        """File all that waits, once the transaction before is done, and let a thread commit it."""
        self.settle()
        dropped: list[Filed] = []
        if self._rows:
            self._case.vault.settle()  # before a transaction speaks of what was deposited
            transaction = contextlib.ExitStack()
            with contextlib.ExitStack() as here:
                here.push(transaction)
                s = transaction.enter_context(self._case.write(polite=True))
                locked = time.monotonic()
                known = item_ops.known_originals(s, list(self._filed))
                for sha256 in list(self._filed):
                    state, items = known.get(sha256, ("", 0))
                    done = state == "read" and sha256 not in self._reopened
                    if done or items != self._filed_so_far.get(sha256, 0):
                        dropped.append(self._filed.pop(sha256))
                lost = {filed.sha256 for filed in dropped}
                item_ops.file_batch(
                    s,
                    self._run_id,
                    self._received,
                    list(self._filed.values()),
                    [each for each in self._problems if each[0] not in lost],
                    [sha256 for sha256 in self._read_again if sha256 not in lost],
                )
                self._commit = self._committer.submit(_committed, transaction, locked)
                here.pop_all()  # the thread ends it now
            if (seconds := time.monotonic() - locked) > SECONDS_LOCKED:
                self._suit(self._rows, seconds)  # whatever the commit takes besides
            self._committing = (self._rows, list(self._filed.values()))
            self._elsewhere |= lost
            self._count_filed()
        self._clear()
        return dropped

    def _empty_log(self, rows: int) -> None:
        """Begin to empty the log, if it is time; what went wrong with it before is raised."""
        self._in_log += rows
        if self._checkpoint is not None and self._checkpoint.done():
            self._settle_log()
        if self._in_log >= CHECKPOINT_ROWS and self._checkpoint is None:
            self._in_log = 0
            self._checkpoint = self._thread.submit(self._case.checkpoint)

    def _settle_log(self) -> None:
        """Wait until the log has been emptied, and raise what went wrong, once."""
        checkpoint, self._checkpoint = self._checkpoint, None
        if checkpoint is not None:
            checkpoint.result()

    def _suit(self, rows: int, seconds: float) -> None:
        """Make the next batches as large as the lock's time allows, judged by the one just filed."""
        if seconds > SECONDS_LOCKED or rows >= self._enough:
            fitting = int(rows * SECONDS_LOCKED / max(seconds, 0.001))
            self._enough = max(LEAST_ROWS, min(MOST_ROWS, fitting, self._enough * 2))

    def _count_filed(self) -> None:
        for sha256, filed in self._filed.items():
            items = self._filed_so_far.pop(sha256, 0) + filed.number
            if filed.state == "reading" or sha256 in self._reopened:
                self._filed_so_far[sha256] = items

    def _clear(self) -> None:
        self._received: list[Received] = []
        self._filed: dict[bytes, Filed] = {}
        self._problems: list[tuple[bytes, Row]] = []
        self._read_again: list[bytes] = []
        self._rows = 0
        self._since = time.monotonic()


def _committed(transaction: contextlib.ExitStack, locked: float) -> float:
    """Commit; returns for how many seconds the case has been locked since `locked` (`time.monotonic`)."""
    transaction.close()
    return time.monotonic() - locked


def _rows(head: NewItem | ItemColumns) -> int:
    if isinstance(head, ItemColumns):
        return len(head)
    return 1 + sum(1 for child in head.children for _ in child.family())
