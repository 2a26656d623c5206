"""Notes on items, on the whole or on a span of a text."""

from __future__ import annotations

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.store.tables import note


def add_note(
    s: Connection,
    item_id: int,
    text: str,
    *,
    part: str | None = None,
    start: int | None = None,
    stop: int | None = None,
) -> Changes:
    """Write a note on an item, or on the characters `start` to `stop` of one of its parts."""
    if not text.strip():
        raise CaseKitError("A note needs some text.")
    sequestered.refuse(s, [item_id])
    act = Act(s, "note.add", "Note written")
    values = {"item_id": item_id, "part": part, "start": start, "stop": stop, "text": text}
    act.insert(note, {**values, "author": s.info["actor"], "at_us": clock.now_us()})
    return act.record({"notes", "items"}, [item_id])


def change_note(s: Connection, note_id: int, text: str) -> Changes:
    """Give a note another text; an empty one takes the note away."""
    row = read_row(s, note, {"id": note_id})
    if row is None:
        raise CaseKitError("This note is no longer there.")
    act = Act(s, "note.change", "Note changed" if text.strip() else "Note taken away")
    if text.strip():
        act.update(note, {"id": note_id}, {"text": text})
    else:
        act.delete(note, {"id": note_id})
    return act.record({"notes", "items"}, [row["item_id"]])
