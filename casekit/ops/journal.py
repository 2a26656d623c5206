"""Acts: the only way to change a journaled row, with every value before and after kept and undoable.

An op makes an `Act`, changes rows through it and ends with `record`, which appends one custody leaf in
the same transaction. Undo needs no second function per op: it is the act's own changes backwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    select,
)

from casekit.errors import CaseKitError
from casekit.store import custody, tables
from casekit.store.canonical import without_nulls

Values = Mapping[str, Any]
_TABLES: dict[str, Table] = {table.name: table for table in tables.JOURNALED}


@dataclass(frozen=True, slots=True)
class Changes:
    """What an op changed.

    Attributes:
        label: The act in the user's words, for the undo menu and the custody panel.
        kinds: Which lists must be read again: `items`, `tags`, `notes`, `exhibits`, `matter`, …
        ids: The items it concerns.
        act: Number of the custody entry.
        undo: Number of the act that `undo` takes back; None if it cannot be taken back.
    """

    label: str
    kinds: frozenset[str]
    ids: tuple[int, ...]
    act: int
    undo: int | None = None


class Act:
    """One act being done: collects the rows it changes until it is recorded."""

    def __init__(
        self,
        s: Connection,
        op: str,
        label: str,
        *,
        act_class: custody.ActClass = "work",
        args: Values | None = None,
    ) -> None:
        self.s = s
        self._op = op
        self._label = label
        self._class: custody.ActClass = act_class
        self._args = dict(args or {})
        self._changes: list[dict[str, Any]] = []

    def insert(self, table: Table, values: Values) -> Any:
        """Insert one row; returns its primary key's value (of one column)."""
        done = self.s.execute(table.insert(), dict(values))
        row = dict(values)
        names = [c.name for c in table.primary_key.columns]
        row.update(zip(names, done.inserted_primary_key or (), strict=False))
        self._note(table, _key_of(table, row), None, row)
        return row[names[0]]

    def insert_many(self, table: Table, rows: Sequence[Values]) -> None:
        """Insert rows that carry their primary keys."""
        if not rows:
            return
        self.s.execute(table.insert(), [dict(row) for row in rows])
        for row in rows:
            self._note(table, _key_of(table, row), None, row)

    def update(self, table: Table, key: Values, values: Values) -> None:
        """Change columns of the row with that primary key; an equal value is no change."""
        before = read_row(self.s, table, key)
        if before is None:
            raise CaseKitError("The {kind} to be changed is no longer there.", kind=table.name)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if changed:
            new = {f"new_{name}": value for name, value in changed.items()}
            self.s.execute(_change(table, tuple(key), tuple(changed)), {**_asked(key), **new})
            self._note(table, dict(key), before, {**before, **changed})

    def delete(self, table: Table, key: Values) -> None:
        """Delete the row with that primary key; its values stay in the act's detail."""
        before = read_row(self.s, table, key)
        if before is not None:
            self.s.execute(_removal(table, tuple(key)), _asked(key))
            self._note(table, dict(key), before, None)

    def record(
        self,
        kinds: Iterable[str] = (),
        ids: Iterable[int] = (),
        *,
        undoable: bool = True,
        item_digests: Sequence[bytes] = (),
        extra: Values | None = None,
    ) -> Changes:
        """Append the custody leaf; nothing is recorded where nothing changed and no item was added."""
        if not self._changes and not item_digests and not extra:
            return Changes(self._label, frozenset(), (), custody.head(self.s))
        body = {"label": self._label, "args": self._args, "changes": self._changes, **(extra or {})}
        body["undoable"] = undoable
        seq = custody.append(
            self.s, act_class=self._class, op=self._op, body=body, item_digests=item_digests
        )
        return Changes(self._label, frozenset(kinds), tuple(ids), seq, seq if undoable else None)

    def _note(self, table: Table, key: Values, before: Values | None, after: Values | None) -> None:
        change: dict[str, Any] = {"table": str(table.name), "key": without_nulls(key)}
        if before is not None:
            change["before"] = without_nulls(before)
        if after is not None:
            change["after"] = without_nulls(after)
        self._changes.append(change)


def read_row(s: Connection, table: Table, key: Values) -> dict[str, Any] | None:
    """The row with that primary key as a mapping; None if there is none."""
    row: Row[Any] | None = s.execute(_row(table, tuple(key)), _asked(key)).first()
    return None if row is None else row._asdict()


