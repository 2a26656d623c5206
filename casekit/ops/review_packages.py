"""Review packages put on record: in the case that gives one out, and what the package itself begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.ops.reviews import KINDS, put_batches
from casekit.store import canonical
from casekit.store.coding_tables import coding, coding_preset, coding_template
from casekit.store.review_tables import review_package, review_package_item, review_set
from casekit.store.tables import (
    item_tag,
    item_tier,
    machine_text,
    matter,
    note,
    privilege,
    privilege_cleared,
    tag,
    tier,
)

PACKED = "review_package"
"""The matter's value that says that a case is a review package, and whose."""

SETTINGS = (tag, tier, coding_template, coding_preset)
"""Tables that go as they are: what may be coded."""

CODING = (item_tag, privilege, privilege_cleared, item_tier, coding, note)
"""Tables of what was coded: they stay behind where the review is blind."""

READ = (machine_text,)
"""Tables of what machines read of an item."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a package holds besides its items.

    Attributes:
        name: Of the set; `query` is what found it.
        batches: The items of each batch, by their ids in the package.
        reviewer: Whose they are.
        rows: By table of `SETTINGS`, `CODING` and `READ`, rows with ids of the package.
        from_case: UUID of the case that gave it out.
    """

    name: str
    query: str
    population: int
    population_sha256: bytes
    batch_size: int
    batches: Sequence[Sequence[int]]
    reviewer: str
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    from_case: str


def begin_package(s: Connection, work: Work) -> Changes:
    """Bring set, settings and, where it is not blind, the coding so far into a new package."""
    act = Act(
        s, "review.receive", f"“{work.name}” received for review", act_class="custody",
        args={"from_case": work.from_case, "reviewer": work.reviewer},
    )  # fmt: skip
    told = f"{work.name} · {work.reviewer}"
    act.insert_many(matter, [{"key": PACKED, "value": told}])
    for table in (*SETTINGS, *READ, *CODING):
        act.insert_many(table, work.rows.get(table.name, ()))
    values = {
        "name": work.name, "query": work.query, "population": work.population,
        "population_sha256": work.population_sha256, "seed": None, "sample": None,
        "batch_size": work.batch_size, "second_of": None, "by": s.info["actor"], "at_us": clock.now_us(),
    }  # fmt: skip
    set_id = act.insert(review_set, values)
    put_batches(act, set_id, work.batches, work.reviewer)
    return act.record(KINDS, undoable=False)


def record_package(
    s: Connection, uuid: str, set_id: int, recipient: str, head: tuple[int, bytes],
    item_ids: Sequence[int], about: Mapping[str, Any], file_sha256: str,
) -> Changes:  # fmt: skip
    """Put on record in the custody log to whom a package went and what it holds; it cannot be undone.

    Args:
        s: Writing session of the case that gives it out.
        uuid: Of the case inside.
        set_id: The set.
        recipient: By name.
        head: Number and hash of the last entry of its log.
        item_ids: All items in it, families included.
        about: What it holds, in figures.
        file_sha256: Of the file, hex.

    Raises:
        CaseKitError: Nobody is named.
    """
    if not recipient.strip():
        raise CaseKitError("Say who gets the package, by name.")
    label = f"Review package of {len(item_ids):,} items packed for {recipient}"
    act = Act(s, "review.pack", label, act_class="custody", args={"file_sha256": file_sha256})
    package_id = act.insert(
        review_package,
        {
            "uuid": uuid, "set_id": set_id, "recipient": recipient, "head": head[0], "head_sha256": head[1],
            "merged": head[0], "about": canonical.encode(dict(about)).decode(), "by": s.info["actor"],
            "at_us": clock.now_us(),
        },
    )  # fmt: skip
    act.insert_many(
        review_package_item, [{"package_id": package_id, "item_id": i} for i in item_ids]
    )
    return act.record(KINDS, undoable=False)
