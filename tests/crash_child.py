"""What is killed by the crash tests: starts once, then forks a process for each job that it is told.

A line of JSON on stdin starts a job, and its process id comes back; an empty line waits for the job's
end. The job itself writes a line for each commit: what it says there, a user may rely on.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from casekit.ingest import ingest, queue, run
from casekit.ops import tags
from casekit.ops.items import Filed
from casekit.store import custody
from casekit.store.case import Case, open_case
from casekit.store.tables import item

FEW_ROWS = 150  # many small transactions: more places to die at


def say(**values: Any) -> None:
    """One line, written at once."""
    os.write(1, json.dumps(values).encode() + b"\n")


def acknowledge(case: Case) -> None:
    """Tell what is committed."""
    with case.read() as s:
        say(items=s.execute(select(func.max(item.c.id))).scalar() or 0, head=custody.head(s))


class Telling(queue.Queue):
    """A queue that tells of every commit."""

    def flush(self) -> list[Filed]:
        dropped = super().flush()
        acknowledge(self._case)
        return dropped


class Shown(run.Worker):
    """A worker whose process id is told."""

    def _start(self) -> None:
        super()._start()
        say(worker=self.pid)


def import_folder(case_folder: str, source: str) -> None:
    """Import, telling of every commit."""
    run.Queue, run.Worker = Telling, Shown  # type: ignore[misc]
    queue.ROWS_A_BATCH = queue.MOST_ROWS = FEW_ROWS
    with open_case(Path(case_folder)) as case:
        report = ingest(case, [Path(source)])
        acknowledge(case)
        say(finished=report.items)


def tag_all(case_folder: str, first: int, rounds: int) -> None:
    """Put tags on all items, one act a tag, telling of every commit."""
    with open_case(Path(case_folder)) as case:
        with case.read() as s:
            ids = list(s.execute(select(item.c.id)).scalars())
        for number in range(first, first + rounds):
            with case.write() as s:
                tags.add_tag(s, ids, f"round/{number}")
            say(tagged=number)
        say(finished=rounds)


JOBS = {"import": import_folder, "tag": tag_all}


def main() -> None:
    """Serve until stdin ends."""
    while line := sys.stdin.buffer.readline():
        name, arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                JOBS[name](*arguments)
            except BaseException as error:  # noqa: BLE001 - told, not lost
                say(failed=repr(error))
                os._exit(1)
            os._exit(0)
        say(pid=pid)
        sys.stdin.buffer.readline()
        _, status = os.waitpid(pid, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
