from casekit.store import columns, tables


def test_all_tables_are_in_one_collection() -> None:
    assert tables.metadata is columns.metadata
    assert columns.text_column("name", null=False).nullable is False
    assert columns.id_column().primary_key
