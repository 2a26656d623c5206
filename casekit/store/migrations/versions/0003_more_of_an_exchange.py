"""More of what the logs of gateways and clouds say of a call; what is there already stays as it is."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

COLUMNS = (
    "organisation TEXT", "project TEXT", "end_user TEXT", "operation TEXT", "upstream_id TEXT",
    "trace_id TEXT", "parent_request TEXT", "api_version TEXT", "referer TEXT", "ja3 TEXT", "sdk TEXT",
    "stream INTEGER", "answers INTEGER", "turn INTEGER", "sample INTEGER", "top_k BIGINT",
    "ttft_ms BIGINT", "reasoning_tokens BIGINT", "cache_read_tokens BIGINT", "cache_write_tokens BIGINT",
    "cost FLOAT", "currency TEXT", "error TEXT", "reasoning_signature TEXT",
)  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    for column in COLUMNS:
        connection.exec_driver_sql(f"ALTER TABLE exchange ADD COLUMN {column}")
