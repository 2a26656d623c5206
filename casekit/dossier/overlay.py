"""An overlay decided: which fields of documents handed over before are other than their load files say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

import casekit
from casekit import clock
from casekit.dossier import leaving
from casekit.dossier.load_file import Encoding
from casekit.dossier.production import described
from casekit.dossier.sheet import StoredPlan
from casekit.dossier.volume import FIELDS, Document
from casekit.errors import CaseKitError
from casekit.queries import conflicts, matter, tier_copies, tiers
from casekit.queries.productions import last_fields, next_overlay
from casekit.store import custody

FIXED = frozenset(
    {
        "BEGBATES", "ENDBATES", "BEGATTACH", "ENDATTACH", "PARENTID", "ATTACHIDS", "PAGECOUNT", "PRODVOL",
        "NATIVELINK", "TEXTLINK", "PLACEHOLDER", "REPLACES", "REPLACEREASON", "REDACTED", "REDACTREASON",
        "SHA256HASH", "FILESIZE",
    }
)  # fmt: skip
"""What says which files were handed over, and so changes with a replacement alone."""


class Overlay(StoredPlan, frozen=True, forbid_unknown_fields=True):
    """A load file of changed fields alone: its columns, and a line for each document that has one.

    Attributes:
        unknown: How many of the items asked for were never handed over in a volume, or are withheld.
    """

    v: int
    case: str
    version: str
    title: str
    at_us: int
    custody_seq: int
    custody_root: str
    encoding: Encoding
    fields: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    unknown: int
    produced: tuple[Document, ...] = ()
    draft: bool = False
    recipients: tuple[str, ...] = ()


def plan(
    s: Connection, item_ids: Sequence[int], *, designation: str | None = None,
    encoding: Encoding = "utf-8", recipients: Sequence[str] = (),
) -> Overlay:  # fmt: skip
    """Decide an overlay for some items, on the snapshot of a reading session.

    Args:
        s: Reading session.
        item_ids: Which; those that were never handed over are counted and left out.
        designation: Confidentiality of the documents; None: the matter's.
        encoding: Of the load file.
        recipients: Who receives it, each as `NAME, ROLE`.

    Raises:
        TierConflict: The matter has an order, and nobody said who receives it, or one may not see an item.
        CaseKitError: Nothing has changed, or something would give a withheld item away.
    """
    known, withheld = last_fields(s), conflicts.withheld(s)
    ids = [i for i in item_ids if i in known and i not in withheld]
    order, named = tiers.order(s), tiers.parsed(recipients)
    order.refuse_unnamed(named)
    whole = (matter.get(s).designation if designation is None else designation) or ""
    tier_copies.refuse(s, order, named, ids, whole)
    leaving.refuse(s, ids)
    now = described(s, ids, designation, encoding)
    open_fields = [name for name in FIELDS if name not in FIXED]
    changed = {
        i: [name for name in open_fields if now[i][name] != known[i].get(name, "")] for i in ids
    }
    fields = [name for name in open_fields if any(name in each for each in changed.values())]
    if not fields:
        raise CaseKitError(
            "No field of these documents is other than it was handed over: there is nothing to overlay."
        )
    rows = [
        {"BEGBATES": known[i]["BEGBATES"], **{name: now[i][name] for name in fields}}
        for i in ids
        if changed[i]
    ]
    seq = custody.head(s)
    last = next(custody.leaves(s, seq - 1, seq)).content
    return Overlay(
        v=1, case=last["case"], version=casekit.__version__, title=next_overlay(s), at_us=clock.now_us(),
        custody_seq=seq, custody_root=custody.tree_root(s).hex(), encoding=encoding,
        fields=("BEGBATES", *fields), rows=tuple(sorted(rows, key=lambda row: row["BEGBATES"])),
        unknown=len(item_ids) - len(ids), recipients=named,
    )  # fmt: skip
