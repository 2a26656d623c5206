from __future__ import annotations

import pytest
from sqlalchemy import select

from casekit.errors import Cancelled
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.progress import Silent
from casekit.queries import filters
from casekit.search import filling, indexes, language
from casekit.store import tables as t
from casekit.store.case import Case
from tests.search.builders import add, add_logs, problem
from tests.search.test_words import found


class CancelAfter:
    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, done: int, total: int | None, text: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_a_cancelled_job_goes_on_where_it_stopped(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "BATCH_ITEMS", 10)
    add_logs(case, 35, ["fox"], ["hen"])
    with pytest.raises(Cancelled):
        filling.index_pending(case, CancelAfter(1))
    assert len(found(case, "fox")) == 20
    assert filling.index_pending(case, Silent()) == 15
    assert len(found(case, "fox")) == 35
    assert filling.index_pending(case, Silent()) == 0


def test_few_items_can_be_left_for_another_time(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "BATCH_ITEMS", 10)
    add_logs(case, 25, ["fox"], ["hen"])
    assert filling.index_pending(case, Silent(), least=10) == 20
    assert filling.index_pending(case, Silent(), least=6) == 0
    assert filling.index_pending(case, Silent(), least=5) == 5


def machine_read(item_id: int, words: str) -> Recognised:
    return Recognised(item_id, "page/1", words, "tesseract", "5", "eng", 300, None, bytes(32))


def test_what_a_machine_has_read_is_found_before_and_after_its_item_was_indexed(case: Case) -> None:
    with case.write() as s:
        for _ in range(2):
            add(s, kind="image", media_type="image/png")
        add_machine_texts(s, [machine_read(1, "fox")])
    filling.index_pending(case, Silent())
    assert found(case, "fox") == (1,)
    with case.write() as s:
        add_machine_texts(s, [machine_read(2, "fox")])
    assert filling.index_pending(case, Silent()) == 0
    assert sorted(found(case, "fox")) == [1, 2]
    with case.read() as s:
        assert s.exec_driver_sql("SELECT count(*) FROM words.unsearchable").scalar() == 0


def test_why_an_item_cannot_be_searched_is_kept(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "text"})
        add(s, pages=3)
        add(s, pages=2, texts={"page/1": "text", "page/2": " "})
        add(s, kind="file")
        problem(s, "encrypted", item_id=add(s, pages=1))
        add(s, kind="request")
    filling.index_pending(case, Silent())
    with case.read() as s:
        rows = [
            tuple(r) for r in s.exec_driver_sql("SELECT * FROM words.unsearchable ORDER BY item_id")
        ]
    assert rows == [(2, "no-text"), (3, "some-pages"), (4, "not-read"), (5, "encrypted")]


def test_a_long_text_does_not_wait_in_memory(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "FLUSH_CHARACTERS", 50)
    with case.write() as s:
        for n in range(5):
            add(s, texts={"body": f"fox{n} " * 20})
    filling.index_pending(case, Silent())
    assert [found(case, f"fox{n}") for n in range(5)] == [(1,), (2,), (3,), (4,), (5,)]


FACETED = (
    "account:acct_0001",
    "account:acct_00*",
    "account:ACCT_0001",
    "ip:10.0.1.1",
    "NOT ip:10.0.1.1",
)


@pytest.mark.parametrize("query", FACETED)
def test_a_value_is_found_whether_the_index_has_come_to_it_or_not(
    case: Case, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    add_logs(case, 300, ["fox"], ["hen"])
    indexes.prepare(case, filling.SCHEMA)
    monkeypatch.setattr(filling, "BATCH_ITEMS", 100)
    node = language.parse(query)

    def matching() -> list[int]:
        with case.read() as s:
            ids = select(t.item.c.id).where(filters.where(node)).order_by(t.item.c.id)
            return list(s.execute(ids).scalars())

    nothing_indexed = matching()
    with pytest.raises(Cancelled):
        filling.index_pending(case, CancelAfter(1))
    partly = matching()
    filling.index_pending(case, Silent())
    assert nothing_indexed == partly == matching() != []


def test_the_same_value_keeps_its_number_over_batches(case: Case) -> None:
    for account in ("b", "a", "b", "c"):
        with case.write() as s:
            add(
                s, kind="exchange", texts={"output": "x"}, exchange={"account": account, "ip": None}
            )
        filling.index_pending(case, Silent())
    with case.read() as s:
        values = s.exec_driver_sql("SELECT value, id FROM words.facet_value ORDER BY id").fetchall()
        facets = s.exec_driver_sql("SELECT value_id, item_id FROM words.facet").fetchall()
    assert [tuple(v) for v in values] == [("b", 1), ("a", 2), ("c", 3)]
    assert [tuple(f) for f in facets] == [(1, 1), (1, 3), (2, 2), (3, 4)]
