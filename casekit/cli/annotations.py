"""Commands on annotations of passages."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import annotations as ops
from casekit.queries import annotations as queries
from casekit.queries import items
from casekit.queries.items import ItemView
from casekit.store.case import open_case

_SHOWN = 100


@click.group("annotation", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--item", type=int, help="Only those of this item.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an annotation.")
@click.pass_context
def annotation_command(ctx: click.Context, case: Path, item: int | None, as_json: bool) -> None:
    """List the annotations of passages of CASE, with what they quote."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        if item is not None:
            items.view(s, item)
        rows = queries.annotations_of(s, None if item is None else [item])
    for row in rows:
        if as_json:
            place = {"item": row.item_id, "part": row.part, "start": row.start, "stop": row.stop}
            said = {"quote": row.quote, "text": row.text, "colour": row.colour, "by": row.by}
            json_line({"v": 1, "id": row.id, **place, **said, "at_us": row.at_us})
            continue
        quote = " ".join(row.quote.split()) or "(the passage no longer says what was annotated)"
        say(
            f"{row.id:>6}  item {row.item_id}{row.letter}  {row.part} {row.start}–{row.stop}  {row.by}"
        )
        say(f"        “{quote[:_SHOWN]}{'…' if len(quote) > _SHOWN else ''}”")
        if row.text:
            say(f"        {row.text}")
    if not rows and not as_json:
        say("No passage is annotated.")


@annotation_command.command("add")
@click.argument("item_id", metavar="ID", type=int)
@click.argument("quote")
@click.option("--part", help="Of the item; without it the first in which the quote stands.")
@click.option("--note", default="", help="What is noted.")
@click.option("--colour", type=click.Choice(queries.COLOURS), default=queries.COLOURS[0])
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def add_command(
    path: Path, item_id: int, quote: str, part: str | None, note: str, colour: str, as_json: bool
) -> None:
    """Annotate the passage QUOTE of item ID, which must stand in it once, letter by letter."""
    with open_case(path) as case, case.write() as s:
        found, start = _place(items.view(s, item_id), quote, part)
        _, changes = ops.annotate(
            s, item_id, found, start, start + len(quote), text=note, colour=colour
        )
    tell(changes, as_json)


def _place(view: ItemView, quote: str, part: str | None) -> tuple[str, int]:
    texts = [*view.texts, *((page.part, page.text) for page in view.read)]
    for name, text in texts:
        if part in (None, name) and quote and quote in text:
            if text.count(quote) > 1:
                raise CaseKitError(
                    "The quote stands {n} times in the part “{part}”: quote more of it.",
                    n=text.count(quote), part=name,
                )  # fmt: skip
            return name, text.index(quote)
    raise CaseKitError("Item {id} does not say that, letter by letter.", id=view.row.id)


@annotation_command.command("change")
@click.argument("number", type=int)
@click.option("--note", help="What is noted; an empty text takes the note away.")
@click.option("--colour", type=click.Choice(queries.COLOURS))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def change_command(
    path: Path, number: int, note: str | None, colour: str | None, as_json: bool
) -> None:
    """Give annotation NUMBER another note or colour."""
    with open_case(path) as case, case.write() as s:
        changes = ops.change_annotation(s, number, text=note, colour=colour)
    tell(changes, as_json)


@annotation_command.command("remove")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def remove_command(path: Path, number: int, as_json: bool) -> None:
    """Take annotation NUMBER away; the passage stays."""
    with open_case(path) as case, case.write() as s:
        changes = ops.remove_annotation(s, number)
    tell(changes, as_json)
