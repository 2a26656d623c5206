"""Commands on exhibits."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import click

from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import exhibits as exhibit_ops
from casekit.ops import trial as trial_ops
from casekit.queries import trial as trial_queries
from casekit.store.case import Case, open_case

_FIELDS = {
    "witness": "Who sponsors it.", "purpose": "What it shall prove.", "basis": "Why it is admissible.",
    "objected_by": "Who objects.", "objection": "On which ground.", "response": "The answer to that.",
    "stipulated": "Date of the stipulation.", "offered": "Date on which it was offered.",
    "admitted": "Date on which it was admitted.",
}  # fmt: skip


def _with_fields(command: Callable[..., None]) -> Callable[..., None]:
    """The options that write the trial exhibit list."""
    for name, text in reversed(_FIELDS.items()):
        metavar = "DATE" if name in trial_ops.DATES else "TEXT"
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, metavar=metavar, help=f"With --trial: {text}")(command)
    return command


@click.command("exhibit")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="[ID]", type=int, required=False)
@click.argument("label", required=False)
@click.option("--title", help="What the index of exhibits says.")
@click.option("--designation", help="Such as CONFIDENTIAL.")
@click.option("--remove", metavar="LABEL", help="Take a label away.")
@click.option("--trial", "trial", metavar="LABEL", multiple=True, help="Write what the trial exhibit list says "
              "of this exhibit, or show it; may be repeated. An empty text takes one away.")  # fmt: skip
@_with_fields
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def exhibit_command(
    case: Path, item_id: int | None, label: str | None, title: str | None, designation: str | None,
    remove: str | None, trial: tuple[str, ...], as_json: bool, **fields: str | None,
) -> None:  # fmt: skip
    """Mark item ID as exhibit LABEL (the next of series A without one), or list the exhibits."""
    given = {name: text for name, text in fields.items() if text is not None}
    if given and not trial:
        raise CaseKitError(
            "Say with --trial LABEL which exhibit the trial exhibit list tells this of."
        )
    if bool(trial) + bool(remove) + (item_id is not None) > 1:
        raise CaseKitError("Choose one: mark an item, --remove, or --trial.")
    with open_case(case) as opened:
        if remove:
            with opened.write() as s:
                changes = exhibit_ops.unmark_exhibit(s, remove)
            tell(changes, as_json)
        elif given:
            with opened.write() as s:
                changes = trial_ops.set_trial(s, dict.fromkeys(trial, given))
            tell(changes, as_json)
        elif item_id is not None:
            with opened.write() as s:
                changes = exhibit_ops.mark_exhibit(
                    s, item_id, label, title=title, designation=designation
                )
            tell(changes, as_json)
        else:
            _list(opened, trial, as_json)


def _list(case: Case, wanted: tuple[str, ...], as_json: bool) -> None:
    with case.read() as s:
        rows = trial_queries.trial_rows(s)
    known = {row.exhibit.label for row in rows}
    for label in wanted:
        if label not in known:
            raise CaseKitError("There is no exhibit {label}.", label=label)
    for row in rows:
        if wanted and row.exhibit.label not in wanted:
            continue
        if as_json:
            json_line({"v": 1, **dataclasses.asdict(row.exhibit), "trial": dict(row.values)})
            continue
        say(f"{row.exhibit.label:8} {row.exhibit.kind:9} {row.exhibit.title[:90]}")
        if wanted:
            for name, text in row.values.items():
                if text:
                    say(f"         {name.replace('_', ' ')}: {text}")
