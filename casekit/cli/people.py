"""Commands on who appears in a case, and on who is who."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import people as ops
from casekit.queries import people as queries
from casekit.queries import people_links
from casekit.queries.people import KINDS, PERSON_KINDS
from casekit.store import arrays
from casekit.store.case import open_case


@click.group("people", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="Only these.")
@click.option("--find", "text", default="", help="Only values and names that hold this.")
@click.option("--most", type=int, default=50, show_default=True, help="Of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def people_command(
    context: click.Context, case: Path, kind: str | None, text: str, most: int, as_json: bool
) -> None:
    """List everybody and everything that appears in CASE, with counts, and who was decided to be who.

    `suggest` lists values that may be one person; `unite`, `split`, `rename` and `remove` decide it.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened:
        columns = arrays.read(opened, Meter("Reading names", shown=not as_json))
        with opened.read() as s:
            found = queries.who(s, columns, kind=kind or "", text=text, most=most)
    if as_json:
        json_line({"v": 1, "appearances": [_plain(row) for row in found.appearances],
                   "left_out": found.left_out, "persons": [_person(row) for row in found.persons]})  # fmt: skip
        return
    for row in found.appearances:
        names = f"  {' | '.join(row.names[:3])}" if row.names else ""
        whose = f"  = person {row.person_id}" if row.person_id is not None else ""
        span = f"{_day(row.first_us)} to {_day(row.last_us)}"
        say(
            f"{row.items:>9,}  {row.kind:<12} {row.value}{names}  {', '.join(row.roles)}  {span}{whose}"
        )
    for person in found.persons:
        say(f"person {person.id}: {person.name} ({person.kind})")
        for alias in person.aliases:
            source = f", item {alias.item_id}" if alias.item_id is not None else ""
            why = f", because {alias.reason}" if alias.reason else ""
            say(f"   {alias.id:>6}  {alias.kind} {alias.value}{source}{why}")
    for name, number in found.left_out.items():
        say(f"{number:,} more of kind {name}: ask with --most or --find.")


@people_command.command("suggest")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def suggest_command(case: Path, as_json: bool) -> None:
    """List values that may be one person, with the reason; nothing is decided by it."""
    with open_case(case) as opened:
        columns = arrays.read(opened)
        with opened.read() as s:
            found = queries.suggestions(queries.who(s, columns))
    for each in found:
        if as_json:
            json_line({"v": 1, **dataclasses.asdict(each)})
        else:
            values = ", ".join(f"{kind} {value}" for kind, value in each.values)
            say(f"{each.name}: {values} ({each.reason}: {each.about})")


@people_command.command("links")
@click.argument("value", metavar="KIND:VALUE")
@click.option("--steps", type=int, default=2, show_default=True, help="How far from there.")
@click.option(
    "--most", type=int, default=people_links.MOST, show_default=True, help="Values at most."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def links_command(case: Path, value: str, steps: int, most: int, as_json: bool) -> None:
    """List what is used together with a value such as `account:acct-7`, or with `person:1`, with counts."""
    kind, colon, _ = value.partition(":")
    start = (kind, value[len(kind) + 1 :]) if colon and kind == "person" else _pair(value)
    with open_case(case) as opened:
        columns = arrays.read(opened, Meter("Reading names", shown=not as_json))
        with opened.read() as s:
            found = people_links.around(s, columns, start, steps=steps, most=most)
    if as_json:
        json_line({"v": 1, **dataclasses.asdict(found)})
        return
    for link in found.links:
        one, other = found.nodes[link.first], found.nodes[link.second]
        how = "decided" if link.is_decided else "in the same records"
        say(f"{link.items:>9,}  {one.kind} {one.name} - {other.kind} {other.name}  {how}")
    if not found.links:
        say("Nothing stands in the same records, and nothing was decided.")
    if found.left_out:
        say(f"{found.left_out:,} more lie as near: ask with --most.")


@people_command.command("unite")
@click.argument("values", nargs=-1, metavar="KIND:VALUE…")
@click.option("--person", "persons", type=int, multiple=True, help="A person that is the same too.")
@click.option("--name", default="", help="What the person is called.")
@click.option("--kind", type=click.Choice(PERSON_KINDS), default="person", show_default=True)
@click.option("--reason", default="", help="On what the decision rests.")
@click.option("--item", "item_id", type=int, help="The item that says so.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def unite_command(
    case: Path, values: tuple[str, ...], persons: tuple[int, ...], name: str, kind: str, reason: str,
    item_id: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Decide that values such as `address:a@x.example` or `key:sk-1` are one person, or belong to it."""
    pairs = [_pair(value) for value in values]
    with open_case(case) as opened, opened.write() as s:
        changes = ops.unite(
            s, pairs, name, persons=persons, kind=kind, reason=reason, item_id=item_id
        )
    tell(changes, as_json)


@people_command.command("split")
@click.argument("person", type=int)
@click.argument("aliases", nargs=-1, type=int, required=True)
@click.option("--name", default="", help="What the other one is called.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def split_command(
    case: Path, person: int, aliases: tuple[int, ...], name: str, as_json: bool
) -> None:
    """Decide that some of what PERSON appears as is somebody else."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.split(s, person, aliases, name)
    tell(changes, as_json)


@people_command.command("rename")
@click.argument("person", type=int)
@click.argument("name")
@click.option("--kind", type=click.Choice(PERSON_KINDS), default=None)
@click.option("--note", default=None)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def rename_command(
    case: Path, person: int, name: str, kind: str | None, note: str | None, as_json: bool
) -> None:
    """Call PERSON by NAME."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.rename(s, person, name, kind=kind or "", note=note)
    tell(changes, as_json)


@people_command.command("remove")
@click.argument("person", type=int)
@click.argument("aliases", nargs=-1, type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def remove_command(case: Path, person: int, aliases: tuple[int, ...], as_json: bool) -> None:
    """Take the decision on PERSON away, or only some of what it appears as."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.remove(s, person, aliases)
    tell(changes, as_json)


def _pair(text: str) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not colon or kind not in KINDS:
        raise CaseKitError(
            "“{given}” says no kind: write it such as address:a@x.example; kinds are {kinds}.",
            given=text, kinds=", ".join(KINDS),
        )  # fmt: skip
    return kind, value


def _day(us: int | None) -> str:
    return "–" if us is None else clock.iso(us)[:10]


def _plain(row: Any) -> dict[str, Any]:
    values = dataclasses.asdict(row)
    for name in ("first", "last"):
        us = values.pop(f"{name}_us")
        values[f"{name}_at"] = None if us is None else clock.iso(us)
    return values


def _person(row: Any) -> dict[str, Any]:
    values = dataclasses.asdict(row)
    for each in (values, *values["aliases"]):
        each["at"] = clock.iso(each.pop("at_us"))
    return values
