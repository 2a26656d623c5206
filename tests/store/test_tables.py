from __future__ import annotations

import pytest
from sqlalchemy import create_mock_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

from casekit.store import tables
from casekit.store.case import Case
from casekit.store.tables import ITEM_TABLES, JOURNALED, TRIGGERS, metadata
from tests.builders import file_items, make_exchange, make_mail


def test_every_table_is_journaled_or_covered_by_digests_or_derived() -> None:
    kinds = {table.name for table in (*JOURNALED, *ITEM_TABLES)}
    assert {name for name in metadata.tables if name not in kinds} == {
        "custody",
        "act_detail",
        "exchange_join",
        "mail_thread",
        "original_act",
    }
    assert len(kinds) == len(JOURNALED) + len(ITEM_TABLES)


def test_a_new_case_has_all_tables_indexes_and_triggers(case: Case) -> None:
    with case.read() as s:
        found = inspect(s)
        assert set(found.get_table_names()) >= metadata.tables.keys()
        indexes = s.execute(text("SELECT name FROM sqlite_master WHERE type='index'")).scalars()
        wanted = {i.name for table in metadata.tables.values() for i in table.indexes}
        assert set(indexes) >= wanted | tables.EXPRESSION_INDEXES.keys()
        names = s.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).scalars()
        assert set(names) == TRIGGERS.keys()
        assert s.execute(text("PRAGMA application_id")).scalar() == tables.APPLICATION_ID
        assert (
            s.execute(text("SELECT version_num FROM alembic_version")).scalar() == tables.REVISION
        )


@pytest.mark.parametrize("table", [tables.custody, tables.act_detail, *ITEM_TABLES])
def test_what_was_received_can_be_neither_changed_nor_removed(
    case: Case, tmp_path: object, table: object
) -> None:
    from pathlib import Path

    letter = make_mail("letter", "a@x.example", "b@x.example")
    file_items(case, [make_exchange("Why?", "Because.", "m"), letter], Path(str(tmp_path)))
    name = table.name  # type: ignore[attr-defined]
    column = list(table.columns)[-1].name  # type: ignore[attr-defined]
    for statement in (f"UPDATE {name} SET {column}={column}", f"DELETE FROM {name}"):
        with pytest.raises(DBAPIError, match="append-only"), case.write() as s:
            s.execute(text(statement))
    with case.read() as s:
        assert s.execute(select(table)).first() is not None  # type: ignore[call-overload]


def test_the_same_tables_can_be_made_in_postgresql() -> None:
    made: list[str] = []
    engine = create_mock_engine(
        "postgresql://", lambda sql, *_, **__: made.append(str(sql.compile(dialect=engine.dialect)))
    )
    metadata.create_all(engine, checkfirst=False)
    assert sum("CREATE TABLE" in sql for sql in made) == len(metadata.tables)
    assert "sent_us BIGINT" in "".join(made)
