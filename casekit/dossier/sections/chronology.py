"""The exhibits in order of time, each with what is known of its time zone."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.dossier.sections.common import Printed, instant, printed_us
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView


def blocks(printed: Sequence[Printed], words: Wording) -> tuple[Block, ...]:
    """A row for every dated exhibit, a link to it, and the labels of those without a date."""
    dated = [(at, one) for one in printed if (at := printed_us(one.views[0])) is not None]
    dated.sort(key=lambda pair: pair[0])
    undated = [one.chapter.label for one in printed if printed_us(one.views[0]) is None]
    columns = (
        Column(words("chronology.utc"), 20), Column(words("chronology.exhibit"), 10),
        Column(words("chronology.what"), 36), Column(words("chronology.source"), 20),
        Column(words("chronology.zone"), 14),
    )  # fmt: skip
    rows = tuple(_row(one, words) for _, one in dated)
    links = tuple(one.chapter.dest for _, one in dated)
    made: list[Block] = [Remark(words("chronology.intro"))]
    made.append(Grid(columns, rows, links=links) if rows else Remark(words("chronology.none")))
    if undated:
        made.append(Remark(words("chronology.undated", labels=", ".join(undated)), small=True))
    return tuple(made)


def _row(one: Printed, words: Wording) -> tuple[str, ...]:
    view, chapter = one.views[0], one.chapter
    return (
        _moment(view, words),
        chapter.label,
        _short(chapter.title),
        view.sent_raw,
        _zone(view, words),
    )


def _moment(view: ItemView, words: Wording) -> str:
    text = instant(printed_us(view), view.sent_resolution_us)
    return text if view.row.time.is_sure else words("when.about", day=text)


def _zone(view: ItemView, words: Wording) -> str:
    time = view.row.time
    return words(f"zone.{time.state}") + (words("zone.wide") if time.wide_us else "")


def _short(title: str) -> str:
    """A title that leaves the table a table; the exhibit bears it whole."""
    return title if len(title) <= 160 else title[:159].rsplit(" ", 1)[0] + "…"
