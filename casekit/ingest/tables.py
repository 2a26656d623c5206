"""Hands what an import has filed on to the tables for analytics, which are made of it on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casekit.ops.columns import ItemColumns
from casekit.ops.items import Filed, NewItem
from casekit.store import sidecar
from casekit.store.growing import Growing


def hand_on(filed: Iterable[Filed], growing: Growing) -> None:
    """Tell of items just committed; what a second reading grafted in is left to `sidecar.update`."""
    for each in filed:
        id_ = each.first_id
        for head in each.heads:
            if isinstance(head, ItemColumns):
                growing.add(
                    id_, len(head), _columns(each.sha256, head.item, head.exchange, head.texts)
                )
                id_ += len(head)
            else:
                id_ = _hand_on_family(id_, head, each.sha256, growing)


def _hand_on_family(id_: int, new: NewItem, original: bytes, growing: Growing) -> int:
    """Tell of an item and all below it; returns the id behind them."""
    original = new.original or original
    if new.exchange is None:
        growing.add(id_, 1)
    else:
        item, exchange = _single(new.columns), _single(new.exchange)
        texts = [(part, (text,)) for part, text in new.texts]
        growing.add(id_, 1, _columns(original, item, exchange, texts))
    id_ += 1
    for child in new.children:
        id_ = _hand_on_family(id_, child, original, growing)
    return id_


def _single(row: Mapping[str, Any]) -> dict[str, tuple[Any]]:
    return {name: (value,) for name, value in row.items()}


def _columns(
    original: bytes,
    item: Mapping[str, Sequence[Any]],
    exchange: Mapping[str, Sequence[Any]],
    texts: Iterable[tuple[str, Sequence[Any]]],
) -> dict[str, Sequence[Any]]:
    columns: dict[str, Sequence[Any]] = {name: item[name] for name in sidecar.ITEM if name in item}
    columns["original_sha256"] = (original,) * len(columns["kind"])
    columns.update(exchange)
    columns.update((part, said) for part, said in texts if part in sidecar.TEXTS)
    return columns
