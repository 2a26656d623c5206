from pathlib import Path

import pytest

from casekit.dossier import leaving
from casekit.ops import matter, privilege, redactions
from casekit.queries.checks import Unchecked
from casekit.queries.clearance import Undecided
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_draft_may_hold_what_is_undecided_and_nothing_that_is_withheld(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item("a"), make_item("b"), make_item("a")], tmp_path)
    with case.write() as s:
        leaving.refuse(s, {1, 2}, draft=True)
        with pytest.raises(Undecided, match="item 1 “a”; item 2 “b”"):
            leaving.refuse(s, {1, 2})
        privilege.clear_items(s, [1, 2])
        leaving.refuse(s, {1, 2})
        redactions.redact(s, [(2, "body", 0, 3)], "privacy")
        matter.set_matter(s, {"redaction_review": "second"})
        leaving.refuse(s, {2}, draft=True)
        leaving.refuse(s, {1})
        with pytest.raises(Unchecked, match=r"redaction 1 \(item 2\)"):
            leaving.refuse(s, {1, 2})
        privilege.assert_privilege(s, [3], "attorney-client")
        with pytest.raises(PrivilegeConflict, match="item 1"):
            leaving.refuse(s, {1, 2}, draft=True)
