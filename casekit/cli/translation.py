"""The command that pairs items with their translations."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from casekit.cli.output import json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import translations as ops
from casekit.queries import translations as queries
from casekit.store.case import Case, open_case


@click.command("translation")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="[ID]", type=int, required=False)
@click.argument("translation_id", metavar="[TRANSLATION]", type=int, required=False)
@click.option("--human", "made", flag_value="human", help="A person made it.")
@click.option(
    "--machine", "made", flag_value="machine", help="A machine made it; every page says so."
)
@click.option("--translator", default="", help="Who translated, or which program with its version.")
@click.option(
    "--into", "language", default="en", show_default=True, help="Language of the translation."
)
@click.option("--dated", default="", metavar="DATE", help="Of the translation or its certificate.")
@click.option("--certificate", default="", metavar="TEXT", help="The translator's own statement.")
@click.option(
    "--certificate-item", "certificate_id", type=int, help="The item that is the certificate."
)
@click.option(
    "--not-needed",
    "reason",
    metavar="REASON",
    help="Item ID, or all that --query finds, needs none.",
)
@click.option("--query", help="With --not-needed: all items that this query finds.")
@click.option(
    "--remove", is_flag=True, help="Take away what is said of the translations of item ID."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def translation_command(
    case: Path, item_id: int | None, translation_id: int | None, made: str | None, translator: str,
    language: str, dated: str, certificate: str, certificate_id: int | None, reason: str | None,
    query: str | None, remove: bool, as_json: bool,
) -> None:  # fmt: skip
    """Say that item TRANSLATION is the translation of item ID, and who made it; or list what is said."""
    if (translation_id is not None) + (reason is not None) + remove > 1:
        raise CaseKitError("Choose one: name the translation, --not-needed, or --remove.")
    with open_case(case) as opened:
        if reason is not None:
            wanted = chosen(opened, () if item_id is None else (item_id,), query)
            if not wanted:
                raise CaseKitError("Say which item needs no translation: its number, or --query.")
            with opened.write() as s:
                tell(ops.waive_translation(s, wanted, reason), as_json)
        elif translation_id is not None and item_id is not None:
            if made is None:
                raise CaseKitError("Say who made the translation: --human or --machine.")
            with opened.write() as s:
                changes = ops.pair_translation(
                    s, item_id, translation_id, made=made, translator=translator, language=language,
                    dated=dated, certificate=certificate, certificate_id=certificate_id,
                )  # fmt: skip
            tell(changes, as_json)
        elif remove:
            if item_id is None:
                raise CaseKitError("Say of which item: its number.")
            with opened.write() as s:
                tell(ops.unpair_translation(s, item_id), as_json)
        else:
            _list(opened, item_id, as_json)


def _list(case: Case, item_id: int | None, as_json: bool) -> None:
    with case.read() as s:
        for row in queries.translations(s, None if item_id is None else [item_id]):
            if as_json:
                json_line({"v": 1, **dataclasses.asdict(row)})
            elif row.translation_id is None:
                say(f"item {row.item_id} needs no translation: {row.reason}")
            else:
                parts = (row.made, row.translator, row.language, row.dated)
                about = ", ".join(part for part in parts if part)
                say(f"item {row.translation_id} is the translation of item {row.item_id} ({about})")
