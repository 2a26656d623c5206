"""The command that writes the dossier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from casekit.cli.output import Meter, json_line
from casekit.errors import CaseKitError
from casekit.store.case import open_case

if TYPE_CHECKING:
    from casekit.dossier.pdfa import Profile
    from casekit.dossier.render import Rendered


@click.command("dossier")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--spec", "spec_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="What it holds, as JSON; without it everything, in the usual order.")  # fmt: skip
@click.option(
    "--saved", metavar="NAME", help="What it holds, as saved in the case under this name."
)
@click.option(
    "--profile",
    type=click.Choice(["filing", "bundle", "archive", "accessible"]),
    help="What it is for: a court's system, an English bundle, to keep with all natives attached, or for "
    "readers who use a screen reader.",
)
@click.option(
    "--limit", metavar="MB|COURT",
    help="The largest file in megabytes, or a court whose limit is known; what is longer comes in parts.",
)  # fmt: skip
@click.option(
    "--machine-texts", is_flag=True, help="Print what a machine read in pictures too, as an aid."
)
@click.option("--to", "recipients", multiple=True, metavar="NAME, ROLE", help="Who receives it, such as “Jane "
              "Roe, opposing-counsel”; may be repeated. An order on confidentiality needs it.")  # fmt: skip
@click.option(
    "--issue", is_flag=True, help="Freeze it: Bates numbers are allocated and never used again."
)
@click.option(
    "--pixels/--no-pixels",
    default=None,
    help="Have the installed text recognition read the finished pages with boxes and refuse the file if it "
    "reads what is redacted; without a word, of a dossier that is issued.",
)
@click.option(
    "--sealed", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT2",
    help="Write a copy for the court too, with the same page numbers, in which what is redacted can be read.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def dossier_command(
    case: Path,
    out: Path,
    spec_file: Path | None,
    saved: str | None,
    profile: Profile | None,
    limit: str | None,
    machine_texts: bool,
    recipients: tuple[str, ...],
    issue: bool,
    pixels: bool | None,
    sealed: Path | None,
    as_json: bool,
) -> None:
    """Write the dossier of CASE to OUT.pdf: a draft, which records nothing, unless it is issued."""
    from casekit.dossier import limits
    from casekit.dossier.spec import DossierSpec, decode, in_use
    from casekit.jobs import dossier as job
    from casekit.jobs.specs import saved_spec
    from casekit.jobs.two_copies import write_two

    if spec_file and saved:
        raise CaseKitError("Name a file or a saved dossier, not both.")
    spec = decode(spec_file.read_bytes()) if spec_file else DossierSpec()
    meter = Meter("Writing the dossier")
    with open_case(case) as opened:
        if saved:
            spec = in_use(saved_spec(opened, saved))
        if profile:
            spec = msgspec.structs.replace(spec, profile=profile)
        if limit is not None:
            spec = msgspec.structs.replace(spec, limit_mb=limits.megabytes(limit))
        if machine_texts:
            spec = msgspec.structs.replace(spec, machine_texts=True)
        if recipients:
            spec = msgspec.structs.replace(spec, recipients=recipients)
        beside: Rendered | None = None
        if sealed:
            rendered, beside = write_two(
                opened, spec, out, sealed, meter, issue=issue, pixels=pixels
            )
        else:
            rendered = job.write(opened, spec, out, meter, issue=issue, pixels=pixels)
    meter.done(f"{rendered.pages:,} pages")
    _tell(rendered, beside, as_json=as_json)


def _tell(rendered: Rendered, beside: Rendered | None, *, as_json: bool) -> None:
    """Print what was written; `beside` is the sealed copy."""
    from casekit.dossier import limits

    for problem in rendered.problems:
        click.echo(f"▲ {problem}", err=True)
    if as_json:
        json_line(
            {
                "v": 1,
                "pages": rendered.pages,
                "exhibits": rendered.exhibits,
                "withheld": rendered.withheld,
                "sha256": rendered.sha256,
                "sealed_sha256": beside.sha256 if beside else "",
                "parts": [str(path) for path in rendered.parts],
                "beside": [str(path) for path in rendered.beside],
                "manifest": str(rendered.manifest),
                "problems": list(rendered.problems),
            }
        )
    else:
        click.echo(
            f"{rendered.path}: {rendered.pages} pages, {rendered.exhibits} exhibits, SHA-256 {rendered.sha256}"
        )
        if beside:
            click.echo(f"{beside.path}: the sealed copy, SHA-256 {beside.sha256}")
        for path in rendered.parts[1:]:
            click.echo(f"{path}: {path.stat().st_size / limits.MEGABYTE:.1f} MB")
        for path in rendered.beside:
            click.echo(f"{path}: a native, {path.stat().st_size / limits.MEGABYTE:.1f} MB")
        if rendered.withheld:
            click.echo(f"◆ {rendered.withheld} items withheld as privileged.")
