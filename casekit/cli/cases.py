"""Commands on a whole case: make it, describe its matter, verify it, open it in the window."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.ops import matter as matter_ops
from casekit.queries import matter as matter_queries
from casekit.store.case import create_case, open_case

if TYPE_CHECKING:
    from casekit.jobs.verify import VerifyReport


@click.command("new")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--matter", required=True, help="Name of the proceeding, such as “Aurora v. Meridian”."
)
def new_command(case: Path, matter: str) -> None:
    """Make a new case folder CASE.casekit."""
    with create_case(case, matter) as made:
        for warning in made.warnings():
            say(warning, err=True)
        say(str(made.folder))


@click.group("matter", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def matter_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """Show the matter of CASE, or `set` what is known of it and add its parties."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        row = dataclasses.asdict(matter_queries.get(s))
    if as_json:
        json_line({"v": 1, **row})
        return
    for key, value in row.items():
        if key == "parties":
            for party in value:
                say(f"{party['side']:14} {party['name']}")
        elif value:
            say(f"{key:14} {value}")


def _option(key: str) -> str:
    return "--" + key.replace("_", "-")


@matter_command.command("set")
@click.option(
    "--party", "parties", multiple=True, metavar="SIDE=NAME", help="A party; may be repeated."
)
@click.pass_obj
def matter_set(path: Path, /, parties: tuple[str, ...], **values: str | None) -> None:
    """Set what the court's caption needs; an empty value takes it away."""
    with open_case(path) as case, case.write() as s:
        given = {key: value for key, value in values.items() if value is not None}
        if given:
            matter_ops.set_matter(s, given)
        for party in parties:
            side, _, name = party.partition("=")
            matter_ops.add_party(s, name.strip(), side.strip())


for _key in reversed(matter_ops.KEYS):
    click.option(_option(_key), _key, default=None)(matter_set)


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--root", "roots", multiple=True,
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Certificate that signatures must rest on; may be repeated.")  # fmt: skip
@click.option("--checkpoint", "outside", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Of a case: a checkpoint kept outside it, checkpoint-….json.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_command(path: Path, roots: tuple[Path, ...], outside: Path | None, as_json: bool) -> int:
    """Re-hash a case, or check a dossier with its signature or a production volume; names what is damaged."""
    from casekit.jobs.verify_dossier import verify_dossier
    from casekit.jobs.verify_volume import is_volume, verify_volume

    meter = Meter("Verifying")
    is_dossier = path.suffix.lower() == ".pdf"
    written = is_dossier or is_volume(path)
    if is_dossier:
        report = verify_dossier(path, roots)
    else:
        report = (
            verify_volume(path, meter) if written else _verify_case(path, meter, roots, outside)
        )
    checked = ", ".join(f"{count:,} {what}" for what, count in report.checked.items())
    meter.done(checked or "nothing could be checked")
    if as_json:
        json_line(report.as_json())
    else:
        for line in report.notes:
            say(line)
        for damage in report.damaged:
            rests = f" Rests on it: {', '.join(damage.depends)}." if damage.depends else ""
            received = f" Received as {', '.join(damage.names)}." if damage.names else ""
            say(f"▲ {damage.what}: {damage.why}{received}{rests}")
        if report.ok:
            since = "it was written" if written else "import into CaseKit"
            say(f"Unchanged since {since}.")
        else:
            say(
                f"{len(report.damaged)} damaged: do not work on; restore them from a copy and verify again."
            )
    return 0 if report.ok else 1


def _verify_case(
    path: Path, meter: Meter, roots: tuple[Path, ...], outside: Path | None
) -> VerifyReport:
    """A case with its checkpoints, and one that was kept outside it."""
    from casekit.dossier.sign import read_roots
    from casekit.jobs.checkpoint import check_outside
    from casekit.jobs.verify import Damage, verify_folder

    trusted = read_roots(roots)
    report = verify_folder(path, meter, trusted)
    if outside is not None:
        with open_case(path) as case, case.read() as s:
            found = check_outside(s, outside, trusted)
        report.notes.append(f"{outside.name}: {found.told}")
        if found.why:
            report.damaged.append(Damage(outside.name, found.why))
    return report


@click.command("open")
@click.argument("case", type=click.Path(path_type=Path), required=False)
def open_command(case: Path | None) -> int:
    """Open the window, on CASE if one is named."""
    return open_window(case)


def open_window(case: Path | None) -> int:
    """Show the window and wait until it is closed; its exit code. Commands know nothing else of it."""
    import subprocess
    import sys

    names = [str(case)] if case else []
    return subprocess.call([sys.executable, "-m", "casekit.ui.app", *names])
