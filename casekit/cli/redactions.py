"""The command that withholds passages from what leaves the case."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from casekit.cli.output import json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import redactions as redaction_ops
from casekit.queries import items as item_queries
from casekit.queries import redactions as redaction_queries
from casekit.queries.redactions import PRESETS
from casekit.store.case import Case, open_case


@click.command("redact")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option(
    "--words", multiple=True, help="Withhold these words wherever they stand in the items."
)
@click.option("--preset", multiple=True, type=click.Choice(sorted(PRESETS)),
              help="Withhold what has this form.")  # fmt: skip
@click.option("--part", help="Withhold characters --from to --to of this part of one item.")
@click.option("--from", "start", type=int, help="First character, from 0.")
@click.option("--to", "stop", type=int, help="The character after the last.")
@click.option(
    "--reason", type=click.Choice(redaction_ops.REASONS), default="privacy", show_default=True
)
@click.option("--authority", default="", help="By which rule or order, such as “Rule 5.2(a)”.")
@click.option("--lift", type=int, multiple=True, help="Show the passage of this number again.")
@click.option("--preview", is_flag=True, help="Only say what would be withheld.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def redact_command(
    case: Path, ids: tuple[int, ...], query: str | None, words: tuple[str, ...],
    preset: tuple[str, ...], part: str | None, start: int | None, stop: int | None, reason: str,
    authority: str, lift: tuple[int, ...], preview: bool, as_json: bool,
) -> None:  # fmt: skip
    """Withhold passages of items from every dossier; without options, list what is withheld.

    The items themselves stay as they are. A dossier that would tell the same words elsewhere is refused.
    """
    with open_case(case) as opened:
        if lift:
            with opened.write() as s:
                tell(redaction_ops.lift(s, lift), as_json)
            return
        if not words and not preset and part is None:
            _list(opened, ids, as_json)
            return
        spans = (
            _spans(opened, chosen(opened, ids, query), words, preset)
            if part is None
            else [_span(ids, part, start, stop)]
        )
        if preview or not spans:
            _tell_spans(spans, as_json)
            return
        with opened.write() as s:
            changes = redaction_ops.redact(s, spans, reason, authority=authority)
        tell(changes, as_json)


def _span(
    ids: tuple[int, ...], part: str, start: int | None, stop: int | None
) -> tuple[int, str, int, int]:
    if len(ids) != 1 or start is None or stop is None:
        raise CaseKitError("A part is of one item: name the item, --from and --to.")
    return ids[0], part, start, stop


def _spans(
    case: Case, ids: list[int], words: tuple[str, ...], presets: tuple[str, ...]
) -> list[tuple[int, str, int, int]]:
    found = []
    with case.read() as s:
        for item_id in ids:
            for part, text in dict(reversed(item_queries.view(s, item_id).texts)).items():
                places = [redaction_queries.find_words(text, each) for each in words]
                places += [redaction_queries.find_preset(text, each) for each in presets]
                found += [(item_id, part, a, b) for each in places for a, b in each]
    return sorted(set(found))


def _tell_spans(spans: list[tuple[int, str, int, int]], as_json: bool) -> None:
    if as_json:
        names = ("item", "part", "from", "to")
        listed = [dict(zip(names, span, strict=True)) for span in spans]
        json_line({"v": 1, "found": listed})
        return
    for item_id, part, start, stop in spans:
        say(f"item {item_id}, {part}: characters {start} to {stop - 1}")
    say(f"{len(spans):,} passages in {len({span[0] for span in spans}):,} items.")


def _list(case: Case, ids: tuple[int, ...], as_json: bool) -> None:
    with case.read() as s:
        rows = redaction_queries.redactions(s, ids or None)
    if as_json:
        json_line({"v": 1, "redactions": [dataclasses.asdict(row) for row in rows]})
        return
    for row in rows:
        authority = f", {row.authority}" if row.authority else ""
        place = f"item {row.item_id}, {row.part}: characters {row.start} to {row.stop - 1}"
        say(f"{row.id:>5}  {place}  {row.reason}{authority}  {row.by}")
    say(f"{len(rows):,} passages are withheld.")
