"""What a dossier still lacks and what stops it from being issued, each with the field that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from sqlalchemy import Connection

from casekit.dossier.plan import plan
from casekit.dossier.sections.certificates import open_fields
from casekit.dossier.sections.offered import TABLES
from casekit.dossier.sections.stated import is_open
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.spec import METHOD, NARRATIVE, DossierSpec, in_use
from casekit.dossier.wording import Wording, wording
from casekit.errors import Cancelled, CaseKitError
from casekit.progress import Progress
from casekit.queries import exhibits as exhibit_queries
from casekit.queries import matter as matter_queries
from casekit.queries.conflicts import PrivilegeConflict
from casekit.queries.exhibits import ExhibitRow
from casekit.queries.matter import MatterRow
from casekit.queries.tiers import TierConflict

WORDS = {
    "field": "Certificate {n}: “{label}” is not stated.",
    "no_certificate": "The section has no certificate: add one, or take the section out.",
    "certified": "Certificate {n} speaks of Exhibit {label}, which is not in this dossier.",
    "open": "“{label}” has a place that was left open.",
    "silent": "“{label}” will be printed as not stated.",
    "offered": "{name} is offered as a summary: “{label}” is not stated.",
    "not_in": "{name} is offered as a summary or aid and is not in this dossier.",
    "no_exhibit": "There is no exhibit in it yet: choose an item in the list and press E.",
    "unknown": "Exhibit {label} is not in this case any more.",
    "withheld": "Exhibit {label} is withheld as privileged: it is left out.",
    "no_caption": "The caption has no {what}.",
    "unexplained": "The term “{term}” is not explained.",
}
"""What is said of each kind, with its places; the window translates it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or in the way.

    Attributes:
        kind: A `gap` prints as a marked place in a draft and stops the issuing; a `refusal` stops the draft
            too or would print nothing of sense; a `note` stops nothing.
        section: The section that it belongs to; empty: the dossier as a whole.
        place: What mends it, such as `certificates/0/accuracy`, `narrative/scope`, `offered/F-1/preparer`,
            `exhibits`, `matter` or `privilege`.
        template: One of `WORDS`, or a refusal's own sentence, with `values` for its places.
    """

    kind: Literal["gap", "refusal", "note"]
    section: str
    place: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether the dossier cannot be issued as long as it is there."""
        return self.kind != "note"

    def __str__(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values) if self.values else self.template


def for_draft(spec: DossierSpec) -> DossierSpec:
    """What of a spec that is being edited can be drawn: without a section of certificates that has none."""
    used = in_use(spec)
    if used.certificates:
        return used
    kept = tuple(name for name in used.sections if name != "certificates")
    return msgspec.structs.replace(used, sections=kept)


def look(
    s: Connection, spec: DossierSpec, progress: Progress | None = None
) -> tuple[DossierPlan | None, tuple[Gap, ...]]:
    """The draft of a spec that may have gaps, if it can be planned, and all that it lacks.

    Args:
        s: Reading session.
        spec: As it is being edited.
        progress: Told the exhibits; may cancel.
    """
    refused: CaseKitError | None = None
    decided: DossierPlan | None = None
    try:
        decided = plan(s, for_draft(spec), progress=progress)
    except Cancelled:
        raise
    except CaseKitError as error:
        refused = error
    return decided, tuple(gaps(s, spec, decided, refused))


def with_issue(
    s: Connection, spec: DossierSpec, found: tuple[Gap, ...], progress: Progress | None = None
) -> tuple[Gap, ...]:
    """What a spec lacks, and, where nothing of it stops the issuing, why a plan for it is refused all the same.

    Args:
        s: Reading session.
        spec: As it is being edited.
        found: From `look`.
        progress: Told the exhibits; may cancel.
    """
    if any(gap.stops for gap in found):
        return found
    try:
        plan(s, in_use(spec), for_issue=True, progress=progress)
    except Cancelled:
        raise
    except CaseKitError as error:
        gap = _refusal(error)
        return (Gap("gap", gap.section, gap.place, gap.template, gap.values), *found)
    return found


