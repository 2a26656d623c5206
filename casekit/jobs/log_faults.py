"""What is wrong with an entry of a custody log: of the case itself, or of one that comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casekit.store import canonical, custody


def leaf_fault(leaf: custody.Leaf, seq: int, prev: bytes, case_uuid: str) -> str:
    """Why an entry is not number `seq` of that case, after one with hash `prev`; empty if it is."""
    if canonical.leaf_hash(leaf.leaf) != leaf.hash:
        return "Its content does not match its hash."
    content = leaf.content
    if leaf.seq != seq or content["seq"] != leaf.seq:
        return "Entries are missing or out of order before it."
    if content["prev"] != prev.hex():
        return "It does not follow from the entry before it."
    if content["case"] != case_uuid:
        return "It belongs to another case."
    return "" if canonical.encode(content) == leaf.leaf else "It is not in canonical form."


def detail_faults(leaf: custody.Leaf, detail: custody.Detail) -> Iterator[str]:
    """Why a detail is not what its entry commits to."""
    content, body = leaf.content, detail.body
    committed = canonical.salted_leaf(detail.salt, 0, canonical.encode(body)).hex()
    if committed != content["detail"]:
        yield "Its detail is not what the entry commits to."
    found = custody.summary(detail.salt, body["changes"], ()).get("changes")
    if hexed(found or {}) != content.get("changes", {}):
        yield "The changes in its detail are not the ones it commits to."


def hexed(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary as JSON gives it back."""
    return {n: v.hex() if isinstance(v, bytes) else v for n, v in summary.items()}
