"""Tags: hierarchical names (`issue/terms`), coloured, put on one item or a hundred thousand in one act."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.store.tables import item_tag, tag

COLOURS = ("accent", "hot", "privileged", "ok", "warn", "ink2")
CHUNK = 500


def make_tag(
    s: Connection, name: str, *, colour: str = "accent", key: str | None = None
) -> Changes:
    """Make a tag; its parents come into being with it.

    Args:
        s: Writing session.
        name: Levels divided by `/`.
        colour: One of `COLOURS`, a token of the theme.
        key: The digit that puts it on in the window, or None.

    Raises:
        CaseKitError: The name is empty, taken or has an empty level.
    """
    name = checked_name(name)
    act = Act(s, "tag.make", f"Tag “{name}” made", args={"name": name})
    if s.execute(select(tag.c.id).where(tag.c.name == name)).first():
        raise CaseKitError("There is already a tag “{name}”.", name=name)
    _make(act, name, colour, key)
    return act.record({"tags"})


def add_tag(s: Connection, item_ids: Sequence[int], name: str) -> Changes:
    """Put a tag on items, making it if it is new; items that carry it already are left as they are."""
    name = checked_name(name)
    act = Act(s, "tag.add", _label("put on", name, len(item_ids)), args={"name": name})
    return act.record({"items", "tags"}, put_on(act, item_ids, name))


def put_on(act: Act, item_ids: Sequence[int], name: str) -> list[int]:
    """Put a tag on items as part of an act; returns those that did not carry it."""
    tag_id = act.s.execute(select(tag.c.id).where(tag.c.name == name)).scalar()
    if tag_id is None:
        tag_id = _make(act, name, "accent", None)
    carrying = tagged(act.s, item_ids, tag_id)
    fresh = [i for i in dict.fromkeys(item_ids) if i not in carrying]
    act.insert_many(item_tag, [{"item_id": i, "tag_id": tag_id} for i in fresh])
    return fresh


def remove_tag(s: Connection, item_ids: Sequence[int], name: str) -> Changes:
    """Take a tag off items; items without it are left as they are."""
    name = checked_name(name)
    act = Act(s, "tag.remove", _label("taken off", name, len(item_ids)), args={"name": name})
    return act.record({"items", "tags"}, take_off(act, item_ids, name))


def take_off(act: Act, item_ids: Sequence[int], name: str) -> list[int]:
    """Take a tag off items as part of an act; returns those that carried it.

    Raises:
        CaseKitError: There is no such tag.
    """
    tag_id = act.s.execute(select(tag.c.id).where(tag.c.name == name)).scalar()
    if tag_id is None:
        raise CaseKitError("There is no tag “{name}”.", name=name)
    carrying = sorted(tagged(act.s, item_ids, tag_id))
    for item_id in carrying:
        act.delete(item_tag, {"item_id": item_id, "tag_id": tag_id})
    return carrying


def tagged(s: Connection, item_ids: Sequence[int], tag_id: int) -> set[int]:
    """Those of the items that carry the tag: what a bulk act's preview counts."""
    found: set[int] = set()
    for start in range(0, len(item_ids), CHUNK):
        some = [int(i) for i in item_ids[start : start + CHUNK]]
        rows = s.execute(
            select(item_tag.c.item_id).where(
                item_tag.c.tag_id == tag_id, item_tag.c.item_id.in_(some)
            )
        )
        found.update(rows.scalars())
    return found


def _make(act: Act, name: str, colour: str, key: str | None) -> int:
    levels = name.split("/")
    for depth in range(1, len(levels)):
        parent = "/".join(levels[:depth])
        if act.s.execute(select(tag.c.id).where(tag.c.name == parent)).first() is None:
            act.insert(tag, {"name": parent, "colour": colour, "key": None})
    return int(act.insert(tag, {"name": name, "colour": colour, "key": key}))


def checked_name(name: str) -> str:
    """A tag's name with its levels as they are kept.

    Raises:
        CaseKitError: A level is empty.
    """
    levels = [level.strip() for level in name.split("/")]
    if not all(levels):
        raise CaseKitError("A tag needs a name at every level, such as issue/terms.")
    return "/".join(levels)


def _label(verb: str, name: str, count: int) -> str:
    return f"Tag “{name}” {verb} {count:,} item{'s' if count != 1 else ''}"
