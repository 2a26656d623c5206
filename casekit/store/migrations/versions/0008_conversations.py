"""An index of the conversation that each message belongs to; the rows stay as they are."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

_PLACE = (
    "coalesce(json_extract(facts, '$.channel'), json_extract(facts, '$.chat'), "
    "json_extract(facts, '$.channel_id'), json_extract(facts, '$.chat_id'))"
)


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        "CREATE INDEX item_by_conversation ON item (CASE WHEN json_valid(facts) THEN "
        "json_extract(facts, '$.service') || ': ' || coalesce(json_extract(facts, '$.team') || ' / ', '') "
        f"|| {_PLACE} || coalesce(' (' || nullif(coalesce(json_extract(facts, '$.channel_id'), "
        f"json_extract(facts, '$.chat_id')), {_PLACE}) || ')', '') END, sent_us, id) WHERE kind = 'message'"
    )
