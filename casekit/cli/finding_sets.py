"""The command that compares whole sets of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from casekit.cli.finding_group import AS_JSON, CASE, SEED, FindingCommand, find
from casekit.cli.output import say
from casekit.queries.finding_titles import title_of


@click.command("sets", cls=FindingCommand)
@CASE
@click.option("--subject", required=True, help="Model examined.")
@click.option("--source", required=True, help="Model whose outputs it may carry.")
@click.option("--control", "controls", multiple=True, help="Model without a link; may be repeated.")
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    help="CSV of models with family and role, or the word shipped: its strangers are controls, unless some "
    "are named.",
)
@click.option("--served", is_flag=True, help="The source’s set is what its API log served.")
@click.option("--meaning", is_flag=True, help="Compare meanings as well, which takes longer.")
@click.option("--min-words", type=click.IntRange(5), default=8, show_default=True)
@SEED
@AS_JSON
def sets_command(
    case: Path, subject: str, source: str, controls: tuple[str, ...], population: Path | None, served: bool,
    meaning: bool, min_words: int, seed: int, as_json: bool,
) -> int:  # fmt: skip
    """What the subject’s answers share with all of the source’s: equal, near-equal, runs, rare wording.

    Every figure stands beside those of the controls, by family. The exit code is 2 if there are too few; why
    is said, and recorded.
    """
    from casekit.analysis import sets, shipped

    members = shipped.named(population)[0] if population else ()
    chosen = sets.controls_of(members, subject, source, controls)
    body = find(
        case, "sets", title_of("sets", subject=subject, source=source), as_json,
        lambda s, meter: sets.compare(
            s, subject=subject, source=source, controls=chosen, served=served, min_words=min_words,
            meaning=sets.engine() if meaning else None, seed=seed, progress=meter,
        ),
    )  # fmt: skip
    if not as_json and not body["result"]["refused"]:
        say_measures(body["result"]["measures"])
    return 2 if body["result"]["refused"] else 0


def say_measures(measures: Sequence[Mapping[str, Any]]) -> None:
    """Print each measure of the subject beside the families of controls."""
    for row in measures:
        say(
            f"  {row['measure']:8} {row['subject']:>9.4f}   controls: median {row['controls_median']:.4f}, "
            f"highest {row['controls_highest']:.4f}; as high: {row['families_at_least_as_high']} of "
            f"{row['families']} families"
        )
