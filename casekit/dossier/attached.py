"""The native records of a dossier to keep: attached to its file, or beside it where a file may not hold them.

With a largest file a native goes into the part in which its exhibit begins, as far as there is room. One that
has none, or is larger than a file may be, lies beside the dossier under its exhibit's label, and manifest and
list of hashes name it. Nothing is left out, and nothing is cut.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casekit.dossier.parting import Weighed
from casekit.dossier.pdfa import Native, native_name
from casekit.dossier.sheet import DossierPlan, Produced
from casekit.errors import CaseKitError

MOST_ATTACHED = 500_000_000  # bytes


class Records(Protocol):
    """Gives exact bytes."""

    def raw(self, item_id: int) -> bytes: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Beside:
    """A native that lies beside the dossier.

    Attributes:
        path: Where its bytes are, under a name of their own until it is published.
        name: As it is published.
        label: Of its exhibit.
    """

    path: Path
    name: str
    label: str
    item_id: int
    sha256: str
    size: int


def planned(plan: DossierPlan) -> dict[str, Produced]:
    """The natives of a dossier to keep, by name and in order; none of an item with something redacted."""
    if plan.profile != "archive":
        return {}
    return {
        native_name(one.label, one.item_id, one.name, one.media_type): one
        for one in plan.produced
        if one.record_sha256
    }


def attached(plan: DossierPlan, records: Records) -> Iterator[Native]:
    """What one file carries: every native, save those that are larger than a file may be.

    Raises:
        CaseKitError: They are more than one file should carry, or one is not what the plan names.
    """
    held = 0
    for name, one in planned(plan).items():
        if 0 < plan.limit < one.size:
            continue
        held += one.size
        if held > MOST_ATTACHED:
            raise CaseKitError(
                "The records of the exhibits come to more than {n} MB, which is too much to attach: choose "
                "fewer exhibits, or another profile, and hand the natives over beside the dossier.",
                n=MOST_ATTACHED // 1_000_000,
            )
        yield _native(name, one, records)


def these(plan: DossierPlan, records: Records, names: Collection[str]) -> Iterator[Native]:
    """Some of the natives, by name, in order."""
    for name, one in planned(plan).items():
        if name in names:
            yield _native(name, one, records)


def with_room(
    weighed: Sequence[Weighed], begins: Mapping[str, int], plan: DossierPlan, room: float
) -> dict[int, list[str]]:
    """Which natives go with the page on which their exhibit begins; the page has room for them in a file.

    Args:
        weighed: The dossier as one file, which carries them; of two copies both.
        begins: The first page of each exhibit, from 1, by label.
        plan: Names the natives.
        room: Bytes that the pages and natives of a part may take.
    """
    left: dict[int, float] = {}
    found: dict[int, list[str]] = {}
    for name, one in planned(plan).items():
        page = begins.get(one.label, 1)
        size = max((each.natives.get(name, 0) for each in weighed), default=0)
        free = left.setdefault(page, room - max(each.page(page) for each in weighed))
        if 0 < size <= free:
            left[page] = free - size
            found.setdefault(page, []).append(name)
    return found


def put_beside(
    plan: DossierPlan, records: Records, out: Path, inside: Collection[str], folder: Path
) -> list[Beside]:
    """Write into `folder` the natives that are in no file of the dossier `out`."""
    found = []
    for native in these(plan, records, planned(plan).keys() - set(inside)):
        one = planned(plan)[native.name]
        path = folder / native.name
        path.write_bytes(native.data)
        name = f"{out.stem}-{native.name}"
        found.append(Beside(path, name, one.label, one.item_id, one.record_sha256, one.size))
    return found


def _native(name: str, one: Produced, records: Records) -> Native:
    data = records.raw(one.item_id)
    if hashlib.sha256(data).hexdigest() != one.record_sha256:
        raise CaseKitError(
            "The record of Exhibit {label} is not the one that was received: verify the case.",
            label=one.label,
        )
    about = f"Exhibit {one.label}, SHA-256 {one.record_sha256}"
    return Native(name, about, one.media_type, data)
