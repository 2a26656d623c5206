from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casekit.progress import Silent
from casekit.queries import first_rows, items
from casekit.queries.first_rows import first_ids
from casekit.search import filling, query
from casekit.store.case import Case, create_case
from tests.search.builders import add, add_logs

ASKED = (
    "alpha", "alpha OR beta", "alpha -beta", "account:acct_0001", "model:model-3 beta", "status:429",
    "status:200 gamma", "in:api-log alpha", "in:documents alpha", "kind:exchange -beta", "has:text",
    "date:2025-01 alpha", "id:5..40 beta", "(model:model-1 OR model:model-2) gamma", "NOT status:200",
    "title:alpha", "ip:10.0.3.3", "thread:7 OR alpha", "conversation:x OR gamma", "custodian:x OR beta",
    "name:x OR alpha", "tag:hot OR gamma", "privilege:not-applicable beta", "nowhere",
)  # fmt: skip
ORDERS: tuple[items.Order, ...] = get_args(items.Order)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """600 exchanges whose times are in another order than their ids, and three documents without a time."""
    made = create_case(tmp_path_factory.mktemp("logs") / "Logs", "Logs")
    prompts = ["alpha", "beta gamma", "alpha beta", "delta", "gamma"]
    add_logs(made, 600, prompts, ["alpha gamma", "epsilon", "zeta"])
    with made.write() as s:
        for _ in range(3):
            add(s, texts={"body": "alpha beta"})
    filling.index_pending(made, Silent())
    return made


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.sampled_from(ASKED), order=st.sampled_from(ORDERS), limit=st.sampled_from([1, 7, 50]),
    windows=st.sampled_from([(20, 100), (200, 300), (600, 600), (900, 1000)]),
    gap=st.sampled_from([1, 30, 1000]), walked=st.sampled_from([30, 200, 1000]),
    sample=st.sampled_from([1, 50, 1000]),
)  # fmt: skip
def test_the_first_rows_are_the_first_of_the_whole_list(
    logs: Case, text: str, order: items.Order, limit: int, windows: tuple[int, int], gap: int,
    walked: int, sample: int, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch, logs.read() as s:
        patch.setattr(first_rows, "WINDOWS", windows)
        patch.setattr(first_rows, "GAP", gap)
        patch.setattr(first_rows, "WALKED", walked)
        patch.setattr(first_rows, "SAMPLE", sample)
        patch.setattr(first_rows, "MOST_RUNS", 1000)
        found = first_ids(s, query(logs, text), order=order, limit=limit)
        whole = items.item_ids(s, query(logs, text), order=order)
        assert found is None or np.array_equal(found, whole[:limit])


def test_common_words_are_answered_from_the_newest_items(logs: Case) -> None:
    with logs.read() as s:
        assert first_ids(s, query(logs, "alpha"), limit=5) is not None
        assert first_ids(s, query(logs, "nowhere"), limit=5) is not None  # all were looked at
        assert first_ids(s, query(logs, "nowhere"), order="date", limit=5) is None


def test_where_items_lie_far_apart_the_whole_list_is_asked(
    logs: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_rows, "GAP", 1)
    monkeypatch.setattr(first_rows, "MOST_RUNS", 3)
    monkeypatch.setattr(first_rows, "WINDOWS", (50, 60))
    with logs.read() as s:
        assert first_ids(s, query(logs, "alpha"), limit=5) is None


@pytest.mark.parametrize("order", ["size", "title", "account", "model"])
def test_in_other_orders_a_common_filter_is_asked_of_those_that_come_first(
    logs: Case, order: items.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is sorted in vain where few match, or where the index of words gives all matches."""
    monkeypatch.setattr(first_rows, "WALKED", 200)
    monkeypatch.setattr(first_rows, "SAMPLE", 100)
    with logs.read() as s:
        for text in ("status:200", "in:api-log", "model:*", "NOT status:429", "kind:exchange"):
            found = first_ids(s, query(logs, text), order=order, limit=50)
            assert found is not None
            assert np.array_equal(
                found, items.item_ids(s, query(logs, text), order=order, limit=50)
            )
        sorted_by: list[str] = []
        monkeypatch.setattr(first_rows, "in_order", lambda _s, _q, by: sorted_by.append(by))
        for text in ("status:429", "tag:hot", "id:5..9", "alpha", "NOT beta", "account:acct*"):
            assert first_ids(s, query(logs, text), order=order, limit=50) is None
        assert not sorted_by


def test_what_stands_at_the_end_of_an_order_is_not_looked_for_at_its_beginning(
    logs: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample says that enough match, and none of them comes first."""
    monkeypatch.setattr(first_rows, "WALKED", 200)
    monkeypatch.setattr(first_rows, "SAMPLE", 600)
    with logs.read() as s:
        node = query(logs, "model:model-6")
        assert first_ids(s, node, order="model", limit=20) is None
        found = first_ids(s, node, order="title", limit=20)
        assert found is not None
        assert np.array_equal(found, items.item_ids(s, node, order="title", limit=20))
