"""What is read but not yet committed: collects rows and files them in transactions of at most 0.1 s."""

from __future__ import annotations

import time

from casekit.ops import items as item_ops
from casekit.ops.items import Filed, NewItem, Received, Row
from casekit.store.case import Case

ROWS_A_BATCH = 2000
SECONDS_A_BATCH = 0.5


class Queue:
    """The rows of one import that wait for their transaction."""

    def __init__(self, case: Case, run_id: int) -> None:
        self._case = case
        self._run_id = run_id
        self._clear()

    def receive(self, received: Received) -> None:
        """Queue a receipt."""
        self._received.append(received)
        self._rows += 1

    def file(self, sha256: bytes, form: str, state: str, heads: list[NewItem]) -> None:
        """Queue items of an original and the state it is in after them."""
        filed = self._filed.setdefault(sha256, Filed(sha256, form, state))
        filed.state, filed.format = state, form
        filed.heads.extend(heads)
        self._rows += 1 + sum(1 for head in heads for _ in head.family())

    def trouble(self, sha256: bytes, row: Row) -> None:
        """Queue a problem of an original, or of no original where `sha256` is empty."""
        self._problems.append((sha256, row))
        self._rows += 1

    def state_of(self, sha256: bytes) -> tuple[str, int]:
        """State of an original and the top-level items it has so far; empty and 0 if it is new."""
        with self._case.read() as s:
            state, items = item_ops.known_originals(s, [sha256]).get(sha256, ("", 0))
        filed = self._filed.get(sha256)
        if filed is not None:
            state, items = filed.state, items + len(filed.heads)
        return state, items

    def flush_if_due(self) -> None:
        """File what waits, if it is much or has waited long."""
        if self._rows >= ROWS_A_BATCH or time.monotonic() - self._since > SECONDS_A_BATCH:
            self.flush()

    def flush(self) -> None:
        """File all that waits in one act."""
        if self._rows:
            with self._case.write(polite=True) as s:
                item_ops.file_batch(
                    s, self._run_id, self._received, list(self._filed.values()), self._problems
                )
        self._clear()

    def _clear(self) -> None:
        self._received: list[Received] = []
        self._filed: dict[bytes, Filed] = {}
        self._problems: list[tuple[bytes, Row]] = []
        self._rows = 0
        self._since = time.monotonic()
