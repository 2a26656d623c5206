"""A list as a spreadsheet: every cell a text that no program computes, not even after it was edited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casekit.clock import from_us
from casekit.dossier.companion import Companion, visible
from casekit.dossier.plain_sheet import BOOK, fitting

_WIDTHS = {
    "letter": (104, 144),
    "a4": (102, 150),
}  # characters that fit side by side, upright and turned
_PAPERS = {"letter": 1, "a4": 9}
_LINE_HEIGHT = 12.5  # points
_HIGHEST = 409.0
# "General" would make a formula of a cell that is only touched; 49, "@", keeps it a text
_TEXT = {"num_format": 49, "text_wrap": True, "valign": "top", "font_size": 9}


def write_workbook(made: Companion, path: Path) -> None:
    """Write a list as XLSX; equal lists give equal bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, BOOK) as book:
        created = from_us(made.at_us).replace(tzinfo=None)
        book.set_properties({"title": visible(made.title), "created": created})
        sheet = book.add_worksheet(visible(made.title)[:31])
        plain = book.add_format(_TEXT)
        ruled = book.add_format({**_TEXT, "bottom": 7, "bottom_color": "#BDB9B0"})
        title = book.add_format({**_TEXT, "bold": True, "font_size": 14})
        head = book.add_format({**_TEXT, "bold": True, "bg_color": "#F2F1EE", "bottom": 1})
        widths = _widths(made)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for line, text in enumerate(lines := _caption(made)):
            _across(sheet, line, text, title if text == made.title else plain, widths, made.cut)
        top = len(lines) + 1
        _write_row(
            sheet, top, [column.title for column in made.grid.columns], head, widths, made.cut
        )
        for line, row in enumerate(made.grid.rows, top + 1):
            _write_row(sheet, line, row, ruled, widths, made.cut)
        end = top + len(made.grid.rows)
        sheet.autofilter(top, 0, end, max(0, len(widths) - 1))
        for line, text in enumerate((*made.after, made.state), end + 2):
            _across(sheet, line, text, plain, widths, made.cut)
        _set_pages(sheet, made, top)


def _widths(made: Companion) -> list[float]:
    upright, turned = _WIDTHS[made.paper]
    across = turned if made.landscape else upright
    total = max(1, sum(column.share for column in made.grid.columns))
    return [max(6, across * column.share / total) for column in made.grid.columns]


def _write_row(
    sheet: Any, line: int, cells: Sequence[str], look: Any, widths: Sequence[float], cut: str
) -> None:
    shown = [fitting(visible(cell), cut) for cell in cells]
    for at, cell in enumerate(shown):
        sheet.write_string(line, at, cell, look)
    sheet.set_row(line, max(_height(c, width) for c, width in zip(shown, widths, strict=True)))


def _across(sheet: Any, line: int, text: str, look: Any, widths: Sequence[float], cut: str) -> None:
    """A text over all columns."""
    shown = fitting(visible(text), cut)
    if len(widths) > 1:
        sheet.merge_range(line, 0, line, len(widths) - 1, "", look)
    sheet.write_string(line, 0, shown, look)  # what merges would take “=” for a formula
    size = 1.6 if look.font_size > 9 else 1.0
    sheet.set_row(line, min(_HIGHEST, size * _height(shown, sum(widths))))


def _height(text: str, width: float) -> float:
    """The height of a wrapped text; programs other than Excel do not find it themselves."""
    lines = sum(max(1, -(-len(line) // max(1, int(width * 1.1)))) for line in text.split("\n"))
    return min(_HIGHEST, 3 + _LINE_HEIGHT * lines)


def _set_pages(sheet: Any, made: Companion, top: int) -> None:
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_paper(_PAPERS[made.paper])
    if made.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    short, number, designation = (visible(part).replace("\n", " ") for part in made.head)
    left = " · ".join(part for part in (short, number) if part)[:120]  # 255 characters in all
    sheet.set_header(f"&L&8{_amp(left)}&R&8{_amp(designation[:60])}")
    pages = _amp(made.page).replace("{page}", "&P").replace("{total}", "&N")
    sheet.set_footer(f"&L&8{_amp(made.title)}&R&8{pages}")


def _caption(made: Companion) -> list[str]:
    cover = made.cover
    sides = [
        " ".join(f"{name} {standing}".strip() for name, standing in side)
        for side in (cover.above, cover.below)
        if side
    ]
    lines = [cover.court.replace("\n", ", "), f" {cover.versus} ".join(sides)]
    lines += [
        " · ".join(part for part in (cover.number, cover.judge) if part),
        cover.designation,
    ]
    return [*(line for line in lines if line), made.title, *made.before]


def _amp(text: str) -> str:
    """A text in head or foot, where & begins an instruction; a digit would be read as a size."""
    shown = visible(text).replace("&", "&&")
    return f" {shown}" if shown[:1].isdigit() else shown
