from __future__ import annotations

import numpy as np
import pytest

from casekit.errors import Cancelled, CaseKitError
from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import clusters, items
from casekit.search import query, topics, vectors
from casekit.search.engine import HashEmbedder
from casekit.search.topics import TopicReport
from casekit.store.case import Case
from tests.search.builders import add
from tests.search.cluster_case import TOPICS, add_topics
from tests.search.test_near import Stopping


@pytest.fixture
def filled(case: Case) -> Case:
    """Documents 1 to 36 of three topics in turn, and a picture without text."""
    add_topics(case)
    with case.write() as s:
        add(s, title="Picture", kind="image", media_type="image/png")
    vectors.index_pending(case, HashEmbedder(256), Silent())
    return case


def told(case: Case) -> list[tuple[int, int, tuple[str, ...]]]:
    with case.read() as s:
        return [(row.id, row.items, row.words) for row in clusters.topics(s)]


def test_items_of_one_topic_are_together_and_its_own_words_name_it(filled: Case) -> None:
    assert topics.group(filled, number=3) == TopicReport(3, items=36, without=1, seed=topics.SEED)
    with filled.read() as s:
        for row in clusters.topics(s):
            ids = [m.item_id for m in clusters.topic_members(s, row.id, 100)]
            (kind,) = {(n - 1) % 3 for n in ids}
            assert row.items == len(ids) == 12
            assert len(row.words) == 6
            assert set(row.words) <= set(TOPICS[kind].split())
        made = clusters.standing(s, "topic").made
    assert made is not None
    assert (made.values["without"], made.values["model"], made.values["seed"]) == (
        1, "hashed words", topics.SEED,
    )  # fmt: skip


def test_the_most_typical_item_comes_first(filled: Case) -> None:
    topics.group(filled, number=3)
    with filled.read() as s:
        cosines = [m.cosine for m in clusters.topic_members(s, 1, 100)]
    assert cosines == sorted(cosines, reverse=True)
    assert 0.3 < cosines[-1] <= cosines[0] <= 1.001


def test_the_same_seed_gives_the_same_topics(filled: Case) -> None:
    def members() -> list[list[tuple[int, float]]]:
        with filled.read() as s:
            return [
                [(m.item_id, m.cosine) for m in clusters.topic_members(s, row.id, 100)]
                for row in clusters.topics(s)
            ]

    topics.group(filled, number=5, seed=7)
    first, words = members(), told(filled)
    topics.group(filled, number=5, seed=7)
    assert (members(), told(filled)) == (first, words)


def test_a_search_finds_a_topic(filled: Case) -> None:
    topics.group(filled, number=3)
    with filled.read() as s:
        wanted = sorted(m.item_id for m in clusters.topic_members(s, 2, 100))
    for text, ids in (("topic:2", wanted), ("topic:*", list(range(1, 37))), ("topic:9", [])):
        node = query(filled, text)
        with filled.read() as s:
            assert items.item_ids(s, node, order="id").tolist() == ids


def test_more_topics_than_different_items_leave_no_empty_one(case: Case) -> None:
    with case.write() as s:
        for _ in range(6):
            add(s, texts={"body": "the very same words"})
        add(s, texts={"body": "entirely otherwise said"})
    vectors.index_pending(case, HashEmbedder(), Silent())
    topics.group(case, number=5)
    assert [n for _, n, _ in told(case)] == [6, 1]


def test_without_vectors_and_with_a_number_that_makes_no_sense_it_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="Nothing is indexed by meaning"):
        topics.group(case)
    with pytest.raises(CaseKitError, match="2 to 200"):
        topics.group(case, number=1)


def test_a_cancelled_run_keeps_the_topics_of_before(filled: Case) -> None:
    topics.group(filled, number=3)
    before = told(filled)
    for number in range(4):
        with pytest.raises(Cancelled):
            topics.group(filled, Stopping(number), number=4)
    assert told(filled) == before


def test_words_of_what_was_sequestered_are_not_shown_until_topics_are_made_anew(
    filled: Case,
) -> None:
    topics.group(filled, number=3)
    with filled.read() as s:
        held = clusters.topic_members(s, 1, 1)[0].item_id
    with filled.write() as s:
        clawback.receive_notice(s, Notice("Them", [f"item {held}"], reference="letter"))
    rows = told(filled)
    assert rows[0][1:] == (11, ())
    assert all(words for _, _, words in rows[1:])
    with filled.read() as s:
        assert held not in [m.item_id for m in clusters.topic_members(s, 1, 100)]
    report = topics.group(filled, number=3)
    assert (report.items, report.without) == (35, 1)
    assert all(words for _, _, words in told(filled))


def test_items_are_read_alike_by_ranges_and_one_by_one(
    filled: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.read() as s:
        far = np.array([1, 36], dtype=np.int64)
        ((begun, some),) = topics._means(s, far)
        monkeypatch.setattr(topics, "AT_ONCE", 5)
        parts = list(topics._means(s, np.arange(1, 37)))
    assert begun == 0
    assert [n for n, _ in parts] == list(range(0, 36, 5))
    every = np.concatenate([part for _, part in parts])
    assert np.array_equal(every[[0, 35]], some)
    assert np.allclose(np.linalg.norm(every, axis=1), 1, atol=1e-5)


def test_the_usual_number_of_topics_can_be_read_as_a_list() -> None:
    assert [topics.usual(n) for n in (2, 60, 1_000, 10_000, 1_000_000)] == [2, 4, 16, 50, 60]
