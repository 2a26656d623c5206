"""The sample's facts, on a case that holds the sample's correspondence alone."""

from __future__ import annotations

import pytest

from casekit import paths
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import demo_facts
from casekit.ops import privilege
from casekit.progress import Silent
from casekit.queries import claims, events, facts, items
from casekit.search import language
from casekit.store.case import Case


@pytest.fixture
def letters(case: Case) -> Case:
    """The sample's mails, the two of counsel withheld."""
    ingest(case, [paths.resource("sample", "correspondence")], Silent())
    with case.read() as s:
        mails = items.rows(s, items.item_ids(s, language.parse("kind:mail")))
        ids = [row.id for row in mails if "Privileged" in row.title]
    with case.write() as s:
        privilege.assert_privilege(s, ids, "attorney-client")
    return case


def test_every_passage_stands_in_the_evidence_and_gaps_are_left(letters: Case) -> None:
    demo_facts.state(letters)
    with letters.read() as s:
        told = facts.facts(s)
        (claim,) = claims.claims(s)
        assert {row.text: len(row.cites) for row in told} == {
            each.text: len(each.passages) for each in demo_facts.FACTS
        }
        assert len(claim.elements) == demo_facts.DAMAGE
        assert len([e for e in events.events(s) if e.fact_id is None]) == len(demo_facts.EVENTS)
    proved = {element for each in demo_facts.FACTS for element, _ in each.elements}
    assert {demo_facts.PERFORMED, demo_facts.DAMAGE} == set(range(1, 6)) - proved


def test_words_that_stand_nowhere_or_are_withheld_are_refused(letters: Case) -> None:
    with letters.read() as s:
        withheld = items.item_ids(s, language.parse("privileged:yes kind:mail"))
        text = dict(items.view(s, int(withheld[0])).texts)["body"]
    for words in ("no such words", " ".join(text.split()[:12])):
        with pytest.raises(CaseKitError, match="does not say"):
            demo_facts._passage(letters, words, "supports")
