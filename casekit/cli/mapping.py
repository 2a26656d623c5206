"""Commands on field mappings: look at a file of unknown records, keep a mapping, list them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from casekit.cli.output import json_line, say
from casekit.confine import Worker
from casekit.ingest import templates
from casekit.ingest.dialects.mapped import mapping_from
from casekit.ingest.preview import Preview, preview
from casekit.ingest.templates import Template


@click.group("mapping", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a mapping.")
@click.pass_context
def mapping_command(context: click.Context, as_json: bool) -> None:
    """Field mappings for records that nobody knows: list, preview, save, remove."""
    if context.invoked_subcommand is not None:
        return
    for each in templates.saved():
        if as_json:
            json_line(
                {
                    "v": 1,
                    "name": each.name,
                    "columns": each.columns,
                    "fields": json.loads(each.mapping),
                }
            )
        else:
            say(f"{each.name}: {each.mapping}")


@mapping_command.command("preview")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.File("r", encoding="utf-8"), help="Try this one (JSON).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def preview_command(file: Path, mapping: TextIO | None, as_json: bool) -> None:
    """Show the columns of FILE and what a mapping, or else its known form, makes of its records."""
    fields = mapping.read() if mapping else ""
    if fields:
        templates.check(fields)
    found = _preview(file, fields)
    if as_json:
        json_line({"v": 1, **_as_json(found)})
        return
    known = found.dialect or ("names of columns" if found.guess else "nothing")
    say(f"{found.format}, {found.records} records looked at, known by: {known}")
    for column in found.columns:
        say(f"  {column.name}  ({column.filled})  {' | '.join(s[:40] for s in column.samples)}")
    if found.guess:
        say(f"suggested mapping: {found.guess}")
    for row in found.rows[:5]:
        say(f"line {row.line}: {row.when} [{row.prompt[:60]}] → [{row.output[:60]}]")
    if found.unfit:
        say(f"▲ nothing is made of {found.unfit} of {found.records} records")
    if missing := _missing(fields, found):
        say(f"▲ the mapping names columns that no record looked at has: {', '.join(missing)}")


@mapping_command.command("save")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.File("r", encoding="utf-8"), required=True,
              help="The mapping (JSON).")  # fmt: skip
def save_command(name: str, file: Path, mapping: TextIO) -> None:
    """Keep a mapping under NAME: files with the columns of FILE are read by it from now on."""
    text = mapping.read()
    templates.check(text)
    found = _preview(file, text)
    templates.save(Template(name, found.shape, text))
    say(f"Saved: records with the columns {', '.join(found.shape)} are read by “{name}”.")


@mapping_command.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Forget the mapping saved as NAME."""
    templates.remove(name)


def _missing(fields: str, found: Preview) -> list[str]:
    """Columns of a mapping that no record has."""
    asked = mapping_from(fields) if fields else None
    known = {column.name for column in found.columns}
    return [name for name in asked.columns if not _is_in(name, known)] if asked else []


def _is_in(name: str, known: set[str]) -> bool:
    """Whether a column is there, or the one that a dotted path begins with, or one below it."""
    first = name.partition(".")[0]
    return bool({name, first} & known) or any(each.startswith(f"{name}.") for each in known)


def _preview(file: Path, mapping: str) -> Preview:
    with Worker() as worker, file.open("rb") as f:
        return preview(worker, f.fileno(), file.name, mapping)


def _as_json(found: Preview) -> dict[str, object]:
    import msgspec

    built: dict[str, object] = msgspec.to_builtins(found)
    return built
