from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ops import clawback
from casekit.progress import Silent
from casekit.search import index_pending, items_with, terms_in
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        (["fox"], "A Fox, foxglove", [("Fox", 0)]),
        (["fox*", "price list"], "foxglove price-list", [("foxglove", 0), ("price-list", 1)]),
        (["price l*"], "price lists, price tag", [("price lists", 0)]),
        (["acct_9001"], "acct_9001 acct 9001", [("acct_9001", 0), ("acct 9001", 0)]),
        (["muller"], "Mu\u0308ller", [("Mu\u0308ller", 0)]),
        (["confidential"], "confi\u200bdential", [("confi\u200bdential", 0)]),
        (["合同"], "本合同书，合。同", [("合同", 0)]),
        (["a b", "b a"], "a b a", [("a b", 0), ("b a", 1)]),
        (["end now"], "the end", []),
        ([], "anything", []),
    ],
)
def test_terms_are_found_in_one_walk(
    terms: list[str], text: str, expected: list[tuple[str, int]]
) -> None:
    assert [(text[a:b], n) for a, b, n in terms_in(terms, text)] == expected


def test_items_with_a_term_are_counted_as_a_search_counts_them(case: Case, tmp_path: Path) -> None:
    heads = [make_item("gossip"), make_item("b"), make_item("c")]
    for head, words in zip(
        heads, ("distilled water", "the gossip column", "distillation"), strict=True
    ):
        head.texts = [("body", words)]
    file_items(case, heads, tmp_path)
    index_pending(case, Silent(), vectors=False)
    assert items_with(case, ["gossip", "distil*", "nowhere", "distilled water"]) == [2, 2, 0, 1]
    with case.write() as s:
        clawback.receive_notice(s, clawback.Notice("Them", ["item 2"], reference="letter"))
    assert items_with(case, ["gossip"]) == [1]
