from casekit.store import review_tables, tables


def test_they_are_journaled_but_a_sample_is_as_it_was_drawn() -> None:
    assert set(review_tables.REVIEW_TABLES) <= set(tables.JOURNALED)
    drawn = {"seed", "sample", "population", "population_sha256"}
    assert drawn <= {column.name for column in review_tables.review_set.columns}
