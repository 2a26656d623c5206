"""The index over a case's vectors: FAISS in memory, kept in a guarded file, made again when in doubt.

Up to 100,000 passages the index holds the stored fp16 vectors as they are and compares them all, so
its answers are exact. Up to a million it holds 8 bits a number and the best are compared again with the
stored vectors. Above, only a part of the vectors is looked at, and answers are marked approximate.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import threading
import weakref
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Connection, select

from casekit import paths
from casekit.search import indexes, vectors
from casekit.search.vectors import passage
from casekit.store.case import Case

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

FILE = "vectors.faiss"
EXACT_UP_TO = 100_000
WHOLE_UP_TO = 1_000_000
AGAIN = 4  # times the wanted number is compared again with the stored vectors
AGAIN_AT_LEAST = 40
READ_AT_ONCE = 50_000
TRAIN_ON = 100_000
PROBED_SHARE = 8  # one of so many lists is looked at above a million
SAVED_AFTER = 2_000
_MAGIC = b"casekit vectors 1\n"
_MAC = 32


@dataclass(slots=True)
class Nearest:
    """An open index. Row n is passage `ids[n]` of item `items[n]`, in a part of kind `kinds[n]`.

    Attributes:
        generation: The vectors' generation that it was made of.
        ids: Passage ids, ascending, shape (n,).
        items: Item ids, shape (n,).
        kinds: Numbers of `vectors.PARTS`, shape (n,).
        index: The FAISS index; None while empty.
        saved: How many rows the file has.
    """

    generation: str
    ids: Rows
    items: Rows
    kinds: npt.NDArray[np.uint8]
    index: Any = None
    saved: int = 0

    @property
    def approximate(self) -> bool:
        """Whether an answer may miss something."""
        return len(self.ids) > WHOLE_UP_TO

    def mask(self, kinds: tuple[str, ...], item_ids: npt.NDArray[np.int64] | None) -> Mask | None:
        """Rows of some kinds of parts and, unless None, of some items; None for all."""
        whole = len(kinds) == len(vectors.PARTS)
        if whole and item_ids is None:
            return None
        found = np.isin(self.kinds, [vectors.PARTS.index(k) for k in kinds])
        if item_ids is not None and len(self.items):
            allowed = np.zeros(int(max(self.items.max(), item_ids.max(initial=0))) + 1, dtype=bool)
            allowed[item_ids] = True
            found &= allowed[self.items]
        return found

    def search(
        self, s: Connection, query: Floats, k: int, mask: Mask | None = None
    ) -> tuple[Rows, Floats]:
        """The k rows nearest to one unit vector and their cosines, best first."""
        possible = len(self.ids) if mask is None else int(mask.sum())
        k = min(k, possible)
        if k <= 0 or self.index is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        again = len(self.ids) > EXACT_UP_TO
        asked = min(possible, max(AGAIN * k, AGAIN_AT_LEAST)) if again else k
        with _taking:
            scores, rows = self.index.search(query[None], asked, params=self._parameters(mask))
        found, cosines = rows[0][rows[0] >= 0], scores[0][rows[0] >= 0]
        if again and len(found):
            cosines = self._compared_again(s, query, found)
        order = np.lexsort((found, -cosines))[:k]
        return found[order].astype(np.int64), cosines[order].astype(np.float32)

    def best_items(
        self, s: Connection, query: Floats, limit: int, mask: Mask | None = None
    ) -> list[tuple[int, float, int]]:
        """(item id, cosine, passage id) of the items with the nearest passages, best first."""
        k = limit * 3
        while True:
            rows, cosines = self.search(s, query, k, mask)
            best: dict[int, tuple[int, float, int]] = {}
            for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True):
                item_id = int(self.items[row])
                best.setdefault(item_id, (item_id, cosine, int(self.ids[row])))
            if len(best) >= limit or len(rows) < k:
                return list(best.values())[:limit]
            k *= 4

    def _parameters(self, mask: Mask | None) -> Any:
        faiss = _faiss()
        selector = None
        if mask is None and self.index.ntotal > len(self.ids):
            mask = np.ones(len(self.ids), dtype=bool)  # without what another thread took up since
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)
        if self.approximate:
            share = PROBED_SHARE if mask is None else 1  # few rows may lie in lists far away
            probes = max(1, self.index.nlist // share)
            return faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        return None if selector is None else faiss.SearchParameters(sel=selector)

    def _compared_again(self, s: Connection, query: Floats, rows: Rows) -> Floats:
        ids = self.ids[rows].tolist()
        stored: dict[int, bytes] = {}
        for start in range(0, len(ids), vectors.ASKED_AT_ONCE):
            some = passage.c.id.in_(ids[start : start + vectors.ASKED_AT_ONCE])
            stored.update(
                (i, v) for i, v in s.execute(select(passage.c.id, passage.c.vector).where(some))
            )
        exact = vectors.stacked([stored[i] for i in ids]).astype(np.float32)
        return np.asarray(exact @ query, dtype=np.float32)


_open: weakref.WeakKeyDictionary[Case, Nearest] = weakref.WeakKeyDictionary()
_taking = threading.Lock()  # FAISS cannot be asked while vectors are added, and they are added once


def open_index(case: Case) -> Nearest:
    """The index over all vectors that the case has by now; kept open as long as the case is.

    What is given back stays as it is while other threads take up vectors that come later.
    """
    with _taking:
        return replace(_opened(case))


def _opened(case: Case) -> Nearest:
    """The index that is kept and grows; only for whoever holds the lock."""
    state = indexes.prepare(case, vectors.SCHEMA)
    found = _open.get(case)
    if found is None or found.generation != state.generation:
        found = _load(case, state.generation) or _empty(state.generation)
        _open[case] = found
    with case.read(whole=True) as s:
        _extend(s, found)
    return found


def save(case: Case) -> None:
    """Write the index to its file, unless few vectors have come since."""
    with _taking:
        found = _opened(case)
        if len(found.ids) - found.saved < min(SAVED_AFTER, max(1, len(found.ids) // 10)):
            return
        payload = _payload(case, found)
        found.saved = len(found.ids)
    target = case.index_file(FILE)
    making = target.with_name(f"{FILE}.{os.getpid()}.new")
    with making.open("wb") as f:
        f.write(hmac.digest(_key(), payload, "sha256"))
        f.write(payload)
        f.flush()
        os.fsync(f.fileno())
    making.replace(target)


def _payload(case: Case, found: Nearest) -> bytes:
    """What the file says of an index, without its guard."""
    head = {"case": case.uuid, "generation": found.generation, "rows": len(found.ids)}
    return b"".join(
        (
            _MAGIC, orjson.dumps(head), b"\n", found.ids.tobytes(), found.items.tobytes(),
            found.kinds.tobytes(), _faiss().serialize_index(found.index).tobytes(),
        )
    )  # fmt: skip


def _load(case: Case, generation: str) -> Nearest | None:
    """The index from its file; None if the file is not exactly what this user's CaseKit wrote last."""
    try:
        data = memoryview(case.index_file(FILE).read_bytes())
    except OSError:
        return None
    payload = data[_MAC:]
    if not hmac.compare_digest(hmac.digest(_key(), payload, "sha256"), data[:_MAC]):
        return None
    at = len(_MAGIC)
    end = bytes(payload[at : at + 500]).index(b"\n") + at
    head = orjson.loads(payload[at:end])
    if (head["case"], head["generation"]) != (case.uuid, generation):
        return None
    n, at = head["rows"], end + 1
    ids = np.frombuffer(payload, np.int64, n, at).copy()
    items = np.frombuffer(payload, np.int64, n, at + 8 * n).copy()
    kinds = np.frombuffer(payload, np.uint8, n, at + 16 * n).copy()
    index = _faiss().deserialize_index(np.frombuffer(payload, np.uint8, offset=at + 17 * n))
    return Nearest(generation, ids, items, kinds, index, n) if index.ntotal == n else None