def undo(s: Connection, seq: int) -> Changes:
    """Take an act back by a new act; undoing that one again is redo.

    Raises:
        CaseKitError: The act cannot be undone, or a value has changed since; the later act is named.
    """
    detail = custody.detail(s, seq)
    label, changes = detail.body["label"], detail.body["changes"]
    if not detail.body.get("undoable", False):
        raise CaseKitError(
            "“{label}” cannot be undone: evidence received stays received.", label=label
        )
    inverse = Act(s, "act.undo", _opposite(label), args={"act": seq, "op": _op_of(s, seq)})
    for change in reversed(changes):
        _take_back(inverse, change, seq, label)
    return inverse.record(KINDS, _items_in(changes))


def undoable_acts(s: Connection, actor: str, limit: int = 50) -> list[tuple[int, str]]:
    """(number, label) of the actor's newest acts that are not yet taken back, newest first."""
    found: list[tuple[int, str]] = []
    taken: set[int] = set()
    for seq in range(custody.head(s), 0, -1):
        detail = custody.detail(s, seq)
        if not detail.body.get("undoable") or seq in taken:
            continue
        leaf = next(custody.leaves(s, seq - 1, seq)).content
        if leaf["actor"] != actor:
            continue
        if leaf["op"] == "act.undo":
            taken.add(detail.body["args"]["act"])
            continue
        found.append((seq, detail.body["label"]))
        if len(found) == limit:
            break
    return found


KINDS = frozenset(
    {
        "items",
        "tags",
        "notes",
        "exhibits",
        "searches",
        "highlights",
        "annotations",
        "judgements",
        "specs",
        "matter",
        "privilege",
        "redactions",
        "pseudonyms",
        "times",
        "findings",
        "translations",
        "facts",
        "terms",
        "coding",
        "reviews",
        "events",
        "people",
    }
)


def _take_back(inverse: Act, change: dict[str, Any], seq: int, label: str) -> None:
    table = _TABLES[change["table"]]
    key, before, after = change["key"], change.get("before"), change.get("after")
    present = read_row(inverse.s, table, key)
    if _plain(present) != _plain(after):
        raise CaseKitError(
            "“{label}” cannot be undone, because a later act, “{later}”, changed the same value: "
            "undo that first.",
            label=label,
            later=_later_act(inverse.s, change, seq),
        )
    if before is None:
        inverse.delete(table, key)
    elif after is None:
        inverse.insert(table, _typed(table, before))
    else:
        nulls: dict[str, Any] = dict.fromkeys(after)
        inverse.update(table, key, {**nulls, **_typed(table, before)})


def _later_act(s: Connection, change: dict[str, Any], seq: int) -> str:
    for detail in custody.details(s, seq):
        for other in detail.body["changes"]:
            if other["table"] == change["table"] and other["key"] == change["key"]:
                return str(detail.body["label"])
    return "a change outside CaseKit"


def _plain(row: Values | None) -> dict[str, Any] | None:
    """A row as canonical JSON gives it back: bytes as hex, nothing null."""
    if row is None:
        return None
    return {k: v.hex() if isinstance(v, bytes) else v for k, v in row.items() if v is not None}


def _typed(table: Table, row: Values) -> dict[str, Any]:
    """A row from canonical JSON with its byte columns as bytes again."""
    blobs = {c.name for c in table.columns if c.type.python_type is bytes}
    return {k: bytes.fromhex(v) if k in blobs else v for k, v in row.items()}


def _items_in(changes: Iterable[dict[str, Any]]) -> list[int]:
    found: dict[int, None] = {}
    for change in changes:
        row = {**change["key"], **change.get("after", {}), **change.get("before", {})}
        if "item_id" in row:
            found[row["item_id"]] = None
    return list(found)


def _opposite(label: str) -> str:
    return label.removeprefix("Undo: ") if label.startswith("Undo: ") else f"Undo: {label}"


def _op_of(s: Connection, seq: int) -> str:
    return str(next(custody.leaves(s, seq - 1, seq)).content["op"])


def _key_of(table: Table, row: Values) -> dict[str, Any]:
    return {c.name: row[c.name] for c in table.primary_key.columns}


# Statements are made once for each set of names: making one takes longer than running it.


@cache
def _row(table: Table, key: tuple[str, ...]) -> Select[Any]:
    return select(table).where(_is(table, key))


@cache
def _change(table: Table, key: tuple[str, ...], changed: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changed}
    return table.update().where(_is(table, key)).values(values)


@cache
def _removal(table: Table, key: tuple[str, ...]) -> Delete:
    return table.delete().where(_is(table, key))


def _is(table: Table, key: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(f"key_{name}") for name in key))


def _asked(key: Values) -> dict[str, Any]:
    return {f"key_{name}": value for name, value in key.items()}
