"""Checks a whole case against its own custody log and names what is damaged and what depends on it.

Nothing is trusted: originals are hashed again, every leaf and its detail, every journaled row is compared
with what the log says it must be, and every item's digest is computed anew from its rows.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import DBAPIError, NoResultFound

from casekit.errors import Cancelled, CaseKitError
from casekit.jobs import checkpoint, derived
from casekit.jobs.log_faults import detail_faults, hexed, leaf_fault
from casekit.jobs.schema import expected_schema, of_other_types, squeezed
from casekit.ops.items import ELSEWHERE, item_digest
from casekit.progress import Progress, Silent
from casekit.store import canonical, custody
from casekit.store.case import Case, open_case
from casekit.store.tables import (
    JOURNALED,
    act_detail,
    exchange,
    exhibit,
    item,
    item_party,
    item_text,
    mail,
    original,
    original_act,
    receipt,
    sequester,
)
from casekit.store.tables import custody as custody_table

CHUNK = 1000
ITEM_COLUMNS = tuple(
    c.name
    for c in item.columns
    if c.name not in {"id", "original_id", "parent_id", "root_id", "digest"}
)


_NUMBERED = frozenset(
    table.name for table in JOURNALED if table.dialect_options["sqlite"]["autoincrement"]
)
"""Tables whose numbers are never given twice, whatever becomes of their rows."""

_NOT_OURS = frozenset({"alembic_version", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
"""Tables that SQLite and the migrations keep for themselves."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was.

    Attributes:
        what: Which.
        why: What is wrong with it.
        depends: The exhibits that rest on it.
        names: Of an original under which it was received; none while an item of it is sequestered.
    """

    what: str
    why: str
    depends: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class VerifyReport:
    """The outcome: `checked` counts what was looked at, by kind; `notes` say what else was found."""

    checked: dict[str, int] = field(default_factory=dict)
    damaged: list[Damage] = field(default_factory=list)
    head: int = 0
    root: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything is as it was when CaseKit received or wrote it."""
        return not self.damaged

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        damaged = [
            {"what": d.what, "why": d.why, "depends": list(d.depends), "names": list(d.names)}
            for d in self.damaged
        ]
        return {
            "v": 1,
            "ok": self.ok,
            "checked": self.checked,
            "damaged": damaged,
            "custody_head": self.head,
            "custody_root": self.root,
            "notes": self.notes,
        }


def verify_folder(
    folder: Path, progress: Progress | None = None, roots: Sequence[Any] = ()
) -> VerifyReport:
    """Verify the case in a folder; one whose database cannot even be opened is damaged, not refused.

    Raises:
        CaseKitError: The folder holds no case at all, or a newer one.
    """
    try:
        with open_case(folder) as case:
            return verify(case, progress, roots)
    except (DBAPIError, UnicodeError) as error:
        return _unreadable(folder, error)
    except CaseKitError as error:
        if isinstance(error.__cause__, DBAPIError | UnicodeError):
            return _unreadable(folder, error.__cause__)
        raise


def verify(case: Case, progress: Progress | None = None, roots: Sequence[Any] = ()) -> VerifyReport:
    """Re-hash every original and check every row of the case against its custody log.

    Args:
        case: An open case; nothing is written to it.
        progress: Told originals and items done of all.
        roots: Certificates that checkpoints must rest on.

    Raises:
        Cancelled: The user stopped it.
    """
    report = VerifyReport()
    with case.read(whole=True) as s:
        check = _Check(case, s, report, progress or Silent(), roots)
        for name, part in check.parts():
            try:
                part()
            except Cancelled:
                raise
            except (
                DBAPIError, ValueError, KeyError, TypeError, AttributeError, OverflowError,
            ) as error:  # fmt: skip
                report.damaged.append(Damage(name, f"It cannot be read ({_short(error)})."))
    return report


