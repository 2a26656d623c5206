import pytest

from casekit.dossier.limits import limits, megabytes
from casekit.dossier.spec import DossierSpec, check, decode
from casekit.errors import CaseKitError


def test_every_preset_says_its_court_source_and_date() -> None:
    assert {one.key: one.mb for one in limits()} == {
        "cacd": 35, "cand": 50, "id": 15, "insb": 35, "mdd": 30, "nvb": 35, "utb": 8,
    }  # fmt: skip
    for one in limits():
        assert one.court
        assert one.source.startswith("http")
        assert one.read.year >= 2026


@pytest.mark.parametrize(
    ("wanted", "mb"), [("35", 35), ("7.5", 7.5), ("nvb", 35), (" UTB ", 8), ("0", 0)]
)
def test_a_limit_is_a_number_or_a_court(wanted: str, mb: float) -> None:
    assert megabytes(wanted) == mb


@pytest.mark.parametrize("wanted", ["", "xyz", "-3", "0.1", "inf", "nan", "1e9", "8 MB"])
def test_what_is_no_limit_is_refused(wanted: str) -> None:
    with pytest.raises(CaseKitError, match=r"megabytes|largest file"):
        megabytes(wanted)


def test_the_spec_keeps_a_limit() -> None:
    spec = DossierSpec(profile="archive", limit_mb=35)
    assert decode(spec.encoded()) == spec
    with pytest.raises(CaseKitError, match="largest file"):
        check(DossierSpec(limit_mb=0.01))
