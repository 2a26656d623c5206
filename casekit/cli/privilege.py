"""The command that decides what is privileged, and tells what would give a withheld item away."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import privilege
from casekit.queries import clearance
from casekit.queries import conflicts as conflict_queries
from casekit.queries import items as item_queries
from casekit.queries.tree import FieldIs
from casekit.store.case import Case, open_case

if TYPE_CHECKING:
    from casekit.dossier.sections.withheld import Format

LOG_FORMATS = ("document", "category", "metadata")


@click.command("privilege")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option(
    "--basis", type=click.Choice(privilege.BASES), help="Without it the one that an item has, or "
    "attorney-client.",
)  # fmt: skip
@click.option("--note", default="", help="What the log should say, without revealing content.")
@click.option("--release", is_flag=True, help="Take the assertion back.")
@click.option(
    "--conflicts", is_flag=True, help="List which of the items (without any: of all) would give a "
    "withheld item away, and why.",
)  # fmt: skip
@click.option(
    "--pass", "reason", metavar="REASON",
    help="Decide that the items are not privileged though they are like withheld ones.",
)  # fmt: skip
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the privilege log as .csv, .xlsx or .docx.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(LOG_FORMATS), default="document", show_default=True,
    help="Of the log: a row an item, a row a category, or a row an item by its metadata alone.",
)  # fmt: skip
@click.option(
    "--clear",
    is_flag=True,
    help="Decide that the items are not privileged, so that they may leave.",
)
@click.option("--reopen", is_flag=True, help="Take such a decision back.")
@click.option("--family", is_flag=True, help="With --clear or --reopen: their whole families too.")
@click.option(
    "--undecided", is_flag=True, help="List those of the items (without any: of all) of which nobody has "
    "decided.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def privilege_command(
    case: Path, ids: tuple[int, ...], query: str | None, basis: str | None, note: str, release: bool,
    conflicts: bool, reason: str | None, log: Path | None, form: Format, clear: bool,
    reopen: bool, family: bool, undecided: bool, as_json: bool,
) -> int:  # fmt: skip
    """Withhold items with their families from every export, or decide that they are not privileged.

    A mail, message or document of which nobody has decided leaves neither in an issued dossier nor in a
    production; models' outputs and logs need no decision unless the matter says so (casekit matter set
    --privilege-review). With --undecided, exit code 1 says there are any.

    Copies, near copies, quotations and forwards of a withheld item block what they stand in, until they are
    withheld too, redacted, or decided to be not privileged. With --conflicts, exit code 1 says there are any.
    """
    asked = (release, conflicts, reason is not None, log is not None, clear, reopen, undecided)
    if sum(asked) > 1:
        raise CaseKitError(
            "Choose one of --release, --conflicts, --pass, --log, --clear, --reopen and --undecided."
        )
    if family and not (clear or reopen):
        raise CaseKitError(
            "--family goes with --clear or --reopen: the others take families anyway."
        )
    with open_case(case) as opened:
        if log is not None:
            return _write_log(opened, log, form, as_json)
        wanted = chosen(opened, ids, query)
        if conflicts:
            return _list_conflicts(opened, wanted if ids or query else None, as_json)
        if undecided:
            return _list_undecided(opened, wanted if ids or query else None, as_json)
        with opened.write() as s:
            if clear:
                changes = privilege.clear_items(s, wanted, families=family)
            elif reopen:
                changes = privilege.reopen_items(s, wanted, families=family)
            elif reason is not None:
                changes = privilege.pass_items(s, wanted, reason)
            elif release:
                changes = privilege.release_privilege(s, wanted)
            else:
                changes = privilege.assert_privilege(s, wanted, basis, note=note)
    tell(changes, as_json)
    return 0


def _list_conflicts(case: Case, wanted: list[int] | None, as_json: bool) -> int:
    meter = Meter("Comparing with what is withheld", shown=not as_json)
    with case.read() as s:
        found = conflict_queries.conflicts(s, wanted, meter)
        known = sorted({conflict.item_id for conflict in found})
        meter.done(f"{len(known):,} items")
        titles = {row.id: row.title for row in item_queries.rows(s, known)}
    for conflict in found:
        if as_json:
            json_line({"v": 1, **asdict(conflict), "title": titles[conflict.item_id]})
        else:
            say(f"{conflict_queries.sentence(conflict)}: {titles[conflict.item_id]}")
    if not as_json:
        say(f"{len(known):,} items would give a withheld item away.")
    return 1 if found else 0


def _list_undecided(case: Case, wanted: list[int] | None, as_json: bool) -> int:
    with case.read() as s:
        if wanted is None:
            node = FieldIs("privilege", clearance.UNDECIDED)
            wanted = [int(i) for i in item_queries.item_ids(s, node, order="id")]
        found = clearance.undecided(s, wanted)
        rows = item_queries.rows(s, [item_id for item_id, _ in found])
    for row in rows:
        if as_json:
            told = {"id": row.id, "kind": row.kind, "title": row.title, "family": row.root_id}
            json_line({"v": 1, **told})
        else:
            say(f"{row.id:>8}  {row.kind:9} {row.title or row.name}")
    if not as_json:
        say(f"Of {len(rows):,} items nobody has decided whether they are privileged.")
    return 1 if rows else 0


def _write_log(case: Case, out: Path, form: Format, as_json: bool) -> int:
    from casekit.jobs import privilege_log

    written = privilege_log.write(case, out, form)
    if as_json:
        json_line({"v": 1, "file": str(out), **asdict(written)})
        return 0
    say(f"{out}: {written.rows:,} rows on {written.items:,} withheld items.")
    if written.undescribed:
        say(f"▲ {written.undescribed:,} of them have no description yet: write it with --note.")
    return 0
