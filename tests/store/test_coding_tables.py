from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from casekit.store.case import Case
from casekit.store.coding_tables import CODING_TABLES, coding, coding_template
from casekit.store.tables import JOURNALED


def test_every_table_of_coding_changes_only_through_the_journal() -> None:
    assert set(CODING_TABLES) <= set(JOURNALED)


def test_a_kind_of_evidence_has_one_template_and_a_value_needs_an_item(case: Case) -> None:
    row = {"collection": "documents", "body": "{}", "bound": ""}
    with case.write() as s:
        s.execute(coding_template.insert(), row)
        with pytest.raises(IntegrityError):
            s.execute(coding_template.insert(), row)
    value = {"field": "responsive", "item_id": 1, "value": "yes", "by": "x", "at_us": 0}
    with pytest.raises(IntegrityError), case.write() as s:
        s.execute(coding.insert(), value)
