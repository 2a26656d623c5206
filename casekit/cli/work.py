"""Commands that work on items: tags, notes, and taking acts back."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from casekit.cli.output import json_line, say
from casekit.errors import CaseKitError
from casekit.ops import journal, notes, tags
from casekit.ops.journal import Changes
from casekit.queries import facets, sequestered
from casekit.queries import items as item_queries
from casekit.search import query as parsed_query
from casekit.store.case import Case, open_case


def chosen(case: Case, ids: tuple[int, ...], query: str | None) -> list[int]:
    """The items that an act is meant for: those named, and all that a query finds.

    Raises:
        CaseKitError: One of those named is not in the case.
    """
    node = parsed_query(case, query) if query else None
    with case.read() as s:
        known = {row.id for row in item_queries.rows(s, ids)}
        for item_id in ids:
            if item_id not in known:
                raise sequestered.missing(s, item_id)
        if node is None:
            return list(ids)
        found = item_queries.item_ids(s, node, order="id")
    return [int(i) for i in np.union1d(found, np.array(ids, dtype=np.int64))]


def tell(changes: Changes, as_json: bool) -> None:
    """What an act did."""
    if as_json:
        json_line({"v": 1, "act": changes.act, "label": changes.label, "items": len(changes.ids)})
    else:
        say(changes.label)


@click.command("tag")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option("--remove", is_flag=True, help="Take the tag off instead.")
@click.option("--preview", is_flag=True, help="Only say how many items carry the tag already.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tag_command(
    case: Path, name: str | None, ids: tuple[int, ...], query: str | None, remove: bool, preview: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Put tag NAME on items (or list all tags). Levels are divided by `/`, such as issue/terms."""
    with open_case(case) as opened:
        if name is None:
            _list_tags(opened, as_json)
            return
        wanted = chosen(opened, ids, query)
        if preview:
            _preview(opened, name, wanted, as_json)
            return
        act = tags.remove_tag if remove else tags.add_tag
        with opened.write() as s:
            changes = act(s, wanted, name)
        tell(changes, as_json)


def _list_tags(case: Case, as_json: bool) -> None:
    with case.read() as s:
        for row in facets.tags(s):
            if as_json:
                json_line(
                    {
                        "v": 1,
                        "name": row.name,
                        "colour": row.colour,
                        "key": row.key,
                        "items": row.count,
                    }
                )
            else:
                say(f"{row.count:>9,}  {row.name}")


def _preview(case: Case, name: str, wanted: list[int], as_json: bool) -> None:
    with case.read() as s:
        known = next((row.id for row in facets.tags(s) if row.name == name), None)
        already = len(tags.tagged(s, wanted, known)) if known is not None else 0
    if as_json:
        json_line({"v": 1, "items": len(wanted), "already": already})
    else:
        say(f"{len(wanted):,} items, {already:,} of them carry “{name}” already.")


@click.command("note")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="ID", type=int)
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def note_command(case: Path, item_id: int, text: str, as_json: bool) -> None:
    """Write a note on item ID."""
    with open_case(case) as opened, opened.write() as s:
        item_queries.view(s, item_id)
        changes = notes.add_note(s, item_id, text)
    tell(changes, as_json)


@click.command("undo")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--act", type=int, help="Number of the act; else your last one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def undo_command(case: Path, act: int | None, as_json: bool) -> int:
    """Take an act back; the act and its taking back both stay in the custody log."""
    with open_case(case) as opened:
        if act is not None and not 0 < act <= opened.head():
            raise CaseKitError("There is no act {act} in this case.", act=act)
        with opened.write() as s:
            if act is None:
                acts = journal.undoable_acts(s, opened.actor, limit=1)
                if not acts:
                    say("There is nothing to take back.", err=True)
                    return 2
                act = acts[0][0]
            changes = journal.undo(s, act)
        tell(changes, as_json)
    return 0
