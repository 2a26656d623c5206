"""Commands by which a second person checks what is redacted."""

from __future__ import annotations

from pathlib import Path

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import checks as ops
from casekit.queries.checks import Checked, checks, is_needed, is_one_of
from casekit.store.case import Case, open_case

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_all = click.option("--all", "every", is_flag=True, help="All that wait and that others made.")


@click.group("check", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--waiting", is_flag=True, help="Only what is not approved.")
@_json
@click.pass_context
def check_command(context: click.Context, case: Path, waiting: bool, as_json: bool) -> None:
    """List what is redacted in CASE with who made it and who checked it; `approve` and `reject` check it.

    `casekit matter CASE set --redaction-review second` asks that a second person approves every redaction
    before a dossier or a production is issued.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        needed, rows = is_needed(s), checks(s)
    rows = [row for row in rows if not waiting or row.state != "approved"]
    if as_json:
        json_line({"v": 1, "needed": needed, "redactions": [_plain(row) for row in rows]})
        return
    for row in rows:
        where = f"item {row.item_id}" if row.item_id else "matter"
        said = f"{row.state} by {row.by} on {clock.iso(row.at_us)[:10]}" if row.by else "▲ waiting"
        why = f": {row.reason}" if row.reason else ""
        say(f"{row.ref:>14}  {where}, made by {', '.join(row.made_by)}; {said}{why}")
    open_ = sum(row.state != "approved" for row in rows)
    asked = "must be" if needed else "need not be"
    say(
        f"{len(rows):,} redactions, {open_:,} not approved; they {asked} checked by another person."
    )


@check_command.command("approve")
@click.argument("refs", metavar="[REF]…", nargs=-1)
@_all
@click.option("--reason", default="", help="What there is to say of it.")
@_json
@click.pass_obj
def approve_command(
    case: Path, refs: tuple[str, ...], every: bool, reason: str, as_json: bool
) -> None:
    """Approve redactions that another person made: 4, box:2, pseudonym:3."""
    with open_case(case) as opened:
        wanted = _wanted(opened, refs, every=every)
        with opened.write() as s:
            changes = ops.approve(s, wanted, reason=reason)
    tell(changes, as_json)


@check_command.command("reject")
@click.argument("refs", metavar="REF…", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why, for the person who made it.")
@_json
@click.pass_obj
def reject_command(case: Path, refs: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Reject redactions that another person made, and say why."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.reject(s, refs, reason)
    tell(changes, as_json)


def _wanted(case: Case, refs: tuple[str, ...], *, every: bool) -> tuple[str, ...]:
    if every == bool(refs):
        raise CaseKitError("Name what is approved, or all with --all.")
    if refs:
        return refs
    with case.read() as s:
        return tuple(
            row.ref
            for row in checks(s)
            if row.state == "waiting" and not is_one_of(case.actor, row.made_by)
        )


def _plain(row: Checked) -> dict[str, object]:
    return {
        "ref": row.ref, "item": row.item_id or None, "made_by": list(row.made_by), "state": row.state,
        "by": row.by, "at": clock.iso(row.at_us) if row.at_us else None, "reason": row.reason,
    }  # fmt: skip
