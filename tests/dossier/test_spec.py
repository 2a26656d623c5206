import pytest

from casekit.dossier.spec import (
    ASKED,
    SECTIONS,
    USUAL,
    Certificate,
    DossierSpec,
    Offered,
    decode,
    in_use,
)
from casekit.errors import CaseKitError


def test_an_empty_object_is_the_usual_dossier() -> None:
    assert decode(b"{}") == DossierSpec()
    assert DossierSpec().sections == USUAL
    assert set(SECTIONS) - set(USUAL) == ASKED
    assert len(USUAL) == 8


def test_a_spec_comes_back_from_its_json() -> None:
    spec = DossierSpec(
        title="Bundle", exhibits=("A-1", "B-2"), paper="a4", raw="all", dpi=200, findings=()
    )
    assert decode(spec.encoded()) == spec


@pytest.mark.parametrize(
    "untrusted",
    [
        b"", b"[]", b'{"titel": "x"}', b'{"dpi": 5000}', b'{"dpi": "150"}', b'{"sections": ["cover", "cover"]}',
        b'{"sections": ["poem"]}', b'{"paper": "a3"}', b'{"pairs": -1}',
        b'{"narrative": {"scope": "all"}}', b'{"sections": ["collection"], "narrative": {"scoop": "all"}}',
        b'{"method": {"design": "by lot"}}', b'{"sections": ["method"], "method": {"desing": "by lot"}}',
        b'{"terms": {"x": "y"}}', b'{"sections": ["glossary"], "terms": {" ": "y"}}', b'{"words": "fr"}',
        b'{"sections": ["certificates"]}', b'{"certificates": [{"kind": "copies"}]}',
        b'{"sections": ["certificates"], "certificates": [{"kind": "oath"}]}',
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_used_is_refused(untrusted: bytes) -> None:
    with pytest.raises(CaseKitError):
        decode(untrusted)


def test_words_of_sections_that_are_not_asked_for_are_kept_and_not_used() -> None:
    spec = DossierSpec(
        sections=("cover", "parties"), narrative={"scope": "all"}, method={"design": "x"},
        terms={"a": "b"}, certificates=(Certificate("copies"),),
        offered={"parties": Offered("aid"), "chronology": Offered("aid"), "F-1": Offered("aid")},
    )  # fmt: skip
    with pytest.raises(CaseKitError):
        decode(spec.encoded())
    assert decode(spec.encoded(), unfinished=True) == spec
    used = DossierSpec(sections=("cover", "parties"), offered={"parties": Offered("aid")})
    assert in_use(spec) == used
    assert decode(used.encoded()) == used
