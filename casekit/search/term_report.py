"""The search-term report: what each of many terms finds in one set of items, alone and with families.

Exact by construction: every term is counted from the ids that the list shows for it, never by meaning.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError, QueryError
from casekit.progress import Progress, Silent
from casekit.queries import filters
from casekit.queries.filters import All, Node
from casekit.queries.ids import ids_of
from casekit.search import filling, finding, indexes, saved, sketches, words
from casekit.search.finding import NotSearched
from casekit.store import custody
from casekit.store.case import Case
from casekit.store.tables import item

Ids = npt.NDArray[np.int64]

MOST_TERMS = 2_000
LONGEST_FILE = 4_000_000
_COMMENT = "#"
_ENDING = re.compile(r"\w[!~%]|[!~%]\w")
_LOWER = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a list of terms: its number in the list, from 1, and the query."""

    line: int
    query: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """What one term finds in the set searched.

    Attributes:
        hits: Items that match, as many as the list shows.
        unique: Of them, those that no other term of the list matches.
        with_family: Items of the families of the hits, the hits among them, wherever in the case they are.
        hash: SHA-256 over the digests of the hits in order of their ids.
        error: Why the term could not be read, or empty; then it was not searched, and counts nothing.
        position: Where in it, 0-based; -1 without an error.
        warnings: How the term may be meant in another way than it was read.
        resolved: The term with every saved search in it put in its place; empty where it holds none.
    """

    line: int
    query: str
    hits: int = 0
    unique: int = 0
    with_family: int = 0
    hash: bytes = b""
    error: str = ""
    position: int = -1
    warnings: tuple[str, ...] = ()
    resolved: str = ""


@dataclass(frozen=True, slots=True)
class TermReport:
    """The rows of a report and what they rest on.

    Attributes:
        scope: The query that says which items were searched; empty: all of the case.
        searched: How many those are.
        set_hash: SHA-256 over their digests in order of their ids.
        total: Items that any term matches; `total_with_family` with their families.
        not_searched: Of the set, how many could not be searched, and why.
        head: The custody entry after which the report was made.
        index: Version of the index of words; `indexed` is the last item it holds.
        scope_resolved: The scope with every saved search in it put in its place; empty where it holds none.
    """

    rows: tuple[TermRow, ...]
    scope: str
    searched: int
    set_hash: bytes
    total: int
    total_with_family: int
    not_searched: tuple[NotSearched, ...]
    at_us: int
    head: int
    index: str
    indexed: int
    scope_resolved: str = ""


def read_terms(untrusted: bytes | str) -> list[Term]:
    """The terms of a list: one a line; empty lines and those that begin with `#` are passed over.

    Raises:
        CaseKitError: There is none, there are too many, or the bytes are no text.
    """
    text = untrusted if isinstance(untrusted, str) else _decoded(untrusted)
    lines = [line.strip().removeprefix("\ufeff") for line in text.splitlines()]
    terms = [Term(n, x) for n, x in enumerate(lines, 1) if x and not x.startswith(_COMMENT)]
    if not terms:
        raise CaseKitError("This list holds no term: write one search on each line.")
    if len(terms) > MOST_TERMS:
        raise CaseKitError(
            "This list holds {number} terms, more than {most}: make two reports of it.",
            number=len(terms), most=MOST_TERMS,
        )  # fmt: skip
    return terms


def report(
    case: Case, terms: Sequence[Term], *, scope: str = "", progress: Progress | None = None
) -> TermReport:
    """Search for each term by words and count, all on one snapshot of the case.

    A term that cannot be read gets a row that says so; the others are counted all the same.

    Args:
        case: The open case.
        terms: Of `read_terms`.
        scope: A query: search among the items that it finds; empty: all of the case.
        progress: Told how many terms are done.

    Raises:
        QueryError: The scope cannot be read.
        Cancelled: By `progress`.
    """
    progress = progress or Silent()
    sketches.prepare(case)
    with case.read() as s:
        zone = finding.zone(s)
        inside = saved.read(s, scope, zone)
        items = _Items(s, inside)
        found: list[Ids | None] = []
        rows: list[TermRow] = []
        for number, term in enumerate(terms):
            progress.step(number, len(terms), term.query)
            try:
                ids = items.inside(_ids(s, saved.read(s, term.query, zone)))
            except QueryError as error:
                found.append(None)
                rows.append(_refused(term, error))
                continue
            found.append(ids)
            rows.append(
                TermRow(
                    term.line, term.query, len(ids), 0, items.with_family(ids), items.hash(ids),
                    warnings=_warnings(term, terms[:number]),
                    resolved=saved.resolved(s, term.query, zone),
                )
            )  # fmt: skip
        progress.step(len(terms), len(terms), "")
        times = items.times_found([ids for ids in found if ids is not None])
        union = np.flatnonzero(times).astype(np.int64)
        return TermReport(
            rows=tuple(_with_unique(r, ids, times) for r, ids in zip(rows, found, strict=True)),
            scope=scope.strip(),
            searched=len(items.ids),
            set_hash=items.hash(items.ids),
            total=len(union),
            total_with_family=items.with_family(union),
            not_searched=finding.not_searched(s, inside, meaning=False),
            at_us=clock.now_us(),
            head=custody.head(s),
            index=f"{filling.SCHEMA.name} {filling.SCHEMA.version}",
            indexed=int(indexes.read_meta(s, filling.SCHEMA, "done") or 0),
            scope_resolved=saved.resolved(s, scope, zone),
        )


