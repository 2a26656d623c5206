"""The command for the register of issued versions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops.sendings import HOW, add_sending
from casekit.queries.issued import issued
from casekit.store.case import open_case


@click.group("issued", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a version.")
@click.pass_context
def issued_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List every issued version of CASE: hash, date, numbers, what changed, to whom it went and how."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        rows = issued(s)
    for one in rows:
        if as_json:
            json_line({"v": 1, **asdict(one)})
            continue
        what = f"{one.kind}, {one.profile}" if one.profile else one.kind
        say(f"{one.number:>4}  {one.title}  {clock.iso(one.at_us)[:10]}  {what}  {one.ranges}")
        say(f"      SHA-256 {one.sha256}")
        if one.before:
            changed = f"{len(one.added):,} items in, {len(one.removed):,} out"
            redacted = ", redactions changed" if one.redactions_changed else ""
            say(f"      against {one.before}: {changed}{redacted}")
        if one.recipients:
            say(f"      for {'; '.join(one.recipients)}")
        for gone in one.sendings:
            role = f" ({gone.role})" if gone.role else ""
            say(f"      → {gone.recipient}{role}, {gone.sent}, {gone.how} {gone.note}".rstrip())
    if not rows and not as_json:
        say("Nothing was issued yet.")


@issued_command.command("sent")
@click.argument("number", type=int)
@click.option("--to", "recipient", required=True, help="Who got it, by name.")
@click.option("--how", type=click.Choice(HOW), required=True)
@click.option("--on", "sent", required=True, help="The day, such as 2026-03-14.")
@click.option("--role", default="", help="What the recipient is, such as counsel or expert.")
@click.option("--note", default="", help="Such as a tracking number.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def sent_command(
    path: Path, number: int, recipient: str, how: str, sent: str, role: str, note: str, as_json: bool
) -> None:  # fmt: skip
    """Put on record that version NUMBER went to somebody."""
    with open_case(path) as case, case.write() as s:
        changes = add_sending(s, number, recipient, how, sent, role=role, note=note)
    tell(changes, as_json)


@issued_command.command("write")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def write_command(path: Path, out: Path) -> None:
    """Write the register to OUT.docx or OUT.xlsx, as `casekit companion` does."""
    from casekit.jobs import companion

    with open_case(path) as case:
        say(f"{out}: {companion.write(case, 'issued', out).rows:,} versions.")
