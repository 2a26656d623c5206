"""What went wrong with single files: by stage, cause, file and run, and which originals may be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from casekit.queries.facets import Count
from casekit.store.tables import item, original, problem, receipt, reread

GROUPS = ("stage", "kind", "path", "run_id")
Counted = Literal["", "file", "unpacked", "inner"]
"""In which bytes a problem's place is counted: of the file as it was received, of what it holds packed (as of a
gzip file), of a file inside it; empty where the problem has no place."""
COUNTED: Mapping[Counted, str] = {
    "unpacked": "counted in the unpacked bytes",
    "inner": "counted in the file inside it",
}
"""What is said of a place that is not counted in the file as it was received."""
_PACKINGS = frozenset(("gzip", "bz2", "xz", "zst"))
_OF_THE_PACKING = frozenset(("trailing-bytes", "resumed"))
"""Kinds of problems of a packed file itself that have a place."""
_UNPACKED = "unpacked"
NOT_OPEN_AGAIN = "receive"
"""The stage whose problems no reading can settle: the file was never received, or not as it was sent."""


_FILE = (  # a name may hold a `!` itself: the receipt tells where the way inside begins
    select(func.max(func.length(receipt.c.path)))
    .where(
        receipt.c.original_id == problem.c.original_id,
        or_(
            problem.c.path == receipt.c.path,
            func.substr(problem.c.path, 1, func.length(receipt.c.path) + 1) == receipt.c.path + "!",
        ),
    )
    .scalar_subquery()
    .label("file_length")
)


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems are meant; what is empty lets all through.

    Attributes:
        stage: Such as `parse`, `limits`, `worker`.
        kind: The cause, such as `encrypted`.
        path: Part of the file's path, in any case of letters.
        run_id: The import that met it.
        settled: Also those that a later reading of the same file has settled.
    """

    stage: str = ""
    kind: str = ""
    path: str = ""
    run_id: int | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem, with its place.

    Attributes:
        run_id: The import that met it.
        original_sha256: Of the file it was met in; empty where none could be received.
        format: What that file was taken for, such as `gzip`.
        file: The path of the file as it was received; empty where no receipt tells.
        line: From 1; `offset` and `length` are bytes of the file that `path` names: what stands behind its
            `!` is the way inside, with `unpacked` for what a packed file holds.
    """

    id: int
    run_id: int
    item_id: int | None
    original_sha256: bytes
    format: str
    path: str
    stage: str
    kind: str
    text: str
    line: int | None
    offset: int | None
    length: int | None
    file: str = ""

    @property
    def inside(self) -> tuple[str, str]:
        """The file as received, and the way inside it, which is empty for the file itself."""
        if self.file:
            return self.file, self.path[len(self.file) + 1 :]
        file, _, member = self.path.partition("!")
        return file, member

    @property
    def counted(self) -> Counted:
        """In which bytes line and offset are counted."""
        if self.line is None and self.offset is None:
            return ""
        _, member = self.inside
        if member:
            return "unpacked" if member.rpartition("/")[2] == _UNPACKED else "inner"
        # Cases of older versions name no way into a packed file.
        packed = self.format in _PACKINGS and self.kind not in _OF_THE_PACKING
        return "unpacked" if packed else "file"


@dataclass(frozen=True, slots=True)
class Unread:
    """An original that may give more when it is read again.

    Attributes:
        sha256: Its name in the vault.
        size: Bytes.
        state: `read`, or how far its reading came: `waiting`, `reading`, `failed`.
        filed: Its top-level items so far.
        path: Where it was received from, the first time.
        model: What the receipt says which model made it.
    """

    sha256: bytes
    size: int
    state: str
    filed: int
    path: str
    model: str


def problems(
    s: Connection, wanted: ProblemFilter | None = None, *, after: int = 0, limit: int | None = None
) -> list[ProblemRow]:
    """Problems in the order in which they were met, those with ids above `after`."""
    query = (
        _chosen(wanted or ProblemFilter(), problem, original.c.sha256, original.c.format, _FILE)
        .where(problem.c.id > after)
        .order_by(problem.c.id)
    )
    return [_row(found) for found in s.execute(query if limit is None else query.limit(limit))]


def of_item(s: Connection, item_id: int) -> list[ProblemRow]:
    """The problems of one item."""
    query = (
        select(problem, original.c.sha256, original.c.format, _FILE)
        .outerjoin(original, original.c.id == problem.c.original_id)
        .where(problem.c.item_id == item_id)
        .order_by(problem.c.id)
    )
    return [_row(found) for found in s.execute(query)]


def count(s: Connection, wanted: ProblemFilter | None = None) -> int:
    """How many problems there are."""
    return int(s.execute(_chosen(wanted or ProblemFilter(), func.count())).scalar() or 0)


def by(
    s: Connection, group: str, wanted: ProblemFilter | None = None, *, most: int = 200
) -> list[Count]:
    """How many problems have which value of `stage`, `kind`, `path` or `run_id`; most first."""
    if group not in GROUPS:
        raise ValueError(group)
    column = problem.c[group]
    query = _chosen(wanted or ProblemFilter(), column, func.count()).group_by(column)
    found = s.execute(query.order_by(func.count().desc(), column).limit(most))
    return [Count(str(value), number) for value, number in found]


def unread(s: Connection, wanted: ProblemFilter | None = None) -> list[Unread]:
    """The originals of these problems that may give more when they are read again, in order received.

    Those are originals whose reading broke off, and those of which something is kept and not read: the
    readers, their packages and the field mappings may be others by now.
    """
    chosen = (
        _chosen(wanted or ProblemFilter(), problem.c.original_id)
        .where(problem.c.stage != NOT_OPEN_AGAIN, problem.c.original_id.is_not(None))
        .correlate(None)
    )
    kept = select(item.c.id).where(item.c.original_id == original.c.id, item.c.kind == "file")
    each = receipt.alias()
    first = select(func.min(each.c.id)).where(each.c.original_id == original.c.id).scalar_subquery()
    any_problem = wanted is None or wanted == ProblemFilter()
    mine = original.c.id.in_(chosen)
    broken = original.c.state != "read"
    query = (
        select(original, receipt.c.path, receipt.c.model)
        .select_from(original)
        .join(receipt, receipt.c.id == first)
        .where(or_(broken, kept.exists(), mine) if any_problem else mine)
        .order_by(original.c.id)
    )
    return [
        Unread(r.sha256, r.size, r.state, r.filed, r.path, r.model or "") for r in s.execute(query)
    ]


def _chosen(wanted: ProblemFilter, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(problem)
        .outerjoin(original, original.c.id == problem.c.original_id)
    )
    return query.where(and_(*_conditions(wanted)))


def _conditions(wanted: ProblemFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [problem.c.id > 0]
    if wanted.stage:
        found.append(problem.c.stage == wanted.stage)
    if wanted.kind:
        found.append(problem.c.kind == wanted.kind)
    if wanted.path:
        found.append(problem.c.path.icontains(wanted.path, autoescape=True))
    if wanted.run_id is not None:
        found.append(problem.c.run_id == wanted.run_id)
    if not wanted.settled:
        found.append(is_open())
    return found


def is_open() -> ColumnElement[bool]:
    """Whether no later reading of the file has settled a problem; wants `original` joined.

    A fault of the reading process is settled when the file has been read to its end after all, and told
    once however often it came. What a reading met in a file, or in what it kept and did not read, is met
    again by the next reading from the first byte, or is settled by it. The problems of other items, and of
    files inside them, are those items' own.
    """
    later = select(reread.c.id).where(
        reread.c.original_id == problem.c.original_id, reread.c.run_id > problem.c.run_id
    )
    again = problem.alias()
    newer = select(again.c.id).where(
        again.c.original_id == problem.c.original_id,
        again.c.stage == "worker",
        again.c.id > problem.c.id,
    )
    kept = select(item.c.id).where(
        item.c.id == problem.c.item_id, item.c.kind == "file", item.c.parent_id.is_(None)
    )
    of_reading = and_(
        or_(problem.c.item_id.is_(None), kept.exists()), problem.c.stage != NOT_OPEN_AGAIN
    )
    return and_(
        or_(
            problem.c.stage != "worker",
            original.c.state.is_(None),
            and_(original.c.state != "read", ~newer.exists()),
        ),
        or_(~of_reading, ~later.exists()),
    )


def _row(found: Any) -> ProblemRow:
    names = ("id", "run_id", "item_id", "path", "stage", "kind", "text", "line", "offset", "length")
    values = {name: getattr(found, name) for name in names}
    return ProblemRow(
        original_sha256=found.sha256 or b"",
        format=found.format or "",
        file=found.path[: found.file_length or 0],
        **values,
    )
