"""Commands on times whose zone had to be assumed: list them, decide how they are read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops.times import decide_time
from casekit.queries import times as time_queries
from casekit.queries.times import TimeGroup
from casekit.store.case import open_case


@click.group("times", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--undecided", is_flag=True, help="Only those of which nobody has decided anything.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def times_command(context: click.Context, case: Path, undecided: bool, as_json: bool) -> None:
    """List the times of CASE that were written without a zone, in groups; `decide` says how they are read.

    Until then no test that needs exact times uses them, and a search by date finds each wherever it may lie:
    local times are up to 14 hours ahead of UTC and 12 behind.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        groups = time_queries.groups(s, undecided=undecided)
    if as_json:
        json_line({"v": 1, "groups": [_plain(group) for group in groups]})
        return
    for group in groups:
        _say_group(group)
    open_ = sum(group.decision is None for group in groups)
    say(f"{len(groups):,} groups of times without a zone, {open_:,} of them undecided.")


@times_command.command("decide")
@click.argument("numbers", metavar="GROUP…", nargs=-1, type=int, required=True)
@click.option(
    "--as", "reading", required=True, metavar="READING",
    help="as-assumed, left-out, an offset such as +08:00, or a zone such as Asia/Shanghai.",
)  # fmt: skip
@click.option(
    "--reason", required=True, help="On what the decision rests; it is printed beside the times."
)
@click.option(
    "--swap", "swapped", is_flag=True, help="Day and month are the other way round than assumed."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def decide_command(
    case: Path, numbers: tuple[int, ...], reading: str, reason: str, swapped: bool, as_json: bool
) -> None:
    """Decide how the times of groups are read, each named by its number or by any of its items."""
    with open_case(case) as opened, opened.write() as s:
        changes = decide_time(s, numbers, reading, reason, swapped=swapped)
    tell(changes, as_json)


def _say_group(group: TimeGroup) -> None:
    span = f"{clock.iso(group.first_us)} to {clock.iso(group.last_us)}"
    say(f"{group.number:>8}  {group.path}, {group.field}: {group.items:,} items, {span} as assumed")
    say(f"          as written: {' | '.join(group.samples)}")
    say(f"          zone assumed: {group.rule}")
    said = group.decision
    if said is None:
        say("          ▲ not decided")
    else:
        swapped = ", day and month exchanged" if said.swapped else ""
        say(
            f"          decided by {said.by} on {clock.iso(said.at_us)[:10]}: {said.reading}{swapped}, "
            f"because {said.reason}"
        )


def _plain(group: TimeGroup) -> dict[str, object]:
    values = dataclasses.asdict(group)
    values["first_at"] = clock.iso(values.pop("first_us"))
    values["last_at"] = clock.iso(values.pop("last_us"))
    if group.decision is not None:
        values["decision"]["at"] = clock.iso(values["decision"].pop("at_us"))
    return values
