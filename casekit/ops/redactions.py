"""Redaction: passages withheld from every export, each with its reason and who decided it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries.redactions import redactions
from casekit.store.tables import item_text, redaction

Span = tuple[int, str, int, int]
"""Item, part, first character and the one after the last."""

REASONS = (
    "privacy",
    "attorney-client",
    "work-product",
    "confidential",
    "third-party",
    "court-order",
)


def redact(
    s: Connection,
    spans: Sequence[tuple[int, str, int, int]],
    reason: str,
    *,
    authority: str = "",
) -> Changes:
    """Withhold passages; what is withheld already is left as it is.

    Args:
        s: Writing session.
        spans: Item, part, first character and the one after the last, counted in the part's text.
        reason: One of `REASONS`.
        authority: By which rule or order.

    Raises:
        CaseKitError: The reason is none of them, or there is no such passage.
    """
    if reason not in REASONS:
        raise CaseKitError("The reason must be one of {reasons}.", reasons=", ".join(REASONS))
    act = Act(s, "redaction.add", f"{_count(len(spans))} redacted", args={"reason": reason})
    known = {
        (r.item_id, r.part, r.start, r.stop) for r in redactions(s, [each[0] for each in spans])
    }
    values = {"reason": reason, "authority": authority or None, "by": s.info["actor"]}
    values["at_us"] = clock.now_us()
    for item_id, part, start, stop in dict.fromkeys(spans):
        if (item_id, part, start, stop) in known:
            continue
        _check(s, item_id, part, start, stop)
        place = {"item_id": item_id, "part": part, "start": start, "stop": stop}
        act.insert(redaction, {**place, **values})
    return act.record({"redactions", "items"}, sorted({each[0] for each in spans}))


def all_but(s: Connection, item_id: int, keep: Sequence[tuple[str, int, int]]) -> list[Span]:
    """The passages that are withheld where only some are shown: all texts of an item but those.

    Args:
        s: Session.
        item_id: The item.
        keep: Part, first character and the one after the last of what is shown; nothing for no text at all.

    Raises:
        CaseKitError: The item has no text, or a passage is not in it.
    """
    query = select(item_text.c.part, item_text.c.text).where(item_text.c.item_id == item_id)
    texts: dict[str, str] = {}
    for row in s.execute(query.order_by(item_text.c.no)):
        texts.setdefault(row.part, row.text)
    if not texts:
        raise CaseKitError("Item {id} has no text to be withheld.", id=item_id)
    for part, start, stop in keep:
        _check(s, item_id, part, start, stop)
    found: list[Span] = []
    for part, text in texts.items():
        at = 0
        shown = sorted((start, stop) for name, start, stop in keep if name == part)
        for start, stop in (*shown, (len(text), len(text))):
            if text[at:start].strip():
                found.append((item_id, part, at, start))
            at = max(at, stop)
    return found


def lift(s: Connection, redaction_ids: Sequence[int]) -> Changes:
    """Take redactions away.

    Raises:
        CaseKitError: One of them is not there.
    """
    act = Act(s, "redaction.lift", f"{_count(len(redaction_ids))} shown again")
    items = set()
    for redaction_id in redaction_ids:
        row = read_row(s, redaction, {"id": redaction_id})
        if row is None:
            raise CaseKitError("There is no redaction {n} in this case.", n=redaction_id)
        items.add(int(row["item_id"]))
        act.delete(redaction, {"id": redaction_id})
    return act.record({"redactions", "items"}, sorted(items))


def _check(s: Connection, item_id: int, part: str, start: int, stop: int) -> None:
    query = select(item_text.c.text).where(item_text.c.item_id == item_id, item_text.c.part == part)
    text = s.execute(query.order_by(item_text.c.no).limit(1)).scalar()
    if text is None or not 0 <= start < stop <= len(text):
        raise CaseKitError(
            "There is no such passage in item {id}: choose characters of one of its texts.",
            id=item_id,
        )


def _count(number: int) -> str:
    return f"{number:,} passage{'s' if number != 1 else ''}"
