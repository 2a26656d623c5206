"""Groups on the page of clusters in words: read in one snapshot, told in rows and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casekit import clock
from casekit.i18n import tr, tr_count
from casekit.ui.cluster_acts import NAMED, Chosen
from casekit.ui.tables import COUNT_WIDTH
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.clusters import NamedRow, NearGroup, Standing, TopicRow
    from casekit.search.comparing import Member

KINDS = ("near", "topic", NAMED)
KIND_WORDS = {"near": "Near-duplicates", "topic": "Topics", NAMED: "Named"}
HEADS = {
    "near": ("Items", "Least alike", "Principal", "Named"),
    "topic": ("Items", "Words that set it apart", "Named"),
    NAMED: ("Name", "Items", "Made of", "By", "On"),
}
WIDTHS = {
    "near": (COUNT_WIDTH, 96, 310, 280),
    "topic": (COUNT_WIDTH, 380, 280),
    NAMED: (240, COUNT_WIDTH, 160, 160, 110),
}
WIDE = {"near": 2, "topic": 1, NAMED: 0}
"""The column of each that takes what room is left."""
MEMBER_HEADS = ("Alike", "Item", "Title", "Differs in")
MEMBER_WIDTHS = (86, 64, 220, 300)
NOTHING = {
    "near": (
        "Near-duplicates have not been looked for yet. Letters that differ in a date, prompts of one pattern, "
        "answers said again: each group shows its longest text and, of every other, how alike it is and in "
        "which words it differs. Choose from how many percent on, then Find near-duplicates."
    ),
    "topic": (
        "Topics have not been looked for yet. They sort what was indexed by meaning into groups that say the "
        "like, with the words that set each apart, so that a heap can be read in an order of your own. They "
        "are an aid of reading and no finding."
    ),
    NAMED: (
        "Nothing is named yet. Choose a group of near-duplicates or a topic and name it: its items stay "
        "together under that name, however groups fall when they are computed again."
    ),
}
AID = (
    "An aid of reading, no finding: another number or seed sorts otherwise, and on another machine an item "
    "between two topics may fall otherwise."
)
THRESHOLDS = (100, 95, 90, 80, 70, 60, 50)
NUMBERS = (0, 10, 20, 40, 80, 160)
MOST_GROUPS, MOST_MEMBERS = 500, 100


@dataclass(frozen=True, slots=True)
class Told:
    """What the page shows of one kind; `titles` of principals, `now` the names of groups."""

    standing: Standing | None
    near: tuple[NearGroup, ...] = ()
    topics: tuple[TopicRow, ...] = ()
    named: tuple[NamedRow, ...] = ()
    titles: dict[int, str] | None = None
    now: dict[int, list[tuple[str, int, int]]] | None = None
    count: tuple[int, int] = (0, 0)


def read_groups(s: Any, kind: str) -> Told:
    """The groups of one kind in one snapshot."""
    from casekit.queries import clusters, items

    if kind == NAMED:
        return Told(None, named=tuple(clusters.named(s)))
    standing, now = clusters.standing(s, kind), clusters.now_in(s, kind)
    if kind == "topic":
        return Told(standing, topics=tuple(clusters.topics(s)), now=now)
    groups = tuple(clusters.near_groups(s, MOST_GROUPS))
    rows = items.rows(s, [group.principal for group in groups])
    titles = {row.id: row.title or row.name for row in rows}
    return Told(standing, near=groups, titles=titles, now=now, count=clusters.near_count(s))


def read_members(s: Any, found: Chosen) -> tuple[list[tuple[int, tuple[str, ...]]], str]:
    """The first items of a group as rows of words, and a sentence about them."""
    from casekit.queries import clusters, items
    from casekit.search import comparing

    if found.kind == "near":
        group = clusters.near_group_by_id(s, found.number)
        members = comparing.members(s, group, MOST_MEMBERS) if group is not None else []
        return [(m.row.id, member_words(m)) for m in members], _more(len(members), found.items)
    if found.kind == "topic":
        typical = clusters.topic_members(s, found.number, MOST_MEMBERS)
        cosines = {m.item_id: f"{m.cosine:.2f}" for m in typical}
        ids = list(cosines)
    else:
        ids = list(clusters.items_of_named(s, found.number))[:MOST_MEMBERS]
        cosines = {}
    rows = {row.id: row for row in items.rows(s, ids)}
    told: list[tuple[int, tuple[str, ...]]] = [
        (i, (cosines.get(i, ""), f"{i}", shown(rows[i].title or rows[i].name)))
        for i in ids
        if i in rows
    ]
    return told, _more(len(told), found.items)


def member_words(member: Member) -> tuple[str, ...]:
    """A near-duplicate as a row: how alike, its number, its title, and the words that differ."""
    title = shown(member.row.title or member.row.name)
    if member.differing is None:
        return tr("principal"), f"{member.row.id}", title, ""
    changes = [f"{_short(c.gone)} → {_short(c.new)}" for c in member.differing.changes[:4]]
    more = member.differing.more + max(0, len(member.differing.changes) - 4)
    said = "   |   ".join(changes) if changes else tr("the same words")
    if more:
        said += "   |   " + tr("{n} more", n=more)
    return f"{100 * member.alike:.0f} %", f"{member.row.id}", title, said


def _short(words: str) -> str:
    text = shown(words)
    return (text if len(text) <= 50 else f"{text[:49]}…") or "∅"


def _more(listed: int, items: int) -> str:
    said = tr_count("1 item", "{n} items", items)
    return said + (" · " + tr("the first {n} are shown", n=listed) if listed < items else "")


def topic_words(row: TopicRow) -> str:
    """The words of a topic, or why they are left out."""
    return ", ".join(map(shown, row.words)) or tr(
        "▲ left out: something of it was sequestered since"
    )


def names_text(names: list[tuple[str, int, int]]) -> str:
    """The names given to what is in a group now, each with how many of its items are."""
    return ", ".join(f"{shown(name)} ({here:,} / {had:,})" for name, here, had in names)


def standing_text(kind: str, told: Told) -> str:
    """How groups were computed, what is in none of them, and what has changed since."""
    if told.standing is None or told.standing.made is None:
        return ""
    values = told.standing.made.values
    when = clock.iso(told.standing.made.at_us)[:16].replace("T", " ") + " UTC"
    if kind == "near":
        parts = [
            tr("{groups} of {items} items, from {percent} % on. Computed {when}.",
               groups=tr_count("1 group", "{n} groups", told.count[0]), items=told.count[1],
               percent=values["threshold"], when=when),
            tr("In none: {without} without text, {short} of fewer than 8 words.",
               without=f"{values['without']:,}", short=f"{values['short']:,}"),
        ]  # fmt: skip
        if told.count[0] > len(told.near):
            parts.append(tr("The {n} largest are listed.", n=len(told.near)))
    else:
        parts = [
            tr("{topics} by {model}, seed {seed}. Computed {when}. In none: {without} without a vector.",
               topics=tr_count("1 topic", "{n} topics", len(told.topics)), model=values["model"],
               seed=str(values["seed"]), when=when,
               without=f"{values['without']:,}"),
            tr(AID),
        ]  # fmt: skip
    if told.standing.since:
        parts.append(
            "▲ "
            + tr_count(
                "1 item came later and is in none.",
                "{n} items came later and are in none.",
                told.standing.since,
            )
        )
    if told.standing.hidden_since:
        parts.append("▲ " + tr("Something was sequestered or released since: find them anew."))
    return " ".join(parts)
