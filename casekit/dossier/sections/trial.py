"""The trial exhibit list: of every exhibit its witness, purpose, basis, objection, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.dossier.sheet import Block, Chapter, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.trial import FIELDS, TrialRow

_SHARES = {
    "witness": 12, "purpose": 15, "basis": 14, "objected_by": 9, "objection": 14, "response": 14,
    "stipulated": 11, "offered": 10, "admitted": 10,
}  # fmt: skip
Written = Mapping[str, Mapping[str, str]]


def written(rows: Sequence[TrialRow]) -> Written:
    """What is written of each exhibit, by its label."""
    return {row.exhibit.label: row.values for row in rows}


def blocks(chapters: Sequence[Chapter], of: Written, words: Wording) -> tuple[Block, ...]:
    """The list on paper, a link a row; what is not known yet is left to the pen."""
    if not chapters:
        return (Remark(words("trial.none")),)
    columns = (
        Column(words("trial.exhibit"), 13), Column(words("trial.what"), 21), Column(words("trial.for"), 24),
        Column(words("trial.objection"), 22), Column(words("trial.outcome"), 20),
    )  # fmt: skip
    rows = tuple(_row(chapter, of.get(chapter.label, {}), words) for chapter in chapters)
    links = tuple(chapter.dest for chapter in chapters)
    return (Remark(words("trial.intro")), Grid(columns, rows, links=links))


def table(chapters: Sequence[Chapter], of: Written, words: Wording) -> Grid:
    """The list with a column for everything, for a spreadsheet or a page on its side."""
    columns = (
        Column(words("trial.exhibit"), 9), Column(words("trial.bates"), 12), Column(words("trial.what"), 18),
        Column(words("trial.date"), 9), *(Column(words(f"trial.{n}"), _SHARES[n]) for n in FIELDS),
    )  # fmt: skip
    rows = tuple(
        (
            one.label, one.bates.replace(" – ", " –\n"), one.title, one.date,
            *(of.get(one.label, {}).get(field, "") for field in FIELDS),
        )
        for one in chapters
    )  # fmt: skip
    return Grid(columns, rows)


def _row(chapter: Chapter, values: Mapping[str, str], words: Wording) -> tuple[str, ...]:
    def told(*fields: str) -> str:
        lines = [f"{words(f'trial.{f}')}: {values[f]}" for f in fields if values.get(f)]
        return "\n".join(lines)

    outcome = "\n".join(
        f"{words(f'trial.{f}')}: {values.get(f) or '__________'}"
        for f in ("stipulated", "offered", "admitted")
    )
    return (
        "\n".join(part for part in (chapter.label, chapter.bates.replace(" – ", " –\n")) if part),
        "\n".join(part for part in (chapter.title, chapter.date) if part),
        told("witness", "purpose", "basis"),
        told("objected_by", "objection", "response"),
        outcome,
    )
