from casekit.store import canary_tables, tables


def test_canary_sets_change_through_the_journal() -> None:
    assert set(canary_tables.CANARY_TABLES) <= set(tables.JOURNALED)
