"""The index of words keeps what items are filtered by; the case's own indexes of it are dropped."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    for name in ("exchange_by_account", "exchange_by_prompt"):
        connection.exec_driver_sql(f"DROP INDEX {name}")
