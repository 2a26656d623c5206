"""What of a finding on usage may leave: no name, sentence or item of which something is withheld.

A finding on usage is computed from the whole log and tells of it in many places: an account of which any
request is withheld is not named, what was asked is not quoted where anything of the log is withheld, and the
finding bears the strictest tier of the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casekit.dossier import redact
from casekit.dossier.cleaning import clean_text, every_text
from casekit.dossier.desk import Desk
from casekit.dossier.hidden import roots_of, withheld_families
from casekit.queries import clearance
from casekit.store.tables import exchange, item

UNITS = {
    "account": exchange.c.account,
    "API key": exchange.c.api_key,
    "end user": exchange.c.end_user,
}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Open:
    """A finding on usage as it may be printed.

    Attributes:
        body: Without what may not leave; an account that is kept back is None where it was named.
        kept_back: Accounts that are named in the case and not on paper.
        quotes_kept_back: Sentences of prompts that are not printed.
        shown: Items of which it tells.
    """

    body: Mapping[str, Any]
    kept_back: int = 0
    quotes_kept_back: int = 0
    shown: frozenset[int] = frozenset()


def opened(body: Mapping[str, Any], desk: Desk, cut: Collection[int]) -> Open:
    """The finding as it may leave; what it tells of is noted at the desk.

    Args:
        body: As the analysis wrote it.
        desk: The dossier's.
        cut: Items of which something is redacted.
    """
    s, held = desk.s, withheld_families(desk.s)
    unit = UNITS.get(str(body.get("parameters", {}).get("unit")), exchange.c.account)
    named = [str(one) for one in body.get("named", ()) if one]
    roots = _requests(s, unit, named)
    shut = {account for account, _, root in roots if root in held}
    withheld = redact.all_withheld(s)
    shut |= {name for name in named if withheld.places(clean_text(name, desk.given))}
    log_withheld = bool(held) and _any_withheld(s, held)
    tiered = _of_log(s, desk.order.items)
    own = [item_id for account, item_id, _ in roots if account not in shut]
    told = {*tiered, *(item_id for item_id, _ in clearance.undecided(s, own))}
    groups, quotes = [], 0
    for group in body.get("groups", ()):
        cards = list(group.get("scripts", ()))
        kept = [
            card
            for card in cards
            if not (
                log_withheld
                or set(_ids(card)) & set(cut)
                or any(withheld.places(clean_text(text, desk.given)) for text in every_text(card))
            )
        ]
        quotes += len(cards) - len(kept)
        told.update(item_id for card in kept for item_id in _ids(card))
        groups.append({**group, "scripts": kept})
    analytics, seen = _again(body, held, cut, desk)
    told |= _sources(body) | seen
    barred = desk.kept_back(sorted(_sources(body)))
    desk.told |= told - barred
    made = {**body, "groups": groups, "analytics": analytics}
    if barred:
        names = {f"item {each}" for each in barred}
        made = {key: _without_sources(value, names) for key, value in made.items()}
    return Open(_unnamed(made, shut), len(shut), quotes, frozenset(told - barred))


def _again(
    body: Mapping[str, Any], held: Mapping[int, str], cut: Collection[int], desk: Desk
) -> tuple[list[Mapping[str, Any]], set[int]]:
    """The analytics with the pairs of answers that are shown, and their items."""
    analytics, told = [], set[int]()
    for one in body.get("analytics", ()):
        pairs = [pair for pair in one.get("pairs") or () if not set(_sides(pair)) & set(cut)]
        if pairs:
            roots = roots_of(
                desk.s, sorted({item_id for pair in pairs for item_id in _sides(pair)})
            )
            pairs = [p for p in pairs if not any(roots.get(i) in held for i in _sides(p))]
        shown = pairs[: desk.spec.pairs]
        told.update(item_id for pair in shown for item_id in _sides(pair))
        analytics.append({**one, "pairs": shown} if "pairs" in one else one)
    return analytics, told


def _sides(pair: Mapping[str, Any]) -> list[int]:
    return [int((pair.get(side) or {}).get("item_id", 0)) for side in ("left", "right")]


def _unnamed(body: dict[str, Any], shut: Collection[str]) -> dict[str, Any]:
    """The finding without the names of some accounts."""
    if not shut:
        return body
    body["named"] = [one for one in body.get("named", ()) if one not in shut]
    body["accounts_named"] = [
        row for row in body.get("accounts_named", ()) if row.get("account") not in shut
    ]
    body["analytics"] = [
        {
            **one,
            "accounts": [name for name in one.get("accounts", ()) if name not in shut],
            "pairs": [p for p in one.get("pairs", ()) if p.get("account") not in shut],
        }
        for one in body.get("analytics", ())
    ]
    if plots := body.get("plots"):
        drawn = [
            {**g, "accounts": [None if a in shut else a for a in g["accounts"]]}
            for g in plots["groups"]
        ]
        body["plots"] = {**plots, "groups": drawn}
    return body


def _requests(s: Connection, unit: Any, named: list[str]) -> list[tuple[str, int, int]]:
    """(account, item, root of its family) of every request of some accounts."""
    query = select(unit, item.c.id, item.c.root_id).join(item, item.c.id == exchange.c.item_id)
    query = query.where(item.c.collection == "api-log")
    found: list[tuple[str, int, int]] = []
    for some in _some(named):
        found += [(r[0], r[1], r[2] or r[1]) for r in s.execute(query.where(unit.in_(some)))]
    return found


def _any_withheld(s: Connection, held: Mapping[int, str]) -> bool:
    query = select(item.c.id).where(item.c.collection == "api-log")
    return any(
        s.execute(query.where(item.c.root_id.in_(some)).limit(1)).first() is not None
        for some in _some(sorted(held))
    )


def _of_log(s: Connection, ids: Iterable[int]) -> set[int]:
    query = select(item.c.id).where(item.c.collection == "api-log")
    return {
        item_id
        for some in _some(sorted(ids))
        for item_id in s.execute(query.where(item.c.id.in_(some))).scalars()
    }


def _sources(body: Mapping[str, Any]) -> set[int]:
    """The items that a price table cites as its sources."""
    rows = body.get("prices", {}).get("rows", ())
    cited = (str(row.get("source", "")).split() for row in rows if isinstance(row, Mapping))
    return {int(c[1]) for c in cited if len(c) == 2 and c[0].lower() == "item" and c[1].isdigit()}


def _without_sources(value: Any, names: Collection[str]) -> Any:
    """A part of a finding in which no price cites an item that is withheld."""
    if isinstance(value, Mapping):
        cleaned = {key: _without_sources(each, names) for key, each in value.items()}
        if str(cleaned.get("source", "")).lower() in names:
            cleaned["source"] = ""
        return cleaned
    return [_without_sources(each, names) for each in value] if isinstance(value, list) else value


def _ids(card: Mapping[str, Any]) -> list[int]:
    return [int(each) for each in card.get("items", ())]


def _some(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
