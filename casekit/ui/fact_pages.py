"""What is read of facts: one fact with its citations, an element with what goes to it, and the chronology."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casekit import clock
from casekit.i18n import tr
from casekit.ui.cite import PARTS
from casekit.ui.fact_words import (
    MATERIAL_WORDS,
    STANCE_WORDS,
    STATE_SIGNS,
    STATE_WORDS,
    STATUS_SIGNS,
    STATUS_WORDS,
    cite_label,
    cites_text,
    date_text,
    facts_count,
    short,
    status_text,
)

if TYPE_CHECKING:
    from casekit.queries.claims import ClaimRow, MatrixRow
    from casekit.queries.facts import CiteRow, FactRow
    from casekit.ui.reading import ReadingPage

QUOTED = 600


def lay_fact(page: ReadingPage, row: FactRow) -> None:
    """Write a fact with all that is known of it; its links are `cite:ID`, `uncite:ID` and `element:ID`."""
    page.begin()
    page.section(tr("Fact {n}", n=row.id))
    page.line((row.text, "title"), below=6)
    facts = [
        (tr("Date"), date_text(row.when) or tr("No date")),
        (tr("Status"), status_text(row)),
        (tr("Weight"), tr(MATERIAL_WORDS[row.material])),
        (tr("Who is in it"), "; ".join(row.people)),
        (tr("Written by"), f"{row.by}, {clock.iso(row.at_us)[:10]}"),
    ]
    page.fields([(name, value) for name, value in facts if value])
    page.section(tr("Citations"))
    if not row.cites:
        page.line(
            ("▲ " + tr("Nothing is cited yet. Mark a passage in Review and press Shift+F."), "warn")
        )
    for cite in row.cites:
        _lay_cite(page, cite)
    page.section(tr("Elements"))
    if not row.links:
        page.line(("▲ " + tr("It goes to no element yet."), "warn"))
    for link in row.links:
        page.line(
            (f"{'●' if link.stance == 'supports' else '≠'} {tr(STANCE_WORDS[link.stance])}  ", "quiet"),
            (f"{short(link.claim, 40)} · {link.element}", f"link:element:{link.element_id}"),
        )  # fmt: skip
    page.end()


def _lay_cite(page: ReadingPage, cite: CiteRow) -> None:
    sign = "●" if cite.stance == "supports" else "≠"
    target = f"link:finding:{cite.finding_id}" if cite.finding_id else f"link:cite:{cite.id}"
    title = cite.finding or (short(cite.item.title or cite.item.name, 60) if cite.item else "")
    page.line(
        (f"{sign} {tr(STANCE_WORDS[cite.stance])}  ", "bold"), (f"{cite_label(cite)}  {title}", target),
        ("   ", "ink"), (tr("Take away"), f"link:uncite:{cite.id}"), above=6,
    )  # fmt: skip
    if cite.item is not None and cite.item.privileged:
        page.line(("◆ " + tr("withheld as privileged"), "warn"))
    if cite.part:
        page.line(
            (
                tr(
                    "{part}, characters {a} to {b}",
                    part=tr(PARTS.get(cite.part, cite.part)),
                    a=cite.start,
                    b=cite.stop,
                ),
                "quiet",
            )
        )
    if cite.quote:
        page.line((f"“{short(cite.quote, QUOTED)}”", "ink"))
    if cite.intact is False:
        page.line(("▲ " + tr("The passage is no longer what was cited."), "warn"))
    if cite.note:
        page.line((cite.note, "quiet"))


def lay_element(page: ReadingPage, claim: ClaimRow, row: MatrixRow | None) -> None:
    """Write an element with the facts that go to it, or a claim; its links are `fact:ID`."""
    page.begin()
    page.section(claim.name)
    if row is None:
        page.line((claim.note, "ink"))
        page.end()
        return
    page.line((row.element.name, "title"), below=6)
    page.line(
        (f"{STATE_SIGNS[row.state]} {tr(STATE_WORDS[row.state])}", "warn" if row.is_gap else "ink")
    )
    if row.element.note:
        page.line((row.element.note, "quiet"), above=6)
    for head, rows in (
        (tr("Speaks for it"), row.supporting),
        (tr("Speaks against it"), row.against),
    ):
        page.section(head, facts_count(len(rows)))
        for fact in rows:
            page.line((f"{fact.id}  {short(fact.text, 140)}", f"link:fact:{fact.id}"), above=2)
            page.line((f"{date_text(fact.when) or tr('No date')} · {status_text(fact)}", "quiet"))
    page.end()


def lay_chronology(page: ReadingPage, rows: Sequence[FactRow]) -> None:
    """Write facts in order of time under the month in which they begin; their links are `fact:ID`."""
    page.begin()
    month = ""
    for row in rows:
        us = row.sort_us
        now = tr("No date") if us is None else f"{clock.from_us(us):%Y-%m}"
        if now != month:
            month = now
            page.section(month)
        page.line(
            (f"{date_text(row.when) or '–'}   ", "bold"), (row.text, f"link:fact:{row.id}"), above=8,
        )  # fmt: skip
        page.line(
            (f"{STATUS_SIGNS[row.status]} {tr(STATUS_WORDS[row.status])}   ", "quiet"),
            (
                cites_text(row) if row.cites else "▲ " + tr("No citation"),
                "quiet" if row.cites else "warn",
            ),
        )
    if not rows:
        page.line((tr("No fact is listed."), "quiet"))
    page.end()
