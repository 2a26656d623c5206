"""Commands that search: by words, by meaning, and for what is like one item."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casekit import clock
from casekit.cli import similar_why
from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import tell
from casekit.clock import iso
from casekit.ops import judgements as ops
from casekit.queries import items as item_queries
from casekit.queries import judgements as queries
from casekit.queries.judgements import VERDICTS
from casekit.queries.saved_searches import query_hash
from casekit.search import Hit, SearchResult
from casekit.search.finding import Mode, Order
from casekit.search.shared import MIN_WORDS
from casekit.store.case import Case, open_case

if TYPE_CHECKING:
    from casekit.search.term_report import TermReport


class SearchGroup(click.Group):
    """`search CASE QUERY` searches; what else can be done with searches are commands below it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what names no command below as a search."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["items", *args]
        return super().parse_args(ctx, args)


@click.group("search", cls=SearchGroup)
def search_command() -> None:
    """Search CASE, or report on many terms at once: `search CASE QUERY`, `search report CASE TERMS`."""


@search_command.command("items")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query")
@click.option(
    "--mode", type=click.Choice(["words", "meaning", "both"]), default="words", show_default=True
)
@click.option("--order", type=click.Choice(["date", "rank"]), default="date", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--record", is_flag=True, help="Write it into the case's history of searches.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit.")
def items_command(
    case: Path, query: str, mode: Mode, order: Order, limit: int, record: bool, as_json: bool
) -> None:
    """Search CASE. Words and phrases, AND OR NOT, NEAR, prefix*, and fields such as from: tag: date:."""
    from casekit.search import search

    with open_case(case) as opened:
        result = search(opened, query, mode=mode, limit=limit, order=order)
        if record:
            from casekit.search.again import record_run

            record_run(opened, query, result.total if mode == "words" else len(result.hits), mode)
        _print(opened, result, as_json)


@search_command.command("report")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("terms", type=click.File("rb"))
@click.option("--within", default="", help="Search only among the items that this query finds.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="Write a workbook instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report_command(
    case: Path, terms: IO[bytes], within: str, xlsx: Path | None, as_json: bool
) -> None:
    """Count what each of many terms finds: hits, hits of no other term, hits with their families.

    TERMS is a text file with one search on each line, or - for standard input. Exact counts by words.
    """
    from casekit.jobs import term_report as job
    from casekit.search import term_report

    wanted = term_report.read_terms(terms.read())
    meter = Meter("Counting", shown=not as_json)
    with open_case(case) as opened:
        made = term_report.report(opened, wanted, scope=within, progress=meter)
        meter.done(f"{len(made.rows):,} terms")
        if xlsx is not None:
            job.write(opened, made, xlsx)
    if as_json:
        json_line(_report_values(made))
        return
    if xlsx is None:
        _say_report(made)
    for name, value in job.lines(made):
        say(f"{name}: {value}", err=xlsx is None)
    if xlsx is not None:
        say(f"{xlsx}: {len(made.rows):,} terms.")


@search_command.command("history")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Search again and show what has changed.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a search.")
def history_command(case: Path, again: bool, limit: int, as_json: bool) -> None:
    """List what was searched in CASE, when, by whom and with how many hits, newest first. Work product."""
    from casekit.queries.search_history import history
    from casekit.search.again import search_again

    with open_case(case) as opened:
        with opened.read() as s:
            rows = history(s, limit)
        for row in rows:
            now = search_again(opened, row) if again else None
            if as_json:
                told = {"v": 1, "act": row.act, "at": row.at, "by": row.by, "query": row.query,
                        "scope": row.scope, "mode": row.mode, "hits": row.hits, "note": row.note}  # fmt: skip
                if row.resolved:
                    told |= {
                        "resolved": row.resolved,
                        "resolved_sha256": query_hash(row.resolved).hex(),
                    }
                changed = {"now": now.hits, "received_since": now.received_since} if now else {}
                json_line({**told, **changed})
                continue
            by_mode = "" if row.mode == "words" else f" · by {row.mode}"
            within = f" · within {row.scope}" if row.scope else ""
            noted = f" · {row.note}" if row.note else ""
            since = f" → {now.hits:,} ({now.received_since:,} received since)" if now else ""
            say(f"{row.act:>7}  {row.at[:16]}  {row.by:20.20} {row.hits:>9,}{since}  {row.query}"
                f"{by_mode}{within}{noted}")  # fmt: skip
            if row.resolved:
                say(f"{'':47}= {row.resolved}")


@search_command.command("annotate")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("number", type=int)
@click.argument("text")
def annotate_command(case: Path, number: int, text: str) -> None:
    """Write a remark on search NUMBER of the history."""
    from casekit.ops import searches

    with open_case(case) as opened, opened.write() as s:
        say(searches.annotate_search(s, number, text).label)


@search_command.command("facets")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query", default="")
@click.option("--field", "fields", multiple=True, help="Only this field; may be repeated.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a field.")
def facets_command(
    case: Path, query: str, fields: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Count the values of every field (model, account, status, month, tag …) in what QUERY finds."""
    from casekit.search.facet_counts import FIELDS, count_facets

    with open_case(case) as opened:
        found = count_facets(opened, query, fields=fields or FIELDS, limit=limit)
    for facet in found:
        if as_json:
            values = [
                {"value": v.text, "count": v.count, "query": v.query, "label": v.label}
                for v in facet.values
            ]
            json_line({"v": 1, "field": facet.field, "values": values, "more": facet.more})
        elif facet.values:
            say(facet.field)
            for value in facet.values:
                say(f"{value.count:>11,}  {value.label}")
            if facet.more:
                say(f"{'':11}  and {facet.more:,} more")


@search_command.command("complete")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("text", default="")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an option.")
def complete_command(case: Path, text: str, limit: int, as_json: bool) -> None:
    """List what can be written at the end of TEXT: fields, values of CASE with their counts, saved searches."""
    from casekit.search.completing import complete

    with open_case(case) as opened:
        found = complete(opened, text, len(text), every=not text or text[-1] in " (")
    for option in found.options[:limit]:
        if as_json:
            whole = text[: found.start] + option.text
            json_line({"v": 1, "text": whole, "sort": option.sort, "count": option.count})
        else:
            count = "" if option.count is None else f"{option.count:,}"
            told = option.about if option.sort != "value" else ""
            say(f"{count:>11}  {option.text:24}  {told}".rstrip())


def _say_report(made: TermReport) -> None:
    say(f"{'hits':>11} {'unique':>11} {'with family':>11}  term")
    for row in made.rows:
        if row.error:
            say(f"{'not read':>35}  {row.query}")
            say(f"{'':37}{' ' * row.position}^ {row.error}")
            continue
        said = f"  ▲ {'; '.join(row.warnings)}" if row.warnings else ""
        say(f"{row.hits:>11,} {row.unique:>11,} {row.with_family:>11,}  {row.query}{said}")
        if row.resolved:
            say(f"{'':37}= {row.resolved}")
    say(f"{made.total:>11,} {'':>11} {made.total_with_family:>11,}  any of them")


def _report_values(made: TermReport) -> dict[str, object]:
    rows: list[dict[str, object]] = []
    for row in made.rows:
        told: dict[str, object] = {"line": row.line, "query": row.query}
        if row.error:
            told |= {"error": row.error, "position": row.position}
        else:
            told |= {"hits": row.hits, "unique": row.unique, "with_family": row.with_family,
                     "hits_sha256": row.hash.hex()}  # fmt: skip
        if row.resolved:
            told |= {"resolved": row.resolved, "resolved_sha256": query_hash(row.resolved).hex()}
        if row.warnings:
            told["warnings"] = list(row.warnings)
        rows.append(told)
    return {
        "v": 1, "at": iso(made.at_us), "scope": made.scope, "scope_resolved": made.scope_resolved,
        "searched": made.searched,
        "set_sha256": made.set_hash.hex(), "total": made.total,
        "total_with_family": made.total_with_family, "index": made.index, "indexed": made.indexed,
        "custody_head": made.head, "not_searched": {n.reason: n.count for n in made.not_searched},
        "terms": rows,
    }  # fmt: skip


@click.command("similar")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="[ID]", type=int, required=False)
@click.argument("other_id", metavar="[OTHER]", type=int, required=False)
@click.argument("verdict", type=click.Choice([*VERDICTS, "none"]), required=False)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--within", default="", help="Only among the items that this query finds.")
@click.option(
    "--why", is_flag=True, help="Of two items: also sentences nearest in meaning, and rare words."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def similar_command(
    case: Path, item_id: int | None, other_id: int | None, verdict: str | None, limit: int, within: str,
    why: bool, as_json: bool,
) -> None:  # fmt: skip
    """List what is nearest in meaning to item ID; compare it with OTHER; or judge the two with a VERDICT.

    Without ID all judgements are listed. Ranks are not findings.
    """
    from casekit.search import similar

    with open_case(case) as opened:
        if item_id is None:
            _judgements(opened, as_json)
        elif other_id is None:
            result = similar(opened, item_id, limit=limit, within=within or None)
            _print(opened, result, as_json)
        elif verdict is None and why:
            similar_why.say_why(opened, item_id, other_id, as_json)
        elif verdict is None:
            _compare(opened, item_id, other_id, as_json)
        else:
            with opened.write() as s:
                changes = (
                    ops.unjudge(s, item_id, other_id)
                    if verdict == "none"
                    else ops.judge(s, item_id, other_id, verdict)
                )
            tell(changes, as_json)


def _judgements(case: Case, as_json: bool) -> None:
    with case.read() as s:
        rows = queries.judgements(s)
    torn = queries.disputed(rows)
    for row in rows:
        disputed = (row.item_id, row.other_id) in torn
        if as_json:
            pair = {"item": row.item_id, "other": row.other_id, "verdict": row.verdict}
            json_line({"v": 1, **pair, "by": row.by, "at_us": row.at_us, "disputed": disputed})
        else:
            when = f"{clock.from_us(row.at_us):%Y-%m-%d %H:%M} UTC"
            mark = "   ▲ disputed" if disputed else ""
            say(f"{row.item_id:>8} {row.other_id:>8}  {row.verdict:9}  {row.by}, {when}{mark}")
    if not rows and not as_json:
        say("No pair has been judged.")


def _compare(case: Case, item_id: int, other_id: int, as_json: bool) -> None:
    from casekit.search.shared import compare

    with case.read() as s:
        left, right = item_queries.view(s, item_id), item_queries.view(s, other_id)
        found = compare(s, left, right)
    text = left.text(found.left_part)
    if as_json:
        counts = {
            "words": found.words,
            "in_prompt": found.in_prompt,
            "by_control": found.by_control,
        }
        runs = [asdict(run) for run in found.shared]
        parts = {"part": found.left_part, "other_part": found.right_part}
        json_line({"v": 1, "id": item_id, "other": other_id, **parts, **counts, "runs": runs})
        return
    for number, run in enumerate(found.shared, 1):
        say(f"[{number}] {run.words} words")
        for piece in run.left:
            said = {"": "", "prompt": "  (the prompt says it)"}.get(
                piece.ground, f"  (a control says it: {', '.join(piece.models)})"
            )
            say(f"     {' '.join(text[piece.start : piece.stop].split())}{said}")
    say(
        f"{found.words:,} words shared in runs of {MIN_WORDS} or more; {found.in_prompt:,} of them are in a "
        f"prompt, {found.by_control:,} in an answer of a control.", err=True,
    )  # fmt: skip


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
