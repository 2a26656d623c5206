"""Redaction of pages: rectangles withheld from every export, each with its reason and who decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.ops.redactions import REASONS
from casekit.queries.boxes import WHOLE, BoxWord, Rect, boxes, encode_words
from casekit.store.tables import item, redaction_box

Kind = Literal["hide", "keep"]

SMALLEST = 1_000
"""The shortest side of a rectangle, in millionths of the page: a slip of the mouse is no redaction."""


@dataclass(frozen=True, slots=True)
class NewBox:
    """A rectangle to be withheld, or of which alone its page shows anything.

    Attributes:
        page: From 1, of the page as it is shown.
        words: What stands there, as far as it is known; of `keep`, all words of the page.
        source: What told the words: `text`, an engine, or empty.
    """

    item_id: int
    page: int
    rect: Rect
    kind: Kind = "hide"
    words: tuple[BoxWord, ...] = ()
    source: str = ""


def add_boxes(
    s: Connection, new: Sequence[NewBox], reason: str, *, authority: str = "",
    elsewhere: bool = False,
) -> Changes:  # fmt: skip
    """Withhold rectangles of pages; what is withheld already is left as it is.

    Args:
        s: Writing session.
        new: The rectangles.
        reason: One of `redactions.REASONS`.
        authority: By which rule or order.
        elsewhere: The same words may be shown in other places.

    Raises:
        CaseKitError: The reason is none of them, or there is no such page or rectangle.
    """
    _check_reason(reason)
    act = Act(s, "box.add", f"{_count(len(new))} redacted", args={"reason": reason})
    known = {
        (b.item_id, b.page, b.kind, b.left, b.top, b.right, b.bottom)
        for b in boxes(s, [one.item_id for one in new])
    }
    for one in new:
        _check(s, one)
        rect = one.rect
        place = (one.item_id, one.page, one.kind, rect.left, rect.top, rect.right, rect.bottom)
        if place in known:
            continue
        known.add(place)
        values = {
            "item_id": one.item_id, "page": one.page, "kind": one.kind, **_sides(rect),
            "elsewhere": int(elsewhere), **_told(one), "reason": reason, "authority": authority or None,
            "by": s.info["actor"], "at_us": clock.now_us(),
        }  # fmt: skip
        act.insert(redaction_box, values)
    return act.record({"redactions", "items"}, sorted({one.item_id for one in new}))


def move_box(s: Connection, box_id: int, to: NewBox) -> Changes:
    """Give a rectangle other sides on its page, and the words that stand there.

    Raises:
        CaseKitError: It is not there, or the new sides are no rectangle of its page.
    """
    row = _known(s, box_id)
    place = (to.item_id, to.page, str(to.kind))
    if (row["item_id"], row["page"], row["kind"]) != place:
        raise CaseKitError("A box stays on its page: lift it and draw another one.")
    _check(s, to)
    act = Act(s, "box.move", "1 box moved")
    values = {**_sides(to.rect), **_told(to), "by": s.info["actor"], "at_us": clock.now_us()}
    if any(row[side] != value for side, value in _sides(to.rect).items()):
        act.update(redaction_box, {"id": box_id}, values)
    return act.record({"redactions", "items"}, [to.item_id])


def change_boxes(
    s: Connection, box_ids: Sequence[int], *, reason: str, authority: str, elsewhere: bool
) -> Changes:
    """Give rectangles another reason, authority or scope.

    Raises:
        CaseKitError: The reason is none of `redactions.REASONS`, or one is not there.
    """
    _check_reason(reason)
    act = Act(s, "box.change", f"{_count(len(box_ids))} changed", args={"reason": reason})
    items = set()
    for box_id in box_ids:
        items.add(int(_known(s, box_id)["item_id"]))
        row = _known(s, box_id)
        values = {"reason": reason, "authority": authority or None, "elsewhere": int(elsewhere)}
        if any(
            row[name] != value for name, value in values.items()
        ):  # whoever changes it made it so
            now = {"by": s.info["actor"], "at_us": clock.now_us()}
            act.update(redaction_box, {"id": box_id}, {**values, **now})
    return act.record({"redactions", "items"}, sorted(items))


def lift_boxes(s: Connection, box_ids: Sequence[int]) -> Changes:
    """Take rectangles away.

    Raises:
        CaseKitError: One of them is not there.
    """
    act = Act(s, "box.lift", f"{_count(len(box_ids))} shown again")
    items = set()
    for box_id in box_ids:
        items.add(int(_known(s, box_id)["item_id"]))
        act.delete(redaction_box, {"id": box_id})
    return act.record({"redactions", "items"}, sorted(items))


def _known(s: Connection, box_id: int) -> dict[str, Any]:
    row = read_row(s, redaction_box, {"id": box_id})
    if row is None:
        raise CaseKitError("There is no box {n} in this case.", n=box_id)
    return row


def _check_reason(reason: str) -> None:
    if reason not in REASONS:
        raise CaseKitError("The reason must be one of {reasons}.", reasons=", ".join(REASONS))


def _check(s: Connection, one: NewBox) -> None:
    query = select(item.c.kind, item.c.media_type, item.c.pages).where(item.c.id == one.item_id)
    row = s.execute(query).first()
    if row is None or not (row.kind == "image" or row.media_type == "application/pdf"):
        raise CaseKitError(
            "Item {id} has no pages that are shown as pictures: redact its text instead.",
            id=one.item_id,
        )
    if not 1 <= one.page <= (row.pages or 1):
        raise CaseKitError("Item {id} has no page {page}.", id=one.item_id, page=one.page)
    r = one.rect
    ordered = min(r.left, r.top) >= 0 and max(r.right, r.bottom) <= WHOLE
    if not ordered or r.right - r.left < SMALLEST or r.bottom - r.top < SMALLEST:
        raise CaseKitError(
            "That is no box on the page: its sides lie within the page and are a thousandth of it or more."
        )


def _sides(rect: Rect) -> dict[str, int]:
    return {"left": rect.left, "top": rect.top, "right": rect.right, "bottom": rect.bottom}


def _told(one: NewBox) -> dict[str, str]:
    return {"source": one.source, "words": encode_words(one.words)}


def _count(number: int) -> str:
    return f"{number:,} box{'es' if number != 1 else ''}"
