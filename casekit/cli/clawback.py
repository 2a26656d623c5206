"""The command for clawback both ways: what the other side takes back, and what we do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops import clawback as ops
from casekit.ops.privilege import BASES
from casekit.queries import clawback as queries
from casekit.queries import sequestered
from casekit.store.case import open_case


@click.group("clawback", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an item.")
@click.pass_context
def clawback_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List what CASE has sequestered on notices received, and what it takes back itself."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        held, taken = sequestered.sequestered(s, released=True), queries.left(s)
    for row in held:
        if as_json:
            json_line({"v": 1, "sequestered": row.released_us is None, **asdict(row)})
            continue
        state = f"{clock.iso(row.at_us)[:10]} by {row.by}, notice of {row.party}, {row.reference}"
        if row.released_us is not None:
            state += f"; released by {row.released_by}: {row.released_reason}"
        say(f"{'■' if row.released_us is None else '□'} item {row.item_id}  {state}")
    for one in taken:
        if as_json:
            json_line({"v": 1, "taken_back": True, **asdict(one)})
        else:
            where = ", ".join(title for title, _, _ in one.made)
            say(
                f"◆ item {one.item_id}  {one.first}, produced in {where}; {one.basis}: {one.reason}"
            )
    if not held and not taken and not as_json:
        say("Nothing is sequestered and nothing taken back.")


@clawback_command.command("notice")
@click.argument("named", nargs=-1, required=True)
@click.option("--from", "party", required=True, help="Whose notice it is.")
@click.option("--dated", default="", help="The notice's own date.")
@click.option("--reference", default="", help="The letter, mail or docket number it came by.")
@click.option("--item", "item_id", type=int, help="The notice itself, where it is an item.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def notice_command(
    path: Path, named: tuple[str, ...], party: str, dated: str, reference: str, item_id: int | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Sequester at once what a notice NAMES: Bates numbers, ranges FIRST..LAST, SHA-256 hashes, or `item 12`.

    Families and copies of the same bytes go with it. Exit code 1 says that something named was not found.
    """
    from casekit.jobs import clawback as job

    with open_case(path) as case:
        changes, missing = job.receive(case, ops.Notice(party, named, dated, reference, item_id))
    if as_json:
        told = {"act": changes.act, "label": changes.label}
        json_line({"v": 1, **told, "not_found": missing})
    else:
        say(changes.label)
        for name in missing:
            say(f"▲ Not found in this case: {name}", err=True)
    return 1 if missing else 0


@clawback_command.command("release")
@click.argument("ids", nargs=-1, type=int, required=True)
@click.option("--by", required=True, help="Who releases them, by name.")
@click.option("--reason", required=True, help="Why, such as the order that resolved the claim.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def release_command(path: Path, ids: tuple[int, ...], by: str, reason: str, as_json: bool) -> None:
    """End the sequestering of items, with their families."""
    from casekit.jobs import clawback as job

    with open_case(path) as case:
        tell(job.release(case, ids, by, reason), as_json)


@clawback_command.command("own")
@click.argument("named", nargs=-1, required=True)
@click.option("--basis", type=click.Choice(BASES), required=True)
@click.option("--reason", required=True, help="How it came to be produced.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def own_command(path: Path, named: tuple[str, ...], basis: str, reason: str, as_json: bool) -> None:
    """Take back what we produced, named by Bates numbers, ranges or `item 12`: it is withheld from now on."""
    with open_case(path) as case:
        with case.write() as s:
            changes = ops.take_back(s, ops.named_items(s, named), basis, reason)
        tell(changes, as_json)


@clawback_command.command("letter")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def letter_command(path: Path, out: Path) -> None:
    """Write the facts of the letter for all that is taken back to OUT.docx or OUT.txt."""
    from casekit.jobs import clawback as job

    with open_case(path) as case:
        say(f"{out}: {job.write_letter(case, out):,} items taken back.")
