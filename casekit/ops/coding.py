"""Coding items by the fields of their templates: one act, whatever tables its values are kept in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops import privilege, tags, tiers
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import coding as queries
from casekit.queries import sequestered
from casekit.queries.conflicts import withheld
from casekit.queries.templates import (
    OWN,
    PRIVILEGE,
    SEVERAL,
    TAG,
    YES,
    Code,
    Field,
    Template,
    set_up,
)
from casekit.store.coding_tables import coding
from casekit.store.tables import item_tag, tag

KINDS = frozenset({"coding", "items", "tags", "privilege", "exhibits"})


@dataclass(slots=True)
class _Wanted:
    """What an act is to change, by the table that keeps it."""

    own: dict[tuple[int, str], str] = field(default_factory=dict)
    tags: dict[tuple[str, bool], list[int]] = field(default_factory=dict)
    withhold: dict[str | None, list[int]] = field(default_factory=dict)
    clear: list[int] = field(default_factory=list)
    tier: dict[str, list[int]] = field(default_factory=dict)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def code(
    s: Connection,
    item_ids: Sequence[int],
    codes: Sequence[Code],
    *,
    name: str = "",
    families: bool | None = None,
    copies: bool | None = None,
    toggle: bool = False,
) -> Changes:
    """Code items in one act.

    A field that an item's template does not have, or that its other values do not show, is left out for that
    item. Values of fields that are no longer shown afterwards are taken away, but never a tag, a privilege or
    a tier. Nothing here releases privilege.

    Args:
        s: A writing session.
        item_ids: The items.
        codes: What is set or taken off, in this order.
        name: As the act is called; empty: after its codes.
        families: Code the families of the items too; None: where the matter's policy is `always`.
        copies: The same for copies of them.
        toggle: A single code of a tag or of several options is taken off where all items have it.

    Raises:
        CaseKitError: A value is none of the options, no item has the field, or an item that is to be decided
            not privileged is withheld.
    """
    sequestered.refuse(s, item_ids)
    held = set_up(s)
    ids = sorted({int(i) for i in item_ids})
    codes = _toggled(s, ids, codes) if toggle and len(codes) == 1 else list(codes)
    spread = families if families is not None else held.families == "always"
    copied = copies if copies is not None else held.copies == "always"
    others = related(s, ids, families=spread, copies=copied)
    wanted = _Wanted()
    _plan(s, ids, codes, held.templates, wanted)
    if wanted.skipped and len(wanted.skipped) == len(ids) * len(codes):
        raise CaseKitError(wanted.skipped[0][1])
    _refuse_withheld(s, wanted.clear)
    beside = _Wanted()
    shared = [c for c in codes if not _is_free(c, held.templates.values())]
    _plan(s, others, shared, held.templates, beside)
    beside.clear = sorted(set(beside.clear) - withheld(s))
    said = (_said(c, free=c not in shared) for c in codes)
    label = _label(name or ", ".join(said), len(ids), len(others))
    act = Act(s, "coding.code", label, args={"codes": [str(c) for c in codes]})
    for each in (wanted, beside):
        _carry_out(act, each)
    return act.record(KINDS, sorted({*ids, *others}))


def code_as(s: Connection, from_id: int, item_ids: Sequence[int]) -> Changes:
    """Code items as another one is: its tags and the values of its template; nothing is taken off.

    Raises:
        CaseKitError: That one has neither.
    """
    sequestered.refuse(s, [from_id, *item_ids])
    held = set_up(s)
    ids = sorted({int(i) for i in item_ids} - {from_id})
    mine = queries.values(s, [from_id], held.templates).get(from_id, {})
    template = held.templates.get(queries.collections(s, [from_id]).get(from_id, ""))
    fields = template.fields if template else ()
    codes = [
        Code(f.name, value)
        for f in fields
        if f.kind not in {"flag", "tags", "text"} and queries.applies(template, f, mine)  # type: ignore[arg-type]
        for value in mine.get(f.name, ())
    ]
    names = [row.name for row in _tags_of(s, from_id)]
    if not codes and not names:
        raise CaseKitError("Item {id} is not coded yet: there is nothing to repeat.", id=from_id)
    wanted = _Wanted()
    _plan(s, ids, codes, held.templates, wanted)
    wanted.clear = sorted(set(wanted.clear) - withheld(s))
    for name in names:
        wanted.tags.setdefault((name, True), []).extend(ids)
    act = Act(
        s, "coding.as", _label(f"Coded as item {from_id}", len(ids), 0), args={"from": from_id}
    )
    _carry_out(act, wanted)
    return act.record(KINDS, ids)


def related(s: Connection, item_ids: Sequence[int], *, families: bool, copies: bool) -> list[int]:
    """The other items of the families of some, and their copies, as far as each is asked for."""
    found: set[int] = set()
    if families:
        found.update(privilege.family_of(s, item_ids))
    if copies:
        found.update(queries.copies_of(s, item_ids))
    return sorted(found - {int(i) for i in item_ids})


# -- planning -------------------------------------------------------------------------------------


def _toggled(s: Connection, ids: Sequence[int], codes: Sequence[Code]) -> list[Code]:
    """The code, or its taking off where it is of those that can be and all items have it."""
    (only,) = codes
    if only.field == TAG:
        known = next((r.id for r in _tag_rows(s) if r.name.lower() == only.value.lower()), None)
        return [Code(TAG, only.value, known is None or len(tags.tagged(s, ids, known)) < len(ids))]
    held = set_up(s).templates
    found = queries.values(s, ids, held)
    kinds = {f.kind for t in held.values() for f in t.fields if f.name == only.field}
    if not kinds & {*SEVERAL, "flag"} or not only.on:
        return [only]
    has = all(
        only.value.lower() in {v.lower() for v in found.get(i, {}).get(only.field, ())} for i in ids
    )
    return [Code(only.field, only.value, not has)]


def _plan(
    s: Connection, ids: Sequence[int], codes: Sequence[Code], templates: Mapping[str, Template],
    wanted: _Wanted,
) -> None:  # fmt: skip
    where = queries.collections(s, ids)
    before = queries.values(s, ids, templates)
    choices = {name: queries.choices_of(s, each) for name, each in templates.items()}
    known_tags = {row.name.lower(): row.name for row in _tag_rows(s)}
    for item_id in ids:
        collection = where.get(item_id, "")
        template = templates.get(collection)
        old = before.get(item_id, {})
        new = dict(old)
        meant: list[Field] = []
        for each in codes:
            if each.field == TAG:
                name = known_tags.get(each.value.lower(), each.value)
                wanted.tags.setdefault((name, each.on), []).append(item_id)
                continue
            of = template.field(each.field) if template else None
            if template is None or of is None:
                wanted.skipped.append((item_id, _no_field(each.field, collection, template)))
                continue
            new[of.name] = _changed(of, new.get(of.name, ()), each, choices[collection])
            meant.append(of)
        if template is not None:
            _settle(item_id, template, meant, old, new, wanted)
            _sort(item_id, template, old, new, wanted, known_tags)


def _settle(
    item_id: int, template: Template, meant: Iterable[Field], old: dict[str, tuple[str, ...]],
    new: dict[str, tuple[str, ...]], wanted: _Wanted,
) -> None:  # fmt: skip
    """Leave out what is not shown, and take away what the new values hide."""
    for of in meant:
        if not queries.applies(template, of, new):
            new[of.name] = old.get(of.name, ())
            why = f"“{of.label}” is there only while {of.when} is {' or '.join(of.values)}."
            wanted.skipped.append((item_id, why))
    for of in template.fields:
        if of.kind in OWN and not queries.applies(template, of, new):
            new[of.name] = ()


def _changed(
    of: Field, present: tuple[str, ...], given: Code, choices: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The values of a field once a code was set or taken off."""
    if not given.value:
        if of.kind in {"privilege", "basis"}:
            raise CaseKitError(
                "A code does not release privilege: release it by its own command, which says so."
            )
        return ()
    value = given.value if of.kind == "text" else _option(of, given.value, choices)
    if not given.on:
        if of.kind in {"privilege", "basis"}:
            raise CaseKitError(
                "A code does not release privilege: release it by its own command, which says so."
            )
        return tuple(v for v in present if v != value)
    if of.kind not in SEVERAL:
        return (value,)
    known = choices.get(of.name, ())
    chosen = {*present, value}
    return tuple(v for v in known if v in chosen) + tuple(
        v for v in sorted(chosen) if v not in known
    )


