"""Commands on findings by an expert's own method, or by scores that another program computed."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli.finding_group import AS_JSON, CASE, SEED, FindingCommand, find
from casekit.cli.output import Meter


@click.command("own", cls=FindingCommand)
@CASE
@click.argument("method", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--subject", required=True, help="Model examined.")
@click.option("--control", "controls", multiple=True, required=True,
              help="Model without a link to the source; may be repeated.")  # fmt: skip
@click.option(
    "--minutes",
    type=click.FloatRange(0, 10_000, min_open=True),
    default=60,
    show_default=True,
    help="How long the method may take.",
)
@SEED
@AS_JSON
def own_command(
    case: Path, method: Path, subject: str, controls: tuple[str, ...], minutes: float, seed: int,
    as_json: bool,
) -> None:  # fmt: skip
    """By an expert’s METHOD, a Python file; it runs without network and can write nothing: read it first."""
    from casekit.analysis import own

    chosen = own.read(method, Meter("Loading the method", shown=not as_json))
    find(
        case, "own", f"{chosen.name}: {subject}", as_json,
        lambda s, meter: own.compare(
            s, chosen=chosen, subject=subject, controls=controls, seed=seed, seconds=60 * minutes,
            progress=meter,
        ),
    )  # fmt: skip


@click.command("import", cls=FindingCommand)
@CASE
@click.argument("scores", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def import_command(case: Path, scores: Path, as_json: bool) -> None:
    """Keep SCORES (JSON) that another program computed as a finding that says whose they are."""
    from casekit.analysis import own

    body = own.take(scores.read_bytes(), scores.name)
    title = f"{body['method']}: {body['parameters']['computed_by']}"
    find(case, "own", title, as_json, lambda _s, _meter: body)
