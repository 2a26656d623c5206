"""Commands on confidentiality: the tiers of the matter's order, and which items have which."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import tiers as ops
from casekit.queries import tiers as queries
from casekit.store.case import Case, open_case


@click.group("tiers", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a tier.")
@click.pass_context
def tiers_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """Show the tiers of the order on confidentiality of CASE, the mildest first, and who may see each."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        held, names = queries.order(s), list(queries.assigned(s).values())
    for one in held.tiers:
        sees = [role for role in queries.ROLES if role in one.sees]
        if as_json:
            told = {"name": one.name, "stamp": one.stamp, "sees": sees}
            json_line({"v": 1, **told, "items": names.count(one.name)})
        else:
            say(f"{one.rank}  {one.name}  “{one.stamp}”  {names.count(one.name):,} items")
            say(f"   may be seen by: {', '.join(sees)}")
    if not held.tiers and not as_json:
        say(
            "The matter has no order on confidentiality. Choose one with “casekit tiers CASE choose KEY”:"
        )
        for each in ops.presets():
            say(f"{each.key:20} {each.title}")
            say(f"{'':20} {each.source} (read on {each.read})")


@tiers_command.command("choose")
@click.argument("key", type=click.Choice([*(one.key for one in ops.presets()), ops.NONE]))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def choose_command(path: Path, key: str, as_json: bool) -> None:
    """Take a preset as the order, in place of what there is; `none` takes it away."""
    with open_case(path) as case, case.write() as s:
        changes = ops.choose_order(s, key)
    tell(changes, as_json)


@tiers_command.command("set")
@click.argument("name")
@click.option("--stamp", help="What its pages bear; without it the name in capitals.")
@click.option(
    "--sees", multiple=True, type=click.Choice(queries.ROLES), help="Who may see it; repeat it."
)
@click.option(
    "--place", type=click.IntRange(1), help="Its place from 1, the mildest; a new one is last."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def set_command(
    path: Path,
    name: str,
    stamp: str | None,
    sees: tuple[str, ...],
    place: int | None,
    as_json: bool,
) -> None:
    """Add the tier NAME to the order, or change it."""
    with open_case(path) as case, case.write() as s:
        changes = ops.set_tier(s, name, stamp=stamp, sees=sees or None, position=place)
    tell(changes, as_json)


@tiers_command.command("remove")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def remove_command(path: Path, name: str, as_json: bool) -> None:
    """Take the tier NAME out of the order."""
    with open_case(path) as case, case.write() as s:
        changes = ops.remove_tier(s, name)
    tell(changes, as_json)


@tiers_command.command("conflicts")
@click.option("--decided", is_flag=True, help="Also what was let pass.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_obj
def conflicts_command(path: Path, decided: bool, as_json: bool) -> None:
    """List copies, quotations and forwards of items that have a stricter tier than they have themselves."""
    from casekit.queries.conflicts import WHYS
    from casekit.queries.tier_copies import copies

    with open_case(path) as case, case.read() as s:
        found = copies(s, decided=decided)
    for one, own, stricter in found:
        if as_json:
            told = {"item": one.item_id, "why": one.why, "of": one.withheld_id}
            json_line({"v": 1, **told, "tier": own, "stricter": stricter})
        else:
            has = f"({own})" if own else "(no tier)"
            say(f"item {one.item_id} {has} {WHYS[one.why]} item {one.withheld_id} ({stricter})")
    if not found and not as_json:
        say("No item tells of one that has a stricter tier.")


@tiers_command.command("pass")
@click.argument("ids", nargs=-1, type=int, required=True)
@click.option("--because", required=True, help="Why they may go where their own tier lets them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def pass_command(path: Path, ids: tuple[int, ...], because: str, as_json: bool) -> None:
    """Let items go where their own tier lets them, though they tell of items of a stricter one."""
    with open_case(path) as case, case.write() as s:
        changes = ops.pass_tiers(s, ids, because)
    tell(changes, as_json)


@click.command("tier")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option("--alone", is_flag=True, help="Leave their families as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tier_command(
    case: Path,
    name: str | None,
    ids: tuple[int, ...],
    query: str | None,
    alone: bool,
    as_json: bool,
) -> None:
    """Give items and their families the tier NAME, `none` to take it off; without a name list who has one."""
    with open_case(case) as opened:
        if name is None:
            _list(opened, as_json)
            return
        wanted = chosen(opened, ids, query)
        if not wanted:
            raise CaseKitError("Name the items by their numbers, or with --query.")
        with opened.write() as s:
            tier = "" if name == ops.NONE else name
            changes = ops.give_tier(s, wanted, tier, family=not alone)
        tell(changes, as_json)


def _list(case: Case, as_json: bool) -> None:
    with case.read() as s:
        held = queries.assigned(s)
    for item_id, name in held.items():
        if as_json:
            json_line({"v": 1, "item": item_id, "tier": name})
        else:
            say(f"{item_id:>9}  {name}")
    if not held and not as_json:
        say("No item has a tier.")
