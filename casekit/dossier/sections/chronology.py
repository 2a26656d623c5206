"""The exhibits in order of time, each with what is known of its time zone, and events that counsel states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.dossier.sections import stated_events
from casekit.dossier.sections.common import Printed, instant, printed_us
from casekit.dossier.sections.stated_events import StatedEvents
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView

NO_EVENTS = StatedEvents()


def blocks(
    printed: Sequence[Printed],
    words: Wording,
    told: StatedEvents = NO_EVENTS,
    *,
    draft: bool = False,
) -> tuple[Block, ...]:
    """A row for every dated exhibit, a link to it, and the labels of those without a date.

    Args:
        printed: The exhibits.
        words: The court's wording.
        told: The events that stand among them.
        draft: Say what was left out, and why.
    """
    labels = {view.row.id: one.chapter.label for one in reversed(printed) for view in one.views}
    dated = [(at, one) for one in printed if (at := printed_us(one.views[0])) is not None]
    dated.sort(key=lambda pair: pair[0])
    undated = [one.chapter.label for one in printed if printed_us(one.views[0]) is None]
    columns = (
        Column(words("chronology.utc"), 20), Column(words("chronology.exhibit"), 10),
        Column(words("chronology.what"), 36), Column(words("chronology.source"), 20),
        Column(words("chronology.zone"), 14),
    )  # fmt: skip
    lines = [(at, 1, _row(one, words), one.chapter.dest) for at, one in dated]
    lines += _events(told, labels, printed, words)
    lines.sort(key=lambda line: line[:2])
    rows = tuple(cells for _, _, cells, _ in lines)
    links = tuple(dest for _, _, _, dest in lines)
    made: list[Block] = [Remark(words("chronology.intro"))]
    if told.rows:
        made.append(Remark(words("events.intro")))
    made.append(Grid(columns, rows, links=links) if rows else Remark(words("chronology.none")))
    if undated:
        made.append(Remark(words("chronology.undated", labels=", ".join(undated)), small=True))
    return (*made, *stated_events.notes(told, labels, words, draft=draft))


def _events(
    told: StatedEvents, labels: Mapping[int, str], printed: Sequence[Printed], words: Wording
) -> list[tuple[int, int, tuple[str, ...], str]]:
    """The events as lines: where they begin, before exhibits of the same instant, cells, where they lead."""
    dests = {one.chapter.label: one.chapter.dest for one in printed}
    return [
        (
            row.start_us, 0, stated_events.cells(row, told, labels, words),
            dests.get(labels.get(row.item_id or 0, ""), ""),
        )
        for row in told.rows
    ]  # fmt: skip


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
