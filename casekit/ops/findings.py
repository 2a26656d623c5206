"""Findings: computed results, kept with their method, controls and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.ops.journal import Act, Changes
from casekit.store import canonical
from casekit.store.tables import finding


def add_finding(
    s: Connection, kind: str, title: str, body: Mapping[str, Any]
) -> tuple[int, Changes]:
    """Keep a finding; returns its id with the changes.

    Args:
        s: Writing session.
        kind: The analysis that made it, such as `overlap`.
        title: One line.
        body: The finding as the analysis made it: JSON values only.
    """
    act = Act(s, "finding.add", f"Finding “{title}” computed")
    values = {"kind": kind, "title": title, "body": canonical.encode(body).decode()}
    finding_id = int(act.insert(finding, {**values, "at_us": clock.now_us()}))
    return finding_id, act.record({"findings"})
