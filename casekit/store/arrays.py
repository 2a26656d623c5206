"""Time, kind and names of every item as arrays in memory, made from the tables for charts and counts.

`derived/arrays/` holds one file, named by version, last item and its own SHA-256. It can be deleted and is
made again; what has come in since is added to it. Items never change, so a row once read stays true; what
people decide of items (zones, roles, what is sequestered) is not in it and is asked of the case each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Connection, func, select

from casekit.progress import Progress, Silent
from casekit.store.case import Case
from casekit.store.tables import exchange, item, item_party, sequester

VERSION = 1
FETCHED = 20_000
NO_TIME = int(np.iinfo(np.int64).min)
ITEM_WORDS = ("kind", "collection", "sent_field", "sent_zone")
EXCHANGE_WORDS = ("account", "api_key", "ip", "organisation", "user_agent", "model", "end_user")
PARTY_WORDS = ("role", "name", "address")
_NAME = re.compile(rf"v{VERSION}-(\d{{12}})-([0-9a-f]{{64}})\.npz")

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Columns:
    """The items in order of their ids, each column an array of as many values.

    Attributes:
        ids: Ids, int64 of shape (n,), ascending.
        sent_us: Instants as assumed, microseconds since 1970 UTC; `NO_TIME` without one.
        is_written: Whether the source wrote a time at all, also one that tells no instant.
        original: Ids of the originals.
        codes: By the names of `ITEM_WORDS` and `EXCHANGE_WORDS`: places in `words`; 0 stands for no value.
        parties: By the names of `PARTY_WORDS`: the same of everybody who appears, m values each.
        party_rows: Of everybody who appears, the place of the item among `ids`, int64 of shape (m,).
        words: The values behind the codes; the first is empty.
    """

    ids: Ints
    sent_us: Ints
    is_written: npt.NDArray[np.bool_]
    original: Ints
    codes: dict[str, Codes]
    parties: dict[str, Codes]
    party_rows: Ints
    words: dict[str, list[str]]


def read(case: Case, progress: Progress | None = None) -> Columns:
    """The columns of all items that may be seen, brought up to date.

    Args:
        case: The open case.
        progress: Told the items read; cancelling loses nothing but the time.
    """
    told = progress or Silent()
    with case.read(whole=True) as s:
        newest = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
        kept = _load(case, s)
        if newest > (int(kept.ids[-1]) if len(kept.ids) else 0):
            kept = _joined(kept, _Growing.of(kept), _batches(s, kept, newest), newest, told)
            _save(case, s, kept)
        held = s.execute(select(sequester.c.item_id).where(sequester.c.released_us.is_(None)))
        return _without(kept, np.fromiter(held.scalars(), dtype=np.int64))


def _without(columns: Columns, held: Ints) -> Columns:
    """The columns without some items; values that only those have stay unused in `words`."""
    if not len(held):
        return columns
    seen = ~np.isin(columns.ids, held)
    place = np.cumsum(seen) - 1
    party = seen[columns.party_rows]
    return Columns(
        columns.ids[seen], columns.sent_us[seen], columns.is_written[seen], columns.original[seen],
        {name: codes[seen] for name, codes in columns.codes.items()},
        {name: codes[party] for name, codes in columns.parties.items()},
        place[columns.party_rows[party]], columns.words,
    )  # fmt: skip


# -- reading the tables -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Growing:
    """The code of each value so far, a dictionary a column."""

    known: dict[str, dict[str, int]]

    @classmethod
    def of(cls, columns: Columns) -> _Growing:
        return cls({name: {w: n for n, w in enumerate(v)} for name, v in columns.words.items()})

    def codes(self, name: str, values: Sequence[str | None]) -> Codes:
        known = self.known[name]
        return np.fromiter(
            (known.setdefault(value or "", len(known)) for value in values), np.int32, len(values)
        )


def _batches(s: Connection, kept: Columns, newest: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Rows of items, and of who appears in them, that are not among those kept, in order of ids."""
    wanted = (
        select(item.c.id, item.c.sent_us, item.c.sent_raw.is_not(None), item.c.original_id,
               *(item.c[name] for name in ITEM_WORDS), *(exchange.c[name] for name in EXCHANGE_WORDS))
        .outerjoin(exchange, exchange.c.item_id == item.c.id)
        .order_by(item.c.id)
    )  # fmt: skip
    people = select(item_party.c.item_id, *(item_party.c[name] for name in PARTY_WORDS)).order_by(
        item_party.c.item_id, item_party.c.no
    )
    first = int(kept.ids[-1]) + 1 if len(kept.ids) else 1
    for start in range(first, newest + 1, FETCHED):
        stop = min(start + FETCHED - 1, newest)
        rows = s.execute(wanted.where(item.c.id.between(start, stop)))
        who = s.execute(people.where(item_party.c.item_id.between(start, stop)))
        yield _tuples(rows), _tuples(who)


def _tuples(result: Any) -> list[Any]:
    """The driver's own tuples: rows with names cost as much again."""
    return [] if result.cursor is None else list(result.cursor.fetchall())


