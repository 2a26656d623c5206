"""How the matter stands: what came in, what failed, how far the review is, what was found, what is to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from sqlalchemy import Connection, func, select

from casekit.queries import (
    claims,
    clearance,
    custody,
    exhibits,
    facets,
    facts,
    findings,
    issued,
    matter,
    problems,
    reviews,
    runs,
    sequestered,
    times,
)
from casekit.store import hiding
from casekit.store.tables import item, original, receipt

LATELY = 8
_LOOKED_AT = 200
_PARTS_OF_AN_IMPORT = ("ingest.batch",)
_ENOUGH_MODELS = 2

STEPS: dict[str, tuple[str, str]] = {
    "begin": ("Bring the first evidence in: drop files or folders onto the window", ""),
    "broken-off": ("1 import did not come to its end: run it again, nothing is read twice",
                   "{n} imports did not come to their end: run them again, nothing is read twice"),
    "recall": ("1 item of the package for {name} was sequestered since: have it back, or destroyed",
               "{n} items of the package for {name} were sequestered since: have them back, or destroyed"),
    "problems": ("1 problem met while reading: see what was not understood",
                 "{n} problems met while reading: see what was not understood"),
    "times": ("1 group of times has an assumed zone: decide it before tests rest on it",
              "{n} groups of times have an assumed zone: decide them before tests rest on them"),
    "conflicts": ("{name}: 1 coding differs between reviewers",
                  "{name}: {n} codings differ between reviewers"),
    "unassigned": ("{name}: 1 batch is given to nobody", "{name}: {n} batches are given to nobody"),
    "left": ("{name}: 1 item is left to review", "{name}: {n} items are left to review"),
    "undecided": ("1 item awaits a decision on privilege, and blocks what would hold it",
                  "{n} items await a decision on privilege, and block what would hold them"),
    "claim": ("Say what is claimed: add a claim with its elements", ""),
    "gap": ("{name}: 1 element rests on nothing", "{name}: {n} elements rest on nothing"),
    "unsupported": ("1 fact cites nothing", "{n} facts cite nothing"),
    "finding": ("Compute a first finding: a subject, a source and controls are compared",
                "Compute a first finding: the case has answers of {n} models"),
    "exhibit": ("Mark the first exhibit: E on the item that proves something", ""),
    "issue": ("1 exhibit, and no dossier issued yet", "{n} exhibits, and no dossier issued yet"),
}  # fmt: skip
"""What there is to do, for one thing and for `{n}`, the pressing first; `{name}` is what it is about."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One import.

    Attributes:
        started_us: Microseconds since 1970 UTC.
        state: `running`, `finished`, `cancelled` or `failed`.
        sources: Names of what was given, without folders; empty where something of it is sequestered.
        items: As the report counted; so are `bytes`.
        problems: Those still open.
    """

    run_id: int
    started_us: int
    state: str
    sources: tuple[str, ...]
    items: int
    bytes: int
    problems: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do.

    Attributes:
        key: One of `STEPS`.
        count: How many things it is about; `name` is what they belong to.
        id: Of the set or claim, 0 without one.
    """

    key: str
    count: int = 1
    name: str = ""
    id: int = 0

    @property
    def template(self) -> str:
        """The sentence, with its places `{n}` and `{name}`."""
        one, many = STEPS[self.key]
        return one if self.count == 1 or not many else many


@dataclass(frozen=True, slots=True)
class ClaimState:
    """How far one claim is: its elements, how many rest on nothing, and how many only on what is disputed."""

    id: int
    name: str
    elements: int
    gaps: int
    disputed: int


