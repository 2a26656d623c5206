"""A returned review package read against the case that gave it out, and merged into it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.jobs.review_return import Named, Returned, Row, State, read_return
from casekit.ops.review_merging import Back, Done, Mark, Merged, NewNote, merge
from casekit.progress import Progress
from casekit.queries.agreement import same_person
from casekit.queries.clearance import CLEARED
from casekit.queries.whole_coding import FIELD, PRIVILEGE, PRIVILEGE_NOTE, TAG, TIER, YES
from casekit.store.case import Case
from casekit.store.review_tables import review_package, review_set
from casekit.store.tables import item, original

BROUGHT = frozenset({
    "tag", "item_tag", "privilege", "privilege_cleared", "item_tier", "coding", "note", "review_done",
})  # fmt: skip
"""Tables of which the changes come back; of all others they stay in the package, and are counted."""

Value = tuple[str, str, str]  # value, table, key


def merge_return(case: Case, path: Path, progress: Progress | None = None) -> Merged:
    """Merge what comes back from a review package, a file or the package's case folder.

    Raises:
        CaseKitError: It is no such thing, was changed after it was coded, or is of another case.
    """
    returned = read_return(path, progress)
    with case.write() as s:
        return merge(s, _back(s, returned, path.name))


def _back(s: Connection, returned: Returned, name: str) -> Back:
    row = s.execute(
        select(review_package, review_set.c.second_of)
        .join(review_set, review_set.c.id == review_package.c.set_id)
        .where(review_package.c.uuid == returned.package)
    ).first()
    if row is None:
        raise CaseKitError("{name} comes from no package that this case gave out.", name=name)
    if returned.head_hash(row.head) != row.head_sha256:
        raise CaseKitError(
            "{name} was changed after it was coded, so nothing of it is taken (it does not begin as it was "
            "packed): ask for it again.",
            name=name,
        )
    before, after = returned.states(row.merged)
    here = _here(s, returned, row.head)
    old, new = _fields(before), _fields(after)
    marks = []
    not_taken: Counter[str] = Counter()
    for number in sorted({*old, *new}):
        mine, theirs = old.get(number, {}), new.get(number, {})
        changed = [f for f in sorted({*mine, *theirs}) if _value(mine, f) != _value(theirs, f)]
        if number not in here:
            not_taken["coding of items that were added there"] += len(changed)
            continue
        for field in changed:
            by, at_us = _who(after, mine.get(field), theirs.get(field), number)
            colour = _colours(after).get(field.removeprefix(TAG), "accent")
            value = _value(theirs, field)
            marks.append(Mark(here[number], field, value, by, at_us, colour))
    for _, detail in returned.log[row.merged :]:
        for change in detail.body["changes"]:
            if change["table"] not in BROUGHT:
                not_taken[f"changes of {change['table'].replace('_', ' ')}"] += 1
    last = len(returned.log)
    return Back(
        row.id, row.set_id, row.second_of, last, returned.head_hash(last).hex(), marks,
        _notes(before, after, here), _done(before, after, here), dict(not_taken),
    )  # fmt: skip


def _here(s: Connection, returned: Returned, head: int) -> dict[int, int]:
    """The items of the package by their number there: those here of the same original, pointer and digest."""
    packed: set[int] = set()
    for leaf, detail in returned.log[:head]:
        if "items" in leaf.content:
            first = detail.body["first_item"]
            packed.update(range(first, first + leaf.content["items"]["count"]))
    found = {}
    for number in sorted(packed):
        found[number] = _find(s, returned.items[number])
    return found


def _find(s: Connection, named: Named) -> int:
    query = (
        select(item.c.id)
        .join(original, original.c.id == item.c.original_id)
        .where(
            original.c.sha256 == named.original, item.c.pointer == named.pointer,
            item.c.digest == named.digest,
        )
        .order_by(item.c.id)
    )  # fmt: skip
    item_id = s.execute(query).scalar()
    if item_id is None:
        raise CaseKitError(
            "The package holds an item that this case has not (of original {sha}): nothing was merged.",
            sha=named.original.hex(),
        )
    return int(item_id)


def _fields(state: State) -> dict[int, dict[str, Value]]:
    """The coding of every item as fields, each with the row that says so."""
    names = {row["id"]: row["name"] for row in state.table("tag").values()}
    found: dict[int, dict[str, Value]] = {}

    def put(row: Row, field: str, value: str, table: str, key: str) -> None:
        found.setdefault(row["item_id"], {})[field] = (value, table, key)

    for key, row in state.table("item_tag").items():
        put(row, TAG + names[row["tag_id"]], YES, "item_tag", key)
    for key, row in state.table("privilege_cleared").items():
        put(row, PRIVILEGE, CLEARED, "privilege_cleared", key)
    for key, row in state.table("privilege").items():
        put(row, PRIVILEGE, row["basis"], "privilege", key)
        if row.get("note"):
            put(row, PRIVILEGE_NOTE, row["note"], "privilege", key)
    for key, row in state.table("item_tier").items():
        put(row, TIER, row["tier"], "item_tier", key)
    for key, row in state.table("coding").items():
        put(row, FIELD + row["field"], row["value"], "coding", key)
    return found


def _value(fields: dict[str, Value], field: str) -> str | None:
    return fields[field][0] if field in fields else None


def _who(state: State, old: Value | None, new: Value | None, number: int) -> tuple[str, int]:
    """Who touched the rows of a field last, and when."""
    places = {(v[1], v[2]) for v in (old, new) if v is not None}
    if any(table.startswith("privilege") for table, _ in places):
        key = orjson.dumps({"item_id": number}).decode()
        places |= {("privilege", key), ("privilege_cleared", key)}
    known = [state.by[place] for place in places if place in state.by]
    return max(known, key=lambda one: one[1])


def _colours(state: State) -> dict[str, str]:
    return {row["name"]: row["colour"] for row in state.table("tag").values()}


def _notes(before: State, after: State, here: dict[int, int]) -> list[NewNote]:
    old = before.table("note")
    found = []
    for key, row in after.table("note").items():
        if row["item_id"] in here and old.get(key, {}).get("text") != row["text"]:
            by, at_us = after.by["note", key]
            part, start, stop = (row.get(name) for name in ("part", "start", "stop"))
            found.append(NewNote(here[row["item_id"]], part, start, stop, row["text"], by, at_us))
    return found


def _done(before: State, after: State, here: dict[int, int]) -> list[Done]:
    old, new = before.table("review_done"), after.table("review_done")
    found = []
    for key in sorted({*old, *new}):
        row = new.get(key, old.get(key, {}))
        if old.get(key) == new.get(key) or row["item_id"] not in here:
            continue
        by, at_us = after.by["review_done", key]
        coding = orjson.loads(row["coding"]) if key in new else None
        fields = {} if coding is None else coding
        if not same_person(row["reviewer"], by) or not (
            isinstance(fields, dict) and all(isinstance(v, str) for v in fields.values())
        ):
            raise CaseKitError(
                "The package says that {who} is done with an item in a way that CaseKit does not write: "
                "nothing was merged.",
                who=row["reviewer"],
            )
        found.append(
            Done(here[row["item_id"]], row["reviewer"], coding, row.get("at_us", at_us), by)
        )
    return found