def gaps(
    s: Connection, spec: DossierSpec, decided: DossierPlan | None, refused: CaseKitError | None
) -> Iterator[Gap]:
    """What a spec lacks, in the order of its sections, what stops even a draft first.

    Args:
        s: Reading session.
        spec: As it is being edited.
        decided: Its draft, if there is one.
        refused: Why there is none.
    """
    matter = matter_queries.get(s)
    words = wording(spec.words or matter.profile or "neutral")
    rows = _wanted(exhibit_queries.exhibits(s), spec)
    labels = [row.label for row in rows if not row.privileged]
    if decided is not None:
        labels = [chapter.label for chapter in decided.exhibits]
    found = [
        *_of_exhibits(rows, spec),
        *_of_certificates(spec, labels, words),
        *_of_offered(spec, decided, words),
    ]
    if refused is not None and not any(each.kind == "refusal" for each in found):
        yield _refusal(refused)
    yield from _of_caption(matter)
    order = {name: n for n, name in enumerate(("", *spec.sections))}
    found += [*_of_words(spec, words)]
    yield from sorted(found, key=lambda each: order.get(each.section, len(order)))


def _refusal(refused: CaseKitError) -> Gap:
    if isinstance(refused, TierConflict):
        return Gap("refusal", "cover", "recipients", refused.template, refused.values)
    where = "privilege" if isinstance(refused, PrivilegeConflict) else "exhibits"
    return Gap("refusal", "exhibits", where, refused.template, refused.values)


def _wanted(rows: Sequence[ExhibitRow], spec: DossierSpec) -> list[ExhibitRow]:
    wanted = set(spec.exhibits) if spec.exhibits is not None else None
    return [row for row in rows if wanted is None or row.label in wanted]


def _of_exhibits(rows: Sequence[ExhibitRow], spec: DossierSpec) -> Iterator[Gap]:
    known = {row.label for row in rows}
    for label in spec.exhibits or ():
        if label not in known:
            yield Gap("refusal", "exhibits", "exhibits", WORDS["unknown"], {"label": label})
    if not rows and "exhibits" in spec.sections:
        yield Gap("note", "exhibits", "exhibits", WORDS["no_exhibit"])
    for row in rows:
        if row.privileged:
            yield Gap("note", "exhibits", "exhibits", WORDS["withheld"], {"label": row.label})


def _of_caption(matter: MatterRow) -> Iterator[Gap]:
    for what, value in (("court", matter.court), ("number", matter.number)):
        if not value:
            yield Gap("note", "cover", "matter", WORDS["no_caption"], {"what": what})


def _of_certificates(spec: DossierSpec, labels: Iterable[str], words: Wording) -> Iterator[Gap]:
    if "certificates" not in spec.sections:
        return
    inside = set(labels)
    if not spec.certificates:
        yield Gap("refusal", "certificates", "certificates", WORDS["no_certificate"])
    for n, one in enumerate(spec.certificates):
        place = f"certificates/{n}"
        mine = inside if one.exhibits is None else inside.intersection(one.exhibits)
        for name in open_fields(one, words, speaks=bool(mine)):
            values = {"n": n + 1, "label": words(f"certificate.label.{name}")}
            yield Gap("gap", "certificates", f"{place}/{name}", WORDS["field"], values)
        for label in one.exhibits or ():
            if label not in inside:
                values = {"n": n + 1, "label": label}
                where = f"{place}/exhibits"
                yield Gap("refusal", "certificates", where, WORDS["certified"], values)


def _of_words(spec: DossierSpec, words: Wording) -> Iterator[Gap]:
    """The user's own words on collection and method, and their terms."""
    if "collection" in spec.sections:
        for name in NARRATIVE:
            text, label = spec.narrative.get(name, "").strip(), words(f"collection.label.{name}")
            where, values = f"narrative/{name}", {"label": label}
            if not text:
                yield Gap("note", "collection", where, WORDS["silent"], values)
            elif is_open(text):
                yield Gap("gap", "collection", where, WORDS["open"], values)
    if "method" in spec.sections:
        for name in METHOD:
            text = spec.method.get(name, "").strip()
            if text and is_open(text):
                values = {"label": words(f"method.stated.{name}")}
                yield Gap("gap", "method", f"method/{name}", WORDS["open"], values)
    if "glossary" in spec.sections:
        for term, text in spec.terms.items():
            if not text.strip():
                yield Gap("note", "glossary", "terms", WORDS["unexplained"], {"term": term})


def _of_offered(spec: DossierSpec, decided: DossierPlan | None, words: Wording) -> Iterator[Gap]:
    chapters = {chapter.label for chapter in decided.findings} if decided else None
    for name, offer in in_use(spec).offered.items():
        section = name if name in TABLES else "findings"
        if chapters is not None and name not in TABLES and name not in chapters:
            yield Gap("refusal", section, f"offered/{name}", WORDS["not_in"], {"name": name})
        if offer.kind == "summary":
            for key in ("availability", "preparer"):
                if is_open(getattr(offer, key)):
                    values = {"name": name, "label": words(f"offered.{key}")}
                    yield Gap("gap", section, f"offered/{name}/{key}", WORDS["offered"], values)
