from casekit.store import search_tables, tables


def test_they_are_journaled_so_that_every_act_on_them_can_be_taken_back() -> None:
    assert set(search_tables.SEARCH_TABLES) <= set(tables.JOURNALED)
