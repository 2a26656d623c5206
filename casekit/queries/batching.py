"""What a review set is made of: a drawn sample that anyone can draw again, and batches that break no family."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.queries.conversations import ANY_NAME
from casekit.store.tables import exchange, item, mail_thread

CHUNK = 500
MOST_BATCHES = 100_000


def digests(s: Connection, item_ids: Sequence[int]) -> dict[int, bytes]:
    """The canonical digest (32 bytes) of each of some items in their order; one not in the case is left out."""
    found: dict[int, bytes] = {}
    for some in _chunks(item_ids):
        query = select(item.c.id, item.c.digest).where(item.c.id.in_(some))
        found.update(map(tuple, s.execute(query)))
    return {i: found[i] for i in dict.fromkeys(item_ids) if i in found}


def population_hash(population: Mapping[int, bytes]) -> bytes:
    """SHA-256 over the digests of a population in ascending order, so that it names a set and no order."""
    return hashlib.sha256(b"".join(sorted(population.values()))).digest()


def draw(population: Mapping[int, bytes], size: int, seed: int) -> list[int]:
    """A simple random sample, in the order of the population: the same for the same items and seed anywhere.

    Taken are the items with the lowest SHA-256 of seed (decimal), line feed and digest; items that are equal
    to the last bit come in order of id.
    """
    head = f"{seed}\n".encode()
    ranked = sorted(population, key=lambda i: (hashlib.sha256(head + population[i]).digest(), i))
    taken = set(ranked[:size])
    return [i for i in population if i in taken]


def together(s: Connection, item_ids: Sequence[int]) -> list[list[int]]:
    """The items in groups that one reviewer reads: families, mail threads and conversations.

    Groups come in the order of their first items, the items of each in the given order.
    """
    keys = _keys(s, item_ids)
    leader: dict[tuple[str, object], tuple[str, object]] = {}

    def find(key: tuple[str, object]) -> tuple[str, object]:
        while (above := leader.setdefault(key, key)) != key:
            leader[key] = leader[above]
            key = above
        return key

    for own in keys.values():
        for other in own[1:]:
            leader[find(other)] = find(own[0])
    groups: dict[tuple[str, object], list[int]] = {}
    for item_id in item_ids:
        groups.setdefault(find(keys[item_id][0]), []).append(item_id)
    return list(groups.values())


def batches(groups: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """Groups put into batches of up to `size` items; a group that is larger has a batch of its own."""
    found: list[list[int]] = []
    for group in groups:
        if not found or len(found[-1]) + len(group) > size:
            found.append([])
        found[-1] += group
    return found


def _keys(s: Connection, item_ids: Sequence[int]) -> dict[int, list[tuple[str, object]]]:
    """What each item belongs to: always its family, and thread and conversation of itself or its head."""
    query = select(item.c.id, item.c.root_id).where
    roots: dict[int, int] = {}
    for some in _chunks(item_ids):
        roots.update(map(tuple, s.execute(query(item.c.id.in_(some)))))
    heads = sorted({*roots.values()})
    threads: dict[int, int] = {}
    talks: dict[int, str] = {}
    for some in _chunks(heads):
        query_threads = select(mail_thread.c.item_id, mail_thread.c.thread_id)
        threads.update(map(tuple, s.execute(query_threads.where(mail_thread.c.item_id.in_(some)))))
        named = select(item.c.id, ANY_NAME).outerjoin(exchange, exchange.c.item_id == item.c.id)
        talks.update((i, name) for i, name in s.execute(named.where(item.c.id.in_(some))) if name)
    found: dict[int, list[tuple[str, object]]] = {}
    for item_id in item_ids:
        root = roots[item_id]
        keys: list[tuple[str, object]] = [("family", root)]
        if root in threads:
            keys.append(("thread", threads[root]))
        if root in talks:
            keys.append(("conversation", talks[root]))
        found[item_id] = keys
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK))


def numbers(text: str) -> list[int]:
    """Numbers and ranges such as 1-3,7.

    Raises:
        CaseKitError: They are something else.
    """
    wanted: list[int] = []
    try:
        for piece in filter(None, (p.strip() for p in text.split(","))):
            first, _, last = piece.partition("-")
            wanted += range(int(first), int(last or first) + 1)[:MOST_BATCHES]
            if len(wanted) >= MOST_BATCHES:
                raise ValueError(text)
    except ValueError as error:
        raise CaseKitError("Write batches as numbers and ranges, such as 1-3,7.") from error
    return wanted
