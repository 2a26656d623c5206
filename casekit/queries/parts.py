"""Exchanges whose other parts may stand in another file: what joins are made from, and the joins made."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from casekit.queries.times import stated_us
from casekit.store.tables import exchange, exchange_join, item, original, problem, receipt

UNJOINED = ("alone", "several", "differs")
"""Grounds of an item that is joined with none: no other has its id, several fit, or the one does not."""

_BATCH = "%-batch/%"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a batch.

    Attributes:
        family: Whose batches, such as `openai-batch`.
        side: `request` or `answer`.
        key: The id that request and answer share, unique in its batch alone.
        model: As asked for, or as answered.
        sent_us: None also where its zone was assumed, which is no ground to part what belongs together.
        sha256: Of the line's bytes.
        file: SHA-256 of the bytes that the line was found in.
    """

    item_id: int
    family: str
    side: str
    key: str
    model: str
    prompt_sha256: bytes | None
    sent_us: int | None
    sha256: bytes
    file: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """A batch as a whole: its id, and the ids of the files that it read and wrote."""

    item_id: int
    batch: str
    read: str
    wrote: tuple[str, ...]


@dataclass(slots=True)
class Batches:
    """All that the case has of batches.

    Attributes:
        lines: In order of item.
        jobs: In order of item.
        names: Of each file, the names it came under.
        lost: Of each file, the records that could not be read.
    """

    lines: list[Line]
    jobs: list[Job]
    names: dict[bytes, set[str]]
    lost: dict[bytes, int]


@dataclass(frozen=True, slots=True)
class Shared:
    """A part of what has an id of its own, the same wherever its parts stand."""

    item_id: int
    family: str
    key: str
    sha256: bytes


def batches(s: Connection, last: int | None = None) -> Batches:
    """What the case has of batches, in items up to `last`."""
    found = Batches([], [], {}, {})
    places = _Places(s)
    e = exchange.c
    query = (
        select(
            e.item_id, e.joint, e.request_id, e.model, e.model_requested, e.prompt_sha256, e.extra,
            stated_us().label("sent_us"), item.c.sha256, item.c.original_id, item.c.pointer,
        )
        .join(item, item.c.id == e.item_id)
        .where(e.joint.is_not(None), e.joint.like(_BATCH), e.request_id.is_not(None))
        .order_by(e.item_id)
    )  # fmt: skip
    if last is not None:
        query = query.where(e.item_id <= last)
    for row in s.execute(query):
        family, _, side = row.joint.partition("/")
        if side == "job":
            found.jobs.append(_job(row))
            continue
        file = places.file_of(row.original_id, row.pointer, found)
        asked = (row.model_requested or row.model) if side == "request" else row.model
        found.lines.append(
            Line(
                row.item_id, sys.intern(family), sys.intern(side), row.request_id, sys.intern(asked or ""),
                row.prompt_sha256, row.sent_us, row.sha256, file,
            )
        )  # fmt: skip
    return found


def shared(s: Connection, last: int | None = None) -> Iterator[Shared]:
    """The parts, in items up to `last`, that share their id with another item."""
    e = exchange.c
    family = func.substr(e.joint, 1, func.instr(e.joint, "/") - 1)
    known: list[ColumnElement[bool]] = [e.joint.is_not(None), e.joint.not_like(_BATCH)]
    known.append(e.request_id.is_not(None))
    if last is not None:
        known.append(e.item_id <= last)
    twice = select(e.request_id).where(*known).group_by(e.request_id).having(func.count() > 1)
    query = (
        select(e.item_id, family.label("family"), e.request_id, item.c.sha256)
        .join(item, item.c.id == e.item_id)
        .where(*known, e.request_id.in_(twice))
        .order_by(e.item_id)
    )
    for row in s.execute(query):
        yield Shared(row.item_id, row.family, row.request_id, row.sha256)


def joins(s: Connection) -> dict[int, tuple[int, str]]:
    """The joins as the case has them: of each item the first it belongs with, and the ground."""
    j = exchange_join.c
    return {
        row.item_id: (row.join_id, row.ground)
        for row in s.execute(select(j.item_id, j.join_id, j.ground))
    }


def _job(row: Any) -> Job:
    told = _object(row.extra)
    wrote = (told.get("output_file_id"), told.get("error_file_id"))
    read = told.get("input_file_id")
    return Job(
        row.item_id,
        row.request_id,
        read if isinstance(read, str) else "",
        tuple(each for each in wrote if isinstance(each, str) and each),
    )


def _object(text: str | None) -> dict[str, Any]:
    """The JSON object in a column; empty where there is none."""
    found = orjson.loads(text) if text else None
    return found if isinstance(found, dict) else {}


class _Places:
    """Which file each line was found in."""

    def __init__(self, s: Connection) -> None:
        self._s = s
        self._known: dict[tuple[int, bytes], bytes] = {}
        self._originals: dict[int, tuple[bytes, str]] = {}

    def file_of(self, original_id: int, pointer: str, found: Batches) -> bytes:
        """SHA-256 of the bytes that the item's last step starts from; its names and losses go to `found`."""
        above = orjson.loads(pointer)[:-1]
        key = (original_id, orjson.dumps(above))
        if key in self._known:
            return self._known[key]
        sha256, path = self._original(original_id)
        file = bytes.fromhex(above[-1].get("sha256", "")) if above else sha256
        names = {path, *(str(step.get("name", "")) for step in above)}
        found.names.setdefault(file, set()).update(names)
        found.lost[file] = max(found.lost.get(file, 0), self._lost(original_id))
        self._known[key] = file
        return file

    def _original(self, original_id: int) -> tuple[bytes, str]:
        if original_id not in self._originals:
            query = (
                select(original.c.sha256, receipt.c.path)
                .outerjoin(receipt, receipt.c.original_id == original.c.id)
                .where(original.c.id == original_id)
                .order_by(receipt.c.id)
            )
            row = self._s.execute(query.limit(1)).one()
            self._originals[original_id] = (row.sha256, row.path or "")
        return self._originals[original_id]

    def _lost(self, original_id: int) -> int:
        query = select(func.count()).where(
            problem.c.original_id == original_id, problem.c.length > 0
        )
        return int(self._s.execute(query).scalar() or 0)
