import pytest

from casekit.dossier.spec import Certificate, DossierSpec
from casekit.errors import CaseKitError
from casekit.jobs import specs
from casekit.store.case import Case


def test_a_spec_with_gaps_is_kept_as_it_is_and_its_gaps_are_told(case: Case) -> None:
    spec = DossierSpec(
        sections=("cover", "certificates"), certificates=(Certificate("copies", {"name": "A"}),),
        narrative={"scope": "kept for later, though its section is not asked for"},
    )  # fmt: skip
    specs.keep(case, "Draft", spec)
    assert specs.saved_spec(case, "Draft") == spec
    places = {gap.place for gap in specs.gaps_of(case, spec) if gap.stops}
    assert {"certificates/0/accuracy", "narrative/scope"}.isdisjoint(places)
    assert {"certificates/0/source", "certificates/0/exhibits"} <= places
    with pytest.raises(CaseKitError, match="already"):
        specs.keep(case, "Draft", DossierSpec(), new=True)
    with pytest.raises(CaseKitError, match="“Draft”"):
        specs.saved_spec(case, "Other")
