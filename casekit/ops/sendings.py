"""To whom an issued version went, when and how; filled in once it has gone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.store.tables import production, sending

HOW = ("portal", "mail", "disk", "hand", "other")


def add_sending(
    s: Connection, number: int, recipient: str, how: str, sent: str, *, role: str = "", note: str = ""
) -> Changes:  # fmt: skip
    """Put on record that an issued version went to somebody.

    Args:
        s: Writing session.
        number: Of the version, see `queries.issued`.
        recipient: Who got it, by name.
        how: A word of `HOW`.
        sent: The day, such as 2026-03-14.
        role: What the recipient is, such as counsel or expert.
        note: Such as a tracking number.

    Raises:
        CaseKitError: There is no such version, or something is missing or malformed.
    """
    row = read_row(s, production, {"id": number})
    if row is None:
        raise CaseKitError(
            "There is no issued version {number}: look at the register of issued versions.",
            number=number,
        )
    if not recipient.strip():
        raise CaseKitError("Say to whom it went, by name.")
    if how not in HOW:
        raise CaseKitError("Say how it went: {known}.", known=", ".join(HOW))
    try:
        day = dt.date.fromisoformat(sent.strip()).isoformat()
    except ValueError as error:
        raise CaseKitError(
            "“{day}” is no day: write it as 2026-03-14.", day=sent.strip()
        ) from error
    act = Act(
        s, "production.send", f"“{row['title']}” sent to {recipient.strip()}", act_class="custody"
    )
    values = {"recipient": recipient.strip(), "role": role.strip() or None, "how": how, "sent": day}
    told = {"note": note.strip() or None, "by": s.info["actor"], "at_us": clock.now_us()}
    act.insert(sending, {"production_id": number, **values, **told})
    return act.record({"exhibits"})
