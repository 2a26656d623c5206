import pytest

from casekit.dossier.spec import ASKED, SECTIONS, USUAL, DossierSpec, decode
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
        b'{"sections": ["certificates"]}', b'{"certificates": [{"kind": "copies"}]}',
        b'{"sections": ["certificates"], "certificates": [{"kind": "oath"}]}',
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_used_is_refused(untrusted: bytes) -> None:
    with pytest.raises(CaseKitError):
        decode(untrusted)
