"""Commands on claims: what must be shown, and what there is for each element."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops import claims as ops
from casekit.queries import claims as queries
from casekit.queries import matter as matter_queries
from casekit.store.case import open_case

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
SIGNS = {"no-fact": "▲ no fact", "no-citation": "△ facts, no citation", "disputed": "◐ disputed",
         "supported": "● supported"}  # fmt: skip


@click.group("claim", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--gaps", is_flag=True, help="Only elements without evidence; exit code 1 if there are any."
)
@_json
@click.pass_context
def claim_command(context: click.Context, case: Path, gaps: bool, as_json: bool) -> int:
    """Show the claims of CASE, and for each element which facts speak for it, and which against it.

    The templates are outlines to begin with, to be checked by counsel.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return 0
    with open_case(case) as opened, opened.read() as s:
        made = queries.matrix(s)
    found = 0
    for row, elements in made:
        shown = [each for each in elements if each.is_gap or not gaps]
        found += sum(each.is_gap for each in shown)
        if as_json:
            json_line({"v": 1, **_plain(row, shown)})
            continue
        say(f"{row.id}  {row.name}{f' ({row.law})' if row.law else ''}")
        for each in shown:
            against = f", against it {_numbers(each.against)}" if each.against else ""
            say(f"  {each.element.id:>4}  {SIGNS[each.state]:22} {each.element.name}")
            if each.supporting or against:
                say(f"        facts {_numbers(each.supporting) or 'none'}{against}")
    if not made and not as_json:
        say(
            "There is no claim yet: “casekit claim CASE add --kind terms” makes one from a template."
        )
    return int(gaps and found > 0)


@claim_command.command("templates")
@click.option("--law", type=click.Choice(queries.LAWS), help="Only those of this wording.")
@_json
@click.pass_obj
def templates_command(path: Path, law: str | None, as_json: bool) -> None:  # noqa: ARG001
    """List the claims that the wording of each law has, with their elements."""
    for each in queries.templates():
        if law is not None and each.law != law:
            continue
        if as_json:
            told = {"kind": each.kind, "law": each.law, "name": each.name, "source": each.source}
            json_line({"v": 1, **told, "elements": [name for name, _ in each.elements]})
        else:
            say(f"{each.law} {each.kind}: {each.name}")
            say(f"   {each.source}")
            for name, note in each.elements:
                say(f"   – {name}{f' ({note})' if note else ''}")


@claim_command.command("add")
@click.argument("name", required=False, default="")
@click.option("--kind", default="", help="A template: terms, trade-secrets, copyright, computer-misuse, "
              "unfair-competition.")  # fmt: skip
@click.option("--law", help="Its wording; without one that of the matter.")
@click.option("--note", default="", help="What counsel says of it.")
@_json
@click.pass_obj
def add_command(
    path: Path, name: str, kind: str, law: str | None, note: str, as_json: bool
) -> None:
    """Add a claim, from a template with its elements or under NAME alone."""
    with open_case(path) as case:
        if law is None:
            with case.read() as s:
                law = matter_queries.get(s).profile or "neutral"
        with case.write() as s:
            claim_id, changes = ops.add_claim(s, name, kind=kind, law=law, note=note)
    if as_json:
        json_line({"v": 1, "act": changes.act, "label": changes.label, "claim": claim_id})
    else:
        say(f"{changes.label}: number {claim_id}.")


@claim_command.command("element")
@click.argument("claim_id", metavar="CLAIM", type=int)
@click.argument("name")
@click.option("--note", default="", help="What it asks.")
@_json
@click.pass_obj
def element_command(path: Path, claim_id: int, name: str, note: str, as_json: bool) -> None:
    """Add an element to a claim."""
    _do(path, as_json, lambda s: ops.add_element(s, claim_id, name, note=note)[1])


@claim_command.command("set")
@click.argument("number", metavar="ID", type=int)
@click.option("--element", "is_element", is_flag=True, help="ID is that of an element.")
@click.option("--name", help="Another name.")
@click.option("--note", help="Another note.")
@click.option("--place", type=click.IntRange(1), help="Of an element: its place in the claim.")
@_json
@click.pass_obj
def set_command(
    path: Path, number: int, is_element: bool, name: str | None, note: str | None, place: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Change a claim or, with --element, an element."""
    if is_element:
        _do(
            path,
            as_json,
            lambda s: ops.change_element(s, number, name=name, note=note, position=place),
        )
    else:
        _do(path, as_json, lambda s: ops.change_claim(s, number, name=name, note=note))


@claim_command.command("remove")
@click.argument("number", metavar="ID", type=int)
@click.option("--element", "is_element", is_flag=True, help="ID is that of an element.")
@_json
@click.pass_obj
def remove_command(path: Path, number: int, is_element: bool, as_json: bool) -> None:
    """Take a claim with its elements away, or with --element an element; the facts stay."""
    act = ops.delete_element if is_element else ops.delete_claim
    _do(path, as_json, lambda s: act(s, number))


def _plain(row: queries.ClaimRow, elements: list[queries.MatrixRow]) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "kind": row.kind, "law": row.law, "note": row.note,
        "elements": [
            {
                "id": each.element.id, "name": each.element.name, "note": each.element.note,
                "state": each.state, "citations": each.cites,
                "supporting": [one.id for one in each.supporting],
                "against": [one.id for one in each.against],
            }
            for each in elements
        ],
    }  # fmt: skip


def _numbers(rows: tuple[Any, ...]) -> str:
    return ", ".join(str(row.id) for row in rows)


def _do(path: Path, as_json: bool, op: Callable[[Any], Any]) -> None:
    with open_case(path) as case, case.write() as s:
        changes = op(s)
    tell(changes, as_json)
