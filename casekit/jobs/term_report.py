"""The search-term report as a workbook: one sheet of terms, one that says what was searched and how."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from casekit import __version__
from casekit.clock import iso
from casekit.queries.saved_searches import query_hash

if TYPE_CHECKING:
    from casekit.search.term_report import TermReport
    from casekit.store.case import Case

HEADS = ("Line", "Term", "Hits", "Unique hits", "Hits with family", "Remark", "SHA-256 of the hits",
         "What it stands for", "SHA-256 of that")  # fmt: skip
WIDTHS = (8, 60, 12, 14, 18, 60, 66, 60, 66)
REASONS = {
    "not-indexed": "not indexed yet", "no-text": "no text (scans, images)",
    "some-pages": "some pages without text", "not-read": "kept, format unknown", "encrypted": "encrypted",
    "script": "a script the model does not know", "quarantined": "records set aside (counted over the case)",
    "time-left-out": "with a time that was left out",
}  # fmt: skip


def write(case: Case, report: TermReport, out: Path) -> None:
    """Write the report; the file appears under its name only when it is whole.

    Raises:
        CaseKitError: The file's name would give a withheld item away.
    """
    import xlsxwriter

    from casekit.dossier.plain_sheet import BOOK, PlainSheet
    from casekit.queries.names import check_name

    with case.read() as s:
        check_name(s, out.name)
    building = out.with_name(f".{out.name}.part")
    try:
        with xlsxwriter.Workbook(building, BOOK) as book:
            number = book.add_format({"num_format": "#,##0"})
            sheet = PlainSheet(book, "Terms", HEADS, WIDTHS, fixed=2)
            for row in report.rows:
                counts = (row.hits, row.unique, row.with_family)
                said = ("not searched: " + row.error) if row.error else "; ".join(row.warnings)
                meant = query_hash(row.resolved).hex() if row.resolved else ""
                cells = (
                    str(row.line),
                    row.query,
                    "",
                    "",
                    "",
                    said,
                    row.hash.hex(),
                    row.resolved,
                    meant,
                )
                sheet.add(cells)
                for column, count in enumerate(() if row.error else counts, 2):
                    sheet.sheet.write_number(sheet.rows, column, count, number)
            totals = PlainSheet(book, "What was searched", ("What", "Value"), (44, 90))
            for name, value in lines(report):
                totals.add((name, value))
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)


def lines(report: TermReport) -> list[tuple[str, str]]:
    """What the report rests on, in name and value, as the sheet and the command line say it."""
    failed = sum(bool(row.error) for row in report.rows)
    return [
        ("Made", iso(report.at_us)),
        ("Terms", f"{len(report.rows):,}" + (f", of which {failed:,} not read" if failed else "")),
        ("Set searched", report.scope or "all items of the case"),
        *((("What the set stands for", report.scope_resolved),) if report.scope_resolved else ()),
        ("Items in it", f"{report.searched:,}"),
        ("SHA-256 of the set (digests of its items, in order)", report.set_hash.hex()),
        ("Items with a hit of any term", f"{report.total:,}"),
        ("Items of their families, hits included", f"{report.total_with_family:,}"),
        *(
            (f"Could not be searched: {REASONS[each.reason]}", f"{each.count:,}")
            for each in report.not_searched
        ),
        ("Index", f"{report.index}, up to item {report.indexed}"),
        ("Custody entry before it", str(report.head)),
        ("CaseKit", __version__),
        ("Way of searching", "by words, exact; never by meaning"),
    ]
