"""A time as the window shows it, and in words how far it can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.clock import from_us
from casekit.i18n import tr

if TYPE_CHECKING:
    from casekit.queries.items import ItemRow
    from casekit.queries.times import Instant, TimeDecision

READINGS = (("as-assumed", "As assumed"), ("left-out", "Left out"))


def when_text(us: int | None) -> str:
    """A time as lists show it, to the second, in UTC."""
    return "" if us is None else from_us(us).strftime("%Y-%m-%d %H:%M:%S")


def minute_text(us: int) -> str:
    """A time as panes show it, to the minute, in UTC; in figures alone, which every language reads."""
    return from_us(us).strftime("%Y-%m-%d %H:%M")


def row_when(row: ItemRow) -> str:
    """The time of a row, with a quiet mark where its zone is in doubt."""
    return when_text(row.sent_us) if row.time.is_sure else f"≈ {when_text(row.sent_us)}"


def zone_words(time: Instant) -> str:
    """What was assumed of a time's zone, and what was decided; empty where its source says the zone."""
    if time.state in ("", "exact"):
        return ""
    said = [tr("zone assumed: {rule}", rule=time.rule)]
    if time.state == "undecided" or time.decision is None:
        hours = time.off_hours
        said.append(tr("nobody has decided it, so it may be up to {n} hours off", n=hours))
        if time.is_day_open:
            said.append(tr("day and month may be the other way round"))
    else:
        said.append(decision_words(time.decision))
    if time.wide_us:
        said.append(
            tr(
                "the clock there skips this time or shows it twice: up to {n} minutes later",
                n=time.wide_us // 60_000_000,
            )
        )
    return "; ".join(said)


def decision_words(said: TimeDecision) -> str:
    """Who decided what, when and why."""
    day = from_us(said.at_us).strftime("%Y-%m-%d")
    return tr(
        "decided by {by} on {day}: {reading}, because {reason}",
        by=said.by, day=day, reading=reading_words(said), reason=said.reason,
    )  # fmt: skip


def reading_words(said: TimeDecision) -> str:
    """A reading as people say it: a zone or an offset is its own word."""
    words = tr(dict(READINGS).get(said.reading, said.reading))
    return tr("{zone}, day and month exchanged", zone=words) if said.swapped else words