def _empty(generation: str) -> Nearest:
    none = np.zeros(0, dtype=np.int64)
    return Nearest(generation, none, none, np.zeros(0, dtype=np.uint8))


def _extend(s: Connection, found: Nearest) -> None:
    """Take up passages made since; where the number calls for another kind of index, begin anew."""
    last = int(found.ids[-1]) if len(found.ids) else 0
    columns = (passage.c.id, passage.c.item_id, passage.c.part, passage.c.vector)
    total = s.execute(select(passage.c.id).order_by(passage.c.id.desc()).limit(1)).scalar() or 0
    if total <= last:
        return
    if _kind(len(found.ids) + total - last) != _kind(len(found.ids)):
        found.ids, found.items, found.kinds = found.ids[:0], found.items[:0], found.kinds[:0]
        found.index, found.saved, last = None, 0, 0
    expected = len(found.ids) + total - last
    while True:
        query = (
            select(*columns).where(passage.c.id > last).order_by(passage.c.id).limit(READ_AT_ONCE)
        )
        rows = s.execute(query).all()
        if not rows:
            return
        new = vectors.stacked([r.vector for r in rows]).astype(np.float32)
        if found.index is None:
            found.index = _make(s, expected, new.shape[1])
        found.index.add(new)
        found.ids = np.append(found.ids, [r.id for r in rows])
        found.items = np.append(found.items, [r.item_id for r in rows])
        kinds = [vectors.PARTS.index(vectors.kind_of(r.part)) for r in rows]
        found.kinds = np.append(found.kinds, np.array(kinds, dtype=np.uint8))
        last = rows[-1].id


def _faiss() -> Any:
    import faiss

    return faiss


def _kind(number: int) -> int:
    return (number > EXACT_UP_TO) + (number > WHOLE_UP_TO)


def _make(s: Connection, number: int, dimension: int) -> Any:
    """An empty index of the kind that so many passages call for, trained where it must be."""
    faiss = _faiss()
    if number <= EXACT_UP_TO:
        return faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
    step = max(1, number // TRAIN_ON)
    sample = s.execute(select(passage.c.vector).where(passage.c.id % step == 0)).scalars().all()
    training = vectors.stacked(sample).astype(np.float32)
    if number <= WHOLE_UP_TO:
        index = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
    else:
        lists = int(2 * number**0.5)
        coarse = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            coarse, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        coarse.this.disown()
        index.own_fields = True
    index.train(training)
    return index


def _key() -> bytes:
    """This user's key for the guard of index files; made on first use, never in a case."""
    file = paths.cache_folder() / "index.key"
    with contextlib.suppress(FileExistsError):
        making = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(making, "wb") as f:
            f.write(os.urandom(_MAC))
    return hashlib.sha256(file.read_bytes()).digest()
