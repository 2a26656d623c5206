"""The register of issued versions as a spreadsheet: every cell a string, so that nothing becomes a formula."""

from __future__ import annotations

import contextlib
from pathlib import Path

from casekit import clock
from casekit.errors import CaseKitError
from casekit.queries.issued import Issued, issued
from casekit.store.case import Case

HEADS = ("No.", "Kind", "Name", "Issued (UTC)", "SHA-256", "Pages", "Purpose", "Bates numbers", "Items",
         "Against", "Items in", "Items out", "Redactions", "For", "Sent to, when, how")  # fmt: skip
_WIDTHS = (6, 10, 30, 22, 66, 8, 12, 40, 8, 10, 24, 24, 12, 40, 60)
_LONGEST = 32_767


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
        with xlsxwriter.Workbook(building, {"strings_to_urls": False}) as book:
            sheet = book.add_worksheet("Issued")
            bold = book.add_format({"bold": True})
            for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
                sheet.write_string(0, column, head, bold)
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            for line, one in enumerate(rows, 1):
                for column, cell in enumerate(cells(one)):
                    sheet.write_string(line, column, cell[:_LONGEST])
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return len(rows)
