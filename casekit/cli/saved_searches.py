"""Commands for saved searches: save, list with counts, change, take away."""

from __future__ import annotations

from pathlib import Path

import click

from casekit import clock
from casekit.cli.output import json_line, say
from casekit.cli.search import search_command
from casekit.cli.work import tell
from casekit.clock import iso
from casekit.queries.saved_searches import SearchRow, query_hash, saved_search_named, saved_searches
from casekit.store.case import Case, open_case

MODES = click.Choice(["words", "meaning", "both"])


@search_command.command("save")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name")
@click.argument("query")
@click.option("--mode", type=MODES, default="words")
@click.option("--note", help="What is to be said of it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def save_command(
    case: Path, name: str, query: str, mode: str, note: str | None, as_json: bool
) -> None:
    """Save QUERY under NAME; other searches can hold it as saved:NAME. The same NAME again replaces it."""
    from casekit.ops import searches
    from casekit.search import query as read

    with open_case(case) as opened:
        read(opened, query)
        with opened.write() as s:
            changes = searches.save_search(s, name, query, mode, note=note)
        tell(changes, as_json)


@search_command.command("saved")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--count", is_flag=True, help="Count each again, with families, and keep the counts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a search.")
def saved_command(case: Path, count: bool, as_json: bool) -> None:
    """List the saved searches of CASE by name, with notes and last counts. Work product."""
    from casekit.search.again import count_saved

    with open_case(case) as opened:
        if count:
            for row in _rows(opened):
                if row.mode == "words":
                    count_saved(opened, row)
        rows = _rows(opened)
    for row in rows:
        if as_json:
            json_line(_values(row))
            continue
        by_mode = "" if row.mode == "words" else f" · by {row.mode}"
        say(f"{row.name}: {row.query}{by_mode}")
        c = row.count
        if c is not None:
            when = f"{clock.from_us(c.at_us):%Y-%m-%d %H:%M}"
            say(
                f"    {c.hits:,} items, {c.with_family:,} with family, counted {when} UTC by {c.by}"
            )
        if row.note:
            say(f"    {row.note}")
    if not rows and not as_json:
        say("No search is saved.")


@search_command.command("edit")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name")
@click.option("--name", "new", help="Another name; searches that hold it by its name follow.")
@click.option("--query", help="Another query.")
@click.option("--mode", type=MODES)
@click.option("--note", help="What is to be said of it; empty takes the note away.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def edit_command(
    case: Path, name: str, new: str | None, query: str | None, mode: str | None, note: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Change the saved search NAME; what is not given stays."""
    from casekit.search.again import change_saved

    with open_case(case) as opened, opened.write() as s:
        row = saved_search_named(s, name)
        tell(change_saved(s, row, name=new, query=query, mode=mode, note=note), as_json)


@search_command.command("delete")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def delete_command(case: Path, name: str, as_json: bool) -> None:
    """Take the saved search NAME away, unless another one holds it."""
    from casekit.search.again import delete_saved

    with open_case(case) as opened, opened.write() as s:
        tell(delete_saved(s, saved_search_named(s, name)), as_json)


def _rows(case: Case) -> list[SearchRow]:
    with case.read() as s:
        return saved_searches(s)


def _values(row: SearchRow) -> dict[str, object]:
    told: dict[str, object] = {
        "v": 1, "name": row.name, "query": row.query, "mode": row.mode, "note": row.note, "by": row.by,
        "at": iso(row.at_us) if row.at_us else "",
    }  # fmt: skip
    c = row.count
    if c is not None:
        told["count"] = {
            "hits": c.hits, "with_family": c.with_family, "hits_sha256": c.hits_sha256.hex(),
            "resolved": c.resolved, "resolved_sha256": query_hash(c.resolved).hex(), "custody_head": c.head,
            "by": c.by, "at": iso(c.at_us),
        }  # fmt: skip
    return told
