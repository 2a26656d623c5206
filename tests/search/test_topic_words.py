from __future__ import annotations

import numpy as np

from casekit.queries import matching
from casekit.search import topic_words
from casekit.store.case import Case
from tests.search.builders import add


def words(case: Case, texts: list[tuple[int, str]]) -> dict[int, list[str]]:
    with case.write() as s:
        ids = [add(s, texts={"body": text}) for _, text in texts]
    with case.read() as s:
        owners = np.array([owner for owner, _ in texts])
        return topic_words.characteristic(s, np.array(ids), owners, np.ones(len(ids), np.float32))


def test_words_that_stand_everywhere_and_numbers_and_short_words_name_nothing(case: Case) -> None:
    found = words(
        case,
        [
            (1, "we poach the egg at 9 in water"), (1, "we poach the eggs at 10 in water"),
            (2, "we sail the ship at 9 on water"), (2, "we sail the ship at 10 on water"),
        ],
    )  # fmt: skip
    assert found == {1: ["poach"], 2: ["sail", "ship"]}


def test_a_topic_of_one_item_and_a_case_of_one_topic_have_words_too(case: Case) -> None:
    found = words(case, [(1, "rose"), (2, "anchor chain"), (2, "anchor rope")])
    assert found == {1: ["rose"], 2: ["anchor"]}


def test_chinese_is_told_by_two_characters(case: Case) -> None:
    found = words(case, [(1, "天气很好"), (1, "天气不好"), (2, "水煮鸡蛋"), (2, "水煮鸡肉")])
    assert found == {1: ["天气"], 2: ["水煮", "煮鸡"]}


def test_hidden_characters_part_no_word() -> None:
    assert list(matching.terms("an\u200bchor CAFÉ x1 他", topic_words._names)) == ["anchor", "cafe"]
