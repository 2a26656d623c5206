"""The commands for review packages: packed, returned, merged."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from casekit import clock
from casekit.cli.output import Meter, json_line, say
from casekit.cli.review import review_command
from casekit.queries import reviews
from casekit.queries.batching import numbers
from casekit.store.case import open_case

__all__ = ["review_command"]


@review_command.command("pack")
@click.argument("name")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--to", "recipient", required=True, help="Who gets it, by name: one of your own side."
)
@click.option(
    "--batches", default="", help="Numbers and ranges, such as 1-3; else the recipient's own."
)
@click.option("--privileged/--no-privileged", default=None,
              help="Whether items that are withheld as privileged go too.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def pack_command(
    path: Path, name: str, out: Path, recipient: str, batches: str, privileged: bool | None, as_json: bool
) -> None:  # fmt: skip
    """Write set NAME as a case in one file, OUT.casereview, to be coded elsewhere.

    It shows its items whole, so it is for your own reviewers; nothing sequestered goes.
    """
    from casekit.jobs import review_package

    wish: review_package.Privileged = "ask"
    if privileged is not None:
        wish = "with" if privileged else "without"
    meter = Meter("Packing", shown=not as_json)
    with open_case(path) as case:
        held, changes = review_package.pack(
            case, name, out, recipient, batches=numbers(batches), privileged=wish, progress=meter
        )
    meter.done(changes.label)
    if as_json:
        json_line({"v": 1, "act": changes.act, **asdict(held)})
        return
    say(f"{held.items:,} items of “{held.set_name}” and {held.families:,} more of their families")
    say(
        f"    withheld as privileged: {held.privileged:,}; with redactions, shown whole: {held.redacted:,}"
    )
    say(f"    files whole: {held.originals:,}; single items of others: {held.pieces:,}; as text alone: "
        f"{held.texts:,}")  # fmt: skip
    if held.left_out:
        say(f"    left out: {held.left_out:,}")
    if held.blind:
        say("    blind: tags, decisions, fields and notes stay here")


@review_command.command("packages")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a package.")
@click.pass_obj
def packages_command(path: Path, as_json: bool) -> None:
    """List the packages that went out, to whom, and what came back."""
    with open_case(path) as case, case.read() as s:
        rows = reviews.packages(s)
    for row in rows:
        if as_json:
            json_line({"v": 1, **asdict(row)})
            continue
        back = "something came back" if row.merged else "nothing came back yet"
        say(f"{row.id:>4}  {clock.iso(row.at_us)[:10]}  {row.set_name} to {row.recipient}: {row.items:,} "
            f"items, {back}")  # fmt: skip
        if row.sequestered:
            say(
                f"      ▲ {row.sequestered:,} of them are sequestered since: have it returned or destroyed"
            )
    if not rows and not as_json:
        say("No package went out yet.")


@review_command.command("return")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def return_command(path: Path, out: Path, as_json: bool) -> None:
    """Write what was coded in a package, CASE, into OUT.casereturn: guard it like the package."""
    from casekit.jobs import review_return

    meter = Meter("Verifying", shown=not as_json)
    with open_case(path) as case:
        sha = review_return.write_return(case, out, meter)
    meter.done("returned")
    if as_json:
        json_line({"v": 1, "sha256": sha})
    else:
        say(f"SHA-256 {sha}")


@review_command.command("merge")
@click.argument("back", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def merge_command(path: Path, back: Path, as_json: bool) -> None:
    """Merge what comes BACK from a package, a file or its case folder; nothing is overwritten."""
    from casekit.jobs import review_merge

    meter = Meter("Merging", shown=not as_json)
    with open_case(path) as case:
        found = review_merge.merge_return(case, back, meter)
    meter.done("merged")
    if as_json:
        told = {
            name: getattr(found, name) for name in ("taken", "agreed", "conflicts", "notes", "done")
        }
        json_line({"v": 1, **told, "waiting": found.waiting, "not_taken": found.not_taken,
                   "acts": [c.act for c in found.acts]})  # fmt: skip
        return
    if not found.acts:
        say("Nothing new came back.")
        return
    for act in found.acts:
        say(act.label)
    say(
        f"{found.taken:,} values taken, {found.agreed:,} the same, {found.notes:,} notes, {found.done:,} done"
    )
    if found.conflicts:
        say(f"▲ {found.conflicts:,} conflicts to decide: casekit review CASE conflicts")
    if found.waiting:
        say(f"▲ {found.waiting:,} items were coded and not called done: they wait for that")
    for what, number in found.not_taken.items():
        say(f"▲ Left in the package: {number:,} {what}")
