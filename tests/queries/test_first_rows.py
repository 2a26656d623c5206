from __future__ import annotations

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
    text=st.sampled_from(ASKED), newest=st.booleans(), limit=st.sampled_from([1, 7, 50]),
    windows=st.sampled_from([(20, 100), (200, 300), (600, 600), (900, 1000)]),
    gap=st.sampled_from([1, 30, 1000]),
)  # fmt: skip
def test_the_first_rows_are_the_first_of_the_whole_list(
    logs: Case, text: str, newest: bool, limit: int, windows: tuple[int, int], gap: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch, logs.read() as s:
        patch.setattr(first_rows, "WINDOWS", windows)
        patch.setattr(first_rows, "GAP", gap)
        patch.setattr(first_rows, "MOST_RUNS", 1000)
        found = first_ids(s, query(logs, text), newest=newest, limit=limit)
        whole = items.item_ids(s, query(logs, text), order="-date" if newest else "date")
        assert found is None or np.array_equal(found, whole[:limit])


def test_common_words_are_answered_from_the_newest_items(logs: Case) -> None:
    with logs.read() as s:
        assert first_ids(s, query(logs, "alpha"), limit=5) is not None
        assert first_ids(s, query(logs, "nowhere"), limit=5) is not None  # all were looked at
        assert first_ids(s, query(logs, "nowhere"), newest=False, limit=5) is None


def test_where_items_lie_far_apart_the_whole_list_is_asked(
    logs: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_rows, "GAP", 1)
    monkeypatch.setattr(first_rows, "MOST_RUNS", 3)
    monkeypatch.setattr(first_rows, "WINDOWS", (50, 60))
    with logs.read() as s:
        assert first_ids(s, query(logs, "alpha"), limit=5) is None
