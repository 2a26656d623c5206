"""The command on documents in force by date."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops import in_force as ops
from casekit.queries import in_force as queries
from casekit.queries.moments import stretch
from casekit.store.case import open_case

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_zone = click.option(
    "--zone", default="UTC", help="In which dates are read: UTC, +08:00, Asia/Shanghai."
)


def _dates(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a version is called and when it was published."""
    for option in (
        _zone,
        click.option("--until", "withdrawn", default="", metavar="DATE", help="From when it no longer was."),
        click.option("--from", "published", required=True, metavar="DATE", help="When it was published."),
        click.option("--label", required=True, help="Such as “1 October 2025”."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group("terms", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@_json
@click.pass_context
def terms_command(context: click.Context, case: Path, as_json: bool) -> None:
    """List the terms, policies and contracts of CASE with their versions; `at` says which was in force."""
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        rows = queries.documents(s)
    for row in rows:
        if as_json:
            json_line({"v": 1, **dataclasses.asdict(row)})
            continue
        say(f"{row.id}  {row.name} ({row.kind}{f', {row.party}' if row.party else ''})")
        for one in row.versions:
            until = one.withdrawn or ("until the next" if one.until_us is not None else "open")
            say(
                f"   {one.id}  {one.label}: item {one.item_id}, {one.published} – {until} {one.zone}"
            )
            if one.clauses:
                shown = ", ".join(f"{each.label} ({each.id})" for each in one.clauses)
                say(f"      clauses {shown}")
            for each in one.assents:
                whose = each.account or "all"
                say(f"      {each.id}  {each.kind} {each.dated}, {whose}: item {each.item_id}")


@terms_command.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(queries.KINDS), default="terms", help="What it is.")
@click.option("--party", default="", help="Whose document it is.")
@_json
@click.pass_obj
def add_command(path: Path, name: str, kind: str, party: str, as_json: bool) -> None:
    """Add a document that is or was in force in versions."""
    _do(path, as_json, lambda s: ops.add_document(s, name, kind=kind, party=party)[1])


@terms_command.command("version")
@click.argument("document_id", metavar="DOCUMENT", type=int)
@click.argument("item_id", metavar="ITEM", type=int)
@_dates
@_json
@click.pass_obj
def version_command(
    path: Path, document_id: int, item_id: int, label: str, published: str, withdrawn: str, zone: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Say that ITEM is a version of a document, and from when to when it was published."""
    _do(
        path, as_json,
        lambda s: ops.add_version(
            s, document_id, item_id, label, published, withdrawn=withdrawn, zone=zone
        )[1],
    )  # fmt: skip


@terms_command.command("change")
@click.argument("version_id", metavar="VERSION", type=int)
@_dates
@_json
@click.pass_obj
def change_command(
    path: Path, version_id: int, label: str, published: str, withdrawn: str, zone: str, as_json: bool
) -> None:  # fmt: skip
    """Change label and dates of VERSION; its clauses and evidence stay."""
    _do(
        path, as_json,
        lambda s: ops.change_version(
            s, version_id, label=label, published=published, withdrawn=withdrawn, zone=zone
        ),
    )  # fmt: skip


@terms_command.command("remove")
@click.argument("what", type=click.Choice(list(ops.TABLES)))
@click.argument("number", type=int)
@_json
@click.pass_obj
def remove_command(path: Path, what: str, number: int, as_json: bool) -> None:
    """Take a document, version, clause or piece of evidence away, with what is below it."""
    _do(path, as_json, lambda s: ops.take_away(s, what, number))


@terms_command.command("clause")
@click.argument("version_id", metavar="VERSION", type=int)
@click.argument("label")
@click.argument("part")
@click.argument("start", type=int)
@click.argument("stop", type=int)
@_json
@click.pass_obj
def clause_command(
    path: Path, version_id: int, label: str, part: str, start: int, stop: int, as_json: bool
) -> None:
    """Say that clause LABEL of a version is the characters START to STOP of a PART of its item."""
    _do(path, as_json, lambda s: ops.add_clause(s, version_id, label, part, start, stop))


@terms_command.command("evidence")
@click.argument("version_id", metavar="VERSION", type=int)
@click.argument("kind", type=click.Choice([queries.NOTICE, queries.ACCEPTANCE]))
@click.argument("item_id", metavar="ITEM", type=int)
@click.option("--on", "dated", required=True, metavar="DATE", help="When it was.")
@click.option("--account", default="", help="Whose; without one it concerns all accounts.")
@click.option("--note", default="", help="What there is to say of it.")
@_zone
@_json
@click.pass_obj
def evidence_command(
    path: Path, version_id: int, kind: str, item_id: int, dated: str, account: str, note: str, zone: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Say that ITEM shows notice of a version, or its acceptance."""
    _do(
        path, as_json,
        lambda s: ops.add_assent(
            s, version_id, kind, item_id, dated, account=account, zone=zone, note=note
        ),
    )  # fmt: skip


@terms_command.command("at")
@click.argument("date")
@click.option("--account", default="", help="Whose notice and acceptance is asked for.")
@_zone
@_json
@click.pass_obj
def at_command(path: Path, date: str, account: str, zone: str, as_json: bool) -> None:
    """Say which versions were published at DATE (at its first instant), and who is shown to have known."""
    with open_case(path) as case, case.read() as s:
        rows = queries.in_force(s, stretch(date, zone)[0], account)
    for row in rows:
        if as_json:
            told = {"notices": row.notices, "acceptances": row.acceptances}
            plain = {name: [dataclasses.asdict(one) for one in each] for name, each in told.items()}
            version = dataclasses.asdict(row.version) if row.version else None
            json_line({"v": 1, "document": row.document.name, "version": version, **plain})
            continue
        what = (
            f"{row.version.label}, item {row.version.item_id}" if row.version else "none published"
        )
        say(f"{row.document.name}: {what}")
        for head, found in (("notice", row.notices), ("acceptance", row.acceptances)):
            shown = "; ".join(f"item {one.item_id}, {one.dated}" for one in found)
            say(f"   evidence of {head}: {shown or 'none'}")


def _do(path: Path, as_json: bool, op: Callable[[Any], Any]) -> None:
    with open_case(path) as case, case.write() as s:
        changes = op(s)
    tell(changes, as_json)
