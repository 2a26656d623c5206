"""A privilege log written as CSV, XLSX or DOCX: document by document, by category, or by metadata alone."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from casekit.dossier import leaving, pseudonyms
from casekit.dossier.redact import all_withheld, refuse
from casekit.dossier.sections.withheld import FORMATS, Format, table
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.jobs import companion
from casekit.jobs.load_tables import csv_bytes
from casekit.queries import matter as matter_queries
from casekit.queries.names import check_name
from casekit.store.case import Case

__all__ = ["ENDINGS", "FORMATS", "Format", "Written", "write"]
ENDINGS = (".csv", ".xlsx", ".docx")


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
        out: A file whose name ends in .csv (UTF-8 with its mark, as spreadsheets expect), .xlsx or .docx, the
            last two under the matter's caption.
        form: `document`: a row an item with what was written of it; `metadata`: a row an item with what its
            headers say; `category`: a row for all items of one basis, description and kind.

    Raises:
        CaseKitError: Nothing is withheld, the name ends in none of them or tells what is withheld, the folder
            is not there, or the log would tell what is redacted.
        Unchecked: No second person has approved a pseudonym, as the matter asks.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise CaseKitError("A privilege log is written as .csv, .xlsx or .docx: name the file so.")
    if not out.parent.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out.parent)
    with case.read() as s:
        check_name(s, out.name)
        leaving.refuse_open(s, ())
        withheld = all_withheld(s)
        words = wording(matter_queries.get(s).profile or "neutral")
        found = [*pseudonyms.log_entries(s, pseudonyms.of_case(s, words)).values()]
    if not found:
        raise CaseKitError("Nothing is withheld as privileged, so there is nothing to log.")
    undescribed = sum(not one.description for one in found)
    if ending != ".csv":
        made = companion.write(case, "privilege", out, DossierSpec(privilege_format=form))
        return Written(made.rows, len(found), undescribed)
    grid = table(found, form, words)
    cells = (cell for row in grid.rows for cell in row)
    refuse(((words("companion.privilege"), name) for c in cells for _, _, name in withheld.places(c)),
           companion.TELLS)  # fmt: skip
    building = out.with_name(f".{out.name}.part")
    try:
        building.write_bytes(csv_bytes([column.title for column in grid.columns], grid.rows))
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return Written(len(grid.rows), len(found), undescribed)
