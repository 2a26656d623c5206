"""An item's exact bytes, taken out of its original by its pointer, for the viewer, the dossier and the user."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.ingest import pointer
from casekit.store.case import Case
from casekit.store.tables import item, original


def piece_of(case: Case, original_sha256: bytes, offset: int, length: int) -> bytes:
    """Some bytes of an original, as they lie in the vault; fewer where it ends before.

    Raises:
        CaseKitError: The original is missing from the vault.
    """
    with case.vault.open(original_sha256) as source:
        source.seek(offset)
        return source.read(length)


def raw_bytes(case: Case, item_id: int) -> bytes:
    """The bytes of one item, checked against every hash on the way.

    Raises:
        CaseKitError: There is no such item, or the evidence is damaged.
    """
    with case.read() as s:
        row = s.execute(
            select(item.c.pointer, item.c.sha256, original.c.sha256.label("original_sha256"))
            .join(original, original.c.id == item.c.original_id)
            .where(item.c.id == item_id)
        ).first()
    if row is None:
        raise CaseKitError("There is no item {id} in this case.", id=item_id)
    with case.vault.open(row.original_sha256) as source:
        data = pointer.resolve(source, pointer.from_json(row.pointer))
    if hashlib.sha256(data).digest() != row.sha256:
        raise CaseKitError(
            "The bytes of item {id} are not those that were received: run a verification.",
            id=item_id,
        )
    return data
