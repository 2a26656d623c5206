from __future__ import annotations

from casekit.store.collect_tables import COLLECT_TABLES
from casekit.store.tables import JOURNALED


def test_every_table_of_collecting_is_journaled() -> None:
    assert set(COLLECT_TABLES) <= set(JOURNALED)
