"""One field of one item's coding brought to a value, as `queries.whole_coding` names fields and values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, read_row
from casekit.ops.privilege import BASES
from casekit.ops.tags import checked_name
from casekit.queries.clearance import CLEARED
from casekit.queries.whole_coding import FIELD, PRIVILEGE, PRIVILEGE_NOTE, TAG, TIER
from casekit.store.coding_tables import coding
from casekit.store.tables import item_tag, item_tier, privilege, privilege_cleared, tag


def set_field(
    act: Act, item_id: int, field: str, value: str | None, by: str, at_us: int, colour: str = "accent"
) -> None:  # fmt: skip
    """Give a field of an item a value within an act; None takes it away.

    Args:
        act: The act.
        item_id: The item, which is in the case.
        field: As in `queries.whole_coding`.
        value: Of that field.
        by: Whose coding it is.
        at_us: When that person gave it.
        colour: Of a tag that must be made first.

    Raises:
        CaseKitError: There is no such field or value.
    """
    if field.startswith(TAG):
        _set_tag(act, item_id, field.removeprefix(TAG), value is not None, colour)
    elif field == PRIVILEGE:
        _set_privilege(act, item_id, value, by, at_us)
    elif field == PRIVILEGE_NOTE:
        if read_row(act.s, privilege, {"item_id": item_id}) is not None:
            act.update(privilege, {"item_id": item_id}, {"note": value})
        elif value is not None:
            raise CaseKitError(
                "Item {id} is not withheld: decide on its privilege before on what the log says.",
                id=item_id,
            )
    elif field == TIER or field.startswith(FIELD):
        _set_value(act, item_id, field, value, by, at_us)
    else:
        raise CaseKitError("There is no field “{field}” to code.", field=field)


def _set_tag(act: Act, item_id: int, name: str, on: bool, colour: str) -> None:
    name = checked_name(name)
    tag_id = act.s.execute(select(tag.c.id).where(tag.c.name == name)).scalar()
    if tag_id is None:
        if not on:
            return
        tag_id = act.insert(tag, {"name": name, "colour": colour, "key": None})
    key = {"item_id": item_id, "tag_id": tag_id}
    there = read_row(act.s, item_tag, key) is not None
    if on and not there:
        act.insert_many(item_tag, [key])
    elif there and not on:
        act.delete(item_tag, key)


def _set_value(act: Act, item_id: int, field: str, value: str | None, by: str, at_us: int) -> None:
    """The row of an item's tier or of a field, which is kept also where no template has the field any more."""
    table, name = (item_tier, "tier") if field == TIER else (coding, "value")
    key: dict[str, Any] = {"item_id": item_id}
    if table is coding:
        key["field"] = field.removeprefix(FIELD)
    if value is None:
        act.delete(table, key)
    elif read_row(act.s, table, key) is None:
        act.insert_many(table, [{**key, name: value, "by": by, "at_us": at_us}])
    else:
        act.update(table, key, {name: value, "by": by, "at_us": at_us})


def _set_privilege(act: Act, item_id: int, value: str | None, by: str, at_us: int) -> None:
    if value is not None and value not in (CLEARED, *BASES):
        raise CaseKitError("“{value}” is no decision on privilege.", value=value)
    key = {"item_id": item_id}
    told = {"by": by, "at_us": at_us}
    if value != CLEARED:
        act.delete(privilege_cleared, key)
    if value in (None, CLEARED):
        act.delete(privilege, key)
    if value == CLEARED:
        if read_row(act.s, privilege_cleared, key) is None:
            act.insert_many(privilege_cleared, [{**key, **told}])
    elif value is not None:
        if read_row(act.s, privilege, key) is None:
            act.insert_many(privilege, [{**key, "basis": value, "note": None, **told}])
        else:
            act.update(privilege, key, {"basis": value, **told})
