"""Whether a second person has checked what is redacted: who, when, and whether it is still what was seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Table, select

from casekit.errors import CaseKitError
from casekit.store import canonical
from casekit.store.tables import (
    matter,
    pseudonym,
    pseudonym_value,
    redaction,
    redaction_box,
    redaction_check,
)

Kind = Literal["redaction", "box", "pseudonym"]
State = Literal["waiting", "approved", "rejected"]
KEY = "redaction_review"
"""The matter's value that says whether a second person must check: `second`, or empty."""
SECOND = "second"
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """A redaction, a box or a pseudonym, and what the last person who looked at it as it is now said.

    Attributes:
        item_id: Of which item; 0 for a pseudonym, which is of the whole matter.
        seen: SHA-256 (32 bytes) of all that makes it up: a check holds only for that.
        made_by: Who made it, with every spelling of a pseudonym.
        state: `waiting` until another person than these has said something.
        by: Who checked it; empty while it waits, likewise `at_us` 0.
        reason: Why it was rejected, or what the checker noted.
    """

    kind: Kind
    id: int
    item_id: int
    seen: bytes
    made_by: tuple[str, ...]
    state: State = "waiting"
    by: str = ""
    at_us: int = 0
    reason: str = ""

    @property
    def ref(self) -> str:
        """As it is named on the command line: `4`, `box:2`, `pseudonym:3`."""
        return str(self.id) if self.kind == "redaction" else f"{self.kind}:{self.id}"


class Unchecked(CaseKitError):
    """Something about to leave rests on redactions that no second person has approved; `refs` names them."""

    def __init__(self, rows: Sequence[Checked]) -> None:
        self.refs = tuple(row.ref for row in rows)
        named = "; ".join(_named(row) for row in rows[:_MOST_NAMED])
        more = f"; and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
        super().__init__(
            "Nothing was written, because the matter asks that a second person approves every redaction, and "
            "these are not approved: {named}{more}. Somebody else than who made them must check them.",
            named=named, more=more,
        )  # fmt: skip


def is_needed(s: Connection) -> bool:
    """Whether the matter asks for a second person."""
    return s.execute(select(matter.c.value).where(matter.c.key == KEY)).scalar() == SECOND


def checks(s: Connection, item_ids: Sequence[int] | None = None) -> list[Checked]:
    """Everything redacted in some items, or in all, and every pseudonym in use, with its last check."""
    wanted = None if item_ids is None else set(item_ids)
    said: dict[tuple[str, int, bytes], Any] = {}
    for row in s.execute(select(redaction_check).order_by(redaction_check.c.id)):
        said[row.kind, row.subject_id, row.seen] = row
    return [_with_check(each, said) for each in _subjects(s, wanted)]


def refuse_unchecked(s: Connection, item_ids: Sequence[int]) -> None:
    """Refuse items of which something redacted, or a pseudonym in use, is not approved.

    Raises:
        Unchecked: It is so, and the matter asks for a second person.
    """
    if is_needed(s):
        open_ = [row for row in checks(s, item_ids) if row.state != "approved"]
        if open_:
            raise Unchecked(open_)


def _subjects(s: Connection, wanted: set[int] | None) -> Iterator[Checked]:
    kinds: tuple[tuple[Kind, Table], ...] = (("redaction", redaction), ("box", redaction_box))
    for kind, table in kinds:
        for row in s.execute(select(table).order_by(table.c.item_id, table.c.id)):
            if wanted is None or row.item_id in wanted:
                yield Checked(kind, row.id, row.item_id, _digest([row._asdict()]), (row.by,))
    spelt: dict[int, list[dict[str, Any]]] = {}
    for row in s.execute(select(pseudonym_value).order_by(pseudonym_value.c.id)):
        spelt.setdefault(row.pseudonym_id, []).append(row._asdict())
    query = select(pseudonym).where(pseudonym.c.in_use == 1).order_by(pseudonym.c.id)
    for row in s.execute(query):
        values = spelt.get(row.id, [])
        by = dict.fromkeys([row.by, *(value["by"] for value in values)])
        yield Checked("pseudonym", row.id, 0, _digest([row._asdict(), *values]), tuple(by))


def _with_check(each: Checked, said: Mapping[Any, Any]) -> Checked:
    row = said.get((each.kind, each.id, each.seen))
    if row is None or is_one_of(row.by, each.made_by):
        return each
    state: State = "approved" if row.verdict == "approve" else "rejected"
    return Checked(
        each.kind, each.id, each.item_id, each.seen, each.made_by, state, row.by, row.at_us,
        row.reason or "",
    )  # fmt: skip


def is_one_of(person: str, makers: Sequence[str]) -> bool:
    """Whether a person is among some, however their name is written in capitals and spaces."""
    return _plain(person) in {_plain(maker) for maker in makers}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _digest(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return hashlib.sha256(canonical.encode([canonical.without_nulls(row) for row in rows])).digest()


def _named(row: Checked) -> str:
    what = f"{row.kind} {row.id}" + (f" (item {row.item_id})" if row.item_id else "")
    return f"{what}, rejected by {row.by}: {row.reason}" if row.state == "rejected" else what
