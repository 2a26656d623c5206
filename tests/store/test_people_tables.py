from casekit.store import people_tables, tables


def test_they_are_journaled_so_that_every_act_on_them_can_be_taken_back() -> None:
    assert set(people_tables.PEOPLE_TABLES) <= set(tables.JOURNALED)
