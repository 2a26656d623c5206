"""What stays behind: items whose bytes and hashes would tell what is withheld, and families held back whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from casekit.queries.boxes import boxed_items
from casekit.queries.items import ItemView
from casekit.queries.redactions import redactions
from casekit.store.tables import item, original, privilege


def hidden_by_redaction(s: Connection) -> tuple[frozenset[int], frozenset[bytes]]:
    """The items of which, or below which, something is redacted, and the originals of any such item."""
    own = {row.item_id for row in redactions(s)} | boxed_items(s)
    query = select(item.c.id, item.c.parent_id, original.c.sha256).join(
        original, original.c.id == item.c.original_id
    )
    hidden, unhashed, level = set(own), set(), own
    while level:
        found = list(s.execute(query.where(item.c.id.in_(level))))
        unhashed |= {row.sha256 for row in found}
        level = {row.parent_id for row in found if row.parent_id is not None} - hidden
        hidden |= level
    return frozenset(hidden), frozenset(unhashed)


def hidden_by_pseudonyms(views: Iterable[ItemView]) -> tuple[frozenset[int], frozenset[bytes]]:
    """The same of items in whose own bytes stands what is called by a pseudonym.

    Args:
        views: All items of which a hash or a record may be printed, made ready to leave.
    """
    hidden: set[int] = set()
    unhashed: set[bytes] = set()
    for view in views:
        if not view.pseudonyms:
            continue
        parents = {member.id: member.parent_id for member in view.family}
        at: int | None = view.row.id
        while at is not None and at not in hidden:
            hidden.add(at)
            at = parents.get(at)
        unhashed.add(view.original_sha256)
    return frozenset(hidden), frozenset(unhashed)


def withheld_families(s: Connection) -> dict[int, str]:
    """Basis by family head, of every family in which anything is withheld."""
    query = (
        select(item.c.root_id, privilege.c.basis)
        .join(privilege, privilege.c.item_id == item.c.id)
        .order_by(item.c.id.desc())
    )
    return {r.root_id: r.basis for r in s.execute(query)}


def roots_of(s: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The family head of each item."""
    query = select(item.c.id, item.c.root_id).where(item.c.id.in_(list(ids)))
    return {r.id: r.root_id for r in s.execute(query)}


def family_size(s: Connection, roots: set[int]) -> int:
    """How many items some families have."""
    query = select(item.c.id).where(item.c.root_id.in_(sorted(roots)))
    return len(list(s.execute(query)))
