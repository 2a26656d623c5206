from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import canaries as ops
from casekit.queries import canaries
from casekit.store.case import Case


def test_sets_come_oldest_first_and_by_name(case: Case) -> None:
    with case.write() as s:
        for name in ("spring", "autumn"):
            ops.make_set(s, name)
    with case.read() as s:
        assert [one.name for one in canaries.sets(s)] == ["spring", "autumn"]
        assert canaries.get(s, "autumn").id == 2
        assert canaries.get(s, "spring").key != canaries.get(s, "autumn").key
        with pytest.raises(CaseKitError, match="no set of canaries"):
            canaries.get(s, "winter")
