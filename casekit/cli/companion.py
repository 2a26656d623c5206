"""The command that writes lists for a word processor or a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import msgspec

from casekit.cli.output import Meter, json_line, say
from casekit.cli.privilege import LOG_FORMATS
from casekit.store.case import open_case

if TYPE_CHECKING:
    from casekit.dossier.companion import Kind

KINDS = ("index", "claims", "facts", "chronology", "trial", "privilege", "redactions", "issued")


@click.command("companion")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--spec", "spec_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The spec of the dossier that it goes with: which exhibits, paper, title.")  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(LOG_FORMATS),
    help="Of the privilege log: a row an item, a row a category, or a row an item by its metadata alone.",
)  # fmt: skip
@click.option("--to", "recipients", multiple=True, metavar="NAME, ROLE", help="Who receives it, such as “Jane "
              "Roe, opposing-counsel”; may be repeated. An order on confidentiality needs it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def companion_command(
    case: Path,
    kind: str,
    out: Path,
    spec_file: Path | None,
    form: str | None,
    recipients: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a list of CASE to OUT.docx or OUT.xlsx, to be edited: the rows that the dossier prints."""
    from casekit.dossier.spec import DossierSpec, decode
    from casekit.jobs import companion as job

    spec = decode(spec_file.read_bytes()) if spec_file else DossierSpec()
    if form:
        spec = msgspec.structs.replace(spec, privilege_format=form)
    if recipients:
        spec = msgspec.structs.replace(spec, recipients=recipients)
    meter = Meter("Writing the list", shown=not as_json)
    with open_case(case) as opened:
        written = job.write(opened, cast("Kind", kind), out, spec, meter)
    meter.done(f"{written.rows:,} rows")
    if as_json:
        json_line(
            {"v": 1, "file": str(out), "rows": written.rows, "undescribed": written.undescribed}
        )
        return
    say(f"{out}: {written.rows:,} rows.")
    if written.undescribed:
        say(f"▲ {written.undescribed:,} withheld items have no description yet: write it with "
            "“casekit privilege CASE ID --note TEXT”.")  # fmt: skip
