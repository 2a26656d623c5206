"""Commands on pseudonyms: list them, give and lift them, write and open their sealed key."""

from __future__ import annotations

import os
from pathlib import Path

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say, say_text
from casekit.cli.work import chosen, tell
from casekit.dossier.pseudonyms import label, wording_of
from casekit.errors import CaseKitError
from casekit.ops import pseudonyms as ops
from casekit.queries import pseudonyms as queries
from casekit.queries.whole_values import KINDS, Kind
from casekit.store.case import open_case

PASSPHRASE = "CASEKIT_SEAL_PASSPHRASE"

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_passphrase = click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"File whose first line is the passphrase; or set {PASSPHRASE}.",
)  # fmt: skip


@click.group("pseudonym", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@_json
@click.pass_context
def pseudonym_command(context: click.Context, case: Path, as_json: bool) -> None:
    """List the pseudonyms of CASE with what they stand for; `give`, `lift` and `key` work on them.

    A pseudonym is printed instead of its value in every dossier and production, and the files are searched
    for the value before they get their names.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        words, rows = wording_of(s), queries.pseudonyms(s)
    if as_json:
        json_line({"v": 1, "pseudonyms": [
            {
                "number": row.id, "pseudonym": label(row.kind, row.id, words), "kind": row.kind,
                "in_use": row.in_use, "values": list(row.values), "by": row.by,
                "at": clock.iso(row.at_us),
            }
            for row in rows
        ]})  # fmt: skip
        return
    for row in rows:
        unused = "" if row.in_use else "  (lifted)"
        say(f"{row.id:>5}  {label(row.kind, row.id, words)}: {' | '.join(row.values)}{unused}")
    say(f"{len(rows):,} pseudonyms, {sum(row.in_use for row in rows):,} in use.")


@pseudonym_command.command("give")
@click.argument("values", metavar="[VALUE]…", nargs=-1)
@click.option("--kind", type=click.Choice(KINDS), help="What the values are; else by their form.")
@click.option("--query", help="Every value of the kind in all items that this query finds.")
@click.option("--as", "same_as", type=int, metavar="N", help="Further spellings of pseudonym N.")
@click.option(
    "--preview", is_flag=True, help="Only say which values, and in how many items they are."
)
@_json
@click.pass_obj
def give_command(
    case: Path, values: tuple[str, ...], kind: Kind | None, query: str | None, same_as: int | None,
    preview: bool, as_json: bool,
) -> None:  # fmt: skip
    """Give each VALUE a pseudonym of its own, or each value of a kind in the items of a query."""
    if bool(values) == (query is not None) or (query is not None and kind is None):
        raise CaseKitError("Name values, or --query and --kind.")
    if same_as is not None and query is not None:
        raise CaseKitError("Only values that you name can be further spellings of a pseudonym.")
    with open_case(case) as opened:
        if query is not None and kind is not None:
            ids = chosen(opened, (), query)
            with opened.read() as s:
                found = queries.candidates(s, ids, kind)
            if preview or not found:
                _tell_candidates(found, as_json)
                return
            values = tuple(each.value for each in found)
        elif preview:
            raise CaseKitError("A preview is of a query: name --query and --kind.")
        kinds = {kind or queries.kind_of(value) for value in values}
        if len(kinds) > 1:
            raise CaseKitError(
                "These values look like several kinds ({kinds}): name one with --kind, or give them apart.",
                kinds=", ".join(sorted(kinds)),
            )
        with opened.write() as s:
            changes = ops.give(s, kinds.pop(), values, same_as=same_as)
    tell(changes, as_json)


@pseudonym_command.command("lift")
@click.argument("numbers", metavar="N…", nargs=-1, type=int, required=True)
@_json
@click.pass_obj
def lift_command(case: Path, numbers: tuple[int, ...], as_json: bool) -> None:
    """Print the values of pseudonyms N again; the numbers stay theirs."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.lift(s, numbers)
    tell(changes, as_json)


@pseudonym_command.command("key")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@_passphrase
@click.option("--read", "read", is_flag=True, help="Open the sealed key OUT instead, and print it.")
@_json
@click.pass_obj
def key_command(
    case: Path, out: Path, passphrase_file: Path | None, read: bool, as_json: bool
) -> None:
    """Write the key of all pseudonyms to OUT, sealed with a passphrase; the custody log records it."""
    from casekit.jobs.pseudonyms import read_key, write_key

    if read:
        say_text(read_key(out, _asked(passphrase_file, twice=False)).rstrip())
        return
    with open_case(case) as opened:
        key = write_key(opened, out, _asked(passphrase_file, twice=True))
    if as_json:
        json_line({"v": 1, "path": str(key.path), "sha256": key.sha256, "pseudonyms": key.count})
    else:
        say(f"{key.path}: {key.count:,} pseudonyms under seal, SHA-256 {key.sha256}")


def _tell_candidates(found: list[queries.Candidate], as_json: bool) -> None:
    if as_json:
        json_line({"v": 1, "found": [{"value": f.value, "items": f.items} for f in found]})
        return
    for each in found:
        say(f"{each.items:>9,}  {each.value}")
    say(f"{len(found):,} values without a pseudonym.")


def _asked(file: Path | None, *, twice: bool) -> str:
    """From a file, the environment or the terminal; never from the command line, which others can read."""
    if file is not None:
        try:
            return (file.read_text("utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeError) as error:
            raise CaseKitError(
                "The passphrase cannot be read from {name}: write it there in UTF-8, as the first line.",
                name=file.name,
            ) from error
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    return str(click.prompt("Passphrase of the key", hide_input=True, confirmation_prompt=twice))
