"""Exchanges read for analysis: who answered what, with the texts that a comparison needs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.store.tables import exchange, item, item_text


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


def answers(s: Connection, model: str, collection: str = "outputs") -> list[Answer]:
    """All answers of a model in a collection that have a prompt and an output, in order of item."""
    prompt, output = item_text.alias("prompt"), item_text.alias("output")
    query = (
        select(
            item.c.id, exchange.c.prompt_sha256, item.c.digest, prompt.c.text.label("prompt"),
            output.c.text.label("output"), exchange.c.temperature,
        )
        .join(exchange, exchange.c.item_id == item.c.id)
        .join(prompt, (prompt.c.item_id == item.c.id) & (prompt.c.part == "prompt"))
        .join(output, (output.c.item_id == item.c.id) & (output.c.part == "output"))
        .where(exchange.c.model == model, item.c.collection == collection)
        .where(exchange.c.prompt_sha256.is_not(None))
        .order_by(item.c.id)
    )  # fmt: skip
    return [
        Answer(r.id, r.prompt_sha256, r.digest, r.prompt, r.output, r.temperature)
        for r in s.execute(query)
    ]
