"""Who appears: the parties of the proceeding, and the accounts and persons of the exhibits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from casekit.dossier.sections.common import Printed, index_day, printed_us
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView
from casekit.queries.matter import MatterRow

SHOWN_OF_KEY = 4
_SHORTEST_KEY = 8  # of a shorter one even its end is too much


@dataclass(slots=True)
class _Seen:
    """What the exhibits tell of one account or person."""

    names: dict[str, None] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    days: list[tuple[int, str]] = field(default_factory=list)

    def add(self, one: Printed, view: ItemView, words: Wording) -> None:
        self.labels[one.chapter.label] = None
        at = printed_us(view)
        if at is not None:
            self.days.append((at, index_day(view, words)))

    @property
    def when(self) -> tuple[str, str]:
        return (min(self.days)[1], max(self.days)[1]) if self.days else ("–", "–")


def blocks(matter: MatterRow, printed: Sequence[Printed], words: Wording) -> tuple[Block, ...]:
    """Parties from the matter; accounts and persons from what is printed, with first and last date."""
    found = [
        table
        for table in (_parties(matter, words), _accounts(printed, words), _persons(printed, words))
        if table.rows
    ]
    if not found:
        return (Remark(words("parties.none")),)
    return (Remark(words("parties.intro")), *found)


def key_end(key: str, pseudonyms: Collection[str] = ()) -> str:
    """A key as it may be printed: its end, or its pseudonym."""
    if not key or key in pseudonyms:
        return key
    return "…" + (key[-SHOWN_OF_KEY:] if len(key) >= _SHORTEST_KEY else "")


def _parties(matter: MatterRow, words: Wording) -> Grid:
    columns = (
        Column(words("parties.name"), 34), Column(words("parties.standing"), 18),
        Column(words("parties.short"), 16), Column(words("parties.counsel"), 32),
    )  # fmt: skip
    rows = tuple(
        (
            p.name,
            words(f"standing.{p.side}") + (f", {p.role}" if p.role not in ("", "party") else ""),
            p.short or "–",
            p.counsel or "–",
        )
        for p in matter.parties
    )
    return Grid(columns, rows, words("parties.parties"))


def _accounts(printed: Sequence[Printed], words: Wording) -> Grid:
    seen: dict[tuple[str, str, str], _Seen] = {}
    for one in printed:
        for view in one.views:
            values = view.exchange
            key = (
                str(values.get("account", "")),
                str(values.get("organisation", "")),
                key_end(str(values.get("api_key", "")), view.pseudonyms),
            )
            if any(key):
                seen.setdefault(key, _Seen()).add(one, view, words)
    columns = (
        Column(words("parties.account"), 24), Column(words("parties.organisation"), 18),
        Column(words("parties.key"), 10, "mono"), Column(words("parties.first"), 15),
        Column(words("parties.last"), 15), Column(words("parties.exhibits"), 18),
    )  # fmt: skip
    rows = tuple(
        (*(part or "–" for part in key), *of.when, ", ".join(of.labels))
        for key, of in sorted(seen.items())
    )
    return Grid(columns, rows, words("parties.accounts"))


def _persons(printed: Sequence[Printed], words: Wording) -> Grid:
    seen: dict[str, _Seen] = {}
    for one in printed:
        for view in one.views:
            for role, name, address in view.parties:
                who = (address or name).strip()
                if not who:
                    continue
                of = seen.setdefault(who.casefold(), _Seen())
                of.add(one, view, words)
                of.names[name or address] = None
                of.roles[words.get(f"role.{role}", role)] = None
    columns = (
        Column(words("parties.name"), 20), Column(words("parties.address"), 30),
        Column(words("parties.roles"), 10), Column(words("parties.first"), 13),
        Column(words("parties.last"), 13), Column(words("parties.exhibits"), 14),
    )  # fmt: skip
    rows = tuple(
        ("\n".join(of.names), who, ", ".join(of.roles), *of.when, ", ".join(of.labels))
        for who, of in sorted(seen.items())
    )
    return Grid(columns, rows, words("parties.persons"))
