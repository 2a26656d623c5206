"""The demo: the whole walk on the sample matter, by one command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from casekit.cli.cases import open_window
from casekit.cli.output import Meter


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--no-window", is_flag=True, help="Do not open the window, even where there is a display."
)
def demo_command(folder: Path | None, no_window: bool) -> int:
    """Build the sample matter, search it, write its dossier, verify it and open the window on it."""
    from casekit.jobs import demo

    folder = folder or Path.home() / "CaseKit demo"
    done = demo.run(folder, lambda what: Meter(what, announce=True))
    click.echo(f"\nThe sample matter, {'built' if done.built else 'as built before'}:")
    click.echo(f"  case      {done.case}")
    click.echo(f"  dossier   {done.dossier} ({done.pages} pages, a draft)")
    click.echo(f"  by words  {done.found_by_words} items for: {demo.WORDS_SHOWN}")
    click.echo(f"  by meaning, for “{demo.MEANING_SHOWN}”:")
    for title in done.found_by_meaning:
        click.echo(f"            {title[:90]}")
    for number, sentence in enumerate(done.findings, 1):
        click.echo(f"  F-{number}       {sentence}")
    if done.verified.ok:
        click.echo("  verified  unchanged since import into CaseKit")
    for damage in done.verified.damaged:
        click.echo(f"  ▲ {damage.what}: {damage.why}")
    click.echo(f'\nTry: casekit search "{done.case}" "{demo.WORDS_SHOWN}"')
    if display() and not no_window:
        click.echo("Opening the window …")
        open_window(done.case)
    return 0 if done.verified.ok else 1


def display() -> bool:
    """Whether there is a screen to open a window on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
