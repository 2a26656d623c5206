"""The gate that everything passes which is to leave a case, in whatever form it leaves."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from casekit.dossier.boxes import refuse_copies
from casekit.dossier.translated import refuse_half_redacted
from casekit.progress import Progress
from casekit.queries import checks, clearance, conflicts


def refuse(
    s: Connection, item_ids: Collection[int], progress: Progress | None = None, *, draft: bool = False,
    shown: Collection[str] = (),
) -> None:  # fmt: skip
    """Let items leave only if none gives away what is withheld and nothing is left to be decided of them.

    Args:
        s: Reading session.
        item_ids: All of which anything is told.
        progress: Told the items.
        shown: Reasons of redactions behind which it can be looked, as in a sealed copy.
        draft: It says DRAFT and what is undecided: only what would give something away is refused.

    Raises:
        PrivilegeConflict: One would give a withheld item away.
        CaseKitError: One tells in another language what is redacted, or is a file that has boxes elsewhere.
        Undecided: Nobody has decided whether one is privileged.
        Unchecked: The matter asks for it, and no second person has approved a redaction or a pseudonym.
    """
    ids = sorted(item_ids)
    conflicts.refuse(s, ids, progress, shown=shown)
    refuse_half_redacted(s, ids)
    refuse_copies(s, ids)
    if shown:
        refuse_copies(s, ids, shown)
    if not draft:
        refuse_open(s, ids)


def refuse_open(s: Connection, item_ids: Collection[int]) -> None:
    """The second half of `refuse`, for what is made of a draft and leaves, such as a list.

    Args:
        s: Reading session.
        item_ids: All of which anything is told; none for what tells of withheld items alone.

    Raises:
        Undecided, Unchecked: As `refuse`.
    """
    ids = sorted(item_ids)
    clearance.refuse_undecided(s, ids)
    checks.refuse_unchecked(s, ids)
