"""A privilege log written as CSV or XLSX: document by document, by category, or by metadata alone."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from casekit.clock import iso
from casekit.errors import CaseKitError
from casekit.queries.privilege_log import LogEntry, entries
from casekit.store.case import Case

Format = Literal["document", "category", "metadata"]
FORMATS: tuple[Format, ...] = get_args(Format)
BASES = {
    "attorney-client": "Attorney–client privilege",
    "work-product": "Work product",
    "common-interest": "Common interest",
    "other": "Other",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
_CUT = " … (whole in the log as .csv)"

Columns = Sequence[tuple[str, Callable[[LogEntry], str]]]


@dataclass(frozen=True, slots=True)
class Written:
    """What a log holds: its rows, the items they tell of, and how many items have no description."""

    rows: int
    items: int
    undescribed: int


def write(case: Case, out: Path, form: Format = "document") -> Written:
    """Write the privilege log of a case; the file appears under its name only when it is whole.

    Args:
        case: An open case.
        out: A file whose name ends in .csv (UTF-8 with its mark, as spreadsheets expect) or .xlsx.
        form: `document`: a row an item with what was written of it; `metadata`: a row an item with what its
            headers say; `category`: a row for all items of one basis, description and kind.

    Raises:
        CaseKitError: Nothing is withheld, the name ends in neither, or the folder is not there.
    """
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise CaseKitError("A privilege log is written as .csv or .xlsx: name the file so.")
    if not out.parent.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out.parent)
    with case.read() as s:
        found = entries(s)
    if not found:
        raise CaseKitError("Nothing is withheld as privileged, so there is nothing to log.")
    heads, rows = table(found, form)
    building = out.with_name(f".{out.name}.part")
    try:
        (_write_csv if out.suffix.lower() == ".csv" else _write_xlsx)(building, heads, rows)
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return Written(len(rows), len(found), sum(not one.description for one in found))


def table(found: Sequence[LogEntry], form: Format) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a log."""
    if form == "category":
        return _CATEGORY_HEADS, _categories(found)
    columns = _DOCUMENT if form == "document" else _METADATA
    return [head for head, _ in columns], [[cell(one) for _, cell in columns] for one in found]


def _joined(people: Sequence[str]) -> str:
    return "; ".join(people)


def _when(us: int | None) -> str:
    return "" if us is None else iso(us)


_WHO: Columns = (
    ("Date (UTC)", lambda one: _when(one.sent_us)),
    ("Author", lambda one: _joined(one.authors)),
    ("To", lambda one: _joined(one.to)),
    ("Cc", lambda one: _joined(one.cc)),
    ("Bcc", lambda one: _joined(one.bcc)),
)
_FIRST: Columns = (
    ("Log number", lambda one: one.number),
    ("Bates number", lambda one: one.bates),
    ("Attached to", lambda one: one.attached_to),
    ("Kind", lambda one: one.kind),
)
_DOCUMENT: Columns = (
    *_FIRST, *_WHO,
    ("Privilege", lambda one: BASES.get(one.basis, one.basis)),
    ("Description", lambda one: one.description),
    ("Treatment", lambda _: "Withheld in full"),
)  # fmt: skip
_METADATA: Columns = (
    *_FIRST,
    ("File type", lambda one: one.media_type),
    ("Pages", lambda one: "" if one.pages is None else str(one.pages)),
    *_WHO,
    ("Custodian", lambda one: _joined(one.custodians)),
    ("Privilege", lambda one: BASES.get(one.basis, one.basis)),
)
_CATEGORY_HEADS = ["Category", "Privilege", "Description", "Kind", "Items", "First date (UTC)",
                   "Last date (UTC)", "Authors", "Recipients", "Log numbers"]  # fmt: skip


def _categories(found: Sequence[LogEntry]) -> list[list[str]]:
    groups: dict[tuple[str, str, str], list[LogEntry]] = {}
    for one in found:
        groups.setdefault((one.basis, one.description, one.kind), []).append(one)
    made = []
    for n, ((basis, description, kind), members) in enumerate(sorted(groups.items()), 1):
        times = sorted(one.sent_us for one in members if one.sent_us is not None)
        authors = sorted({who for one in members for who in one.authors})
        recipients = sorted({who for one in members for who in (*one.to, *one.cc, *one.bcc)})
        made.append([
            str(n), BASES.get(basis, basis), description, kind, str(len(members)),
            _when(times[0]) if times else "", _when(times[-1]) if times else "", _joined(authors),
            _joined(recipients), _joined([one.number for one in members]),
        ])  # fmt: skip
    return made


def _write_csv(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([[_no_formula(cell) for cell in row] for row in rows])


def _write_xlsx(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Privilege log")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            wide = head in ("Description", "Author", "Authors", "To", "Recipients", "Log numbers")
            sheet.set_column(column, column, 36 if wide else 18)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, _fitting(cell), wrapped)


def _fitting(cell: str) -> str:
    """A cell that a workbook can hold, which says so if it is not whole."""
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - len(_CUT)] + _CUT


def _no_formula(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe before what would begin a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
