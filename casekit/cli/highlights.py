"""Commands on highlights: sets of terms that the viewer marks, and how often each of them stands where."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import highlights as ops
from casekit.queries import highlights as queries
from casekit.queries import items
from casekit.store.case import Case, open_case


@click.group("highlight", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--item", type=int, help="Count in this item instead of in the case.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a term.")
@click.pass_context
def highlight_command(ctx: click.Context, case: Path, item: int | None, as_json: bool) -> None:
    """Show the sets of highlights of CASE, and in how many items each term stands."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened:
        with opened.read() as s:
            sets = queries.highlight_sets(s)
        terms = [term for one in sets for term in one.terms]
        counts = iter(_counts(opened, terms, item))
    for one in sets:
        if not as_json:
            state = "" if one.shown else ", hidden"
            say(f"{one.number}  {one.name}  ({one.colour}, {one.pattern}{state})")
        for term in one.terms:
            count = next(counts)
            if as_json:
                looks = {"colour": one.colour, "pattern": one.pattern, "shown": one.shown}
                what = "items" if item is None else "places"
                json_line({"v": 1, "set": one.name, **looks, "term": term, what: count})
            else:
                say(f"{count:>9,}  {term}")
    if not sets and not as_json:
        say(
            "There are no highlights. Make a set with “casekit highlight CASE set NAME --term TERM”."
        )


def _counts(case: Case, terms: list[str], item_id: int | None) -> list[int]:
    from casekit.search import items_with, terms_in

    if item_id is None:
        return items_with(case, terms)
    with case.read() as s:
        view = items.view(s, item_id)
    texts = [*(text for _, text in view.texts), *(page.text for page in view.read)]
    places = [number for text in texts for _, _, number in terms_in(terms, text)]
    return [places.count(number) for number in range(len(terms))]


@highlight_command.command("set")
@click.argument("name")
@click.option("--term", "terms", multiple=True, help="A word or phrase, `*` at its end; repeat it.")
@click.option("--file", type=click.Path(path_type=Path), help="A file with a term a line.")
@click.option("--add", is_flag=True, help="Add the terms to those that the set has.")
@click.option("--colour", type=click.Choice(queries.COLOURS))
@click.option(
    "--pattern", type=click.Choice(queries.PATTERNS), help="How its terms are underlined."
)
@click.option("--show/--hide", default=None, help="Whether its terms are marked.")
@click.option("--rename", help="What it is called from now on.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def set_command(
    path: Path, name: str, terms: tuple[str, ...], file: Path | None, add: bool, colour: str | None,
    pattern: str | None, show: bool | None, rename: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Make the set NAME, or change it; with terms these take the place of its own."""
    given = [*terms, *(_lines(file) if file else ())]
    if add and not given:
        raise CaseKitError("Name the terms to add with --term or --file.")
    with open_case(path) as case, case.write() as s:
        before = {one.name: one.terms for one in queries.highlight_sets(s)}.get(name, ())
        changes = ops.set_highlights(
            s, name, terms=[*(before if add else ()), *given] if given else None,
            colour=colour, pattern=pattern, shown=show, new_name=rename,
        )  # fmt: skip
    tell(changes, as_json)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseKitError("{file} cannot be read as text in UTF-8.", file=file.name) from error


@highlight_command.command("remove")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def remove_command(path: Path, name: str, as_json: bool) -> None:
    """Take the set NAME away."""
    with open_case(path) as case, case.write() as s:
        changes = ops.remove_highlights(s, name)
    tell(changes, as_json)
