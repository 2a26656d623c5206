"""What comes back from a review package: its custody log, from which every mark is read, checked link by link.

The file (`.casereturn`) is JSON, gzipped: `package` (UUID of the case inside), `items` (number there, SHA-256
of the original, pointer, digest) and `log` (each entry's canonical bytes as text, its salt, its detail). It
holds no original, but all that the log tells: notes, and what a machine read of scans, privileged items'
included. Guard it like the package.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.jobs.log_faults import detail_faults, hexed, leaf_fault
from casekit.jobs.verify import verify
from casekit.ops.review_packages import PACKED
from casekit.progress import Progress
from casekit.store import canonical, custody
from casekit.store.case import Case, open_case
from casekit.store.custody import Detail, Leaf
from casekit.store.tables import item, matter, original

ENDING = ".casereturn"
MOST_BYTES = 1 << 30
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """An item as it is named outside a case: by its original's SHA-256 and its pointer, with its digest."""

    original: bytes
    pointer: str
    digest: bytes


@dataclass(slots=True)
class State:
    """What a log says of the tables: rows by table and key; `by` tells who touched each last, and when."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    by: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def table(self, name: str) -> dict[str, Row]:
        """The rows of a table by key."""
        return self.rows.get(name, {})


@dataclass(slots=True)
class Returned:
    """A log that was checked.

    Attributes:
        package: UUID of the case inside.
        items: By their number in the package.
        log: Its entries with their details.
    """

    package: str
    items: dict[int, Named]
    log: list[tuple[Leaf, Detail]]

    def head_hash(self, seq: int) -> bytes:
        """The hash of an entry, empty where the log is shorter."""
        return self.log[seq - 1][0].hash if 0 < seq <= len(self.log) else b""

    def states(self, seq: int) -> tuple[State, State]:
        """What stood after an entry, and what stands at the end."""
        state = State()
        for leaf, detail in self.log[:seq]:
            _replay(state, leaf, detail)
        before = State({name: dict(rows) for name, rows in state.rows.items()}, dict(state.by))
        for leaf, detail in self.log[seq:]:
            _replay(state, leaf, detail)
        return before, state


def write_return(package: Case, out: Path, progress: Progress | None = None) -> str:
    """Check a package, write what was done in it into one file, and return its SHA-256 (hex).

    Raises:
        CaseKitError: The case is no review package, was changed outside CaseKit, or the file cannot be written.
    """
    out = out if out.name.endswith(ENDING) else out.with_name(out.name + ENDING)
    if out.exists():
        raise CaseKitError("{name} is already there: choose another name.", name=out.name)
    data = gzip.compress(_told(package, progress), 6, mtime=0)
    building = out.with_name(f".{out.name}.part")
    try:
        building.write_bytes(data)
        building.rename(out)
    except OSError as error:
        raise CaseKitError(
            "{name} could not be written ({why}): choose another place.",
            name=out.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    finally:
        building.unlink(missing_ok=True)
    return hashlib.sha256(data).hexdigest()


def read_return(path: Path, progress: Progress | None = None) -> Returned:
    """Read what comes back, from a file or from the package's case folder, and check all of it.

    Raises:
        CaseKitError: It is nothing of the kind, or something in it was changed; it says what.
    """
    if path.is_dir():
        with open_case(path) as package:
            return _checked(_told(package, progress), path.name)
    try:
        with path.open("rb") as source, gzip.GzipFile(fileobj=source) as box:
            data = box.read(MOST_BYTES + 1)
    except (OSError, EOFError, ValueError) as error:
        raise _no_return(path.name) from error
    if len(data) > MOST_BYTES:
        raise _no_return(path.name)
    return _checked(data, path.name)


def _told(package: Case, progress: Progress | None) -> bytes:
    with package.read(whole=True) as s:
        key = select(matter.c.value).where(matter.c.key == PACKED)
        if s.execute(key).first() is None:
            raise CaseKitError(
                "{name} is no review package: open the package that you were given.",
                name=package.name,
            )
    report = verify(package, progress)
    if not report.ok:
        first = report.damaged[0]
        raise CaseKitError(
            "The package was changed outside CaseKit, so nothing of it is taken: {what}: {why}",
            what=first.what, why=first.why,
        )  # fmt: skip
    with package.read(whole=True) as s:
        query = (
            select(item.c.id, original.c.sha256, item.c.pointer, item.c.digest)
            .join(original, original.c.id == item.c.original_id)
            .order_by(item.c.id)
        )
        items = [
            [i, sha.hex(), pointer, digest.hex()] for i, sha, pointer, digest in s.execute(query)
        ]
        log = [
            [leaf.leaf.decode(), detail.salt.hex(), detail.body]
            for leaf, detail in zip(custody.leaves(s), custody.details(s), strict=True)
        ]
    return orjson.dumps({"v": 1, "package": package.uuid, "items": items, "log": log})


def _checked(data: bytes, name: str) -> Returned:
    try:
        loaded = orjson.loads(data)
        if loaded["v"] != 1:
            raise ValueError(name)
        items = {
            int(i): Named(bytes.fromhex(sha), str(pointer), bytes.fromhex(digest))
            for i, sha, pointer, digest in loaded["items"]
        }
        log = [
            (_leaf(seq, text.encode()), Detail(seq, bytes.fromhex(salt), body))
            for seq, (text, salt, body) in enumerate(loaded["log"], 1)
        ]  # fmt: skip
        found = Returned(str(loaded["package"]), items, log)
        faults = list(_faults(found))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_return(name) from error
    if faults:
        raise CaseKitError(
            "{name} was changed after it was coded, so nothing of it is taken ({why}): ask for it again.",
            name=name, why=faults[0],
        )  # fmt: skip
    return found


def _leaf(seq: int, leaf: bytes) -> Leaf:
    return Leaf(seq, leaf, canonical.leaf_hash(leaf))


def _faults(returned: Returned) -> Iterator[str]:
    prev = custody.NO_LEAF
    for seq, (leaf, detail) in enumerate(returned.log, 1):
        for why in filter(
            None, (leaf_fault(leaf, seq, prev, returned.package), *detail_faults(leaf, detail))
        ):
            yield f"entry {seq}: {why}"
        prev = leaf.hash
        content = leaf.content
        if "items" in content:
            first, number = detail.body["first_item"], content["items"]["count"]
            digests = [returned.items[i].digest for i in range(first, first + number)]
            if hexed(custody.summary(detail.salt, (), digests)["items"]) != content["items"]:
                yield f"entry {seq}: its items are not those it received"


def _replay(state: State, leaf: Leaf, detail: Detail) -> None:
    content = leaf.content
    who = (str(content["actor"]), clock.to_us(dt.datetime.fromisoformat(content["at"])))
    for change in detail.body["changes"]:
        table, key = (
            change["table"],
            orjson.dumps(change["key"], option=orjson.OPT_SORT_KEYS).decode(),
        )
        rows = state.rows.setdefault(table, {})
        if "after" in change:
            rows[key] = change["after"]
        else:
            rows.pop(key, None)
        state.by[table, key] = who


def _no_return(name: str) -> CaseKitError:
    return CaseKitError(
        "{name} is nothing that comes back from a review package: choose a file that ends in {ending}, or "
        "the package’s case folder.",
        name=name,
        ending=ENDING,
    )
