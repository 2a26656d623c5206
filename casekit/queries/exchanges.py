"""Exchanges read for analysis: who answered what, with the texts that a comparison needs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from casekit.store.tables import exchange, item, item_text, receipt

_ANSWERED = exchange.c.status.is_(None) | (exchange.c.status < 400)


AT_ONCE = 20_000  # answers read together
MOST_IDS = 5_000  # of items, in one query


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer to one prompt; `digest` (32 bytes) is the item's canonical digest.

    `temperature` is that of its sampling, None if the source does not tell it.
    """

    item_id: int
    prompt_sha256: bytes
    digest: bytes
    prompt: str
    output: str
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """An answer of an API log: to whom and when; `digest` (32 bytes) is the item's canonical digest."""

    item_id: int
    prompt_sha256: bytes
    digest: bytes
    account: str
    sent_us: int | None
    prompt: str
    output: str
    temperature: float | None


def answers(s: Connection, model: str, collection: str = "outputs") -> list[Answer]:
    """All answers of a model in a collection that have a prompt and words of output, in order of item.

    What a server refused, or failed at, is no answer.
    """
    return list(_found(s, _answers(model, collection)))


def in_batches(
    s: Connection, model: str, collection: str, size: int = AT_ONCE
) -> Iterator[list[Answer]]:
    """The same answers in parts of at most `size`, so that memory does not grow with the log."""
    last = 0
    while True:
        query = _answers(model, collection).where(item.c.id > last).limit(size)
        rows = s.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        found = [_answer(r) for r in rows if r.output.strip()]
        if found:
            yield found


def by_item(s: Connection, model: str, collection: str, item_id: int) -> Answer:
    """One of these answers, by its item."""
    return next(_found(s, _answers(model, collection).where(item.c.id == item_id)))


def _answers(model: str, collection: str) -> Select[Any]:
    prompt, output = item_text.alias("prompt"), item_text.alias("output")
    return (
        select(
            item.c.id, exchange.c.prompt_sha256, item.c.digest, prompt.c.text.label("prompt"),
            output.c.text.label("output"), exchange.c.temperature,
        )
        .join(exchange, exchange.c.item_id == item.c.id)
        .join(prompt, (prompt.c.item_id == item.c.id) & (prompt.c.part == "prompt"))
        .join(output, (output.c.item_id == item.c.id) & (output.c.part == "output"))
        .where(exchange.c.model == model, item.c.collection == collection)
        .where(exchange.c.prompt_sha256.is_not(None), _ANSWERED)
        .order_by(item.c.id)
    )  # fmt: skip


def _found(s: Connection, query: Select[Any]) -> Iterator[Answer]:
    return (_answer(row) for row in s.execute(query) if row.output.strip())


def _answer(row: Any) -> Answer:
    return Answer(row.id, row.prompt_sha256, row.digest, row.prompt, row.output, row.temperature)


def models(s: Connection, collection: str = "outputs") -> list[str]:
    """The names of all models that answered in a collection, in order."""
    named = (
        select(exchange.c.model)
        .join(item, item.c.id == exchange.c.item_id)
        .where(item.c.collection == collection, exchange.c.model.is_not(None))
        .distinct()
    )
    return sorted(s.execute(named).scalars())


def by_prompt(s: Connection, model: str) -> dict[bytes, Answer]:
    """A model's first answer to each prompt, by the prompt's SHA-256 (32 bytes)."""
    first: dict[bytes, Answer] = {}
    for answer in answers(s, model):
        first.setdefault(answer.prompt_sha256, answer)
    return first


def tasks(s: Connection, answers: Mapping[bytes, int]) -> dict[bytes, str]:
    """To which task prompts belong, where the set of an answer says so (`task`, or else `dataset`).

    Args:
        s: A reading session.
        answers: By prompt (SHA-256, 32 bytes) the item that answers it.
    """
    prompts = {item_id: prompt for prompt, item_id in answers.items()}
    found: dict[bytes, str] = {}
    wanted = sorted(prompts)
    for start in range(0, len(wanted), MOST_IDS):
        ids = wanted[start : start + MOST_IDS]
        query = select(exchange.c.item_id, exchange.c.extra).where(exchange.c.item_id.in_(ids))
        for item_id, extra in s.execute(query.where(exchange.c.extra.is_not(None))):
            told = json.loads(extra)
            name = next((told[key] for key in ("task", "dataset") if told.get(key)), None)
            if isinstance(name, str):
                found[prompts[item_id]] = name
    return found


def served(s: Connection, model: str, prompts: Collection[bytes]) -> list[Served]:
    """The answers that a model's API log holds to some prompts, oldest first, with their accounts.

    A request that was refused or failed, or was answered without a word, served nobody.

    Args:
        s: A reading session.
        model: As the log names it.
        prompts: SHA-256 (32 bytes) of the prompts wanted.
    """
    prompt, output = item_text.alias("prompt"), item_text.alias("output")
    query = (
        select(
            item.c.id, exchange.c.prompt_sha256, item.c.digest, exchange.c.account, item.c.sent_us,
            exchange.c.temperature, prompt.c.text.label("prompt"), output.c.text.label("output"),
        )
        .join(exchange, exchange.c.item_id == item.c.id)
        .join(prompt, (prompt.c.item_id == item.c.id) & (prompt.c.part == "prompt"))
        .join(output, (output.c.item_id == item.c.id) & (output.c.part == "output"))
        .where(exchange.c.model == model, item.c.collection == "api-log")
        .where(exchange.c.account.is_not(None), exchange.c.prompt_sha256.is_not(None), _ANSWERED)
        .order_by(item.c.sent_us, item.c.id)
    )  # fmt: skip
    return [
        Served(
            r.id, r.prompt_sha256, r.digest, r.account, r.sent_us, r.prompt, r.output, r.temperature
        )
        for r in s.execute(query)
        if r.prompt_sha256 in prompts and r.output.strip()
    ]


def said_by_controls(
    s: Connection, prompts: Collection[bytes], without: Collection[int] = ()
) -> list[tuple[str, str]]:
    """(model, output) of every answer of a control to some prompts, in order of item.

    A control is a model whose outputs were received as such.

    Args:
        s: A reading session.
        prompts: SHA-256 (32 bytes) of the prompts.
        without: Items that are left out.
    """
    controls = select(receipt.c.original_id).where(receipt.c.role == "control")
    query = (
        select(item.c.id, exchange.c.model, exchange.c.prompt_sha256, item_text.c.text)
        .join(exchange, exchange.c.item_id == item.c.id)
        .join(item_text, (item_text.c.item_id == item.c.id) & (item_text.c.part == "output"))
        .where(
            item.c.original_id.in_(controls), exchange.c.prompt_sha256.in_(list(prompts)), _ANSWERED
        )
        .order_by(item.c.id)
    )
    return [(row.model or "", row.text) for row in s.execute(query) if row.id not in without]