class _Items:
    """The items of the case by id, those of the set searched, and the families they are in."""

    def __init__(self, s: Connection, scope: Node) -> None:
        rows = s.execute(select(item.c.id, item.c.root_id, item.c.digest).order_by(item.c.id))
        every, roots, digests = [], [], []
        for id_, root, digest in rows:
            every.append(id_)
            roots.append(root)
            digests.append(digest)
        self.every = np.array(every, dtype=np.int64)
        self.last = int(self.every[-1]) if every else 0
        self._digests = np.frombuffer(b"".join(digests), dtype="V32")
        self._root = np.arange(self.last + 1, dtype=np.int64)
        self._root[self.every] = np.array(roots, dtype=np.int64)
        self._sizes = np.bincount(self._root[self.every], minlength=self.last + 1)
        self.ids = self.every if isinstance(scope, All) else _ids(s, scope)
        self._inside = np.zeros(self.last + 1, dtype=bool)
        self._inside[self.ids] = True

    def inside(self, ids: Ids) -> Ids:
        """Those of the ids that are in the set searched."""
        return ids[self._inside[ids]]

    def with_family(self, ids: Ids) -> int:
        """How many items the families of those items have."""
        heads = np.zeros(self.last + 1, dtype=bool)
        heads[self._root[ids]] = True
        return int(self._sizes[heads].sum())

    def hash(self, ids: Ids) -> bytes:
        """SHA-256 over the digests of those items, which are in order of their ids."""
        places = np.searchsorted(self.every, ids)
        return hashlib.sha256(self._digests[places].tobytes()).digest()

    def times_found(self, found: Sequence[Ids]) -> npt.NDArray[np.uint16]:
        """By id, how many of the terms find it."""
        times = np.zeros(self.last + 1, dtype=np.uint16)
        for ids in found:
            times[ids] += 1
        return times


def _ids(s: Connection, node: Node) -> Ids:
    """The ids of the items that match, in order: the same as the list has them."""
    if isinstance(node, All):
        query = select(item.c.id)
    else:
        whole = words.whole(s, node)
        query = filters.matches(*whole) if whole else select(item.c.id).where(filters.where(node))
    found = ids_of(s, query)
    found.sort()
    return found


def _with_unique(row: TermRow, ids: Ids | None, times: npt.NDArray[np.uint16]) -> TermRow:
    if ids is None:
        return row
    return TermRow(
        row.line, row.query, row.hits, int((times[ids] == 1).sum()), row.with_family, row.hash,
        warnings=row.warnings, resolved=row.resolved,
    )  # fmt: skip


def _refused(term: Term, error: QueryError) -> TermRow:
    return TermRow(term.line, term.query, error=str(error), position=error.position)


def _warnings(term: Term, before: Sequence[Term]) -> tuple[str, ...]:
    """What a list written for another program may mean otherwise than it is read here."""
    said = []
    twin = next((t for t in before if t.query == term.query), None)
    if twin is not None:
        said.append(f"the same as line {twin.line}, so neither has unique hits")
    bare = re.sub(r"\"[^\"]*\"|“[^”]*”", " ", term.query)
    lower = sorted(_LOWER & set(bare.split()))
    if lower:
        said.append(f"“{lower[0]}” is searched for as a word: operators are written in capitals")
    if _ENDING.search(bare):
        said.append("! ~ and % mean nothing here: an open ending is written word*")
    return tuple(said)


def _decoded(data: bytes) -> str:
    if len(data) > LONGEST_FILE:
        raise CaseKitError("This file is too large for a list of terms.")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseKitError(
            "This file is not plain text in UTF-8: save it as UTF-8 and try again."
        ) from None
    if "\x00" in text:
        raise CaseKitError("This file is not plain text: save the list as a .txt file.")
    return text
