"""Commands on canaries: sentences made in advance, served in answers, and looked for later."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import tell
from casekit.ops import canaries as ops
from casekit.queries import canaries as queries
from casekit.store.case import open_case


@click.group("canary", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a set.")
@click.pass_context
def canary_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List the sets of canaries of CASE, or make one, mark answers with it, print its questions."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        for one in queries.sets(s):
            if as_json:
                told = {"name": one.name, "served": one.served, "decoys": one.decoys, "by": one.by}
                json_line({"v": 1, **told, "made_us": one.made_us})
            else:
                say(f"{one.name}: {one.served:,} served, {one.decoys:,} decoys, made by {one.by}")


@canary_command.command("make")
@click.argument("name")
@click.option(
    "--served", type=int, default=10, show_default=True, help="Canaries that answers will carry."
)
@click.option(
    "--decoys", type=int, default=9_990, show_default=True, help="Canaries that nobody will see."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def make_command(path: Path, name: str, served: int, decoys: int, as_json: bool) -> None:
    """Draw a secret key for set NAME; the custody log commits to it before anything is served."""
    with open_case(path) as case, case.write() as s:
        changes = ops.make_set(s, name, served=served, decoys=decoys)
    tell(changes, as_json)


@canary_command.command("embed")
@click.argument("name")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--field", default="output", show_default=True, help="Field that holds the answer.")
@click.option("--every", type=click.IntRange(1), default=1_000, show_default=True,
              help="About one answer in so many carries a canary.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def embed_command(
    path: Path, name: str, source: Path, target: Path, field: str, every: int, as_json: bool
) -> None:
    """Write TARGET, a copy of the answers in SOURCE (JSONL), some of which carry canaries of set NAME."""
    from casekit.jobs import marking

    meter = Meter("Marking", shown=not as_json)
    with open_case(path) as case:
        done = marking.embed(case, name, source, target, field=field, every=every, progress=meter)
    meter.done("marked")
    if as_json:
        told = {"answers": done.answers, "marked": done.marked, "sha256": done.sha256}
        json_line({"v": 1, **told})
    else:
        say(f"{done.marked:,} of {done.answers:,} answers carry a canary. SHA-256 {done.sha256}")


@canary_command.command("questions")
@click.argument("name")
@click.option(
    "--decoys", "also", type=click.IntRange(0), default=0, help="With so many decoys among them."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a question.")
@click.pass_obj
def questions_command(path: Path, name: str, also: int, as_json: bool) -> None:
    """Print what to ask a model about the canaries of set NAME, without saying which number was served."""
    from casekit.analysis.canaries import canaries

    with open_case(path) as case, case.read() as s:
        made = canaries(queries.get(s, name))
    decoys = [one for one in made if not one.served][:also]
    for one in sorted([*(one for one in made if one.served), *decoys], key=lambda one: one.no):
        if as_json:
            json_line({"v": 1, "canary": one.no, "prompt": one.question})
        else:
            say(one.question)
