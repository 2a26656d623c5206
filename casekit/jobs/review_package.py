"""A review package: the items of a set with their families as a case in one file, for one's own reviewer.

It shows items whole, privileged and redacted passages included, so it goes to nobody outside; what is
sequestered, and what gives that away, never goes.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ingest.mail.threads import ThreadInput, assign_threads
from casekit.ingest.pairing import join_parts
from casekit.jobs.originals import raw_bytes
from casekit.jobs.review_copy import Copied, copy_families
from casekit.ops import items as item_ops
from casekit.ops import review_packages as ops
from casekit.ops.columns import ItemColumns
from casekit.ops.items import ELSEWHERE, Filed, NewItem
from casekit.ops.journal import Changes
from casekit.ops.privilege import family_of
from casekit.ops.reviews import refuse_first_reviewers
from casekit.progress import Progress, Silent
from casekit.queries import conflicts, mails, parts, reviews, sequestered
from casekit.queries.conflicts import withheld
from casekit.store import custody, hiding, packed
from casekit.store.case import Case, create_case
from casekit.store.tables import matter, redaction, redaction_box

Privileged = Literal["ask", "with", "without"]
MATTER = (
    "name",
    "court",
    "number",
    "judge",
    "time_zone",
    "profile",
    "privilege_review",
    "languages",
)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package holds, as it is told before it goes.

    Attributes:
        items: Of the set; `families` are the further items of their families.
        privileged: Items in it that are withheld as privileged; `redacted` have redactions, which do not apply.
        left_out: Items of the set that stay: of families with something sequestered, that give such away, or
            that were left out as privileged.
        originals: Files that go whole; `pieces` are items of other files that go with their own bytes,
            `texts` those that go as text alone.
        blind: The coding so far stays behind.
    """

    set_name: str
    items: int
    families: int
    privileged: int
    redacted: int
    left_out: int
    originals: int
    pieces: int
    texts: int
    blind: bool


def pack(
    case: Case, set_name: str, out: Path, recipient: str, *, batches: Collection[int] = (),
    privileged: Privileged = "ask", progress: Progress | None = None,
) -> tuple[Contents, Changes]:  # fmt: skip
    """Write a review package of a set for one of one's own reviewers, and put it on record.

    A second review is always blind: tags, decisions, fields and notes stay behind.

    Args:
        case: The open case.
        set_name: The set.
        out: The file; it must not be there.
        recipient: Who gets it, by name: only those of its batches that are that person's, if any are.
        batches: These batches instead.
        privileged: Whether withheld items go; `ask` refuses where there are some.
        progress: Told items and originals.

    Raises:
        CaseKitError: Nobody is named, nothing would go, privileged items were not decided on, or the file
            cannot be written.
    """
    out = out if out.name.endswith(packed.ENDING) else out.with_name(out.name + packed.ENDING)
    if out.exists():
        raise CaseKitError("{name} is already there: choose another name.", name=out.name)
    recipient = " ".join(recipient.split())
    if not recipient:
        raise CaseKitError("Say who gets the package, by name.")
    with case.read() as s:
        row = reviews.find(s, set_name)
        if row.second_of is not None:
            refuse_first_reviewers(s, row.second_of, [recipient])
        ids = _chosen(s, row, recipient, batches)
        going, family = _may_go(s, ids, privileged, recipient)
        figures = (len(going), len(family) - len(going), len(withheld(s) & set(family)),
                   _redacted(s, family), len(ids) - len(going))  # fmt: skip
    with case.read(whole=True) as s:
        copied = copy_families(s, family)
        work = _work(s, case, row, going, copied, recipient)
    contents, package, leaf, sha = _write(
        case, row, out, copied, work, figures, progress or Silent()
    )
    return contents, _on_record(case, out, row.id, package, recipient, leaf, family, contents, sha)