def _option(of: Field, value: str, choices: dict[str, tuple[str, ...]]) -> str:
    known = choices.get(of.name, ())
    same = next((each for each in known if each.lower() == value.lower()), None)
    if same is None and of.kind == "tags":
        return value  # a tag that comes into being
    if same is None:
        raise CaseKitError(
            "{field} takes one of {known}: not “{value}”.",
            field=of.label, known=", ".join(known) or "nothing yet", value=value,
        )  # fmt: skip
    return same


def _sort(
    item_id: int, template: Template, old: dict[str, tuple[str, ...]],
    new: dict[str, tuple[str, ...]], wanted: _Wanted, known_tags: dict[str, str],
) -> None:  # fmt: skip
    """Put each changed value where it is kept."""
    for of in template.fields:
        was, now = old.get(of.name, ()), new.get(of.name, ())
        if was == now:
            continue
        if of.kind in OWN:
            wanted.own[item_id, of.name] = "\n".join(now)
        elif of.kind == "flag":
            name = known_tags.get(of.name, of.name)
            wanted.tags.setdefault((name, YES in now), []).append(item_id)
        elif of.kind == "tags":
            for value in {*was, *now}:
                if (value in was) != (value in now):
                    full = f"{of.name}/{value}"
                    name = known_tags.get(full.lower(), full)
                    wanted.tags.setdefault((name, value in now), []).append(item_id)
        elif of.kind == "tier":
            wanted.tier.setdefault(next(iter(now), ""), []).append(item_id)
        elif of.kind == "privilege" and now == (PRIVILEGE[1],):
            wanted.clear.append(item_id)
    basis, held = new.get("basis", ()), new.get("privilege", ())
    if held == (PRIVILEGE[0],) and (old.get("privilege") != held or old.get("basis", ()) != basis):
        wanted.withhold.setdefault(next(iter(basis), None), []).append(item_id)


