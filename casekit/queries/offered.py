"""Which values a case offers for a field of an item: what comes from elsewhere may name others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from casekit.queries import tiers
from casekit.queries.coding import collections
from casekit.queries.templates import LONGEST, OWN, templates
from casekit.queries.whole_coding import FIELD, TIER


class Offered:
    """Whether a value, as `queries.whole_coding` names fields and values, is one of the case's own.

    A tier must be of the matter's order; the value of a template's field one of its options, or a text of
    usual length. Tags may be new, and privilege is checked where it is set.
    """

    def __init__(self, s: Connection, item_ids: Sequence[int]) -> None:
        self._order = tiers.order(s)
        self._templates = templates(s)
        self._collections = collections(s, item_ids)

    def __call__(self, item_id: int, field: str, value: str | None) -> bool:
        """Whether an item may have the value; None, which takes it away, always."""
        if value is None:
            return True
        if field == TIER:
            return self._order.named(value) is not None
        if not field.startswith(FIELD):
            return True
        template = self._templates.get(self._collections.get(item_id, ""))
        of = template.field(field.removeprefix(FIELD)) if template else None
        if of is None or of.kind not in OWN:
            return False
        if of.kind == "text":
            return len(value) <= LONGEST
        chosen = value.split("\n")
        return set(chosen) <= set(of.options) and (of.kind == "many" or len(chosen) == 1)
