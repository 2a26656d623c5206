"""Judgements on pairs of items that are alike; each person has one of a pair, and changes only their own."""

from __future__ import annotations

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.queries.judgements import VERDICTS
from casekit.store.tables import item, judgement


def judge(s: Connection, item_id: int, other_id: int, verdict: str) -> Changes:
    """Say of two items that they are the same, different, or that you are unsure; replaces what you said.

    Raises:
        CaseKitError: It is one item twice, an item is not there or sequestered, or the verdict is none.
    """
    if verdict not in VERDICTS:
        raise CaseKitError("A verdict is one of: {words}.", words=", ".join(VERDICTS))
    key = _key(s, item_id, other_id)
    values = {"verdict": verdict, "at_us": clock.now_us()}
    act = Act(s, "similar.judge", f"Items {key['item_id']} and {key['other_id']} judged: {verdict}")
    before = read_row(s, judgement, key)
    if before is None:
        act.insert(judgement, {**key, **values})
    elif before["verdict"] != verdict:
        act.update(judgement, key, values)
    return act.record({"judgements"}, _ids(key))


def unjudge(s: Connection, item_id: int, other_id: int) -> Changes:
    """Take back what you said of two items.

    Raises:
        CaseKitError: You said nothing of them, or one is sequestered.
    """
    key = _key(s, item_id, other_id)
    if read_row(s, judgement, key) is None:
        raise CaseKitError(
            "There is no judgement of yours on items {a} and {b}.", a=item_id, b=other_id
        )
    act = Act(
        s,
        "similar.unjudge",
        f"Judgement on items {key['item_id']} and {key['other_id']} taken back",
    )
    act.delete(judgement, key)
    return act.record({"judgements"}, _ids(key))


def _key(s: Connection, item_id: int, other_id: int) -> dict[str, int | str]:
    low, high = sorted((item_id, other_id))
    if low == high:
        raise CaseKitError("Name two different items to judge.")
    sequestered.refuse(s, [low, high])
    known = set(s.execute(select(item.c.id).where(item.c.id.in_([low, high]))).scalars())
    for each in (low, high):
        if each not in known:
            raise CaseKitError("There is no item {id} in this case.", id=each)
    return {"item_id": low, "other_id": high, "by": str(s.info["actor"])}


def _ids(key: dict[str, int | str]) -> list[int]:
    return [int(key["item_id"]), int(key["other_id"])]
