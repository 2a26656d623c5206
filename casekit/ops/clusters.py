"""Naming clusters: what a group holds at that moment is kept under a name, and stays when all is computed anew.

Nothing here changes evidence, and every act can be taken back. Labels of acts tell names and numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries import batching, clusters, sequestered
from casekit.store import canonical
from casekit.store.cluster_tables import named_cluster, named_cluster_item

KINDS = frozenset({"clusters"})
LONGEST = 200
_TOLD = {clusters.NEAR: "near-duplicates", clusters.TOPIC: "topic"}


def name_items(
    s: Connection, kind: str, name: str, item_ids: Sequence[int], made: dict[str, Any]
) -> Changes:
    """Give a name to what a group of near-duplicates, or a topic, holds now.

    Args:
        s: Writing session.
        kind: `near` or `topic`.
        name: Not used by another cluster, in whatever case.
        item_ids: What the group holds, and
        made: how it was computed, both as `queries.clusters.membership` tells.

    Raises:
        CaseKitError: The name is empty or taken, there are no items, or one of them is sequestered.
    """
    population = batching.digests(s, [int(i) for i in item_ids])
    sequestered.refuse(s, list(population))
    if not population:
        raise CaseKitError("There are no items to be named.")
    values = {
        "name": _free(s, name), "kind": kind, "made": canonical.encode(made).decode(),
        "items": len(population), "items_sha256": batching.population_hash(population),
        "by": s.info["actor"], "at_us": clock.now_us(),
    }  # fmt: skip
    number = f"{len(population):,} item{'s' if len(population) != 1 else ''}"
    act = Act(s, "cluster.name", f"Named “{values['name']}”: {_TOLD[kind]} of {number}")
    cluster_id = act.insert(named_cluster, values)
    rows = [{"cluster_id": cluster_id, "item_id": item_id} for item_id in population]
    act.insert_many(named_cluster_item, rows)
    return act.record(KINDS)


def rename(s: Connection, cluster_id: int, name: str) -> Changes:
    """Call a named cluster otherwise.

    Raises:
        CaseKitError: There is none, or the name is empty or taken.
    """
    row = clusters.one_named(s, cluster_id)
    wanted = _free(s, name, but=cluster_id)
    act = Act(s, "cluster.rename", f"Cluster “{row.name}” is called “{wanted}”")
    act.update(named_cluster, {"id": cluster_id}, {"name": wanted})
    return act.record(KINDS)


def forget(s: Connection, cluster_id: int) -> Changes:
    """Take a named cluster away; its items stay as they are.

    Raises:
        CaseKitError: There is none.
    """
    row = clusters.one_named(s, cluster_id)
    act = Act(s, "cluster.forget", f"Named cluster “{row.name}” taken away")
    act.update(named_cluster, {"id": cluster_id}, {"gone_us": clock.now_us()})
    return act.record(KINDS)


def _free(s: Connection, name: str, but: int = 0) -> str:
    """The name as it is kept."""
    wanted = " ".join(name.split())
    if not wanted:
        raise CaseKitError("A named cluster needs a name.")
    if len(wanted) > LONGEST:
        raise CaseKitError("A name has {most} characters at most.", most=LONGEST)
    for row in clusters.named(s):
        if row.id != but and row.name.casefold() == wanted.casefold():
            raise CaseKitError("There is already a cluster called “{name}”.", name=row.name)
    return wanted
