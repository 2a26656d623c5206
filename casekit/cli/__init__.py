"""The command line: a thin shell that says in text what the window says in pictures."""

from __future__ import annotations

import importlib
import sys

import click

import casekit
from casekit import log
from casekit.cli import stopping
from casekit.confine import run_if_child
from casekit.errors import CaseKitError, QueryError, refusal
from casekit.jobs import run_if_follower

COMMANDS = {
    "new": "cases",
    "matter": "cases",
    "overview": "overview",
    "verify": "cases",
    "open": "cases",
    "ingest": "ingest",
    "problems": "problems",
    "retry": "problems",
    "report": "problems",
    "mapping": "mapping",
    "index": "ingest",
    "ocr": "ingest",
    "items": "items",
    "item": "items",
    "joins": "items",
    "conversations": "conversations",
    "conversation": "conversations",
    "search": "saved_searches",
    "similar": "search",
    "clusters": "clusters",
    "highlight": "highlights",
    "tag": "work",
    "note": "work",
    "coding": "coding",
    "annotation": "annotations",
    "canary": "canaries",
    "collect": "collecting",
    "privilege": "privilege",
    "clawback": "clawback",
    "redact": "redactions",
    "pseudonym": "pseudonyms",
    "check": "checks",
    "review": "review_packages",
    "times": "times",
    "timeline": "timeline",
    "people": "people",
    "undo": "work",
    "tiers": "tiers",
    "tier": "tiers",
    "exhibit": "exhibits",
    "translation": "translation",
    "finding": "findings",
    "claim": "claims",
    "fact": "facts",
    "terms": "in_force",
    "spec": "specs",
    "dossier": "dossier",
    "companion": "companion",
    "provenance": "provenance",
    "sign": "signing",
    "checkpoint": "checkpoint",
    "overlay": "production",
    "produce": "production",
    "productions": "production",
    "issued": "issued",
    "demo": "demo",
}


class Commands(click.Group):
    """Loads a command's module only when it is called, so that `casekit --help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(
            importlib.import_module(f"casekit.cli.{module}"), f"{cmd_name}_command"
        )
        return command


class CaseGroup(click.Group):
    """Commands on one thing of a case, which without a subcommand shows it: options may follow the case."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the case behind its options, where a group expects it, if no subcommand follows."""
        if not any(word in self.commands for word in args[1:]) and args and args[0][:1] != "-":
            args = [*args[1:], args[0]]
        return super().parse_args(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(casekit.__version__, prog_name="casekit")
def group() -> None:
    """Legal evidence in disputes over AI models: keep it, find it, argue from it, print it.

    Exit codes: 0 done · 1 damage, or findings against the case · 2 refused, with the reason · 130 cancelled.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    run_if_child()
    if run_if_follower(sys.argv[1:]):
        return
    log.start()
    stopping.listen()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; refusals become one sentence on stderr."""
    try:
        result = group.main(arguments, prog_name="casekit", standalone_mode=False)
    except QueryError as error:
        click.echo(error.with_caret(), err=True)
        return error.exit_code
    except CaseKitError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Cancelled. Everything finished so far is kept.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        return 0
    except Exception as error:
        if (refused := refusal(error)) is None:
            raise
        click.echo(str(refused), err=True)
        return refused.exit_code
    return result if isinstance(result, int) else 0
