"""What was coded of items: each field's values, wherever they are kept, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, func, select

from casekit.queries.templates import (
    PRIVILEGE,
    SEVERAL,
    TAG,
    YES,
    Code,
    Field,
    SetUp,
    Template,
    choices,
    set_up,
    templates,
)
from casekit.store.coding_tables import coding
from casekit.store.tables import (
    item,
    item_tag,
    item_tier,
    mail,
    privilege,
    privilege_cleared,
    tag,
    tier,
)

Values = Mapping[str, tuple[str, ...]]
"""Values by name of field; a field without one is absent."""

CHUNK = 500
WITHOUT_COPIES = ("exchange", "request", "record")
"""Kinds of which equal bytes are not copies of one document: two requests may well be alike."""

__all__ = ["Coded", "Mark", "applies", "choices_of", "coded", "collections", "copies_of",
           "having", "incomplete", "lines", "missing", "values"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Who gave a field its value, and when, in microseconds since 1970 UTC."""

    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Coded:
    """One item as the pane shows it.

    Attributes:
        template: Of its kind of evidence; None where the case has none.
        values: Of every field.
        marks: Who gave them, of those that are no tags.
        choices: Of each field that is chosen from, its values as the case has them now.
        set_up: How the case is coded.
    """

    template: Template | None
    values: Values
    marks: Mapping[str, Mark]
    choices: Mapping[str, tuple[str, ...]]
    set_up: SetUp

    @property
    def missing(self) -> list[Field]:
        """Required fields without a value."""
        return missing(self.template, self.values) if self.template else []


def coded(s: Connection, item_id: int) -> Coded:
    """One item with its template, values and what may be chosen."""
    held = set_up(s)
    template = held.templates.get(collections(s, [item_id]).get(item_id, ""))
    if template is None:
        return Coded(None, {}, {}, {}, held)
    known = choices_of(s, template)
    if not known.get(
        "confidentiality", ("",)
    ):  # the matter has no order: there is nothing to choose
        template = _without(template, "confidentiality")
    found = values(s, [item_id], {template.collection: template})
    return Coded(template, found.get(item_id, {}), _marks(s, item_id), known, held)


def values(
    s: Connection, item_ids: Sequence[int], held: Mapping[str, Template] | None = None
) -> dict[int, dict[str, tuple[str, ...]]]:
    """The values of items by the fields of their templates; an item without a value is absent.

    Args:
        s: A session.
        item_ids: The items.
        held: The templates by collection; None: those of the case.
    """
    held = templates(s) if held is None else held
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for some in _chunks(item_ids) if held else ():
        where = collections(s, some)
        known = _Known(s, some)
        for item_id, collection in where.items():
            template = held.get(collection)
            mine = known.of(item_id, template) if template else {}
            if mine:
                found[item_id] = mine
    return found


def collections(s: Connection, item_ids: Sequence[int]) -> dict[int, str]:
    """The collection of each item that the session sees."""
    found: dict[int, str] = {}
    for some in _chunks(item_ids):
        rows = s.execute(select(item.c.id, item.c.collection).where(item.c.id.in_(some)))
        found.update((row.id, row.collection) for row in rows)
    return found


class _Known:
    """What the tables hold of a few items."""

    def __init__(self, s: Connection, ids: Sequence[int]) -> None:
        self.own: dict[int, dict[str, tuple[str, ...]]] = {}
        for row in s.execute(select(coding).where(coding.c.item_id.in_(ids))):
            self.own.setdefault(row.item_id, {})[row.field] = tuple(row.value.split("\n"))
        self.tags: dict[int, list[str]] = {}
        carried = select(item_tag.c.item_id, tag.c.name).join(tag).order_by(tag.c.name)
        for row in s.execute(carried.where(item_tag.c.item_id.in_(ids))):
            self.tags.setdefault(row.item_id, []).append(row.name)
        self.basis = _column(s, privilege, privilege.c.basis, ids)
        self.cleared = _column(s, privilege_cleared, privilege_cleared.c.by, ids)
        self.tier = _column(s, item_tier, item_tier.c.tier, ids)

    def of(self, item_id: int, template: Template) -> dict[str, tuple[str, ...]]:
        found = {each.name: self._values(item_id, each) for each in template.fields}
        return {name: mine for name, mine in found.items() if mine}

    def _values(self, item_id: int, of: Field) -> tuple[str, ...]:
        basis = self.basis.get(item_id)
        match of.kind:
            case "flag":
                carried = self.tags.get(item_id, ())
                return (YES,) if any(name.lower() == of.name for name in carried) else ()
            case "tags":
                return tuple(filter(None, (below(n, of.name) for n in self.tags.get(item_id, ()))))
            case "privilege":
                yes, no = PRIVILEGE
                return (yes,) if basis else (no,) if item_id in self.cleared else ()
            case "basis":
                return (basis,) if basis else ()
            case "tier":
                return (self.tier[item_id],) if item_id in self.tier else ()
            case _:
                return self.own.get(item_id, {}).get(of.name, ())


def below(name: str, parent: str) -> str:
    """What a tag is called below its parent, whatever the case of that; empty if it is not below it."""
    head, _, rest = name.partition("/")
    return rest if head.lower() == parent else ""


def applies(template: Template, of: Field, held: Values) -> bool:
    """Whether a field is there for an item with those values: the field that shows it must be there too."""
    if not of.when:
        return True
    other = template.field(of.when)
    return (
        other is not None
        and applies(template, other, held)
        and not set(held.get(of.when, ())).isdisjoint(of.values)
    )


