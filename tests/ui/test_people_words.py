from casekit.queries.people import KINDS, PERSON_KINDS
from casekit.ui.people_words import KIND_WORDS, PERSON_WORDS


def test_every_kind_has_words() -> None:
    assert set(KIND_WORDS) == set(KINDS)
    assert {kind for kind, _ in PERSON_WORDS} == set(PERSON_KINDS)
