"""The sections of a dossier that must be asked for, each made from what is printed and never from more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from casekit.dossier.desk import Desk
from casekit.dossier.redact import all_withheld
from casekit.dossier.sections import (
    certificates,
    chronology,
    collection,
    issued,
    method,
    offered,
    parties,
    record,
    stated_facts,
    trial,
    withheld,
)
from casekit.dossier.sections.common import Printed
from casekit.dossier.sections.stated_events import StatedEvents
from casekit.dossier.sheet import Block, DossierPlan
from casekit.queries import privilege_log
from casekit.queries import trial as trial_queries
from casekit.queries.issued import issued as issued_versions


def added(
    desk: Desk, facts: stated_facts.Stated, events: StatedEvents, printed: Sequence[Printed],
    plan: DossierPlan,
) -> DossierPlan:  # fmt: skip
    """The plan with those of them that are asked for.

    Args:
        desk: The matter, the wish with the user's own words, and the court's wording.
        facts: What counsel states, as far as it may be printed.
        events: The events of the timeline, likewise.
        printed: The exhibits with their items, redacted.
        plan: The rest of the dossier.
    """
    s, spec, matter, words = desk.s, desk.spec, desk.matter, desk.words
    labels = {view.row.id: one.chapter.label for one in reversed(printed) for view in one.views}
    chapters = (*plan.exhibits, *plan.findings)
    produced = {one.item_id: one for one in plan.produced}
    listed = [(one.chapter.label, view) for one in printed for view in one.views]
    made: dict[str, Callable[[], tuple[Block, ...]]] = {
        "trial": lambda: trial.blocks(
            plan.exhibits, trial.written(trial_queries.trial_rows(s)), words
        ),
        "parties": lambda: parties.blocks(matter, printed, words),
        "claims": lambda: stated_facts.claims_map(desk, facts, labels, draft=plan.draft),
        "facts": lambda: stated_facts.chronology(facts, chapters, labels, words, draft=plan.draft),
        "chronology": lambda: chronology.blocks(printed, words, events, draft=plan.draft),
        "collection": lambda: collection.blocks(s, spec, printed, words, draft=plan.draft),
        "privilege": lambda: withheld.blocks(
            privilege_log.entries(s), spec.privilege_format, words
        ),
        "method": lambda: method.blocks(s, spec, plan.findings, words, draft=plan.draft),
        "issued": lambda: issued.blocks(issued_versions(s), all_withheld(s), words),
        "versions": lambda: record.versions(words),
        "glossary": lambda: record.glossary(words, spec.terms),
        "certificates": lambda: certificates.blocks(
            s, spec, listed, produced, words, draft=plan.draft
        ),
    }
    found = {
        name: (*offered.blocks(name, spec, words, draft=plan.draft), *made[name]())
        for name in spec.sections
        if name in made
    }
    return msgspec.structs.replace(plan, further=found)
