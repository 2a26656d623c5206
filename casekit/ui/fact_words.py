"""How facts, their dates and their elements are called in the window: a shape and a word each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.i18n import tr, tr_count
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.claims import ElementState
    from casekit.queries.facts import CiteRow, FactRow
    from casekit.queries.moments import When

STATUS_WORDS = {
    "undisputed": "Undisputed",
    "disputed-by-them": "Disputed by the other side",
    "disputed-by-us": "Disputed by us",
    "prospective": "To be shown",
    "unsure": "Unsure",
}
STATUS_SIGNS = {
    "undisputed": "●",
    "disputed-by-them": "◐",
    "disputed-by-us": "◑",
    "prospective": "○",
    "unsure": "?",
}
MATERIAL_WORDS = {"yes": "Material", "no": "Not material", "unsure": "Unsure"}
DATE_WORDS = {
    "none": "No date",
    "on": "On",
    "before": "Before",
    "after": "After",
    "about": "At about",
    "range": "Between",
}
STANCE_WORDS = {"supports": "supports", "contradicts": "contradicts"}
STATE_WORDS: dict[ElementState, str] = {
    "no-fact": "No fact",
    "no-citation": "Facts, no citation",
    "disputed": "Disputed",
    "supported": "Supported",
}
STATE_SIGNS: dict[ElementState, str] = {
    "no-fact": "▲",
    "no-citation": "△",
    "disputed": "◐",
    "supported": "●",
}
SHORT = 90


def status_text(row: FactRow) -> str:
    """How a fact stands, and who disputes it."""
    words = f"{STATUS_SIGNS[row.status]} {tr(STATUS_WORDS[row.status])}"
    return f"{words}: {shown(row.disputed_by)}" if row.disputed_by else words


def date_text(when: When) -> str:
    """A date as it was written, and how it is meant."""
    zone = when.zone if len(when.first) > 10 or when.zone != "UTC" else ""
    if when.kind == "none":
        return ""
    if when.kind == "range":
        return " ".join(part for part in (f"{when.first} – {when.last}", zone) if part)
    words = {
        "before": tr("before {date}", date=when.first),
        "after": tr("after {date}", date=when.first),
        "about": tr("about {date}", date=when.first),
    }
    return " ".join(part for part in (words.get(when.kind, when.first), zone) if part)


def cite_label(cite: CiteRow) -> str:
    """A citation for a narrow column: the exhibit, the item or the finding, and the page."""
    if cite.finding_id is not None:
        return f"F-{cite.finding_id}"
    if cite.item is None:
        return "–"
    label = cite.item.exhibit or tr("item {n}", n=str(cite.item.id))
    return tr("{label}, page {n}", label=label, n=cite.page) if cite.page else label


def cites_text(row: FactRow) -> str:
    """All citations of a fact; those that speak against it after a sign."""
    if not row.cites:
        return "▲ " + tr("none")
    labels = dict.fromkeys(
        cite_label(each) if each.stance == "supports" else f"≠ {cite_label(each)}"
        for each in row.cites
    )
    return ", ".join(labels)


def elements_text(row: FactRow) -> str:
    """The elements that a fact goes to, in a few words each."""
    return "; ".join(
        (short(each.element, 48) if each.stance == "supports" else f"≠ {short(each.element, 46)}")
        for each in row.links
    )


def facts_count(n: int) -> str:
    """A number of facts."""
    return tr_count("1 fact", "{n} facts", n)


def short(text: str, most: int = SHORT) -> str:
    """A text on one line, cut at a word."""
    flat = " ".join(shown(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0] + "…"
