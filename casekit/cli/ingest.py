"""Commands that bring evidence in and make it searchable."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import click

from casekit.cli.output import Meter, json_line, say
from casekit.errors import Cancelled
from casekit.ingest import Provenance, read_supplied_hashes, templates
from casekit.jobs.intake import take_in
from casekit.store.case import open_case

PROVENANCE = {
    "custodian": "Who held the files.",
    "received_from": "Who handed them over.",
    "received_at": "When, in your own words.",
    "medium": "What they came on.",
    "collected_by": "Who collected them.",
    "collection_tool": "What they were collected with.",
    "authority": "The lawful basis of the collection.",
    "model": "Model name, for outputs that carry none.",
}


@click.command("ingest")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--role", type=click.Choice(["subject", "source", "control", "other"]))
@click.option("--supplied-hashes", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Hashes that came with the files: CSV or sha256sum's form.")  # fmt: skip
@click.option("--mapping", type=click.File("r", encoding="utf-8"),
              help="Field mapping for plain records, as JSON.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def ingest_command(
    case: Path, paths: tuple[Path, ...], role: str | None, supplied_hashes: Path | None,
    mapping: TextIO | None, as_json: bool, **known: str | None,
) -> int:  # fmt: skip
    """Take files and folders into CASE and read them; run it again after a stop and it goes on."""
    supplied = read_supplied_hashes(supplied_hashes) if supplied_hashes else {}
    fields = mapping.read() if mapping else ""
    if fields:
        templates.check(fields)
    provenance = Provenance(
        role=role or "",
        supplied=supplied,
        mapping=fields,
        **{name: value or "" for name, value in known.items()},
    )
    meter = Meter("Importing")
    with open_case(case) as opened:
        report = take_in(opened, paths, meter, provenance=provenance)
    meter.done(
        f"{report.items:,} items from {report.files:,} files, {len(report.problems):,} problems"
    )
    show_report(report.as_json(), as_json=as_json)
    return Cancelled.exit_code if report.cancelled else 0


def show_report(report: dict[str, Any], *, as_json: bool) -> None:
    """Print what an import says of itself (`IngestReport.as_json`)."""
    if as_json:
        json_line(report)
        return
    troubles = report["problems"]
    for problem in troubles[:50]:
        place = f", line {problem['line']}" if "line" in problem else ""
        say(f"▲ {problem['path']}{place}: {problem['text']}")
    if len(troubles) > 50:
        say(f"… and {len(troubles) - 50:,} more problems, all kept in the case.")
    for name, count in sorted(report["formats"].items()):
        say(_format_line(name, count))
    for name, count in sorted(report["inside"].items()):
        say(_format_line(f"inside them, {name}", count))
    say(
        f"{report['files']:,} files, {report['duplicates']:,} of them known; {report['items']:,} items; "
        f"{report['bytes_accounted']:,} of {report['bytes_total']:,} bytes accounted for."
    )


def _format_line(name: str, count: dict[str, Any]) -> str:
    share = 100 * count["understood"] / count["bytes"] if count["bytes"] else None
    lacks = ", ".join(f"{word} {number:,}" for word, number in count.get("missing", {}).items())
    parts = [
        f"{count['files']:,} files" + (f", {count['items']:,} items" if "items" in count else ""),
        "" if share is None else f"{share:.4g} % of its bytes understood",
        f"missing: {lacks}" if lacks else "",
    ]
    return f"  {name}: " + " · ".join(part for part in parts if part)


for _name, _help in reversed(PROVENANCE.items()):
    click.option("--" + _name.replace("_", "-"), _name, default=None, help=_help)(ingest_command)


@click.command("index")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--words-only", is_flag=True, help="Leave the index by meaning for later.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def index_command(case: Path, words_only: bool, as_json: bool) -> None:
    """Make what is new in CASE searchable by word and by meaning; it can be stopped and goes on."""
    from casekit.search import index_pending

    meter = Meter("Indexing")
    with open_case(case) as opened:
        report = index_pending(opened, meter, vectors=not words_only)
    meter.done(f"{report.words:,} items by words, {report.vectors:,} passages by meaning")
    if as_json:
        json_line(
            {
                "v": 1,
                "words": report.words,
                "vectors": report.vectors,
                "seconds": round(report.seconds, 3),
            }
        )


@click.command("ocr")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query", default="")
@click.option(
    "--language", default="eng", show_default=True, help="Tesseract's names, joined by +."
)
@click.option("--engine", default="", help="tesseract or rapidocr; without it the usual one.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def ocr_command(case: Path, query: str, language: str, engine: str, as_json: bool) -> None:
    """Read the pages without text of the items that QUERY finds, all by default, and make them searchable.

    What a machine read is kept beside the item's own text, marked with engine and version.
    """
    from casekit.jobs.recognise import recognise
    from casekit.queries.items import item_ids
    from casekit.search import query as parsed_query

    meter = Meter("Recognising")
    with open_case(case) as opened:
        node = parsed_query(opened, query) if query.strip() else None
        with opened.read() as s:
            ids = list(map(int, item_ids(s, node)))
        report = recognise(opened, ids, meter, language=language, engine=engine)
    meter.done(f"{report.pages:,} pages of {report.items:,} items")
    if as_json:
        json_line(report.as_json())
        return
    for item_id, page, why in report.failed[:50]:
        say(f"▲ item {item_id}, page {page}: {why}")
    say(f"{report.pages:,} pages of {report.items:,} items read by {report.engine}; "
        f"{report.with_text:,} have text, {len(report.failed):,} could not be read.")  # fmt: skip