def _write(
    case: Case, row: reviews.SetRow, out: Path, copied: Copied, work: ops.Work,
    figures: tuple[int, int, int, int, int], progress: Progress,
) -> tuple[Contents, str, custody.Leaf, str]:  # fmt: skip
    """Make the case, pack it and give the file its name; returns its UUID, last entry and SHA-256 too."""
    building = out.with_name(f".packing-{uuid.uuid4().hex[:8]}")
    try:
        building.mkdir()
        with create_case(
            building / "package", _matter(case)["name"], details=_matter(case)
        ) as package:
            pieces = _give_originals(case, package, copied, progress)
            _file(package, copied)
            with package.write() as s:
                head = ops.begin_package(s, work).act
            with package.read() as s:
                leaf = next(custody.leaves(s, head - 1, head))
        whole = (len(copied.whole), pieces, len(copied.pieces) - pieces)
        contents = Contents(row.name, *figures, *whole, row.second_of is not None)
        about = {"v": 1, "case": package.uuid, "recipient": work.reviewer, **asdict(contents)}
        sha = packed.pack(package.folder, building / "part", about)
        (building / "part").rename(out)
    except OSError as error:
        raise CaseKitError(
            "{name} could not be written ({why}): choose another place or free some space.",
            name=out.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return contents, package.uuid, leaf, sha


def _on_record(
    case: Case, out: Path, set_id: int, package: str, recipient: str, leaf: custody.Leaf,
    family: Sequence[int], contents: Contents, sha: str,
) -> Changes:  # fmt: skip
    """Put the package on record; what is not may not lie about."""
    try:
        with case.write() as s:
            return ops.record_package(
                s, package, set_id, recipient, (leaf.seq, leaf.hash), family, asdict(contents), sha
            )
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _chosen(
    s: Connection, row: reviews.SetRow, recipient: str, batches: Collection[int]
) -> list[int]:
    """The items of those batches, of the recipient's, or of the whole set."""
    if batches:
        return [int(i) for no in sorted(batches) for i in reviews.set_items(s, row.id, batch=no)]
    own = reviews.set_items(s, row.id, reviewer=recipient)
    return [int(i) for i in (own if len(own) else reviews.set_items(s, row.id))]


def _may_go(
    s: Connection, ids: Sequence[int], privileged: Privileged, recipient: str
) -> tuple[list[int], list[int]]:
    """The items of the set that go, and all items of their families."""
    family = set(family_of(s, ids))
    held = sequestered.held(s)
    found = conflicts.conflicts(s, sorted(family)) if held else []
    telling = {c.item_id for c in found if c.withheld_id in held}
    secret = withheld(s) & family
    with hiding.whole(s):
        bad = set(family_of(s, sorted((held | telling) if held else [])))
    if privileged == "ask" and secret - bad:
        raise CaseKitError(
            "{n} items of it are withheld as privileged: say whether {who} may see them, or leave their "
            "families out.",
            n=len(secret - bad), who=recipient,
        )  # fmt: skip
    if privileged == "without":
        bad |= set(family_of(s, sorted(secret)))
    going = [i for i in ids if i not in bad]
    if not going:
        raise CaseKitError("Nothing of this set may go into a package.")
    return going, sorted(family_of(s, going))


def _redacted(s: Connection, ids: Sequence[int]) -> int:
    wanted = set(ids)
    found: set[int] = set()
    for table in (redaction, redaction_box):
        found |= wanted.intersection(s.execute(select(table.c.item_id)).scalars())
    return len(found)


def _work(
    s: Connection, case: Case, row: reviews.SetRow, going: Sequence[int], copied: Copied, recipient: str
) -> ops.Work:  # fmt: skip
    number = {here: n for n, here in enumerate(copied.order, 1)}
    tables = (*ops.SETTINGS, *ops.READ, *(() if row.second_of is not None else ops.CODING))
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for table in tables:
        query = select(table).order_by(*table.primary_key.columns)
        if "item_id" not in table.c:
            rows[table.name] = [r._asdict() for r in s.execute(query)]
            continue
        found: list[Mapping[str, Any]] = [
            {**r._asdict(), "item_id": number[r.item_id]}
            for some in _chunks(copied.order)
            for r in s.execute(query.where(table.c.item_id.in_(some)))
        ]
        rows[table.name] = found
    batch_of = {
        int(i): b.no
        for b in reviews.batches(s, row.id)
        for i in reviews.set_items(s, row.id, batch=b.no)
    }
    grouped: dict[int, list[int]] = {}
    for item_id in going:
        grouped.setdefault(batch_of[item_id], []).append(number[item_id])
    return ops.Work(
        row.name, row.query, row.population, bytes.fromhex(row.population_sha256), row.batch_size,
        list(grouped.values()), recipient, rows, case.uuid,
    )  # fmt: skip


def _give_originals(case: Case, package: Case, copied: Copied, progress: Progress) -> int:
    """Whole originals, and of the others the bytes of single items; returns how many of these."""
    for n, sha in enumerate(sorted(copied.whole)):
        progress.step(n, len(copied.whole), "originals")
        case.vault.give(sha, package.vault)
    given = 0
    for n, item_id in enumerate(sorted(copied.pieces)):
        progress.step(n, len(copied.pieces), "items")
        with contextlib.suppress(CaseKitError, ValueError):
            data = raw_bytes(case, item_id)
            piece = package.folder / "piece"
            piece.write_bytes(data)
            package.vault.deposit(piece, settle=False)
            piece.unlink()
            given += 1
    package.vault.settle()
    return given


def _file(package: Case, copied: Copied) -> None:
    """File the items as an import would, with what follows from them."""
    runs: list[tuple[bytes, list[NewItem | ItemColumns]]] = []
    for sha, head in copied.heads:
        if not runs or runs[-1][0] != sha:
            runs.append((sha, []))
        runs[-1][1].append(head)
    originals = {one.sha256 for one in copied.originals}
    filed = [
        Filed(sha, "", "read" if sha in copied.whole else ELSEWHERE, heads) for sha, heads in runs
    ]
    headless = originals - {sha for sha, _ in runs}
    filed += [
        Filed(sha, "", "read" if sha in copied.whole else ELSEWHERE) for sha in sorted(headless)
    ]
    with package.write() as s:
        run_id = item_ops.start_run(s, '["review package"]', "none")
        item_ops.file_batch(s, run_id, copied.originals, filed)
        item_ops.finish_run(s, run_id, "finished", "{}")
    with package.read(whole=True) as s:
        known = [
            ThreadInput(m.item_id, m.message_id, m.references, m.in_reply_to, m.subject, m.sent_us)
            for m in mails.thread_headers(s)
        ]
        joins = join_parts(parts.batches(s), parts.shared(s))
    with package.write() as s:
        item_ops.set_threads(s, assign_threads(known))
        item_ops.set_joins(s, joins)


def _matter(case: Case) -> dict[str, str]:
    with case.read() as s:
        rows = s.execute(select(matter.c.key, matter.c.value).where(matter.c.key.in_(MATTER)))
        return dict(map(tuple, rows))


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK)]
