import pytest

from casekit.errors import CaseKitError
from casekit.ops import specs
from casekit.queries.specs import issued, saved_spec_named, saved_specs
from casekit.store.case import Case


def test_saved_specs_are_listed_by_name_and_found_by_it(case: Case) -> None:
    with case.write() as s:
        for name in ("b", "A", "c"):
            specs.save_spec(s, name, b"{}")
    with case.read() as s:
        assert [row.name for row in saved_specs(s)] == ["A", "b", "c"]
        assert saved_spec_named(s, "c").spec == b"{}"
        with pytest.raises(CaseKitError, match="“A”, “b”, “c”"):
            saved_spec_named(s, "d")
        assert issued(s) == []
