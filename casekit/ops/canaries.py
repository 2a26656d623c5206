"""Making a set of canaries, and recording in custody that answers were marked with it."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.store.canary_tables import canary_set

MOST = 100_000
VERSION = 1


def make_set(s: Connection, name: str, *, served: int = 10, decoys: int = 9_990) -> Changes:
    """Draw a key and keep it; the log's leaf commits to it before anything is served. Cannot be undone.

    With all decoys unseen, one served canary that is found has p = served / (served + decoys).

    Raises:
        CaseKitError: The name is empty or taken, or the numbers make no test.
    """
    name = name.strip()
    if not name:
        raise CaseKitError("A set of canaries needs a name.")
    if s.execute(select(canary_set.c.id).where(canary_set.c.name == name)).first() is not None:
        raise CaseKitError(
            "There is a set of canaries “{name}” already: choose another name.", name=name
        )
    if served < 1 or decoys < 19 * served or served + decoys > MOST:
        raise CaseKitError(
            "At least 1 canary is served, with 19 decoys for each, and {most} in all: with fewer decoys one "
            "that is found would say nothing.",
            most=MOST,
        )
    act = Act(s, "canary.make", f"Canaries “{name}” made", act_class="custody")
    act.insert(
        canary_set,
        {
            "name": name, "key": secrets.token_bytes(32), "served": served, "decoys": decoys,
            "version": VERSION, "by": s.info["actor"], "made_us": clock.now_us(),
        },
    )  # fmt: skip
    return act.record({"canaries"}, undoable=False)


def record_marking(s: Connection, name: str, told: dict[str, Any]) -> Changes:
    """Record that a file of answers was marked: hashes of both files, and which line carries which canary."""
    act = Act(s, "canary.embed", f"Answers marked with canaries “{name}”", act_class="custody")
    return act.record(undoable=False, extra={"set": name, **told})
