"""Imports as the case remembers them: when, from where, how confined, and the report that is kept for ever."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.store import hiding
from casekit.store.tables import ingest_run, receipt, reread

HIDDEN = "[sequestered]"
"""Stands for the name of a file that is sequestered."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One import.

    Attributes:
        started_us: Microseconds since 1970 UTC; so is `finished_us`, None if it never came to an end.
        state: `running`, `finished`, `cancelled` or `failed`; one that was killed stays `running`.
        sources: The files and folders as they were given.
        confinement: What confined the readers, in plain words.
        report: `IngestReport.as_json` of it; empty where there is none.
    """

    id: int
    started_us: int
    finished_us: int | None
    state: str
    sources: tuple[str, ...]
    confinement: str
    report: dict[str, Any]


def runs(s: Connection) -> list[RunRow]:
    """All imports, the newest first; files that are sequestered are not named."""
    found = [_row(r) for r in s.execute(select(ingest_run).order_by(ingest_run.c.id.desc()))]
    return _without_sequestered(s, found)


def run(s: Connection, run_id: int) -> RunRow:
    """One import; files that are sequestered are not named.

    Raises:
        CaseKitError: There is none of this number.
    """
    found = s.execute(select(ingest_run).where(ingest_run.c.id == run_id)).first()
    if found is None:
        raise CaseKitError("There is no import {n} in this case.", n=run_id)
    return _without_sequestered(s, [_row(found)])[0]


def _without_sequestered(s: Connection, rows: list[RunRow]) -> list[RunRow]:
    """The imports without the names of files of which nothing can be seen.

    What was met in a file that holds something sequestered is not told either: it may quote that.
    """
    if not hiding.is_hiding(s):
        return rows
    away, partly = hiding.paths(s)
    return [
        replace(
            row,
            sources=tuple(HIDDEN if _ends_with(each, away) else each for each in row.sources),
            report=_hushed(row.report, {*away, *partly}),
        )
        for row in rows
    ]


def read_under(s: Connection, original_id: int) -> str:
    """What confined the process that read an original, in plain words; empty where no import of here did.

    That is the level of the import that received it first, or of the last that read it again.
    """
    again = select(func.max(reread.c.run_id)).where(reread.c.original_id == original_id)
    first = select(func.min(receipt.c.run_id)).where(receipt.c.original_id == original_id)
    run_id = func.coalesce(again.scalar_subquery(), first.scalar_subquery())
    found = s.execute(select(ingest_run.c.confinement).where(ingest_run.c.id == run_id)).scalar()
    return found or ""


def _ends_with(source: str, paths: set[str]) -> bool:
    parts = PurePath(source).parts
    return any(parts[-len(own) :] == own for each in paths if (own := PurePath(each).parts))


def _hushed(report: dict[str, Any], paths: set[str]) -> dict[str, Any]:
    if not report:
        return report
    problems = [
        {"path": HIDDEN, "stage": each["stage"], "kind": each["kind"],
         "text": "It was met in a file that is sequestered, in whole or in part."}
        if _is_of(each["path"], paths) else each
        for each in report["problems"]
    ]  # fmt: skip
    return {**report, "problems": problems}


def _is_of(path: str, paths: set[str]) -> bool:
    """Whether a place is a file of some, or lies inside one."""
    return any(path == each or path.startswith((f"{each}/", f"{each}!")) for each in paths)


def _row(found: Any) -> RunRow:
    return RunRow(
        found.id, found.started_us, found.finished_us, found.state, _sources(found.sources),
        found.confinement or "", _report(orjson.loads(found.report)) if found.report else {},
    )  # fmt: skip


def _sources(text: str) -> tuple[str, ...]:
    try:
        return tuple(map(str, orjson.loads(text)))
    except (orjson.JSONDecodeError, TypeError):
        return (text,)


def _report(known: dict[str, Any]) -> dict[str, Any]:
    """A report with every figure that reports have now; what an earlier version did not count is 0."""
    empty: dict[str, Any] = {
        "files": 0, "items": 0, "exchanges": 0, "duplicates": 0, "problems": [], "bytes_total": 0,
        "bytes_accounted": 0, "seconds": 0.0, "formats": {}, "inside": {},
    }  # fmt: skip
    counts = {"files": 0, "items": 0, "bytes": 0, "understood": 0}
    formats = {name: {**counts, **count} for name, count in known.get("formats", {}).items()}
    return {**empty, **known, "formats": formats}
