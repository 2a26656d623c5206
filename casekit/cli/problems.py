"""Commands on what went wrong with files: list it, read those files again, look an import's report up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli.ingest import show_report
from casekit.cli.output import Meter, json_line, say
from casekit.errors import Cancelled, CaseKitError
from casekit.queries import problems as problem_queries
from casekit.queries import runs as run_queries
from casekit.queries.facets import Count
from casekit.queries.problems import ProblemFilter
from casekit.store.case import Case, open_case

MOST_BYTES = 10_000
"""Bytes that are shown at one place at most."""


def _choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose problems."""
    for option in (
        click.option("--run", "run_id", type=int, help="Those of one import, by its number."),
        click.option("--file", "path", default="", help="Part of the file's path."),
        click.option("--kind", default="", help="The cause, such as encrypted."),
        click.option("--stage", default="", help="Such as parse, limits, worker."),
    ):
        command = option(command)
    return command


@click.command("problems")
@click.argument("case", type=click.Path(path_type=Path))
@_choosing
@click.option(
    "--by", type=click.Choice(["stage", "kind", "file", "run"]), help="Count them by this."
)
@click.option("--settled", is_flag=True, help="Also those that a later reading has settled.")
@click.option("--limit", default=200, show_default=True, help="The most that are listed.")
@click.option(
    "--bytes",
    "most",
    type=click.IntRange(0, MOST_BYTES),
    default=0,
    help="Show so many bytes at the place of each that has one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def problems_command(
    case: Path, stage: str, kind: str, path: str, run_id: int | None, by: str | None, settled: bool,
    limit: int, most: int, as_json: bool,
) -> None:  # fmt: skip
    """List what went wrong with files of CASE, with its place; `casekit retry` reads them again."""
    wanted = ProblemFilter(stage, kind, path, run_id, settled)
    with open_case(case) as opened:
        with opened.read() as s:
            total = problem_queries.count(s, wanted)
            if by is not None:
                column = {"file": "path", "run": "run_id"}.get(by, by)
                _say_counts(problem_queries.by(s, column, wanted, most=limit), by, total, as_json)
                return
            rows = problem_queries.problems(s, wanted, limit=limit)
        places = _bytes_of(opened, rows, most)
    if as_json:
        listed = [_plain(row, places.get(row.id)) for row in rows]
        json_line({"v": 1, "total": total, "problems": listed})
        return
    for row in rows:
        line = "" if row.line is None else f", line {row.line:,}"
        place = "" if row.offset is None else f", byte {row.offset:,}"
        counted = problem_queries.COUNTED.get(row.counted, "")
        place += f" ({counted})" if counted else ""
        say(f"▲ {row.path}{line}{place}: {row.text}  [{row.stage}, {row.kind}]")
        if row.id in places:
            say(f"    {places[row.id].decode('utf-8', 'backslashreplace')}")
    if total > len(rows):
        say(f"… and {total - len(rows):,} more.")
    say(f"{total:,} problems.")


def _say_counts(counts: list[Count], by: str, total: int, as_json: bool) -> None:
    if as_json:
        found = [dataclasses.asdict(count) for count in counts]
        json_line({"v": 1, "total": total, "by": by, "counts": found})
        return
    for count in counts:
        say(f"{count.count:>9,}  {count.value}")


def _bytes_of(case: Case, rows: list[problem_queries.ProblemRow], most: int) -> dict[int, bytes]:
    """The bytes at the places of these problems, by their ids."""
    if not most:
        return {}
    from casekit.confine import Worker
    from casekit.ingest.pieces import PRELOAD
    from casekit.jobs.originals import problem_bytes

    with Worker(preload=PRELOAD) as worker:
        found = {row.id: problem_bytes(case, worker, row, most) for row in rows}
    return {number: data for number, data in found.items() if data is not None}


def _plain(row: problem_queries.ProblemRow, data: bytes | None) -> dict[str, Any]:
    values = dataclasses.asdict(row) | {"original_sha256": row.original_sha256.hex()}
    values["counted"] = row.counted
    values["bytes"] = "" if data is None else data.hex()
    return {name: value for name, value in values.items() if value not in (None, "")}


@click.command("retry")
@click.argument("case", type=click.Path(path_type=Path))
@_choosing
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def retry_command(
    case: Path, stage: str, kind: str, path: str, run_id: int | None, as_json: bool
) -> int:
    """Read files of CASE again, from the case's own vault.

    Without options all whose reading broke off, that were kept and not read, or that had a problem; with
    options those that have such a problem. What the case has already stays as it is.
    """
    from casekit.jobs.intake import take_in_again

    meter = Meter("Reading again")
    with open_case(case) as opened:
        report = take_in_again(opened, ProblemFilter(stage, kind, path, run_id), meter)
    meter.done(
        f"{report.items:,} new items from {report.files:,} files, {len(report.problems):,} problems"
    )
    show_report(report.as_json(), as_json=as_json)
    return Cancelled.exit_code if report.cancelled else 0


@click.command("report")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("number", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report_command(case: Path, number: int | None, as_json: bool) -> None:
    """List the imports of CASE, or print the report of import NUMBER, which the case keeps for ever."""
    with open_case(case) as opened, opened.read() as s:
        if number is not None:
            run = run_queries.run(s, number)
            if not run.report:
                raise CaseKitError("Import {n} never came to an end and left no report.", n=number)
            show_report(run.report, as_json=as_json)
            return
        found = run_queries.runs(s)
    if as_json:
        json_line({"v": 1, "runs": [dataclasses.asdict(run) for run in found]})
        return
    for run in found:
        items, problems = run.report.get("items", 0), len(run.report.get("problems", ()))
        say(
            f"{run.id:>5}  {clock.iso(run.started_us)}  {run.state:<9}  {items:>9,} items  "
            f"{problems:>7,} problems  {', '.join(run.sources)}"
        )
