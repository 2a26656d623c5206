"""Prompt sets, approved endpoints, and what was asked of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, union

from casekit.errors import CaseKitError
from casekit.store.collect_tables import asking, endpoint, prompt_set
from casekit.store.tables import (
    exchange,
    item,
    item_tier,
    privilege,
    redaction,
    redaction_box,
)

FINAL = ("answered", "refused")
"""States after which a question is not asked again."""


@dataclass(frozen=True, slots=True)
class PromptSet:
    """One set as registered; `body` is its canonical JSON read, `sha256` (32 bytes) that of its bytes."""

    id: int
    name: str
    body: dict[str, Any]
    sha256: bytes
    by: str
    made_us: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom a set is asked, with what was recorded before it was. Prices are of a million tokens, as written."""

    id: int
    set_id: int
    url: str
    protocol: str
    model: str
    role: str
    account_holder: str
    terms_id: int
    terms_accepted: str
    counsel: str
    operator: str
    price_input: str
    price_output: str
    currency: str
    price_source: str
    most: str
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an endpoint's questions are.

    Attributes:
        wanted: Prompts times samples.
        states: Questions sent, by what came of them; a question can have been sent more than once.
        done: Questions answered, or refused for good.
        input_tokens: As the answers tell; likewise `output_tokens`.
        first_us: When the first was sent, None if none was; likewise `last_us`.
        clock_us: The median of the server's clock less this machine's; None if it was never told.
        certificates: SHA-256 (hex) of every certificate that the server showed.
    """

    wanted: int
    states: dict[str, int]
    done: int
    input_tokens: int
    output_tokens: int
    first_us: int | None
    last_us: int | None
    clock_us: int | None
    certificates: tuple[str, ...]


def sets(s: Connection) -> list[PromptSet]:
    """All sets, oldest first."""
    return [
        PromptSet(r.id, r.name, orjson.loads(r.body), r.sha256, r.by, r.made_us)
        for r in s.execute(select(prompt_set).order_by(prompt_set.c.id))
    ]


def get(s: Connection, name: str) -> PromptSet:
    """The set of that name.

    Raises:
        CaseKitError: There is none.
    """
    for one in sets(s):
        if one.name == name:
            return one
    raise CaseKitError("There is no prompt set “{name}” in this case.", name=name)


def endpoints(s: Connection, set_id: int) -> list[Endpoint]:
    """The approved endpoints of a set, oldest first."""
    query = select(endpoint).where(endpoint.c.set_id == set_id).order_by(endpoint.c.id)
    return [Endpoint(**row._asdict()) for row in s.execute(query)]


def approved(s: Connection, set_id: int, model: str) -> Endpoint:
    """The endpoint of a set that is asked for a model.

    Raises:
        CaseKitError: None was approved.
    """
    for one in endpoints(s, set_id):
        if one.model == model:
            return one
    raise CaseKitError(
        "Nobody has approved asking “{model}” these prompts: record the account holder, the terms, the "
        "approving counsel and the operator first.",
        model=model,
    )


def prompts(s: Connection, chosen: PromptSet) -> tuple[list[dict[str, Any]], int]:
    """The prompts of a set that may leave, and how many may not.

    A prompt that was taken from the case may leave only while an item that shows it may be seen, and none that
    does is withheld for privilege, redacted in any place, or of a tier of the matter's order; one from a list
    of the person's own always may.
    """
    query = (
        select(exchange.c.prompt_sha256)
        .join(item, item.c.id == exchange.c.item_id)
        .where(exchange.c.prompt_sha256.is_not(None))
        .distinct()
    )
    held = union(*(select(t.c.item_id) for t in (privilege, redaction, redaction_box, item_tier)))
    taken = any(one["origin"] == "case" for one in chosen.body["prompts"])
    seen: set[str] = set()
    if taken:
        barred = {row[0] for row in s.execute(query.where(item.c.id.in_(held)))}
        seen = {row[0].hex() for row in s.execute(query) if row[0] not in barred}
    free = [
        one for one in chosen.body["prompts"] if one["origin"] != "case" or one["sha256"] in seen
    ]
    return free, len(chosen.body["prompts"]) - len(free)


def done(
    s: Connection, endpoint_id: int
) -> tuple[set[tuple[int, int]], dict[tuple[int, int], int]]:
    """The questions (prompt, sample) that need not be asked again, and the last attempt of each."""
    final: set[tuple[int, int]] = set()
    last: dict[tuple[int, int], int] = {}
    for row in s.execute(select(asking).where(asking.c.endpoint_id == endpoint_id)):
        place = (row.prompt_no, row.sample)
        last[place] = max(last.get(place, 0), row.attempt)
        if row.state in FINAL:
            final.add(place)
    return final, last


def tapes(s: Connection, endpoint_id: int) -> set[str]:
    """Names of the tapes whose questions are in the case."""
    query = select(asking.c.tape).where(asking.c.endpoint_id == endpoint_id).distinct()
    return {row[0] for row in s.execute(query)}


def standing(s: Connection, chosen: PromptSet, one: Endpoint) -> Standing:
    """How far an endpoint's questions are."""
    mine = asking.c.endpoint_id == one.id
    sums = s.execute(
        select(
            func.coalesce(func.sum(asking.c.input_tokens), 0),
            func.coalesce(func.sum(asking.c.output_tokens), 0),
            func.min(asking.c.sent_us),
            func.max(asking.c.sent_us),
        ).where(mine)
    ).one()
    rows = s.execute(
        select(asking.c.state, asking.c.clock_us, asking.c.certificate_sha256).where(mine)
    )
    states: Counter[str] = Counter()
    clocks: list[int] = []
    shown: dict[str, None] = {}
    for row in rows:
        states[row.state] += 1
        if row.clock_us is not None:
            clocks.append(row.clock_us)
        if row.certificate_sha256:
            shown[row.certificate_sha256.hex()] = None
    final, _ = done(s, one.id)
    wanted = len(chosen.body["prompts"]) * chosen.body["samples"]
    median = sorted(clocks)[len(clocks) // 2] if clocks else None
    return Standing(
        wanted, dict(sorted(states.items())), len(final), int(sums[0]), int(sums[1]), sums[2], sums[3],
        median, tuple(shown),
    )  # fmt: skip
