"""Events of the timeline on paper: what counsel states happened when, with the item that tells of it.

They are counsel's words, so they leave only by choice; one that rests on what is withheld is nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from casekit.dossier.desk import Desk
from casekit.dossier.hidden import roots_of, withheld_families
from casekit.dossier.sections.common import bates_text
from casekit.dossier.sheet import Block, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries import events
from casekit.queries.events import EventRow
from casekit.store.tables import bates


@dataclass(frozen=True, slots=True)
class StatedEvents:
    """The events that may be printed, in order of time.

    Attributes:
        kept_back: How many rest on what is withheld as privileged.
        numbers: Bates numbers of the items they rest on, of those that were handed over before.
    """

    rows: tuple[EventRow, ...] = ()
    kept_back: int = 0
    numbers: Mapping[int, str] = field(default_factory=dict)


def stated(desk: Desk) -> StatedEvents:
    """The events for the chronology of a dossier; none unless its spec asks. What they rest on is told.

    Raises:
        CaseKitError: The spec names an event that the timeline does not have.
    """
    rows, shut = _open(desk.s, desk.spec)
    cited = {row.item_id for row in rows if row.item_id is not None}
    desk.told.update(cited)
    query = select(bates).where(bates.c.item_id.in_(cited))
    numbers = {r.item_id: bates_text(r.prefix, r.first, r.last) for r in desk.s.execute(query)}
    return StatedEvents(tuple(rows), shut, numbers)


def rests_on(s: Connection, spec: DossierSpec) -> set[int]:
    """The items on which the events rest that a dossier of this spec prints."""
    rows, _ = _open(s, spec)
    return {row.item_id for row in rows if row.item_id is not None}


def cells(
    row: EventRow, told: StatedEvents, labels: Mapping[int, str], words: Wording
) -> tuple[str, ...]:
    """One event as a row of the chronology: its date as it was written, as precise as that is."""
    item_id = row.item_id
    label = labels.get(item_id, "") if item_id is not None else ""
    if item_id is None:
        source = words("events.counsel")
    elif label:
        source = words("facts_table.exhibit", label=label)
    elif item_id in told.numbers:
        source = words("facts_table.handed_over", numbers=told.numbers[item_id])
    else:
        source = words("facts_table.outside")
    when = (
        row.starts if not row.ends else words("facts_table.range", first=row.starts, last=row.ends)
    )
    kind = words(f"events.kind.{row.kind}")
    title = words("events.what", kind=kind, title=row.title)
    return when, label or "–", title, source, words("events.zone", zone=row.zone)


def notes(
    told: StatedEvents, labels: Mapping[int, str], words: Wording, *, draft: bool
) -> tuple[Block, ...]:
    """What a draft says to its makers of events that are not in, and of items a reader could not turn to."""
    if not draft:
        return ()
    made: list[Block] = []
    if told.kept_back:
        text = words("events.left_out", n=told.kept_back)
        made.append(Remark(text, words("facts_table.left_out_head"), small=True))
    missing = sorted({r.item_id for r in told.rows if r.item_id is not None} - labels.keys())
    if missing:
        text = words("events.elsewhere", items=", ".join(map(str, missing)))
        made.append(Remark(text, words("facts_table.elsewhere_head"), small=True))
    return tuple(made)


def _open(s: Connection, spec: DossierSpec) -> tuple[list[EventRow], int]:
    """The events that a spec asks for and that may be printed, and how many more there are."""
    chosen = _chosen(s, spec)
    ids = [row.item_id for row in chosen if row.item_id is not None]
    held: Mapping[int, str] = withheld_families(s) if ids else {}
    roots = roots_of(s, ids) if held else {}
    kept = [row for row in chosen if row.item_id is None or roots.get(row.item_id) not in held]
    return kept, len(chosen) - len(kept)


def _chosen(s: Connection, spec: DossierSpec) -> Sequence[EventRow]:
    if "chronology" not in spec.sections or spec.events == "none":
        return []
    every = events.events(s)
    if spec.events == "all":
        return every
    wanted = set(spec.events)
    for missing in sorted(wanted - {row.id for row in every}):
        raise CaseKitError("There is no event {n} on the timeline.", n=missing)
    return [row for row in every if row.id in wanted]
