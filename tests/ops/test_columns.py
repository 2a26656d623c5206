from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casekit.ops import items as item_ops
from casekit.ops.columns import ItemColumns, digest_columns, is_one
from casekit.ops.items import Filed, NewItem, Received
from casekit.queries import problems
from casekit.store.case import Case, create_case
from tests.builders import make_exchange, make_mail, sha

ORIGINAL = sha(b"log")


def exchanges() -> list[NewItem]:
    """Some with, some without a time, a system prompt and a count."""
    made = [make_exchange(f"Why {n}?", f"So {n}.", "m-1", account=f"a{n}") for n in range(4)]
    made[1].columns |= {
        "sent_us": 7,
        "sent_raw": "1970",
        "sent_field": "ts",
        "sent_zone": "explicit",
    }
    made[1].columns["sent_resolution_us"] = 1
    made[1].texts = [("system", "Be brief."), *made[1].texts]
    made[2].texts = made[2].texts[1:]
    made[3].exchange = {"model": "m-1", "input_tokens": 3, "cost": 0.25}
    made[3].problems = [{"path": "log", "stage": "parse", "kind": "odd", "text": "Odd.", "line": 4,
                         "offset": 30, "length": None}]  # fmt: skip
    return made


def laid_out(items: list[NewItem]) -> ItemColumns:
    def column(rows: list[Any], name: str) -> list[Any]:
        return [row.get(name) for row in rows]

    rows, calls = [new.columns for new in items], [new.exchange or {} for new in items]
    texts = [dict(new.texts) for new in items]
    return ItemColumns(
        {name: column(rows, name) for name in {name: None for row in rows for name in row}},
        [(part, column(texts, part)) for part in ("system", "prompt", "output")],
        {name: column(calls, name) for name in {name: None for call in calls for name in call}},
        [(place, row) for place, new in enumerate(items) for row in new.problems],
    )


def test_a_digest_is_the_one_of_the_item_by_itself() -> None:
    items, found = exchanges(), laid_out(exchanges())
    for new in items:
        item_ops.digest_family(new, ORIGINAL)
    digest_columns(found, ORIGINAL)
    assert found.digests == [new.digest for new in items]


def test_a_value_that_all_share_is_part_of_each_digest_and_row(tmp_path: Path) -> None:
    items = [make_exchange("Why?", f"So {n}.", "m-1", cost=0.0, seed=0) for n in range(3)]
    items[1].exchange = {**(items[1].exchange or {}), "cost": -0.0}
    found = laid_out(items)
    for new in items:
        item_ops.digest_family(new, ORIGINAL)
    digest_columns(found, ORIGINAL)
    assert found.digests == [new.digest for new in items]
    several: list[list[object]] = [
        [0.0, -0.0, 0.0],
        [0.5, 0.5],
        [0, 0],
        ["a", "b", "a"],
        [None] * 2,
    ]
    assert list(map(is_one, several)) == [False, True, True, False, True]
    found.digests.clear()
    with filed(tmp_path / "A", [found, laid_out(items[:1])])[0] as case, case.read() as s:
        query = "SELECT id, root_id, parent_id, digest FROM item"
        rows = [(n, n, None, new.digest) for n, new in enumerate([*items, items[0]], 1)]
        assert s.exec_driver_sql(query).fetchall() == rows
        asked = "SELECT text FROM item_text WHERE no = 0 ORDER BY item_id"
        assert list(s.exec_driver_sql(asked).scalars()) == ["Why?"] * 4


def test_an_item_without_texts_or_values_is_one_too() -> None:
    (new,) = exchanges()[:1]
    new.texts, new.exchange = (), {}
    found = ItemColumns({name: [value] for name, value in new.columns.items()}, (), {})
    item_ops.digest_family(new, ORIGINAL)
    digest_columns(found, ORIGINAL)
    assert found.digests == [new.digest]


def filed(folder: Path, heads: Sequence[NewItem | ItemColumns]) -> tuple[Case, Filed]:
    case = create_case(folder, "Matter")
    for head in heads:
        if isinstance(head, ItemColumns):
            digest_columns(head, ORIGINAL)
        else:
            item_ops.digest_family(head, ORIGINAL)
    with case.write() as s:
        run = item_ops.start_run(s, "[]", "none")
        new = Filed(ORIGINAL, "jsonl", "read", list(heads))
        item_ops.file_batch(s, run, [Received(ORIGINAL, 3, "", {"path": "log"})], [new])
    return case, new


def test_the_rows_are_those_of_items_filed_one_by_one(tmp_path: Path) -> None:
    letter = make_mail("a letter", "a@x.example", "b@x.example")
    singly, one = filed(tmp_path / "A", [letter, *exchanges(), letter])
    at_once, other = filed(tmp_path / "B", [letter, laid_out(exchanges()), letter])
    with singly, at_once, singly.read() as s, at_once.read() as t:
        for table in ("item", "item_text", "exchange", "original", "item_party"):
            query = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert s.exec_driver_sql(query).fetchall() == t.exec_driver_sql(query).fetchall()
        assert problems.problems(s) == problems.problems(t)
        assert [(p.item_id, p.kind, p.line) for p in problems.problems(t)] == [(5, "odd", 4)]
        assert item_ops.known_originals(t, [ORIGINAL]) == {ORIGINAL: ("read", 6)}
    assert (one.number, one.first_id, other.number, other.first_id) == (6, 1, 6, 1)