def _no_field(name: str, collection: str, template: Template | None) -> str:
    if template is None:
        return (
            f"The case has no coding template for {collection}: make one, or take the usual ones."
        )
    known = ", ".join(each.name for each in template.fields)
    return f"The template of {collection} has no field “{name}”: it has {known}."


# -- doing ----------------------------------------------------------------------------------------


def _carry_out(act: Act, wanted: _Wanted) -> None:
    mark = {"by": act.s.info["actor"], "at_us": clock.now_us()}
    fresh = []
    for (item_id, name), value in wanted.own.items():
        key = {"field": name, "item_id": item_id}
        if read_row(act.s, coding, key) is not None:
            if value:
                act.update(coding, key, {"value": value, **mark})
            else:
                act.delete(coding, key)
        elif value:
            fresh.append({**key, "value": value, **mark})
    act.insert_many(coding, fresh)
    for (name, on), ids in wanted.tags.items():
        if on:
            tags.put_on(act, ids, tags.checked_name(name))
        else:
            tags.take_off(act, ids, name)
    for name, ids in wanted.tier.items():
        tiers.give(act, privilege.family_of(act.s, ids), name)
    for basis, ids in wanted.withhold.items():
        privilege.withhold(act, privilege.family_of(act.s, ids), basis)
    privilege.clear(act, wanted.clear)


def _refuse_withheld(s: Connection, ids: Sequence[int]) -> None:
    for item_id in sorted(withheld(s).intersection(ids)):
        raise CaseKitError("Item {id} is withheld as privileged: release it first.", id=item_id)


def _is_free(given: Code, templates: Iterable[Template]) -> bool:
    """Whether a code is a free text, which speaks of one item alone."""
    kinds = {f.kind for t in templates for f in t.fields if f.name == given.field}
    return kinds == {"text"}


def _tag_rows(s: Connection) -> list[Row[Any]]:
    return list(s.execute(select(tag.c.id, tag.c.name)))


def _tags_of(s: Connection, item_id: int) -> list[Row[Any]]:
    query = select(tag.c.name).join(item_tag, item_tag.c.tag_id == tag.c.id)
    return list(s.execute(query.where(item_tag.c.item_id == item_id).order_by(tag.c.name)))


def _said(given: Code, *, free: bool) -> str:
    if not given.value:
        return f"{given.field} emptied"
    if free:  # its words may tell what is in an item that is sequestered later
        return f"{given.field} written"
    return f"{given.field}: {given.value}" if given.on else f"not {given.field}: {given.value}"


def _label(what: str, count: int, others: int) -> str:
    items = f"{count:,} item{'s' if count != 1 else ''}"
    if others:
        return f"{what[:120]} – {items} and {others:,} of family or copies"
    return f"{what[:120]} – {items}"
