"""An item's exact bytes, taken out of its original by its pointer, for the viewer, the dossier and the user."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from casekit.confine import Worker
from casekit.errors import CaseKitError
from casekit.ingest import pieces, pointer
from casekit.queries import sequestered
from casekit.queries.problems import ProblemRow
from casekit.store.case import Case
from casekit.store.tables import item, original


def problem_bytes(case: Case, worker: Worker, row: ProblemRow, most: int) -> bytes | None:
    """The bytes at a problem's place, up to `most`; None where it has none, or they cannot be reached.

    The confined worker unpacks what they are wrapped in.

    Raises:
        CaseKitError: The original is missing from the vault.
    """
    if row.offset is None or not row.original_sha256:
        return None
    file, member = row.inside
    name = file.rpartition("/")[2]
    length = min(row.length or most, most)
    with case.vault.open(row.original_sha256) as source:
        place = pieces.Place(name, member, row.kind, row.offset, length)
        return pieces.cut(worker, source.fileno(), place)


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
            raise sequestered.missing(s, item_id)
    if not case.vault.holds(row.original_sha256) and case.vault.holds(row.sha256):
        with case.vault.open(
            row.sha256
        ) as source:  # a review package brings the item's own bytes alone
            data = source.read()
    else:
        with case.vault.open(row.original_sha256) as source:
            data = pointer.resolve(source, pointer.from_json(row.pointer))
    if hashlib.sha256(data).digest() != row.sha256:
        raise CaseKitError(
            "The bytes of item {id} are not those that were received: run a verification.",
            id=item_id,
        )
    return data
