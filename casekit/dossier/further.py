"""The sections of a dossier that must be asked for, each made from what is printed and never from more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

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
    trial,
    withheld,
)
from casekit.dossier.sections.common import Printed
from casekit.dossier.sheet import Block, DossierPlan
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.queries import privilege_log
from casekit.queries import trial as trial_queries
from casekit.queries.issued import issued as issued_versions
from casekit.queries.matter import MatterRow


def sections(
    s: Connection, spec: DossierSpec, matter: MatterRow, printed: Sequence[Printed],
    plan: DossierPlan, words: Wording,
) -> dict[str, tuple[Block, ...]]:  # fmt: skip
    """What each of them holds, by its name.

    Args:
        s: Reading session.
        spec: Which of them are wanted, and the user's own words.
        matter: The parties of the proceeding.
        printed: The exhibits with their items, redacted.
        plan: The rest of the dossier.
        words: The court's wording.
    """
    produced = {one.item_id: one for one in plan.produced}
    listed = [(one.chapter.label, view) for one in printed for view in one.views]
    made: dict[str, Callable[[], tuple[Block, ...]]] = {
        "trial": lambda: trial.blocks(
            plan.exhibits, trial.written(trial_queries.trial_rows(s)), words
        ),
        "parties": lambda: parties.blocks(matter, printed, words),
        "chronology": lambda: chronology.blocks(printed, words),
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
    return {
        name: (*offered.blocks(name, spec, words, draft=plan.draft), *made[name]())
        for name in spec.sections
        if name in made
    }
