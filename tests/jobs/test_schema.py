from casekit.jobs.schema import expected_schema, squeezed
from casekit.store.tables import metadata


def test_every_table_index_and_trigger_has_its_statement() -> None:
    found = expected_schema()
    assert set(metadata.tables) <= set(found)
    assert found["item_by_date"] == "CREATE INDEX item_by_date ON item (sent_us, id)"
    assert found["item_is_append_only_update"].startswith("CREATE TRIGGER")
    assert all(statement == squeezed(statement) for statement in found.values())
