"""The members of a group of near-duplicates beside its principal: how alike, and in which words they differ."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from casekit.queries import clusters, items
from casekit.queries.clusters import NearGroup
from casekit.queries.items import ItemRow
from casekit.search import differing, sketches
from casekit.search.differing import Differing

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Member:
    """An item of a group.

    Attributes:
        row: The item as lists show it.
        alike: How alike it is to the principal, 0 to 1, counted over all words of both.
        words: How many it has.
        differing: In which words; None for the principal.
    """

    row: ItemRow
    alike: float
    words: int
    differing: Differing | None


def members(s: Connection, group: NearGroup, limit: int = SHOWN) -> list[Member]:
    """The first members of a group, the principal first, then the most alike.

    All is counted anew from the texts as the session sees them, whatever the index holds.
    """
    known = clusters.near_members(s, group, limit)
    ids = [m.item_id for m in known]
    rows = {row.id: row for row in items.rows(s, ids)}
    texts = sketches.texts_of(s, ids)
    vocabulary: dict[str, int] = {}
    first = sketches.pair_sets(sketches.words_of(texts[:1], vocabulary))
    found = []
    for item_id, text in zip(ids, texts, strict=True):
        words = sketches.words_of([text], vocabulary)
        share = sketches.alike(first[0], sketches.pair_sets(words)[0])
        told = None if item_id == group.principal else differing.differing(texts[0], text)
        found.append(Member(rows[item_id], share, int(words.counts[0]), told))
    return sorted(found, key=lambda m: (m.differing is not None, -m.alike, m.row.id))
