"""The first version: every table and trigger of `casekit.store.tables`, frozen in SQL when 0002 comes."""

from __future__ import annotations

from alembic import op

from casekit.store.tables import TRIGGERS, metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    for statement in TRIGGERS.values():
        connection.exec_driver_sql(statement)
