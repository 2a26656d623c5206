from casekit.store import cluster_tables, tables


def test_they_are_journaled_so_that_every_act_on_them_can_be_taken_back() -> None:
    assert set(cluster_tables.CLUSTER_TABLES) <= set(tables.JOURNALED)
