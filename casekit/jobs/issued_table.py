"""The register of issued versions as a spreadsheet: every cell a string, so that nothing becomes a formula."""

from __future__ import annotations

import contextlib
from pathlib import Path

from casekit import clock
from casekit.dossier.plain_sheet import BOOK, PlainSheet
from casekit.errors import CaseKitError
from casekit.queries.issued import Issued, issued
from casekit.store.case import Case

HEADS = ("No.", "Kind", "Name", "Issued (UTC)", "SHA-256", "Pages", "Purpose", "Bates numbers", "Items",
         "Against", "Items in", "Items out", "Redactions", "For", "Sent to, when, how")  # fmt: skip
_WIDTHS = (6, 10, 30, 22, 66, 8, 12, 40, 8, 10, 24, 24, 12, 40, 60)


def cells(one: Issued) -> tuple[str, ...]:
    """The strings of one version, in the order of `HEADS`."""
    return (
        str(one.number), one.kind, one.title, clock.iso(one.at_us)[:19], one.sha256, str(one.pages),
        one.profile, one.ranges, str(one.items), str(one.before) if one.before else "",
        ", ".join(map(str, one.added)), ", ".join(map(str, one.removed)),
        "changed" if one.redactions_changed else "", "; ".join(one.recipients),
        "; ".join(f"{g.recipient}{f' ({g.role})' if g.role else ''}, {g.sent}, {g.how}" for g in one.sendings),
    )  # fmt: skip


def write(case: Case, out: Path) -> int:
    """Write the register as XLSX and return how many versions it lists.

    Raises:
        CaseKitError: The name does not end in .xlsx, or the place cannot be written.
    """
    import xlsxwriter

    if out.suffix.lower() != ".xlsx":
        raise CaseKitError("The register is written as .xlsx: name the file so.")
    if not out.parent.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out.parent)
    with case.read() as s:
        rows = issued(s)
    building = out.with_name(f".{out.name}.part")
    try:
        with xlsxwriter.Workbook(building, BOOK) as book:
            sheet = PlainSheet(book, "Issued", HEADS, _WIDTHS)
            for one in rows:
                sheet.add(cells(one))
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return len(rows)