def _joined(
    kept: Columns, growing: _Growing, batches: Iterator[tuple[list[Any], list[Any]]], newest: int,
    told: Progress,
) -> Columns:  # fmt: skip
    pieces = [kept]
    for rows, who in batches:
        if rows:
            pieces.append(_piece(rows, who, growing, sum(len(p.ids) for p in pieces)))
            told.step(rows[-1][0], newest, "Reading times and names")
    words = {name: list(known) for name, known in growing.known.items()}
    return Columns(
        np.concatenate([p.ids for p in pieces]), np.concatenate([p.sent_us for p in pieces]),
        np.concatenate([p.is_written for p in pieces]), np.concatenate([p.original for p in pieces]),
        {name: np.concatenate([p.codes[name] for p in pieces]) for name in kept.codes},
        {name: np.concatenate([p.parties[name] for p in pieces]) for name in PARTY_WORDS},
        np.concatenate([p.party_rows for p in pieces]), words,
    )  # fmt: skip


def _piece(rows: list[Any], who: list[Any], growing: _Growing, before: int) -> Columns:
    ids, sent, written, original, *texts = zip(*rows, strict=True)
    names = (*ITEM_WORDS, *EXCHANGE_WORDS)
    items = np.array(ids, dtype=np.int64)
    owners = np.array([row[0] for row in who], dtype=np.int64)
    return Columns(
        items, np.array([NO_TIME if us is None else us for us in sent], dtype=np.int64),
        np.array(written, dtype=np.bool_), np.array(original, dtype=np.int64),
        {name: growing.codes(name, values) for name, values in zip(names, texts, strict=True)},
        {name: growing.codes(name, [row[n] for row in who]) for n, name in enumerate(PARTY_WORDS, 1)},
        np.searchsorted(items, owners) + before, {},
    )  # fmt: skip


# -- the file ---------------------------------------------------------------------------------------


def _empty() -> Columns:
    no, none = np.empty(0, np.int64), np.empty(0, np.int32)
    names = (*ITEM_WORDS, *EXCHANGE_WORDS)
    return Columns(
        no, no, np.empty(0, np.bool_), no, dict.fromkeys(names, none),
        dict.fromkeys(PARTY_WORDS, none), no, {name: [""] for name in (*names, *PARTY_WORDS)},
    )  # fmt: skip


def _folder(case: Case) -> Path:
    return case.derived_file("arrays/x").parent


def _load(case: Case, s: Connection) -> Columns:
    """What the file holds; nothing where there is none, its bytes are others, or it is of other items."""
    for path in sorted(_folder(case).glob("*.npz"), reverse=True):
        named = _NAME.fullmatch(path.name)
        with contextlib.suppress(OSError, ValueError, KeyError, EOFError):
            data = path.read_bytes()
            if named is None or hashlib.sha256(data).hexdigest() != named[2]:
                continue
            with np.load(io.BytesIO(data), allow_pickle=False) as found:
                if _pin(case, s, int(named[1])) == found["pin"].tobytes():
                    return _unpacked(found)
    return _empty()


def _pin(case: Case, s: Connection, last: int) -> bytes | None:
    """What the file's last item must be for its rows to be those of this case; None where it is gone."""
    digest = s.execute(select(item.c.digest).where(item.c.id == last)).scalar()
    return None if digest is None else hashlib.sha256(case.uuid.encode() + digest).digest()


def _unpacked(found: Any) -> Columns:
    words = orjson.loads(found["words"].tobytes())
    return Columns(
        found["ids"], found["sent_us"], found["is_written"], found["original"],
        {name: found[f"c_{name}"] for name in (*ITEM_WORDS, *EXCHANGE_WORDS)},
        {name: found[f"p_{name}"] for name in PARTY_WORDS}, found["party_rows"], words,
    )  # fmt: skip


def _save(case: Case, s: Connection, columns: Columns) -> None:
    last = int(columns.ids[-1])
    pin = _pin(case, s, last) or b""
    arrays: dict[str, Any] = {
        "ids": columns.ids, "sent_us": columns.sent_us, "is_written": columns.is_written,
        "original": columns.original, "party_rows": columns.party_rows,
        "pin": np.frombuffer(pin, np.uint8),
        "words": np.frombuffer(orjson.dumps(columns.words), np.uint8),
    }  # fmt: skip
    arrays |= {f"c_{name}": codes for name, codes in columns.codes.items()}
    arrays |= {f"p_{name}": codes for name, codes in columns.parties.items()}
    out = io.BytesIO()
    np.savez(out, **arrays)
    data = out.getbuffer()
    folder = _folder(case)
    name = f"v{VERSION}-{last:012d}-{hashlib.sha256(data).hexdigest()}.npz"
    temporary = folder / f"{uuid.uuid4().hex}.tmp"
    try:
        temporary.write_bytes(data)
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    for path in folder.glob("*.npz"):
        if path.name != name:
            with contextlib.suppress(OSError):  # somebody reads it on Windows: next time
                path.unlink()
