"""Commands on findings."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.ops import findings as finding_ops
from casekit.queries import findings as finding_queries
from casekit.store.case import open_case


@click.group("finding", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a finding.")
@click.pass_context
def finding_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List the findings of CASE, or compute one."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        for row in finding_queries.findings(s):
            if as_json:
                json_line({"v": 1, "id": row.id, "kind": row.kind, "title": row.title, **row.body})
            else:
                say(f"F-{row.id}  {row.kind:10} {row.title}")


@finding_command.command("overlap")
@click.option("--subject", required=True, help="Model examined.")
@click.option("--source", required=True, help="Model whose outputs it may carry.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    required=True,
    help="Model without a link; may be repeated.",
)
@click.option("--min-words", type=click.IntRange(4), default=8, show_default=True)
@click.option("--seed", type=int, default=20260101, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def overlap_command(
    ctx: click.Context,
    subject: str,
    source: str,
    controls: tuple[str, ...],
    min_words: int,
    seed: int,
    as_json: bool,
) -> None:
    """Shared runs of words between two models' answers, beside those of control models."""
    from casekit.analysis import overlap

    meter = Meter("Comparing", shown=not as_json)
    with open_case(ctx.obj) as case:
        with case.read() as s:
            body = overlap.compare(
                s, subject=subject, source=source, controls=controls, min_words=min_words, seed=seed,
                progress=meter,
            )  # fmt: skip
        with case.write() as s:
            number, _ = finding_ops.add_finding(
                s, "overlap", f"Shared wording of {subject} and {source}", body
            )
    if as_json:
        json_line({"v": 1, "id": number, **body})
    else:
        say(overlap.sentence(body))
