"""Annotations of passages: a colour and a note beside the text, which stays as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.queries.annotations import COLOURS
from casekit.queries.passages import part_text, quote_hash
from casekit.store.tables import annotation

MOST_CHARACTERS = 20_000
_KINDS = ("annotations", "items")


def annotate(
    s: Connection, item_id: int, part: str, start: int, stop: int, *, text: str = "", colour: str = COLOURS[0]
) -> tuple[int, Changes]:  # fmt: skip
    """Annotate the characters `start` to `stop` of a part; returns the number with the changes.

    Raises:
        CaseKitError: There is no such passage, its item is sequestered, or the colour is none of `COLOURS`.
    """
    sequestered.refuse(s, [item_id])
    whole = part_text(s, item_id, part)
    if whole is None:
        raise CaseKitError("Item {id} has no part “{part}”.", id=item_id, part=part)
    if not 0 <= start < stop <= len(whole):
        raise CaseKitError(
            "The part “{part}” of item {id} has characters 0 to {n}: the passage is not in it.",
            part=part, id=item_id, n=len(whole),
        )  # fmt: skip
    values = {
        "item_id": item_id, "part": part, "start": start, "stop": stop,
        "quote_sha256": quote_hash(whole[start:stop]), "by": s.info["actor"], "at_us": clock.now_us(),
    }  # fmt: skip
    act = Act(s, "annotation.add", "Passage annotated")
    number = act.insert(annotation, {**values, **_said(text, colour)})
    return int(number), act.record(_KINDS, [item_id])


def change_annotation(
    s: Connection, annotation_id: int, *, text: str | None = None, colour: str | None = None
) -> Changes:
    """Give an annotation another note or colour; what is None stays as it is.

    Raises:
        CaseKitError: It is not there, or the colour is none of `COLOURS`.
    """
    row = _known(s, annotation_id)
    act = Act(s, "annotation.change", "Annotation changed")
    act.update(annotation, {"id": annotation_id}, _said(text, colour))
    return act.record(_KINDS, [row["item_id"]])


def remove_annotation(s: Connection, annotation_id: int) -> Changes:
    """Take an annotation away.

    Raises:
        CaseKitError: It is not there.
    """
    row = _known(s, annotation_id)
    act = Act(s, "annotation.remove", "Annotation taken away")
    act.delete(annotation, {"id": annotation_id})
    return act.record(_KINDS, [row["item_id"]])


def _known(s: Connection, annotation_id: int) -> dict[str, Any]:
    row = read_row(s, annotation, {"id": annotation_id})
    if row is None:
        raise CaseKitError("There is no annotation {id} in this case.", id=annotation_id)
    sequestered.refuse(s, [row["item_id"]])
    return row


def _said(text: str | None, colour: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = text.strip() or None
        if len(text) > MOST_CHARACTERS:
            raise CaseKitError("A note has {most} characters at most.", most=MOST_CHARACTERS)
    if colour is not None:
        if colour not in COLOURS:
            raise CaseKitError(
                "The {field} must be one of: {words}.", field="colour", words=", ".join(COLOURS)
            )
        values["colour"] = colour
    return values
