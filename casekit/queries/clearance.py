"""Whether anybody has decided that an item is not privileged: nothing undecided may leave.

What models said and what servers logged is nobody's advice, so nothing needs to be decided of it unless the
matter says otherwise; of every mail, message and document somebody must. Where two reviewers have decided
differently it is undecided until one of them is decided for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, func, literal, not_, or_, select

from casekit.errors import CaseKitError
from casekit.queries.tree import COLLECTIONS
from casekit.store.review_tables import review_conflict
from casekit.store.tables import item, matter, privilege, privilege_cleared

UNDECIDED, CLEARED, PRIVILEGED, NOT_APPLICABLE = (
    "undecided",
    "not-privileged",
    "privileged",
    "not-applicable",
)
STATES = (UNDECIDED, CLEARED, PRIVILEGED, NOT_APPLICABLE)
KEY = "privilege_review"
"""The matter's value that says of which collections it must be decided, as words."""

USUAL = ("correspondence", "documents", "other")
NONE = "none"
_MOST_NAMED = 12
_CHUNK = 500


class Undecided(CaseKitError):
    """Nobody has decided whether something about to leave is privileged; `item_ids` says of what."""

    def __init__(self, named: Sequence[tuple[int, str]]) -> None:
        self.item_ids = tuple(item_id for item_id, _ in named)
        items = "; ".join(f"item {item_id} “{title}”" for item_id, title in named[:_MOST_NAMED])
        more = f"; and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        super().__init__(
            "Nothing was written, because nobody has decided whether these are privileged: {items}{more}. "
            "Decide each of them: not privileged, or withhold it with its family.",
            items=items,
            more=more,
        )


def scope() -> ColumnElement[str]:
    """The collections of which it must be decided, as words apart by spaces."""
    own = select(matter.c.value).where(matter.c.key == KEY).scalar_subquery()
    return func.coalesce(own, literal(" ".join(USUAL), Text))


def disputed() -> ColumnElement[bool]:
    """The items of which two reviewers say different things on privilege: until it is decided, nobody knows."""
    return item.c.id.in_(
        select(review_conflict.c.item_id).where(
            review_conflict.c.field == "privilege", review_conflict.c.decided.is_(None)
        )
    )


def state_of(row: Any) -> str:
    """The state of a row that has `basis`, `cleared`, `disputed`, `collection` and `scope`."""
    if row.basis is not None:
        return PRIVILEGED
    if row.disputed:
        return UNDECIDED
    if row.cleared is not None:
        return CLEARED
    return UNDECIDED if row.collection in row.scope.split() else NOT_APPLICABLE


def in_state(state: str) -> ColumnElement[bool]:
    """The items in one of `STATES`."""
    withheld = item.c.id.in_(select(privilege.c.item_id))
    cleared = item.c.id.in_(select(privilege_cleared.c.item_id))
    words = literal(" ", Text) + scope() + literal(" ", Text)
    # A condition on the collection alone comes first in each, so that its index is used.
    reviewed = [and_(item.c.collection == c, words.like(f"% {c} %")) for c in COLLECTIONS]
    conditions = {
        PRIVILEGED: withheld,
        CLEARED: and_(cleared, not_(withheld), not_(disputed())),
        UNDECIDED: or_(
            *(and_(each, not_(withheld), not_(cleared)) for each in reviewed),
            and_(disputed(), not_(withheld)),
        ),
        NOT_APPLICABLE: and_(not_(or_(*reviewed)), not_(withheld), not_(cleared), not_(disputed())),
    }
    return conditions[state]


def counts(s: Connection) -> dict[str, int]:
    """How many items are in each state; of what need not be decided nothing is counted."""
    found = {}
    for state in (UNDECIDED, CLEARED, PRIVILEGED):
        query = select(func.count()).select_from(item).where(in_state(state))
        found[state] = int(s.execute(query).scalar() or 0)
    return found


def undecided(s: Connection, item_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Those of some items of which nobody has decided, each with its title, in order of id."""
    found: list[tuple[int, str]] = []
    for some in _chunks(sorted({int(i) for i in item_ids})):
        query = select(item.c.id, item.c.title, item.c.name).where(item.c.id.in_(some))
        rows = s.execute(query.where(in_state(UNDECIDED)).order_by(item.c.id))
        found += [(row.id, (row.title or row.name)[:80]) for row in rows]
    return found


def refuse_undecided(s: Connection, item_ids: Sequence[int]) -> None:
    """Let items leave only once it was decided of each whether it is privileged.

    Raises:
        Undecided: Of one it was not; what is withheld is the caller's to leave out.
    """
    found = undecided(s, item_ids)
    if found:
        raise Undecided(found)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + _CHUNK] for n in range(0, len(ids), _CHUNK))
