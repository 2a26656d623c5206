"""How items are coded, as fields with values: by these reviewers are compared and packages brought back.

Fields are `tag:NAME` (value `yes`), `privilege` (`not-privileged` or a basis), `privilege-note`, `tier`, and
`field:NAME` of the templates (several chosen options a line each). A field without a value is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from casekit.queries.clearance import CLEARED
from casekit.store.coding_tables import coding
from casekit.store.tables import item_tag, item_tier, privilege, privilege_cleared, tag

YES = "yes"
TAG, FIELD, TIER = "tag:", "field:", "tier"
PRIVILEGE, PRIVILEGE_NOTE = "privilege", "privilege-note"
CHUNK = 500
Coding = Mapping[str, str]


def whole_coding(s: Connection, item_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The coding of each of some items, field to value; an item that is not coded has an empty one."""
    found: dict[int, dict[str, str]] = {int(i): {} for i in item_ids}
    for some in _chunks(list(found)):
        tagged = select(item_tag.c.item_id, tag.c.name).join(tag, tag.c.id == item_tag.c.tag_id)
        for item_id, name in s.execute(tagged.where(item_tag.c.item_id.in_(some))):
            found[item_id][TAG + name] = YES
        cleared = select(privilege_cleared.c.item_id).where(privilege_cleared.c.item_id.in_(some))
        for item_id in s.execute(cleared).scalars():
            found[item_id][PRIVILEGE] = CLEARED
        for row in s.execute(select(privilege).where(privilege.c.item_id.in_(some))):
            found[row.item_id][PRIVILEGE] = row.basis
            if row.note:
                found[row.item_id][PRIVILEGE_NOTE] = row.note
        for row in s.execute(select(item_tier).where(item_tier.c.item_id.in_(some))):
            found[row.item_id][TIER] = row.tier
        for row in s.execute(select(coding).where(coding.c.item_id.in_(some))):
            found[row.item_id][FIELD + row.field] = row.value
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK))
