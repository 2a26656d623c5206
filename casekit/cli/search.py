"""Commands that search: by words, by meaning, and for what is like one item."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli.output import json_line, say
from casekit.queries import items as item_queries
from casekit.search import Hit, SearchResult
from casekit.search.finding import Mode, Order
from casekit.store.case import Case, open_case


@click.command("search")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query")
@click.option(
    "--mode", type=click.Choice(["words", "meaning", "both"]), default="words", show_default=True
)
@click.option("--order", type=click.Choice(["date", "rank"]), default="date", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit.")
def search_command(
    case: Path, query: str, mode: Mode, order: Order, limit: int, as_json: bool
) -> None:
    """Search CASE. Words and phrases, AND OR NOT, NEAR, prefix*, and fields such as from: tag: date:."""
    from casekit.search import search

    with open_case(case) as opened:
        result = search(opened, query, mode=mode, limit=limit, order=order)
        _print(opened, result, as_json)


@click.command("similar")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="ID", type=int)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--within", default="", help="Only among the items that this query finds.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit.")
def similar_command(case: Path, item_id: int, limit: int, within: str, as_json: bool) -> None:
    """List what is nearest in meaning to item ID. Ranks are not findings."""
    from casekit.search import similar

    with open_case(case) as opened:
        result = similar(opened, item_id, limit=limit, within=within or None)
        _print(opened, result, as_json)


def _print(case: Case, result: SearchResult, as_json: bool) -> None:
    if as_json:
        for hit in result.hits:
            json_line(_values(hit))
    else:
        with case.read() as s:
            rows = {row.id: row for row in item_queries.rows(s, [hit.id for hit in result.hits])}
        for hit in result.hits:
            row = rows[hit.id]
            by = " · as a machine read it" if hit.read_by_machine else ""
            say(f"{hit.id:>8}  {row.kind:9} {row.model or row.sender:24.24} {row.title[:80]}{by}")
        say(f"{result.total:,} found", err=True)
    if result.by_assumption:
        say(f"{result.by_assumption:,} match only by an assumed time zone: casekit times", err=True)
    for missing in result.not_searched:
        say(f"{missing.count:,} not searched: {missing.reason}", err=True)


def _values(hit: Hit) -> dict[str, object]:
    spans = [{"part": span.part, "start": span.start, "stop": span.stop} for span in hit.spans]
    scores = {
        "score": hit.score,
        "words_score": hit.words_score,
        "meaning_score": hit.meaning_score,
    }
    known = {name: round(value, 6) for name, value in scores.items() if value is not None}
    said = {"read_by_machine": True} if hit.read_by_machine else {}
    return {"v": 1, "id": hit.id, **known, "spans": spans, **said}
