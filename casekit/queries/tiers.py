"""The tiers of the matter's confidentiality order: which an item has, how it is stamped, who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.store.tables import exhibit, item_tier, tier

ROLES = (
    "court",
    "own-counsel",
    "own-party",
    "opposing-counsel",
    "opposing-party",
    "expert",
    "public",
)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Barred:
    """Something that a recipient may not see.

    Attributes:
        recipient: As `parsed` gives it.
        item_id: What would leave; 0: the whole, by its designation.
        tier: What bars it.
        why: A word of `conflicts.WHYS`, where it has no such tier itself and tells of item `of`, which has.
    """

    recipient: str
    item_id: int
    tier: str
    why: str = ""
    of: int = 0


class TierConflict(CaseKitError):
    """A recipient may not see something that an export holds, or nobody said who receives it.

    `barred` lists what may not be seen; it is empty where nobody was named.
    """

    def __init__(self, message: str, barred: Sequence[Barred] = (), **values: object) -> None:
        super().__init__(message, **values)
        self.barred = tuple(barred)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier.

    Attributes:
        stamp: What its pages bear.
        sees: Roles that may see it.
        rank: Its strictness, from 1.
    """

    name: str
    stamp: str
    sees: frozenset[str]
    rank: int


@dataclass(frozen=True, slots=True)
class Order:
    """The tiers of a matter, the mildest first, and which item has which; without tiers nothing is barred.

    Attributes:
        items: Names of tiers by item.
    """

    tiers: tuple[Tier, ...] = ()
    items: Mapping[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything depends on it."""
        return bool(self.tiers or self.items)

    def named(self, text: str) -> Tier | None:
        """The tier of that name or stamp, whatever its case."""
        wanted = _plain(text)
        return next((t for t in self.tiers if wanted in {_plain(t.name), _plain(t.stamp)}), None)

    def of(self, item_id: int) -> Tier | None:
        """The tier of an item; one that the order no longer has is stricter than all, and nobody may see it."""
        name = self.items.get(item_id)
        if name is None:
            return None
        return self.named(name) or Tier(name, name.upper(), frozenset(), len(self.tiers) + 1)

    def stamp(self, default: str, ids: Iterable[int], own: str = "") -> str:
        """What is stamped on something that tells of items: the strictest tier of all that is said of it.

        Args:
            default: The designation of the whole.
            ids: The items.
            own: The designation of the part, in place of that of the whole. One that is no tier, such as UNDER
                SEAL, is kept beside the tier: no stamp that somebody gave is lost.
        """
        found = [self.named(default), self.named(own), *(self.of(i) for i in ids)]
        top = max((each for each in found if each), key=lambda each: each.rank, default=None)
        if top is None:
            return own or default
        said = own or default
        return f"{top.stamp} – {said}" if said and self.named(said) is None else top.stamp

    def refuse(self, recipients: Sequence[str], ids: Iterable[int], default: str = "") -> None:
        """Go on only if every recipient may see the tier of all items, and of the whole.

        Args:
            recipients: As `parsed` gives them.
            ids: All items of which the export tells.
            default: The designation of the whole.

        Raises:
            TierConflict: One may not; it lists the items.
        """
        whole = self.named(default)
        held: dict[Tier, list[int]] = {}
        for item_id in sorted(set(ids)):
            own = self.of(item_id)
            if own is not None and own != whole:
                held.setdefault(own, []).append(item_id)
        told, barred = [], list[Barred]()
        for recipient in recipients:
            name, role = split(recipient)
            mine = {
                found.name: of
                for found, of in sorted(held.items(), key=lambda each: -each[0].rank)
                if role not in found.sees
            }
            said = [f"{tier}: {_listed(of)}" for tier, of in mine.items()]
            barred += [Barred(recipient, i, tier) for tier, of in mine.items() for i in of]
            if whole is not None and role not in whole.sees:
                said.append(f"{whole.name}: the whole, by its designation")
                barred.append(Barred(recipient, 0, whole.name))
            if said:
                told.append(f"{name} ({role}) – {', '.join(said)}")
        if told:
            raise TierConflict(
                "The order does not let a recipient see what this holds: {told}. Leave it out, or "
                "send this to others.",
                barred, told="; ".join(told),
            )  # fmt: skip

    def refuse_unnamed(self, recipients: Sequence[str]) -> None:
        """Go on only if the recipients are named, where there is an order.

        Raises:
            TierConflict: None is.
        """
        if self and not recipients:
            raise TierConflict(
                "The matter has an order on confidentiality: say who receives this, such as “Jane Roe, "
                "opposing-counsel”, so that nothing goes to whom the order does not let see it."
            )


def order(s: Connection) -> Order:
    """The matter's order, and the tier of every item: its own, or the stricter one of an exhibit that it is."""
    found = s.execute(select(tier).order_by(tier.c.position, tier.c.id))
    tiers = tuple(
        Tier(r.name, r.stamp, frozenset(r.sees.split()), n) for n, r in enumerate(found, 1)
    )
    items = {r.item_id: r.tier for r in s.execute(select(item_tier))}
    made = Order(tiers, items)
    if tiers:
        query = select(exhibit.c.item_id, exhibit.c.designation).where(exhibit.c.designation != "")
        for item_id, designation in s.execute(query):
            own, before = made.named(designation), made.of(item_id)
            if own is not None and (before is None or own.rank > before.rank):
                items[item_id] = own.name
    return made


def assigned(s: Connection) -> dict[int, str]:
    """The items that were given a tier, with its name."""
    return {r.item_id: r.tier for r in s.execute(select(item_tier).order_by(item_tier.c.item_id))}


def parsed(untrusted: Iterable[str]) -> tuple[str, ...]:
    """Recipients as `NAME, ROLE`, each once, with the role as it stands in `ROLES`.

    Raises:
        CaseKitError: One has no name, or no role that is known.
    """
    found: dict[str, None] = {}
    for given in untrusted:
        name, _, role = given.rpartition(",")
        role = "-".join(role.split()).lower()
        name = " ".join(name.split())
        if not name or role not in ROLES:
            raise CaseKitError(
                "“{given}” is no recipient: write a name, a comma and one of {roles}.",
                given=given, roles=", ".join(ROLES),
            )  # fmt: skip
        found[f"{name}, {role}"] = None
    return tuple(found)


def split(recipient: str) -> tuple[str, str]:
    """Name and role of a recipient."""
    name, _, role = recipient.rpartition(", ")
    return name, role


def _listed(ids: Sequence[int]) -> str:
    more = f" and {len(ids) - _MOST_NAMED:,} more" if len(ids) > _MOST_NAMED else ""
    return f"item {', '.join(map(str, ids[:_MOST_NAMED]))}{more}"


def _plain(text: str) -> str:
    """A name as it is compared: apostrophes, dashes, spaces and case do not tell tiers apart."""
    same = text.translate({0x2019: "'", 0x2013: "-", 0x2014: "-", 0x2011: "-"})
    return " ".join(same.split()).casefold()
