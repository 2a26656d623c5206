"""Exhibits: items labelled for the proceeding, in the order in which the dossier shows them."""

from __future__ import annotations

import re

from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.store.tables import exhibit, item, privilege, trial_exhibit

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,15}")


def mark_exhibit(
    s: Connection,
    item_id: int,
    label: str | None = None,
    *,
    title: str | None = None,
    designation: str | None = None,
) -> Changes:
    """Label an item as an exhibit; without a label it takes the next of its series.

    Raises:
        CaseKitError: The label is taken or malformed, or the item is withheld as privileged.
    """
    if read_row(s, item, {"id": item_id}) is None:
        raise CaseKitError("There is no item {id} in this case.", id=item_id)
    sequestered.refuse(s, [item_id])
    if read_row(s, privilege, {"item_id": item_id}) is not None:
        raise CaseKitError(
            "Item {id} is withheld as privileged and cannot become an exhibit: release it first.",
            id=item_id,
        )
    label = label or next_label(s)
    if not LABEL.fullmatch(label):
        raise CaseKitError(
            "“{label}” is no exhibit label: use letters, digits, - and ., such as A-17.",
            label=label,
        )
    if s.execute(select(exhibit.c.id).where(exhibit.c.label == label)).first():
        raise CaseKitError("Exhibit {label} is taken: choose another label.", label=label)
    act = Act(s, "exhibit.mark", f"Exhibit {label} marked")
    last = s.execute(select(func.max(exhibit.c.position))).scalar() or 0
    values = {"label": label, "item_id": item_id, "title": title, "designation": designation}
    act.insert(exhibit, {**values, "position": last + 1})
    return act.record({"exhibits", "items"}, [item_id])


def unmark_exhibit(s: Connection, label: str) -> Changes:
    """Take an exhibit's label away; the item stays."""
    row = s.execute(select(exhibit).where(exhibit.c.label == label)).first()
    if row is None:
        raise CaseKitError("There is no exhibit {label}.", label=label)
    act = Act(s, "exhibit.unmark", f"Exhibit {label} unmarked")
    act.delete(trial_exhibit, {"exhibit_id": row.id})
    act.delete(exhibit, {"id": row.id})
    return act.record({"exhibits", "items"}, [row.item_id])


def next_label(s: Connection, series: str = "A") -> str:
    """The label after the highest of the series, such as A-18."""
    numbers = [
        int(found.group(1))
        for label in s.execute(select(exhibit.c.label)).scalars()
        if (found := re.fullmatch(re.escape(series) + r"-(\d+)", label))
    ]
    return f"{series}-{max(numbers, default=0) + 1}"
