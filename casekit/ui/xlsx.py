"""A list as a spreadsheet: every cell a string, so that nothing in evidence becomes a formula or a number."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.clock import iso
from casekit.progress import Progress
from casekit.ui.time_words import zone_words

if TYPE_CHECKING:
    from casekit.queries.ids import ItemIds
    from casekit.queries.items import ItemRow
    from casekit.queries.redactions import WithheldWords
    from casekit.store.case import Case

HEADS = ("Item", "Kind", "Title", "File name", "When (UTC)", "Time zone", "From", "Model", "Account", "Tags",
         "Coding", "Exhibit", "Bates number", "Privilege", "Problems", "Size")  # fmt: skip
WIDTHS = (10, 12, 60, 24, 22, 22, 26, 20, 16, 30, 40, 10, 18, 12, 10, 12)
CHUNK = 1000
_PRIVILEGE = {
    "privileged": "withheld", "undecided": "undecided", "not-privileged": "not privileged",
    "not-applicable": "",
}  # fmt: skip
_HIDDEN = {"privileged": "Withheld", "undecided": "Privilege undecided"}


def write_list(case: Case, ids: ItemIds, out: Path, progress: Progress) -> int:
    """Write the rows of those ids and return how many there were.

    Of what is withheld, or of which nobody has decided, the titles are left out; in the others pseudonyms
    stand, and `[Redacted]` for redacted words.

    The file appears under its name only when it is whole.

    Raises:
        PrivilegeConflict: A row would give a withheld item away.
        CaseKitError: So would the file's name.
    """
    import xlsxwriter

    from casekit.dossier.cleaning import clean
    from casekit.dossier.plain_sheet import BOOK, PlainSheet
    from casekit.queries import coding, conflicts, items
    from casekit.queries.names import check_name

    with case.read() as s:
        check_name(s, out.name)
        conflicts.refuse(s, ids, progress)
    withheld = _withheld(case)

    building = out.with_name(f".{out.name}.part")
    try:
        with xlsxwriter.Workbook(building, {**BOOK, "constant_memory": True}) as book:
            sheet = PlainSheet(book, "List", HEADS, WIDTHS)
            for start in range(0, len(ids), CHUNK):
                progress.step(start, len(ids), "")
                with case.read() as s:
                    found = items.rows(s, ids[start : start + CHUNK])
                    hidden = {row.id for row in found if row.review in _HIDDEN}
                    told = coding.lines(s, [row.id for row in found], hidden)
                for row in found:
                    line = cells(row, told.get(row.id, ""))
                    sheet.add(clean(line, withheld) if withheld else line)
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return sheet.rows


def _withheld(case: Case) -> WithheldWords:
    """The words of every redaction, and what has a pseudonym, each to be called as the list shows it."""
    from casekit.dossier import pseudonyms
    from casekit.queries.boxes import box_passages, boxes
    from casekit.queries.redactions import WithheldWords, withheld_texts

    with case.read() as s:
        passages = [text for _, text in withheld_texts(s)]
        passages += [text for _, text in box_passages(boxes(s))]
        given = pseudonyms.of_case(s, pseudonyms.wording_of(s))
    return WithheldWords((("[Redacted]", text) for text in passages), given)


def cells(row: ItemRow, coded: str = "") -> tuple[str, ...]:
    """The strings of one row, in the order of `HEADS`."""
    hidden = _HIDDEN.get(row.review, "")
    title, name = (hidden, "") if hidden else (row.title, row.name)
    when = "" if row.sent_us is None else iso(row.sent_us)
    return (
        str(row.id), row.kind, title, name, when, zone_words(row.time), row.sender, row.model, row.account,
        "; ".join(row.tags), coded, row.exhibit, row.bates, _PRIVILEGE[row.review],
        str(row.problems), str(row.size),
    )  # fmt: skip
