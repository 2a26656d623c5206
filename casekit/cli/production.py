"""Commands that write a production for the other side's review program, and list the numbers given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekit import clock
from casekit.cli.output import Meter, json_line, say
from casekit.errors import CaseKitError
from casekit.queries.clawback import left
from casekit.queries.items import bates_number
from casekit.queries.productions import register, replacements
from casekit.store.case import open_case

if TYPE_CHECKING:
    from casekit.dossier.imaged import Images
    from casekit.dossier.load_file import Encoding
    from casekit.dossier.volume import Table, Volume

_MOST_NAMED = 12


@click.command("produce")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--query", default="", help="What is produced, such as tag:hot; families go whole.")
@click.option("--replace", multiple=True, metavar="NUMBER",
              help="Hand this document over again under its number, alone; may be repeated.")  # fmt: skip
@click.option("--reason", default="", help="Why documents are replaced; the register keeps it.")
@click.option("--prefix", default="", help="Of new Bates numbers; without it the matter's own.")
@click.option("--start", type=click.IntRange(1), help="First new number; without it the next free.")
@click.option("--designation", help="Confidentiality; without it the matter's.")
@click.option("--encoding", type=click.Choice(["utf-8", "cp1252"]), default="utf-8", show_default=True,
              help="Of the load file.")  # fmt: skip
@click.option("--images", type=click.Choice(["tiff", "tiff-only", "pdf", "none"]), default="tiff",
              show_default=True, help="Pictures of pages: Group 4 TIFF with JPEG where colour matters, TIFF "
              "for all, a PDF a page, or none; with pictures every page has a number.")  # fmt: skip
@click.option("--natives/--no-natives", default=True, show_default=True,
              help="Produce the files; without, only those that no page can show.")  # fmt: skip
@click.option(
    "--slip-sheets", is_flag=True, help="Put a numbered sheet in the place of withheld items."
)
@click.option("--table", "tables", type=click.Choice(["csv", "xlsx", "lfp", "rsmf"]), multiple=True,
              help="Write the load file as CSV or XLSX too, a list of the pictures as LFP, or "
              "the chats as RSMF, a file a conversation.")  # fmt: skip
@click.option("--to", "recipients", multiple=True, metavar="NAME, ROLE", help="Who receives it, such as “Jane "
              "Roe, opposing-counsel”; may be repeated. An order on confidentiality needs it.")  # fmt: skip
@click.option("--unread", is_flag=True, help="Produce files too that were kept and not read.")
@click.option("--preview", is_flag=True, help="Say what it would hold; write and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def produce_command(
    case: Path,
    folder: Path,
    query: str,
    replace: tuple[str, ...],
    reason: str,
    prefix: str,
    start: int | None,
    designation: str | None,
    encoding: Encoding,
    images: Images,
    natives: bool,
    slip_sheets: bool,
    tables: tuple[Table, ...],
    recipients: tuple[str, ...],
    unread: bool,
    preview: bool,
    as_json: bool,
) -> None:
    """Write a production of CASE into FOLDER: pictures, natives, texts, load files, manifest and hashes."""
    from casekit.dossier.volume import Wish
    from casekit.jobs import production as job

    if bool(query) == bool(replace):
        raise CaseKitError(
            "Say either what is produced, with --query, or what is replaced, with --replace."
        )
    meter = Meter("Producing")
    with open_case(case) as opened:
        wish = Wish(
            prefix, start, designation, encoding, unread, images, natives, slip_sheets,
            tuple(dict.fromkeys(tables)), replace, reason, recipients,
        )  # fmt: skip
        volume = job.plan(opened, query, wish, meter)
        unjudged = job.unjudged(opened, volume)
        written = None if preview else job.write(opened, volume, folder, meter)
    meter.done(f"{len(volume.produced):,} documents")
    where = {"path": str(written.path), "sha256": written.sha256} if written else {}
    _say(volume, unjudged, where, as_json=as_json)


def _say(volume: Volume, unjudged: list[str], where: dict[str, str], *, as_json: bool) -> None:
    numbers = [(d.fields["BEGBATES"], d.fields["ENDBATES"]) for d in volume.documents]
    text_only = [d.fields["BEGBATES"] for d in volume.produced if not d.native]
    if as_json:
        json_line(
            {
                "v": 1, "volume": volume.title, **where, "documents": len(numbers), "first": numbers[0][0],
                "last": numbers[-1][1], "without_native": text_only, "unjudged": unjudged,
                "left_out": {each.why: each.items for each in volume.left_out},
                "shown_as_code_points": [list(each) for each in volume.odd],
            }
        )  # fmt: skip
        return
    made = f"{where['path']}: " if where else f"{volume.title} would hold "
    say(f"{made}{len(numbers):,} documents, {numbers[0][0]} to {numbers[-1][1]}")
    if text_only:
        say(f"{len(text_only):,} redacted: text without the native.")
    for each in volume.left_out:
        shown = {"privileged": "◆ {n:,} items withheld as privileged, with their families.",
                 "unread": "▲ {n:,} items left out, since a file in their family was not read."}  # fmt: skip
        say(shown[each.why].format(n=each.items))
    if unjudged:
        named = ", ".join(unjudged[:_MOST_NAMED]) + " …" * (len(unjudged) > _MOST_NAMED)
        say(
            f"▲ {len(unjudged):,} natives have pictures that nobody and no machine has read, so whether "
            f"anything redacted stands on them was not checked. Run casekit ocr, or look at them: {named}",
            err=True,
        )
    for number, field, point in volume.odd:
        say(
            f"▲ {number}, {field}: {point} has no place in the load file and is written so.",
            err=True,
        )


@click.command("overlay")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--query", required=True, help="Of which documents handed over before.")
@click.option("--designation", help="Confidentiality; without it the matter's.")
@click.option("--encoding", type=click.Choice(["utf-8", "cp1252"]), default="utf-8", show_default=True,
              help="Of the load file.")  # fmt: skip
@click.option("--to", "recipients", multiple=True, metavar="NAME, ROLE", help="Who receives it, such as “Jane "
              "Roe, opposing-counsel”; may be repeated. An order on confidentiality needs it.")  # fmt: skip
@click.option("--preview", is_flag=True, help="Say what it would change; write and record nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def overlay_command(
    case: Path,
    folder: Path,
    query: str,
    designation: str | None,
    encoding: Encoding,
    recipients: tuple[str, ...],
    preview: bool,
    as_json: bool,
) -> None:
    """Write a load file of what has changed in the fields of documents of CASE that were handed over."""
    from casekit.jobs import overlay as job

    with open_case(case) as opened:
        planned = job.plan(
            opened, query, designation=designation, encoding=encoding, recipients=recipients
        )
        path = None if preview else job.write(opened, planned, folder)
    fields = planned.fields[1:]
    if as_json:
        told = {"path": str(path)} if path else {}
        json_line({"v": 1, "overlay": planned.title, **told, "documents": len(planned.rows),
                   "fields": list(fields), "left_out": planned.unknown})  # fmt: skip
        return
    made = f"{path}:" if path else f"{planned.title} would change"
    say(f"{made} {len(planned.rows):,} documents, {', '.join(fields)}")
    if planned.unknown:
        say(
            f"▲ {planned.unknown:,} items were never handed over in a volume, or are withheld.",
            err=True,
        )


@click.command("productions")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a range.")
def productions_command(case: Path, as_json: bool) -> None:
    """List every range of Bates numbers that CASE ever gave, and the gaps between them."""
    with open_case(case) as opened, opened.read() as s:
        ranges, replaced, taken = register(s), replacements(s), left(s)
    for each in ranges:
        first, last = (bates_number(each.prefix, n) for n in (each.first, each.last))
        if as_json:
            told = {"production": each.production, "documents": each.documents}
            json_line({"v": 1, "first": first, "last": last, **told})
        else:
            what = (
                f"{each.production}, {each.documents:,} documents" if each.production else "▲ gap"
            )
            say(f"{first} – {last}  {what}")
    for one in replaced:
        told = {"production": one.production, "replaces": one.replaces, "reason": one.reason}
        if as_json:
            json_line({"v": 1, "first": one.first, "last": one.last, **told})
        else:
            say(f"{one.first} – {one.last}  {one.production} replaces {one.replaces}: {one.reason}")
    for back in taken:
        if as_json:
            told = {
                "first": back.first,
                "last": back.last,
                "basis": back.basis,
                "reason": back.reason,
            }
            json_line({"v": 1, "taken_back": True, **told})
        else:
            day = clock.iso(back.at_us)[:10]
            say(f"◆ {back.first}  taken back on {day}, {back.basis}: {back.reason}")
    if not ranges and not as_json:
        say("No Bates number was given yet.")
