"""Deciding how times without a zone are to be read; the items themselves stay as they were read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries.times import is_assumed
from casekit.queries.zones import LEFT_OUT, shifts
from casekit.store.tables import item, time_decision, time_shift


def decide_time(
    s: Connection, numbers: Sequence[int], reading: str, reason: str, *, swapped: bool = False
) -> Changes:
    """Decide how the times of some groups are to be read; an earlier decision is replaced.

    Args:
        s: Writing session.
        numbers: Each the id of an item, whose original, field and rule make the group (`queries.times`).
        reading: `as-assumed`, `left-out`, an offset such as `+08:00`, or a zone such as `Asia/Shanghai` in
            which the local times are read. What the zone does with clocks is kept with the decision, so
            that a later change of the world's zones leaves it as it is.
        reason: On what the decision rests.
        swapped: Day and month are the other way round than was assumed, where their order was open; a
            decision without it takes the order as assumed.

    Raises:
        CaseKitError: There is no reason, no such reading, an item has no time whose zone was assumed, or its
            times lie where zones are not looked up.
    """
    if not reason.strip():
        raise CaseKitError("A decision on times needs a reason: it is printed beside them.")
    act = Act(
        s,
        "time.decide",
        f"Times {_what(reading)}",
        args={"reading": reading, "swapped": swapped, "numbers": list(numbers)},
    )
    done = set()
    for number in numbers:
        key = _group(s, number)
        if key not in done:
            _decide(act, key, reading, reason.strip(), swapped)
            done.add(key)
    return act.record({"times", "items"})


def _what(reading: str) -> str:
    return {"as-assumed": "taken as assumed", LEFT_OUT: "left out"}.get(
        reading, f"read as {reading}"
    )


def _group(s: Connection, number: int) -> tuple[int, str, str]:
    columns = (item.c.original_id, item.c.sent_field, item.c.sent_zone)
    row = s.execute(select(*columns).where(item.c.id == number, is_assumed())).first()
    if row is None:
        raise CaseKitError("Item {id} has no time whose zone was assumed.", id=number)
    return row.original_id, row.sent_field or "", row.sent_zone


def _decide(act: Act, key: tuple[int, str, str], reading: str, reason: str, swapped: bool) -> None:
    original_id, field, rule = key
    same = (
        item.c.original_id == original_id,
        func.coalesce(item.c.sent_field, "") == field,
        item.c.sent_zone == rule,
    )
    span = select(func.min(item.c.sent_us), func.max(item.c.sent_us)).where(*same)
    first, last = act.s.execute(span).one()
    found = shifts(reading, rule, first, last, swapped=swapped)
    if not found and reading != LEFT_OUT:
        raise CaseKitError(
            "These times lie before 1970 or after 2099, where zones are not looked up: give an offset "
            "such as +08:00."
        )
    named = {"original_id": original_id, "field": field, "rule": rule}
    said = {
        "reading": reading,
        "swapped": int(swapped),
        "reason": reason,
        "by": act.s.info["actor"],
        "at_us": clock.now_us(),
    }
    known = select(time_decision.c.id).where(
        *(time_decision.c[name] == value for name, value in named.items())
    )
    decision = act.s.execute(known).scalar()
    if decision is None:
        decision = act.insert(time_decision, {**named, **said})
    else:
        act.update(time_decision, {"id": decision}, said)
        old = select(time_shift.c.from_us).where(time_shift.c.decision_id == decision)
        for from_us in act.s.execute(old.order_by(time_shift.c.from_us)).scalars().all():
            act.delete(time_shift, {"decision_id": decision, "from_us": from_us})
    act.insert_many(
        time_shift,
        [
            {"decision_id": decision, "from_us": each.from_us, "until_us": each.until_us,
             "shift_us": each.shift_us, "wide_us": each.wide_us}
            for each in found
        ],
    )  # fmt: skip
