from __future__ import annotations

import pytest

from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries.sequestered import Sequestered
from casekit.search import filling, vectors, why
from casekit.search.engine import HashEmbedder
from casekit.search.why import Why
from casekit.store.case import Case
from tests.search.builders import add

EMBEDDER = HashEmbedder(256)
LEFT = "The zither was tuned at dawn. We ate bread and cheese in the garden. Nobody came that day at all."
RIGHT = "Rain fell on the roof all night. At dawn the zither was tuned. They sold the house in the spring."


@pytest.fixture
def filled(case: Case) -> Case:
    """Two answers to one prompt (1, 2), a third that has one of their words (3), and much that has others."""
    with case.write() as s:
        for said in (LEFT, RIGHT, "A zither is an instrument."):
            asked = "What of the zither and the bread?"
            add(
                s, kind="exchange", texts={"prompt": asked, "output": said}, exchange={"model": "m"}
            )
        for n in range(30):
            add(s, texts={"body": f"The house and the garden, night and day, number {n} of all."})
    filling.index_pending(case, Silent())
    vectors.index_pending(case, EMBEDDER, Silent())
    return case


def explained(case: Case) -> Why:
    return why.explain(case, 1, 2, embedder=EMBEDDER)


def test_the_nearest_sentences_are_paired_each_once(filled: Case) -> None:
    found = explained(filled)
    best = found.pairs[0]
    assert LEFT[slice(*best.left)] == "The zither was tuned at dawn."
    assert RIGHT[slice(*best.right)] == "At dawn the zither was tuned."
    assert best.cosine > 0.99
    assert (
        len({p.left for p in found.pairs})
        == len({p.right for p in found.pairs})
        == len(found.pairs)
    )
    assert [p.cosine for p in found.pairs] == sorted((p.cosine for p in found.pairs), reverse=True)
    assert (found.model, found.cut) == ("hashed words (hash)", False)
    assert found.likeness is not None
    assert 0 < found.likeness < 1


def test_words_that_both_have_come_rarest_first_with_how_many_items_have_them(filled: Case) -> None:
    found = explained(filled)
    assert [(w.word, w.items, w.in_prompt) for w in found.words] == [
        ("dawn", 2, False), ("tuned", 2, False), ("was", 2, False), ("zither", 3, True),
    ]  # fmt: skip
    assert found.total == 33
    assert [run.words for run in found.comparison.shared] == []


def test_nothing_sequestered_counts_or_shows(filled: Case) -> None:
    with filled.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 3"], reference="letter"))
    found = explained(filled)
    assert [(w.word, w.items) for w in found.words if w.word == "zither"] == [("zither", 2)]
    assert found.total == 32
    with pytest.raises(Sequestered):
        why.explain(filled, 1, 3, embedder=EMBEDDER)


def test_vectors_of_another_model_give_no_sentences(filled: Case) -> None:
    found = why.explain(filled, 1, 2, embedder=HashEmbedder(64))
    assert (found.pairs, found.model) == ((), "")
    assert found.words


def test_a_case_without_vectors_still_has_words(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with case.write() as s:
        add(s, texts={"body": LEFT})
        add(s, texts={"body": RIGHT})
    filling.index_pending(case, Silent())
    found = why.explain(case, 1, 2)
    assert (found.likeness, found.model, found.pairs) == (None, "", ())
    assert "zither" in [w.word for w in found.words]


@pytest.mark.parametrize(
    "untrusted", ["", "\x00", "。" * 900, "a. " * 5_000, "x" * 50_000, '"OR* NEAR(']
)
def test_hostile_texts_are_compared(case: Case, untrusted: str) -> None:
    with case.write() as s:
        for _ in range(2):
            add(s, texts={"body": f"{untrusted} zither dawn bread cheese."})
    filling.index_pending(case, Silent())
    vectors.index_pending(case, EMBEDDER, Silent())
    assert "zither" in [w.word for w in explained(case).words]


def test_of_many_sentences_the_first_are_compared_and_it_says_so(case: Case) -> None:
    with case.write() as s:
        for _ in range(2):
            add(s, texts={"body": "One two three four five. " * (why.SENTENCES + 1)})
    filling.index_pending(case, Silent())
    vectors.index_pending(case, EMBEDDER, Silent())
    found = explained(case)
    assert found.cut
    assert len(found.pairs) == why.MOST_PAIRS


def test_chinese_sentences_and_words_of_two_characters(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "古琴在黎明时调好了。我们在花园里吃面包。"})
        add(s, texts={"body": "整夜下雨。古琴在黎明时调好了。"})
    filling.index_pending(case, Silent())
    vectors.index_pending(case, EMBEDDER, Silent())
    found = explained(case)
    assert "古琴" in [w.word for w in found.words]
    assert [found.left.text("body")[slice(*p.left)] for p in found.pairs] == [
        "古琴在黎明时调好了。"
    ]
