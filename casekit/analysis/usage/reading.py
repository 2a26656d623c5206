"""What a usage finding asks the case for besides its Parquet files: decided times, joined parts, hashes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from casekit.analysis.usage.frame import NO_CALL
from casekit.analysis.usage.reappear import Models
from casekit.errors import CaseKitError
from casekit.queries import exchanges, sequestered, times
from casekit.store import canonical
from casekit.store.tables import exchange, exchange_join, item


def decided(s: Connection) -> tuple[list[int], list[int]]:
    """Items whose assumed time a person has decided, and their instants (microseconds UTC)."""
    query = select(item.c.id, times.instant_us()).where(times.is_assumed(), times.usable())
    rows = s.execute(query.where(item.c.collection == "api-log")).all()
    return [r[0] for r in rows], [r[1] for r in rows]


def joined(s: Connection) -> tuple[list[int], list[int]]:
    """Items that are parts of one exchange, and the number that they share."""
    j = exchange_join.c
    rows = s.execute(select(j.item_id, j.join_id).order_by(j.item_id)).all()
    many = {join for item_id, join in rows if item_id != join}
    kept = [(item_id, join) for item_id, join in rows if join in many]
    return [r[0] for r in kept], [r[1] for r in kept]


def inputs(s: Connection) -> list[dict[str, Any]]:
    """The log's calls by model: how many, and the root over their canonical digests in order of item."""
    query = select(exchange.c.model, item.c.digest).join(item, item.c.id == exchange.c.item_id)
    query = query.where(item.c.kind != NO_CALL)
    digests: dict[str, list[bytes]] = {}
    for model, digest in s.execute(query.where(item.c.collection == "api-log").order_by(item.c.id)):
        digests.setdefault(model or "", []).append(digest)
    return [
        {"model": model, "role": "log", "answers": len(found), "root": canonical.root(found).hex()}
        for model, found in sorted(digests.items())
    ]


def hidden(s: Connection) -> list[int]:
    """Items that are sequestered: Parquet files made before still hold them."""
    return sorted(sequestered.held(s))


def models(s: Connection, subject: str, controls: Sequence[str]) -> Models | None:
    """The answers that are looked through for the log's; None if no subject is named.

    Raises:
        CaseKitError: Controls are named without a subject or the other way round, one is the subject, or one
            has no answers.
    """
    named = tuple(dict.fromkeys(controls))
    if not subject and not named:
        return None
    if not subject or not named or subject in named:
        raise CaseKitError(
            "To look for the log’s answers, name a subject and at least one other model as a control."
        )
    found = {name: exchanges.answers(s, name) for name in (subject, *named)}
    for name, answers in found.items():
        if not answers:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    return Models(subject, named, found)


def inputs_of(asked: Models | None) -> list[dict[str, Any]]:
    """The models whose answers were looked through, as `inputs` tells those of the log."""
    if asked is None:
        return []
    return [
        {
            "model": name, "role": "subject" if name == asked.subject else "control", "answers": len(found),
            "root": canonical.root([one.digest for one in found]).hex(),
        }
        for name, found in asked.answers.items()
    ]  # fmt: skip
