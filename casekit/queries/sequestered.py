"""What is sequestered on the other side's notice: by whom, when, on whose, and nothing of its content.

Fed. R. Civ. P. 26(b)(5)(B): whoever is told of a claim must promptly return, sequester or destroy what is
named and any copies of it, and must not use or disclose it until the claim is resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.store import hiding
from casekit.store.tables import exhibit, notice, sequester


class Sequestered(CaseKitError):
    """The item is sequestered and cannot be read."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice of the other side.

    Attributes:
        dated: Its own date, as written.
        named: What it names, as it was entered.
        item_id: The notice itself, where it is an item of the case.
    """

    id: int
    party: str
    dated: str
    reference: str
    item_id: int | None
    named: tuple[str, ...]
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class SequesterRow:
    """An item that is or was sequestered: on which notice, by whom, and who released it why."""

    item_id: int
    notice_id: int
    party: str
    reference: str
    by: str
    at_us: int
    released_by: str
    released_reason: str
    released_us: int | None


def notices(s: Connection) -> list[NoticeRow]:
    """All notices, oldest first."""
    return [
        NoticeRow(
            r.id, r.party, r.dated, r.reference, r.item_id, tuple(orjson.loads(r.named)), r.by, r.at_us
        )
        for r in s.execute(select(notice).order_by(notice.c.id))
    ]  # fmt: skip


def sequestered(s: Connection, *, released: bool = False) -> list[SequesterRow]:
    """What is sequestered now, and with `released` what was, in order of item; nothing of its content."""
    query = select(sequester, notice.c.party, notice.c.reference).join(
        notice, notice.c.id == sequester.c.notice_id
    )
    if not released:
        query = query.where(sequester.c.released_us.is_(None))
    return [
        SequesterRow(
            r.item_id, r.notice_id, r.party, r.reference, r.by, r.at_us, r.released_by or "",
            r.released_reason or "", r.released_us,
        )
        for r in s.execute(query.order_by(sequester.c.item_id, sequester.c.id))
    ]  # fmt: skip


def held(s: Connection) -> set[int]:
    """The items that are sequestered now."""
    query = select(sequester.c.item_id).where(sequester.c.released_us.is_(None))
    return set(s.execute(query).scalars())


def refuse(s: Connection, item_ids: Sequence[int]) -> None:
    """Go on only if none of some items is sequestered.

    Raises:
        Sequestered: One is; it says who did it, when, and on whose notice, and nothing of the item.
    """
    wanted = {int(i) for i in item_ids}
    for row in sequestered(s):
        if row.item_id in wanted:
            raise Sequestered(
                "Item {id} is sequestered: {by} did so on {day} on the notice of {party} ({reference}). It "
                "cannot be read, searched or exported until a named person releases it.",
                id=row.item_id, by=row.by, day=clock.iso(row.at_us)[:10], party=row.party,
                reference=row.reference,
            )  # fmt: skip


def exhibits(s: Connection) -> dict[str, int]:
    """The labels of exhibits that are sequestered, with their items."""
    with hiding.whole(s):
        query = select(exhibit.c.label, exhibit.c.item_id).order_by(exhibit.c.position)
        found = [(label, item_id) for label, item_id in s.execute(query)]
    hidden = held(s)
    return {label: item_id for label, item_id in found if item_id in hidden}


def missing_exhibit(s: Connection, label: str) -> CaseKitError:
    """Why a dossier cannot hold an exhibit: it is sequestered, or there is none."""
    if label in exhibits(s):
        return CaseKitError("Exhibit {label} is sequestered: leave it out.", label=label)
    return CaseKitError("There is no exhibit {label} in this case.", label=label)


def missing(s: Connection, item_id: int) -> CaseKitError:
    """Why an item cannot be read: it is sequestered, or there is none."""
    try:
        refuse(s, [item_id])
    except Sequestered as error:
        return error
    return CaseKitError("There is no item {id} in this case.", id=item_id)
