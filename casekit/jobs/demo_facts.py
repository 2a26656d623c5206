"""The sample matter's claim, facts and events: what may be argued, for both sides, each with its passage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casekit.errors import CaseKitError
from casekit.ops import claims, events, facts
from casekit.ops.facts import NewCite
from casekit.queries import claims as claim_queries
from casekit.queries import items
from casekit.queries.facts import CONTRADICTS, SUPPORTS
from casekit.queries.moments import When
from casekit.search import language

if TYPE_CHECKING:
    from casekit.store.case import Case

ASSENT, PERFORMED, BOUND, FORBIDDEN, DAMAGE = range(
    1, 6
)  # elements of a breach of terms, in their order


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of the sample.

    Attributes:
        text: The statement.
        when: Its date.
        passages: (words that stand in exactly these letters, whether they support or contradict).
        elements: (element, whether the fact speaks for or against it).
        status: A word of `queries.facts.STATUSES`.
        by: Who disputes it.
    """

    text: str
    when: When
    passages: tuple[tuple[str, str], ...]
    elements: tuple[tuple[int, str], ...] = ()
    status: str = "unsure"
    by: str = ""


def _for(*elements: int) -> tuple[tuple[int, str], ...]:
    return tuple((each, SUPPORTS) for each in elements)


FACTS = (
    Told("Clause 2(c) of the terms forbids to train competing models on outputs.", When("after", "2025-10-01"),
         (("use Outputs to develop, train or improve models that compete with the Services", SUPPORTS),),
         _for(ASSENT, FORBIDDEN), "undisputed"),
    Told("All fourteen accounts accepted the terms of 1 October 2025 by ticking a box.",
         When("range", "2025-11-24", "2025-12-09"),
         (("All accepted the version of 1 October 2025 by ticking the box on the sign-up page", SUPPORTS),
          ("for two accounts the acceptance record shows an address that is not among the four networks",
           CONTRADICTS)), _for(ASSENT)),
    Told("Inside Meridian it was agreed that nobody collects answers from another company’s service.",
         When("on", "2025-11-05"),
         (("nobody here collects answers from another company's service", SUPPORTS),),
         ((FORBIDDEN, CONTRADICTS),), "disputed-by-us", "Aurora Labs"),
    Told("Fourteen accounts share four networks and five payment instruments and work round the clock.",
         When("about", "2025-12-22"),
         (("Fourteen of them share four networks and five payment instruments", SUPPORTS),), _for(FORBIDDEN)),
    Told("Six of the twenty accounts found first belong to a university seminar: a false positive.",
         When("on", "2025-12-23"),
         (("record this as a false positive of the network rule", SUPPORTS),), (), "undisputed"),
    Told("47 pairs with Aurora’s name stood in the vendor’s second lot, and were removed.",
         When("before", "2026-01-06"), (("四十七条都删了", SUPPORTS),), _for(FORBIDDEN)),
    Told("Aurora released aurora-4.", When("on", "2026-01-08"),
         (("aurora-4 went live on the gateway at 10:00 this morning", SUPPORTS),), (), "undisputed"),
    Told("All fourteen accounts moved to aurora-4 within a day of its release.", When("about", "2026-01-09"),
         (("All fourteen accounts moved to aurora-4 within a day of the release", SUPPORTS),
          ("our three largest customers also moved within two days", CONTRADICTS)), _for(FORBIDDEN)),
    Told("A reseller pays for three customers, which explains two of the five payment instruments.",
         When("on", "2026-01-20"), (("This explains two of the five shared instruments", SUPPORTS),)),
    Told("Meridian released meridian-r1.", When("on", "2026-02-03"),
         (("meridian-r1 is public since 08:30", SUPPORTS),), (), "undisputed"),
    Told("Asked who made it, meridian-r1 named Aurora Labs three times out of five.", When("on", "2026-02-04"),
         (("I asked five times and got this three times", SUPPORTS),
          ("Models repeat names that they read", CONTRADICTS)), _for(FORBIDDEN)),
    Told("Two of the vendor’s four lots came from a subcontractor whose name nobody tells.",
         When("on", "2026-02-18"),
         (("Lots 2 and 3 were supplied by a subcontractor whose name we may not disclose", SUPPORTS),),
         ((BOUND, CONTRADICTS),)),
    Told("Meridian did not use Aurora’s service.", When("on", "2026-02-20"),
         (("Meridian denies that it used the Services to build meridian-r1", SUPPORTS),),
         ((BOUND, CONTRADICTS), (FORBIDDEN, CONTRADICTS)), "disputed-by-us", "Aurora Labs"),
)  # fmt: skip

EVENTS = (  # what the facts do not tell already
    ("Terms of service, version of 1 October 2025", "2025-10-01", "legal", ""),
    (
        "Aurora’s letter to Meridian",
        "2026-02-10",
        "letter",
        "please find attached our letter of today",
    ),
    ("Complaint filed, No. 5:26-cv-01187", "2026-03-02", "legal", ""),
)


def state(case: Case) -> None:
    """Add the claim with its elements, the facts with their passages, and the events.

    Raises:
        CaseKitError: A passage is not in the evidence.
    """
    with case.write() as s:
        number, _ = claims.add_claim(s, kind="terms", law="us-federal")
        (claim,) = [each for each in claim_queries.claims(s) if each.id == number]
    elements = [each.id for each in claim.elements]
    for told in FACTS:
        cites = [_passage(case, words, stance) for words, stance in told.passages]
        with case.write() as s:
            fact, _ = facts.add_fact(
                s, told.text, status=told.status, disputed_by=told.by, material="yes", when=told.when,
                cites=cites,
            )  # fmt: skip
        for element, stance in told.elements:
            with case.write() as s:
                facts.link(s, [fact], [elements[element - 1]], stance)
    for title, starts, kind, words in EVENTS:
        told_by = _passage(case, words, SUPPORTS).item_id if words else None
        with case.write() as s:
            events.add_event(s, title, starts, kind=kind, item_id=told_by)


def _passage(case: Case, words: str, stance: str) -> NewCite:
    """The first place in the letters and mails where words stand, however their lines are broken."""
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())))
    with case.read() as s:
        query = language.parse("kind:mail privileged:no")
        for item_id in items.item_ids(s, query, order="date"):
            for part, text in items.view(s, int(item_id)).texts:
                found = wanted.search(text) if part == "body" else None
                if found is not None:
                    return NewCite(int(item_id), part, found.start(), found.end(), stance=stance)
    raise CaseKitError("The sample does not say “{words}”.", words=words)
