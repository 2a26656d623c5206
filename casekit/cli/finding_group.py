"""What all commands on findings have in common: their group, their options, a finding computed and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from casekit.cli.output import Meter, json_line, say
from casekit.errors import Cancelled, CaseKitError
from casekit.jobs import finding as finding_jobs
from casekit.progress import Progress
from casekit.store.case import open_case

CASE = click.argument("case", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
KINDS = {
    "validate": "validation",
    "import": "own",
}  # of findings, where a command is called otherwise
PROMISED: Mapping[str, Sequence[str]] = {  # keys that stand in the JSON of a kind in any case
    "lineage": ("log10_lr", "cap", "interval", "null_families", "false_positive_upper_bound"),
    "validation": (
        "auc", "auc_interval", "cllr", "cllr_interval", "cap", "null_families",
        "false_positive_upper_bound", "rates", "curve",
    ),
}  # fmt: skip
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=20260101, show_default=True
)
SOURCES = click.option(
    "--source", required=True, help="Models of the source’s lab, separated by commas."
)
POPULATION = click.option(
    "--population",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV of models with family, role and teachers, or the word shipped.",
)


class FindingCommand(click.Command):
    """A command that computes a finding: with --json what it refuses is JSON too, with nothing else known."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; a refusal is printed and goes on to be said on stderr, with its exit code."""
        try:
            return super().invoke(ctx)
        except Cancelled:
            raise
        except CaseKitError as error:
            if ctx.params.get("as_json"):
                kind = KINDS.get(self.name or "", self.name)
                json_line(
                    {"v": 1, "id": None, "kind": kind, **dict.fromkeys(PROMISED.get(kind or "", ())),
                     "refused": str(error)}
                )  # fmt: skip
            raise


class FindingGroup(click.Group):
    """Commands on findings, named before the case or after it; a case alone lists them."""

    command_class = FindingCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the subcommand first, `list` where none is given."""
        if args and not any(word in {"-h", "--help"} for word in args[:1]):
            named = next((n for n, word in enumerate(args) if word in self.commands), None)
            args = (
                ["list", *args]
                if named is None
                else [args[named], *args[:named], *args[named + 1 :]]
            )
        return super().parse_args(ctx, args)


@click.group("finding", cls=FindingGroup)
def finding_command() -> None:
    """List the findings of CASE, or compute one: overlap, identity, canaries, lineage, exposure, usage."""


def find(
    case: Path, kind: str, title: str, as_json: bool,
    compute: Callable[[Any, Progress], dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Compute a finding on the open case, keep it, print it, and return its body."""
    meter = Meter("Comparing", shown=not as_json)
    with open_case(case) as opened:
        made = finding_jobs.make(opened, kind, title, compute, meter)
    meter.done("kept as a finding")
    if as_json:
        flat = {} if kind == "overlap" else {"kind": kind, **made.body["result"]}
        json_line({"v": 1, "id": made.id, **flat, **made.body})
    else:
        say(f"F-{made.id}  {sentence_of(kind, made.body)}")
    return made.body


def sentence_of(kind: str, body: Mapping[str, Any]) -> str:
    """The result of a finding in plain words."""
    from casekit.analysis import again

    return again.sentence(kind, body)
