"""What the planning of a dossier has at hand: its exhibits being gathered, and what is withheld from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from casekit.dossier import redact
from casekit.dossier.cleaning import Given
from casekit.dossier.copies import Copies
from casekit.dossier.hidden import roots_of, withheld_families
from casekit.dossier.sheet import UNMARKED, Produced
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.progress import Progress
from casekit.queries import items as item_queries
from casekit.queries import tier_copies
from casekit.queries.exhibits import ExhibitRow
from casekit.queries.items import ItemView
from casekit.queries.matter import MatterRow
from casekit.queries.tiers import Order, parsed, split
from casekit.queries.translations import TranslationRow
from casekit.store import custody
from casekit.store.tables import original


@dataclass(frozen=True, slots=True)
class Translated:
    """What is said of the translation of an item, and what is printed of it.

    Attributes:
        view: The translation as it may be shown; None where none is needed, or it is an exhibit by itself.
        label: Of the exhibit that it is by itself, or empty.
        certificate: The translator's certificate as it may be shown, where it is an item.
    """

    row: TranslationRow
    view: ItemView | None = None
    label: str = ""
    certificate: ItemView | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit that is in: its row, its item, and what is printed with it.

    Attributes:
        below: The items below it.
        beside: Of an exchange, the halves that stand in other files.
        translations: What is said of the translations of each of these, by item.
        gaps: The languages in which it has a text without the translation that the court wants.
        doubts: The languages that one of its texts without a translation may be in, by a guess.
        mark: What stands over its pages, if it is itself a translation.
    """

    row: ExhibitRow
    view: ItemView
    below: tuple[ItemView, ...] = ()
    beside: tuple[ItemView, ...] = ()
    translations: Mapping[int, Sequence[Translated]] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    doubts: Sequence[str] = ()
    mark: str = ""

    @property
    def views(self) -> tuple[ItemView, ...]:
        """All items that are printed."""
        pairs = [one for each in self.translations.values() for one in each]
        made = [view for one in pairs for view in (one.view, one.certificate) if view is not None]
        return (self.view, *self.below, *self.beside, *made)


@dataclass(slots=True)
class Desk:
    """What the planning of one dossier has at hand.

    Attributes:
        given: What has a pseudonym.
        told: The items of which anything is printed.
        order: The tiers of the matter's order.
        copies: Where a sealed copy is made too, what each prints.
    """

    s: Connection
    spec: DossierSpec
    matter: MatterRow
    words: Wording
    stamp: str
    given: Given
    produced: dict[int, Produced] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    copies: Copies | None = None
    order: Order = field(default_factory=Order)

    @property
    def designation(self) -> str:
        """The designation of the whole, as it was asked for or is the matter's."""
        return self.spec.designation or self.matter.designation

    def marked(self, ids: Iterable[int], own: str = "") -> str:
        """What the pages of a chapter bear that tells of items; empty: as the dossier's other pages."""
        if not self.order:
            return own
        return self.order.stamp(self.designation, ids, own) or UNMARKED

    def refuse_recipients(
        self, progress: Progress | None = None, *, draft: bool, shown: Collection[str] = ()
    ) -> None:
        """Let nothing told go to whom the order does not let see it; what is issued names its recipients.

        `shown` are reasons of redactions behind which the court can look.

        Raises:
            TierConflict: A recipient may not see something, or it is to be issued and none is named.
        """
        recipients = parsed(self.spec.recipients)
        court = [one for one in recipients if shown and split(one)[1] == "court"]
        for some, seen in ((recipients, ()), (court, shown)):
            tier_copies.refuse(
                self.s, self.order, some, self.told, self.designation, progress, shown=seen
            )
        if not draft:
            self.order.refuse_unnamed(recipients)

    def view(self, item_id: int) -> ItemView:
        """An item as it may be shown."""
        self.told.add(item_id)
        whole = item_queries.view(self.s, item_id)
        return redact.redacted(whole, self.words, self.given, copies=self.copies)

    def kept_back(self, ids: Sequence[int]) -> frozenset[int]:
        """Those of some items that are withheld as privileged, with their families."""
        held = withheld_families(self.s) if ids else {}
        found = roots_of(self.s, ids).items() if held else ()
        return frozenset(item_id for item_id, root in found if root in held)


def entries_of(s: Connection, shown: Sequence[Shown]) -> dict[bytes, tuple[int, ...]]:
    """Custody entries that touch the originals shown, in one pass over the log."""
    hashes = {view.original_sha256 for one in shown for view in one.views}
    query = select(original.c.id, original.c.sha256)
    names = {r.id: r.sha256 for r in s.execute(query) if r.sha256 in hashes}
    found: dict[bytes, list[int]] = {}
    printable = {leaf.seq for leaf in custody.leaves(s) if leaf.content["class"] == "custody"}
    for detail in custody.details(s):
        if detail.seq in printable:
            for original_id in detail.body.get("originals", ()):
                if original_id in names:
                    found.setdefault(names[original_id], []).append(detail.seq)
    return {sha256: tuple(seqs) for sha256, seqs in found.items()}