def missing(template: Template, held: Values) -> list[Field]:
    """The required fields of a template that are there for these values and have none."""
    return [
        each
        for each in template.fields
        if each.required and not held.get(each.name) and applies(template, each, held)
    ]


def incomplete(s: Connection, item_ids: Sequence[int]) -> dict[int, list[Field]]:
    """What each item lacks whose template lets it be left only when it is complete."""
    held = templates(s)
    if not any(each.complete for each in held.values()):
        return {}
    if s.execute(select(tier.c.id).limit(1)).first() is None:
        held = {name: _without(each, "confidentiality") for name, each in held.items()}
    found = values(s, item_ids, held)
    lacking: dict[int, list[Field]] = {}
    for item_id, collection in collections(s, item_ids).items():
        template = held.get(collection)
        if template is not None and template.complete:
            lacks = missing(template, found.get(item_id, {}))
            if lacks:
                lacking[item_id] = lacks
    return lacking


def choices_of(s: Connection, template: Template) -> dict[str, tuple[str, ...]]:
    """The values of each field that is chosen from, with tags and tiers as the case has them now."""
    found = {}
    names: list[str] | None = None
    for each in template.fields:
        if each.kind == "tags":
            if names is None:
                names = list(s.execute(select(tag.c.name).order_by(tag.c.name)).scalars())
            found[each.name] = tuple(filter(None, (below(name, each.name) for name in names)))
        elif each.kind == "tier":
            order = select(tier.c.name).order_by(tier.c.position, tier.c.id)
            found[each.name] = tuple(s.execute(order).scalars())
        elif each.kind != "text":
            found[each.name] = choices(each)
    return found


def copies_of(s: Connection, item_ids: Sequence[int]) -> list[int]:
    """Other items with the same bytes, or mails with the same content, in order of id.

    What models said and servers logged has no copies: two requests may well be alike.
    """
    found: set[int] = set()
    for some in _chunks(item_ids):
        rows = s.execute(
            select(item.c.id, item.c.kind, item.c.sha256, mail.c.content_hash)
            .outerjoin(mail, mail.c.item_id == item.c.id)
            .where(item.c.id.in_(some), item.c.kind.not_in(WITHOUT_COPIES), item.c.size > 0)
        ).all()
        for kind in {row.kind for row in rows}:
            hashes = [row.sha256 for row in rows if row.kind == kind]
            same = select(item.c.id).where(item.c.kind == kind, item.c.sha256.in_(hashes))
            found.update(s.execute(same).scalars())
        contents = [row.content_hash for row in rows if row.content_hash]
        if contents:
            alike = select(mail.c.item_id).where(mail.c.content_hash.in_(contents))
            found.update(s.execute(alike).scalars())
    return sorted(found - {int(i) for i in item_ids})


def lines(s: Connection, item_ids: Sequence[int], hidden: Set[int] = frozenset()) -> dict[int, str]:
    """The values of items as a list has them: `responsive: yes; issue: terms, wording`.

    Of those that are `hidden` the free texts, which may tell what is in them, are left out.
    """
    held = templates(s)
    free = {(name, f.name) for name, t in held.items() for f in t.fields if f.kind == "text"}
    where = collections(s, item_ids) if free else {}
    return {
        item_id: "; ".join(
            f"{name}: {', '.join(chosen)}"
            for name, chosen in mine.items()
            if item_id not in hidden or (where.get(item_id), name) not in free
        )
        for item_id, mine in values(s, item_ids, held).items()
    }


def having(
    s: Connection, item_ids: Sequence[int], code: Code, beside: Sequence[Code] = ()
) -> tuple[list[int], list[int], list[int]]:
    """What a preview counts: items that have a code already, that have another value, that lack the field.

    Args:
        s: A session.
        item_ids: The items.
        code: One value of one field.
        beside: What is set with it, which may be what shows the field.
    """
    given = {each.field: (each.value,) for each in beside}
    held = templates(s)
    known, where = values(s, item_ids, held), collections(s, item_ids)
    if code.field == TAG:
        query = (
            select(item_tag.c.item_id).join(tag).where(func.lower(tag.c.name) == code.value.lower())
        )
        carrying = set(s.execute(query).scalars())
        return [i for i in where if i in carrying], [], []
    same: list[int] = []
    other: list[int] = []
    without: list[int] = []
    for item_id, collection in where.items():
        template = held.get(collection)
        of = template.field(code.field) if template else None
        mine = known.get(item_id, {}).get(code.field, ())
        if (
            template is None
            or of is None
            or not applies(template, of, {**known.get(item_id, {}), **given})
        ):
            without.append(item_id)
        elif code.value.lower() in {each.lower() for each in mine}:
            same.append(item_id)
        elif mine and of.kind not in SEVERAL:
            other.append(item_id)
    return same, other, without


def _without(template: Template, name: str) -> Template:
    rest = tuple(each for each in template.fields if each.name != name)
    return Template(template.collection, rest, template.complete)


def _marks(s: Connection, item_id: int) -> dict[str, Mark]:
    rows = s.execute(select(coding).where(coding.c.item_id == item_id))
    found = {row.field: Mark(row.by, row.at_us) for row in rows}
    for name, table in (
        ("privilege", privilege_cleared), ("privilege", privilege), ("basis", privilege),
        ("confidentiality", item_tier),
    ):  # fmt: skip
        row = s.execute(select(table).where(table.c.item_id == item_id)).first()
        if row is not None:
            found[name] = Mark(row.by, row.at_us)
    return found


def _column(s: Connection, table: Table, column: Column[str], ids: Sequence[int]) -> dict[int, str]:
    rows = s.execute(select(table.c.item_id, column).where(table.c.item_id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield [int(i) for i in ids[start : start + CHUNK]]
