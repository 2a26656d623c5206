"""Commands on exhibits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.ops import exhibits as exhibit_ops
from casekit.queries import exhibits as exhibit_queries
from casekit.store.case import open_case


@click.command("exhibit")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="[ID]", type=int, required=False)
@click.argument("label", required=False)
@click.option("--title", help="What the index of exhibits says.")
@click.option("--designation", help="Such as CONFIDENTIAL.")
@click.option("--remove", metavar="LABEL", help="Take a label away.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def exhibit_command(
    case: Path, item_id: int | None, label: str | None, title: str | None, designation: str | None,
    remove: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Mark item ID as exhibit LABEL (the next of series A without one), or list the exhibits."""
    with open_case(case) as opened:
        if remove:
            with opened.write() as s:
                changes = exhibit_ops.unmark_exhibit(s, remove)
            tell(changes, as_json)
        elif item_id is not None:
            with opened.write() as s:
                changes = exhibit_ops.mark_exhibit(
                    s, item_id, label, title=title, designation=designation
                )
            tell(changes, as_json)
        else:
            with opened.read() as s:
                for row in exhibit_queries.exhibits(s):
                    if as_json:
                        json_line({"v": 1, **dataclasses.asdict(row)})
                    else:
                        say(f"{row.label:8} {row.kind:9} {row.title[:90]}")
