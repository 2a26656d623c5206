"""Commands on the timeline: counts by stretch of time, and the events that people put on it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import tell
from casekit.ops import events as event_ops
from casekit.queries import events as event_queries
from casekit.queries import matter
from casekit.queries import timeline as queries
from casekit.queries.events import KINDS, EventRow
from casekit.queries.timeline import GROUPS, STEPS, TRACKS, Axis, Counts
from casekit.store import arrays
from casekit.store.case import Case, open_case

_EVENT = (
    click.option("--on", "starts", help="When: 2026, 2026-03, 2026-03-14 or 2026-03-14 09:30."),
    click.option("--until", "ends", help="The last date of a range."),
    click.option(
        "--zone", help="In which the dates are read; without it the matter’s zone, or UTC."
    ),
    click.option("--kind", type=click.Choice(KINDS)),
    click.option("--note"),
)


@click.group("timeline", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--by", type=click.Choice(STEPS), help="Length of a stretch; without it one that fits."
)
@click.option("--group", type=click.Choice(GROUPS), default="role", show_default=True,
              help="What API records are told apart by.")  # fmt: skip
@click.option("--from", "first", help="First date, such as 2026-01-14.")
@click.option("--to", "last", help="Last date, included.")
@click.option("--zone", help="In which days begin; without it the matter’s zone, or UTC.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def timeline_command(
    context: click.Context, case: Path, by: Any, group: str, first: str | None, last: str | None,
    zone: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Count the records, letters and documents of CASE along time, with events; `event` puts one there.

    Times whose zone nobody has decided are counted apart, where they were assumed to be.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened:
        zone = zone or _zone(opened)
        meter = Meter("Reading times", shown=not as_json)
        read = arrays.read(opened, meter)
        with opened.read() as s:
            axis = queries.axis(s, read)
    span = _span(axis, first, last, zone)
    found = queries.counts(axis, *span, by=by, group=group, zone=zone) if span else None
    (_print_json if as_json else _print)(axis, found)


@timeline_command.command("event")
@click.argument("title")
@click.option("--item", "item_id", type=int, help="The item that tells of it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def event_command(
    case: Path, /, title: str, item_id: int | None, as_json: bool, **given: str | None
) -> None:
    """Put an event on the timeline, such as a release, a letter or a change of terms."""
    values = {name: value for name, value in given.items() if value}
    with open_case(case) as opened:
        zone = values.pop("zone", "") or _zone(opened)
        with opened.write() as s:
            changes = event_ops.add_event(
                s, title, values.pop("starts", ""), zone=zone, item_id=item_id, **values
            )
    tell(changes, as_json)


@timeline_command.command("change")
@click.argument("number", type=int)
@click.option("--title")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def change_command(case: Path, /, number: int, as_json: bool, **given: str | None) -> None:
    """Change event NUMBER."""
    values = {name: value for name, value in given.items() if value is not None}
    with open_case(case) as opened, opened.write() as s:
        changes = event_ops.change_event(s, number, **values)
    tell(changes, as_json)


@timeline_command.command("drop")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def drop_command(case: Path, number: int, as_json: bool) -> None:
    """Take event NUMBER off the timeline."""
    with open_case(case) as opened, opened.write() as s:
        changes = event_ops.drop_event(s, number)
    tell(changes, as_json)


for _option in _EVENT:
    _option(event_command)
    _option(change_command)


def _zone(case: Case) -> str:
    with case.read() as s:
        return matter.get(s).time_zone or "UTC"


def _span(axis: Axis, first: str | None, last: str | None, zone: str) -> tuple[int, int] | None:
    whole = axis.span()
    if whole is None:
        return None
    start = event_queries.bounds(first, "", zone)[0] if first else whole[0]
    stop = event_queries.bounds(last, "", zone)[1] if last else whole[1]
    return start, max(stop, start + 1)


def _stretches(found: Counts) -> list[dict[str, Any]]:
    """The stretches in which anything lies."""
    made = []
    for n, start in enumerate(found.edges[:-1]):
        api = {
            ("(others)" if found.has_rest and k == len(found.values) - 1 else value): int(row[n])
            for k, (value, row) in enumerate(zip(found.values, found.api, strict=True)) if row[n]
        }  # fmt: skip
        tracks = {track: int(found.tracks[track][n]) for track in TRACKS}
        undecided = int(found.undecided[n])
        if undecided or any(tracks.values()):
            made.append({"start": clock.iso(int(start)), "stop": clock.iso(int(found.edges[n + 1])), **tracks,
                         "undecided": undecided, "by_group": api})  # fmt: skip
    return made


def _apart(axis: Axis) -> dict[str, int]:
    return {"undecided": len(axis.undecided), "left_out": axis.left_out, "unclear": axis.unclear,
            "without_time": axis.without}  # fmt: skip


def _print_json(axis: Axis, found: Counts | None) -> None:
    about = {"by": found.by, "zone": found.zone} if found else {}
    json_line({"v": 1, **about, "items": len(axis.ids), **_apart(axis),
               "stretches": _stretches(found) if found else [],
               "events": [_plain(each) for each in axis.events]})  # fmt: skip


def _plain(row: EventRow) -> dict[str, Any]:
    values = dataclasses.asdict(row)
    for name in ("start", "stop"):
        values[f"{name}_at"] = clock.iso(values.pop(f"{name}_us"))
    values["at"] = clock.iso(values.pop("at_us"))
    return values


def _print(axis: Axis, found: Counts | None) -> None:
    if found is not None:
        say(f"By {found.by}; days begin in {found.zone}; instants in UTC.")
        for each in _stretches(found):
            groups = ", ".join(
                f"{name or 'not given'} {n:,}" for name, n in each["by_group"].items()
            )
            late = f"   zone undecided {each['undecided']:,}" if each["undecided"] else ""
            say(f"{each['start'][:16]:<17} records {each['api']:>9,}   letters {each['letters']:>7,}   "
                f"documents {each['documents']:>7,}{late}   {groups}".rstrip())  # fmt: skip
    for row in axis.events:
        source = f", item {row.item_id}" if row.item_id is not None else ""
        say(f"event {row.id}: {row.when} ({row.zone}) {row.kind}: {row.title}{source}")
    apart = _apart(axis)
    say(f"{len(axis.ids):,} items on the axis. Apart from it: {apart['undecided']:,} whose zone nobody has "
        f"decided, {apart['left_out']:,} decided to be left out, {apart['unclear']:,} whose time as written "
        f"tells no instant, {apart['without_time']:,} without a time.")  # fmt: skip
