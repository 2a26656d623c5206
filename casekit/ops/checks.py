"""Checking what another person has redacted: approved, or rejected with a reason; kept and undoable."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries.checks import checks, is_one_of
from casekit.store.tables import redaction_check


def approve(s: Connection, refs: Sequence[str], *, reason: str = "") -> Changes:
    """Approve redactions, boxes and pseudonyms as they are now.

    Args:
        s: Writing session; its actor is who checks.
        refs: As `Checked.ref` names them.
        reason: What there is to say of it.

    Raises:
        CaseKitError: One is not there, or was made by the same person.
    """
    return _say(s, refs, "approve", reason)


def reject(s: Connection, refs: Sequence[str], reason: str) -> Changes:
    """Reject redactions, boxes and pseudonyms, and say why.

    Raises:
        CaseKitError: As `approve`, or there is no reason.
    """
    if not reason.strip():
        raise CaseKitError("Say why it is rejected: who made it must know what to change.")
    return _say(s, refs, "reject", reason)


def _say(s: Connection, refs: Sequence[str], verdict: str, reason: str) -> Changes:
    known = {row.ref: row for row in checks(s)}
    actor = str(s.info["actor"])
    number, done = len(set(refs)), "approved" if verdict == "approve" else "rejected"
    label = f"{number:,} redaction{'s' if number != 1 else ''} {done}"
    act = Act(s, f"redaction.{verdict}", label)
    items = set()
    for ref in dict.fromkeys(refs):
        row = known.get(ref)
        if row is None:
            raise CaseKitError(
                "There is no redaction “{ref}”: name it as the list does, such as 4, box:2 or pseudonym:3.",
                ref=ref,
            )
        if is_one_of(actor, row.made_by):
            raise CaseKitError(
                "{who} made “{ref}” and cannot check it: another person must.", who=actor, ref=ref
            )
        values = {"kind": row.kind, "subject_id": row.id, "seen": row.seen, "verdict": verdict,
                  "reason": reason.strip() or None, "by": actor, "at_us": clock.now_us()}  # fmt: skip
        act.insert(redaction_check, values)
        items |= {row.item_id} - {0}
    return act.record({"redactions"}, sorted(items))