class _Check:
    """The parts of one verification, over one snapshot."""

    def __init__(
        self,
        case: Case,
        s: Connection,
        report: VerifyReport,
        progress: Progress,
        roots: Sequence[Any],
    ) -> None:
        self.roots = roots
        self.case = case
        self.s = s
        self.report = report
        self.progress = progress
        self.expected: dict[str, dict[str, dict[str, Any]]] = {t.name: {} for t in JOURNALED}
        self.batches: list[tuple[int, int, int]] = []  # first item, count, seq
        self.hash_of: dict[int, bytes] = {}
        self.given: dict[str, int] = {}  # highest numbers of what is numbered once and for good
        self.acts: set[tuple[int, int]] = set()  # original, entry

    def parts(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What is checked, in order, with the name that an unreadable part is reported under."""
        yield "database structure", self.structure
        yield "types of values", self.types
        yield "custody log", self.log
        yield "numbers given", self.numbers
        for table in JOURNALED:
            yield f"table {table.name}", functools.partial(self.rows, table)
        yield "items", self.items
        yield "threads", functools.partial(self.derived, "thread", derived.wrong_threads)
        yield "joined exchanges", functools.partial(self.derived, "join", derived.wrong_joins)
        yield "originals", self.originals
        yield "checkpoints", self.checkpoints

    def damage(
        self, what: str, why: str, depends: Sequence[str] = (), names: Sequence[str] = ()
    ) -> None:
        self.report.damaged.append(Damage(what, why, tuple(depends), tuple(names)))

    def count(self, what: str, number: int = 1) -> None:
        self.report.checked[what] = self.report.checked.get(what, 0) + number

    def structure(self) -> None:
        """SQLite's own check, foreign keys, and the tables and triggers themselves."""
        for line in self.s.execute(text("PRAGMA main.integrity_check(100)")).scalars():
            if line != "ok":
                self.damage("database", str(line))
        for row in self.s.execute(text("PRAGMA main.foreign_key_check")):
            self.damage(
                f"table {row[0]}, row {row[1]}",
                f"It points to a row of {row[2]} that is not there.",
            )
        query = text("SELECT type, name, tbl_name, sql FROM main.sqlite_master")
        rows = [row for row in self.s.execute(query) if row.sql is not None]
        found = {
            name: squeezed(sql)
            for kind, name, table, sql in rows
            if kind == kind.lower()
            and f" {kind.upper()} " in sql[:20]
            and (kind != "table" or table == name)
        }
        expected = expected_schema()
        for name, sql in expected.items():
            if found.get(name) != sql:
                self.damage(f"schema of {name}", "It is missing or not what CaseKit made.")
        for row in rows:
            theirs = row.name in _NOT_OURS and row.type == "table"
            if row.name not in expected and not theirs:
                self.damage(f"schema of {row.name}", f"CaseKit did not make this {row.type}.")
        self.count("schema", len(found))

    def types(self) -> None:
        """Every value is of its column's type."""
        for table, column, number in of_other_types(self.s):
            why = f"{number:,} of its values are of another type than CaseKit writes."
            self.damage(f"table {table}, column {column}", why)

    def checkpoints(self) -> None:
        """What was signed of the log must be what the log is."""
        for one in checkpoint.check_all(self.s, self.roots):
            self.count("checkpoints")
            self.report.notes.append(one.told)
            if one.why:
                self.damage(f"checkpoint at entry {one.seq}", one.why)

    def numbers(self) -> None:
        """The counters of numbers that are never given twice."""
        counted = dict(
            map(tuple, self.s.execute(text("SELECT name, seq FROM main.sqlite_sequence")))
        )
        newest = self.s.execute(select(func.max(item.c.id))).scalar()
        if counted != self.given | ({} if newest is None else {"item": newest}):
            self.damage("table sqlite_sequence", "It does not go on from the last number given.")

    def log(self) -> None:
        """Chain, canonical form and details of every leaf; what the rows must be is learned on the way."""
        prev, seq, hashes = custody.NO_LEAF, 0, []
        for leaf in custody.leaves(self.s):
            seq += 1
            self.count("custody entries")
            hashes.append(leaf.hash)
            try:
                why = leaf_fault(leaf, seq, prev, self.case.uuid)
                if why:
                    self.damage(f"custody entry {leaf.seq}", why)
                self._detail(leaf, custody.detail(self.s, leaf.seq))
            except NoResultFound:
                self.damage(f"custody entry {leaf.seq}", "Its detail is missing.")
            except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
                self.damage(f"custody entry {leaf.seq}", f"It cannot be read ({_short(error)}).")
            prev = leaf.hash
        strays = select(act_detail.c.seq).where(
            act_detail.c.seq.not_in(select(custody_table.c.seq))
        )
        for stray in self.s.execute(strays).scalars():
            self.damage(f"custody detail {stray}", "It belongs to no entry.")
        self.report.head = seq
        self.report.root = canonical.root(hashes).hex()

    def _detail(self, leaf: custody.Leaf, detail: custody.Detail) -> None:
        content, body = leaf.content, detail.body
        for why in detail_faults(leaf, detail):
            self.damage(f"custody entry {leaf.seq}", why)
        self._changes(leaf, body)
        self.acts.update((original_id, leaf.seq) for original_id in body.get("originals", ()))
        if "items" in content:
            first, number = body["first_item"], content["items"]["count"]
            self.batches.append((first, number, leaf.seq))
            query = select(item.c.digest).where(item.c.id >= first, item.c.id < first + number)
            digests = list(self.s.execute(query.order_by(item.c.id)).scalars())
            found = custody.summary(detail.salt, (), digests).get("items", {})
            if hexed(found) != content["items"]:
                what = f"items {first} to {first + number - 1}"
                self.damage(what, f"They are not the items that custody entry {leaf.seq} received.")

    def _changes(self, leaf: custody.Leaf, body: dict[str, Any]) -> None:
        for change in body["changes"]:
            rows = self.expected[change["table"]]
            key = _key(change["key"])
            before, after = change.get("before"), change.get("after")
            if rows.get(key) != before:
                self.damage(
                    f"custody entry {leaf.seq}",
                    f"A change to {change['table']} starts from a value it never had.",
                )
            if after is None:
                rows.pop(key, None)
            else:
                rows[key] = after
                if change["table"] in _NUMBERED:
                    highest = self.given.get(change["table"], 0)
                    self.given[change["table"]] = max(highest, after["id"])

    def rows(self, table: Table) -> None:
        """Every row of a journaled table against what the log says it must be."""
        expected = self.expected[table.name]
        keys = [str(c.name) for c in table.primary_key.columns]
        for row in self.s.execute(select(table)):
            found = _plain(dict(zip(row._fields, row, strict=True)))
            key = _key({name: found.get(name) for name in keys})
            self.count("rows")
            wanted = expected.pop(key, None)
            if wanted is None:
                self.damage(f"table {table.name}, row {key}", "No custody entry made this row.")
            elif wanted != found:
                names = [n for n in {*wanted, *found} if wanted.get(n) != found.get(n)]
                self.damage(
                    f"table {table.name}, row {key}",
                    f"Its {', '.join(sorted(names))} changed outside CaseKit.",
                    self._depends_on_row(table, found),
                )
        for key in expected:
            self.damage(
                f"table {table.name}, row {key}",
                "The row that the custody log tells of is missing.",
            )

    def items(self) -> None:
        """Every item's digest from its rows, and that each belongs to one custody entry."""
        self.hash_of = {
            r.id: r.sha256 for r in self.s.execute(select(original.c.id, original.c.sha256))
        }
        covered = 0
        parents: dict[int, tuple[bytes, int]] = {}
        total = sum(number for _, number, _ in self.batches)
        for chunk in self._item_chunks():
            for row, digest in self._digests(chunk, parents):
                covered += 1
                self.count("items")
                if digest != row.digest:
                    self.damage(
                        f"item {row.id} ({row.title[:60]})",
                        "Its record changed outside CaseKit.",
                        self._exhibits(item.c.id == row.id),
                    )
            self.progress.step(covered, total, "items")
        for first, number, seq in self.batches:
            ids = (
                self.s.execute(
                    select(item.c.id).where(item.c.id >= first, item.c.id < first + number)
                )
                .scalars()
                .all()
            )
            missing = set(range(first, first + number)) - set(ids)
            for gone in sorted(missing):
                self.damage(f"item {gone}", f"Custody entry {seq} received it, and it is missing.")
        if covered > total:
            self.damage("items", f"{covered - total} items belong to no custody entry.")

    def derived(self, what: str, wrong: Callable[[Connection], Iterator[int]]) -> None:
        """A table that follows from the items, against what follows."""
        for item_id in wrong(self.s):
            self.damage(f"{what} of item {item_id}", "It is not what follows from the items.",
                        self._exhibits(item.c.id == item_id))  # fmt: skip

    def _item_chunks(self) -> Iterator[list[Any]]:
        last = 0
        while True:
            rows = self.s.execute(
                select(item).where(item.c.id > last).order_by(item.c.id).limit(CHUNK)
            ).all()
            if not rows:
                return
            yield list(rows)
            last = rows[-1].id

    def _digests(
        self, chunk: list[Any], parents: dict[int, tuple[bytes, int]]
    ) -> Iterator[tuple[Any, bytes]]:
        first, last = chunk[0].id, chunk[-1].id
        texts = self._grouped(item_text, first, last, "part", "text")
        parties = self._grouped(item_party, first, last, "role", "name", "address")
        mails = self._single(mail, first, last)
        exchanges = self._single(exchange, first, last)
        for row in chunk:
            parent, root = (
                parents.get(row.parent_id, (b"", row.id)) if row.parent_id else (b"", row.id)
            )
            columns = canonical.without_nulls({name: getattr(row, name) for name in ITEM_COLUMNS})
            digest = item_digest(
                self.hash_of.get(row.original_id, b""), parent, columns, texts.get(row.id, ()),
                parties.get(row.id, ()), mails.get(row.id), exchanges.get(row.id),
            )  # fmt: skip
            parents[row.id] = (row.digest, root)
            yield row, digest if row.root_id == root else b""

    def _grouped(self, table: Table, first: int, last: int, *names: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        query = select(table.c.item_id, *(table.c[n] for n in names)).where(
            table.c.item_id.between(first, last)
        )
        for row in self.s.execute(query.order_by(table.c.item_id, table.c.no)):
            found.setdefault(row[0], []).append(tuple(row[1:]))
        return found

    def _single(self, table: Table, first: int, last: int) -> dict[int, dict[str, Any]]:
        query = select(table).where(table.c.item_id.between(first, last))
        return {
            row.item_id: {
                str(n): v
                for n, v in zip(row._fields, row, strict=True)
                if n != "item_id" and v is not None
            }
            for row in self.s.execute(query)
        }

    def originals(self) -> None:
        """Every original's bytes against its SHA-256, and that nothing else lies in the vault."""
        rows = self.s.execute(select(original)).all()
        for number, row in enumerate(rows):
            self.progress.step(number, len(rows), "originals")
            self.count("originals")
            found = self.case.vault.hash_of(row.sha256)
            if found is None and row.state == ELSEWHERE:
                self.count("originals kept elsewhere")
            elif found is None:
                self._original_damage(row, "It is missing from the vault.")
            elif found != (row.sha256, row.size):
                self._original_damage(row, "Its bytes changed after CaseKit received it.")
        found_acts = {(r.original_id, r.seq) for r in self.s.execute(select(original_act))}
        for original_id, seq in sorted(found_acts ^ self.acts):
            self.damage(
                f"table original_act, row {original_id} {seq}", "It is not what the entry says."
            )
        for stranger in self.case.vault.strangers():
            self.damage(f"vault file {stranger}", "No original has this name.")

    def _original_damage(self, row: Any, why: str) -> None:
        mine = item.c.original_id == row.id
        hidden = (
            select(sequester.c.id)
            .join(item, item.c.id == sequester.c.item_id)
            .where(mine, sequester.c.released_us.is_(None))
        )
        received = select(receipt.c.path).where(receipt.c.original_id == row.id, ~hidden.exists())
        names = self.s.execute(received.distinct().order_by(receipt.c.path)).scalars().all()
        self.damage(f"original {row.sha256.hex()}", why, self._exhibits(mine), names)

    def _depends_on_row(self, table: Table, row: dict[str, Any]) -> list[str]:
        if table is original:
            return self._exhibits(item.c.original_id == row.get("id"))
        if "item_id" in row:
            return self._exhibits(item.c.id == row["item_id"])
        return []

    def _exhibits(self, condition: Any) -> list[str]:
        query = select(exhibit.c.label).join(item, item.c.id == exhibit.c.item_id).where(condition)
        return [
            f"Exhibit {label}"
            for label in self.s.execute(query.order_by(exhibit.c.position)).scalars()
        ]


def _unreadable(folder: Path, error: Exception) -> VerifyReport:
    report = VerifyReport()
    why = f"It cannot be opened ({_short(error)}): restore the case from a copy."
    report.damaged.append(Damage(f"database of {folder.name}", why))
    return report


def _short(error: BaseException) -> str:
    """The kind of an error without the statement and values that may quote evidence."""
    origin = getattr(error, "orig", None)
    return str(origin) if origin is not None else type(error).__name__


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {n: v.hex() if isinstance(v, bytes) else v for n, v in row.items() if v is not None}


def _key(values: dict[str, Any]) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
