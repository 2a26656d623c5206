"""The command that writes the provenance of exhibits, or of a volume, for other forensic tools."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from casekit.cli.output import Meter, json_line, say
from casekit.errors import CaseKitError
from casekit.store.case import open_case


@click.command("provenance")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--spec", "spec_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The spec of the dossier that it goes with: which exhibits.")  # fmt: skip
@click.option("--volume", default="", metavar="NAME",
              help="Instead of the exhibits: the documents of that volume, such as VOL001.")  # fmt: skip
@click.option("--to", "recipients", multiple=True, metavar="NAME, ROLE", help="Who receives it, such as “Jane "
              "Roe, opposing-counsel”; may be repeated. An order on confidentiality needs it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def provenance_command(
    case: Path, out: Path, spec_file: Path | None, volume: str, recipients: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """Write where the exhibits of CASE, or a volume, come from to OUT.jsonld, in the words of CASE and UCO."""
    from casekit.dossier.spec import DossierSpec, decode
    from casekit.jobs import provenance

    spec = decode(spec_file.read_bytes()) if spec_file else DossierSpec()
    if recipients:
        spec = msgspec.structs.replace(spec, recipients=recipients)
    meter = Meter("Writing the provenance", shown=not as_json)
    if volume and spec_file:
        raise CaseKitError("A volume has no spec: leave --spec out, or --volume.")
    with open_case(case) as opened:
        if volume:
            made = provenance.write_volume(opened, volume, out, recipients, meter)
        else:
            made = provenance.write(opened, out, spec, meter)
    what = "documents" if volume else "exhibits"
    meter.done(f"{made.exhibits:,} {what}")
    if as_json:
        json_line({
            "v": 1, "file": str(out), "exhibits": made.exhibits, "files": made.files, "entries": made.entries,
            "left_out": made.left_out,
        })  # fmt: skip
    else:
        say(
            f"{out}: {made.exhibits:,} {what}, {made.files:,} files, {made.entries:,} custody entries."
        )
        if made.left_out:
            say(f"◆ {made.left_out:,} documents are left out: withheld or sequestered by now.")