@dataclass(frozen=True, slots=True)
class Act:
    """Acts of one kind that one person did one after another: `at` of the last, `count` of them, its label."""

    at: str
    actor: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of a matter; what is sequestered counts nowhere.

    Attributes:
        matter: Its caption, number and court.
        items: All; `collections` and `custodians` count them.
        originals: Files received, and `bytes` of them.
        arrivals: The imports, the newest first.
        trouble: Open problems by cause, most first.
        unread: Originals of which something is kept and not read.
        privilege: Items by state of `clearance.STATES`.
        issued: Versions that were frozen, oldest first.
        lately: The last acts, the newest first.
        steps: What there is to do, the pressing first.
    """

    matter: matter.MatterRow
    items: int
    originals: int
    bytes: int
    collections: tuple[facets.Count, ...]
    custodians: tuple[facets.Count, ...]
    arrivals: tuple[Arrival, ...]
    trouble: tuple[facets.Count, ...]
    unread: int
    privilege: dict[str, int]
    sets: tuple[reviews.SetRow, ...]
    findings: tuple[findings.FindingRow, ...]
    facts: int
    unsupported: int
    claims: tuple[ClaimState, ...]
    exhibits: int
    issued: tuple[issued.Issued, ...]
    lately: tuple[Act, ...]
    steps: tuple[Step, ...]


def overview(s: Connection) -> Overview:
    """Read the state of the matter in one snapshot."""
    held = _held_files(s)
    files, size = _received(s, held)
    collections = tuple(facets.collections(s))
    known = facts.facts(s)
    states = tuple(_claim(row, below) for row, below in claims.matrix(s, known))
    arrivals = tuple(_arrivals(s, held))
    trouble = tuple(problems.by(s, "kind"))
    sets = tuple(reviews.sets(s))
    found = tuple(findings.findings(s))
    privilege = clearance.counts(s)
    versions = tuple(issued.issued(s))
    marked = len(exhibits.exhibits(s))
    unsupported = sum(not row.is_supported for row in known)
    read = Overview(
        matter=matter.get(s),
        items=sum(each.count for each in collections),
        originals=files,
        bytes=size,
        collections=collections,
        custodians=tuple(facets.custodians(s)),
        arrivals=arrivals,
        trouble=trouble,
        unread=len(problems.unread(s)),
        privilege=privilege,
        sets=sets,
        findings=found,
        facts=len(known),
        unsupported=unsupported,
        claims=states,
        exhibits=marked,
        issued=versions,
        lately=_lately(s),
        steps=(),
    )
    return replace(read, steps=tuple(_steps(s, read)))


def _steps(s: Connection, read: Overview) -> Iterator[Step]:
    """What is to be done, from what was read: first what is in the way of others."""
    if not read.items and not read.arrivals:
        yield Step("begin")
        return
    broken = sum(each.state in ("cancelled", "failed") for each in _unended(read.arrivals))
    if broken:
        yield Step("broken-off", broken)
    for package in reviews.packages(s):
        if package.sequestered:
            yield Step("recall", package.sequestered, package.recipient)
    trouble = sum(each.count for each in read.trouble)
    if trouble:
        yield Step("problems", trouble)
    zones = times.undecided_groups(s)
    if zones:
        yield Step("times", zones)
    yield from _review_steps(read)
    yield from _case_steps(s, read)


def _unended(arrivals: Sequence[Arrival]) -> Iterator[Arrival]:
    """Imports that no later one of the same sources made good."""
    done: set[tuple[str, ...]] = set()
    for each in arrivals:
        if each.state == "finished":
            done.add(each.sources)
        elif each.sources not in done:
            done.add(each.sources)
            yield each


def _review_steps(read: Overview) -> Iterator[Step]:
    for row in read.sets:
        if row.conflicts:
            yield Step("conflicts", row.conflicts, row.name, row.id)
    for row in read.sets:
        if row.unassigned:
            yield Step("unassigned", row.unassigned, row.name, row.id)
        if row.left:
            yield Step("left", row.left, row.name, row.id)
    if read.privilege[clearance.UNDECIDED]:
        yield Step("undecided", read.privilege[clearance.UNDECIDED])


def _case_steps(s: Connection, read: Overview) -> Iterator[Step]:
    if not read.claims:
        yield Step("claim")
    for each in read.claims:
        if each.gaps:
            yield Step("gap", each.gaps, each.name, each.id)
    if read.unsupported:
        yield Step("unsupported", read.unsupported)
    models = len(facets.models(s))
    if not read.findings and models >= _ENOUGH_MODELS:
        yield Step("finding", models)
    if not read.exhibits:
        yield Step("exhibit")
    elif not read.issued:
        yield Step("issue", read.exhibits)


def _held_files(s: Connection) -> set[int]:
    """The originals of what is sequestered."""
    held = sequestered.held(s)
    if not held:
        return set()
    with hiding.whole(s):
        return set(s.execute(select(item.c.original_id).where(item.c.id.in_(held))).scalars())


def _received(s: Connection, held: set[int]) -> tuple[int, int]:
    """How many originals there are, and their bytes; one of which all is sequestered is not there."""
    partly = select(item.c.original_id).where(item.c.original_id.in_(held))
    gone = held - set(s.execute(partly).scalars())
    query = select(func.count(), func.coalesce(func.sum(original.c.size), 0))
    files, size = s.execute(query.where(original.c.id.not_in(gone))).one()
    return int(files), int(size)


def _arrivals(s: Connection, held: set[int]) -> Iterator[Arrival]:
    troubled = {int(each.value): each.count for each in problems.by(s, "run_id")}
    telling = select(receipt.c.run_id).where(receipt.c.original_id.in_(held)).distinct()
    silent = set(s.execute(telling).scalars()) if held else set()
    for row in runs.runs(s):
        names = () if row.id in silent else tuple(PurePath(one).name for one in row.sources)
        yield Arrival(
            row.id, row.started_us, row.state, names, row.report.get("items", 0),
            row.report.get("bytes_total", 0), troubled.get(row.id, 0),
        )  # fmt: skip


def _lately(s: Connection) -> tuple[Act, ...]:
    """The last acts; the batches of an import are its own, and alike acts are one row."""
    told: list[tuple[str, Act]] = []
    for row in custody.latest(s, _LOOKED_AT, without=_PARTS_OF_AN_IMPORT):
        if told and told[-1][0] == row.op and told[-1][1].actor == row.actor:
            told[-1] = (row.op, replace(told[-1][1], count=told[-1][1].count + 1))
        else:
            told.append((row.op, Act(row.at, row.actor, row.label, 1)))
    return tuple(act for _, act in told[:LATELY])


def _claim(row: claims.ClaimRow, below: tuple[claims.MatrixRow, ...]) -> ClaimState:
    return ClaimState(
        row.id, row.name, len(below), sum(each.is_gap for each in below),
        sum(each.state == "disputed" for each in below),
    )  # fmt: skip
