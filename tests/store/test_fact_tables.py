from casekit.store import fact_tables, tables


def test_they_are_journaled_and_numbers_on_paper_are_given_once() -> None:
    assert set(fact_tables.FACT_TABLES) <= set(tables.JOURNALED)
    once = {
        table.name
        for table in fact_tables.FACT_TABLES
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert once == {"fact", "fact_cite", "terms_version"}
