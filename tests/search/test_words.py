from __future__ import annotations

import pytest

from casekit.errors import Cancelled
from casekit.progress import Silent
from casekit.search import indexes, language, words
from casekit.store.case import Case
from tests.search.builders import add, add_logs, problem


def found(case: Case, query: str, order: words.Order = "date") -> tuple[int, ...]:
    with case.read() as s:
        return words.find(s, language.parse(query), order=order).ids


@pytest.mark.parametrize(
    "query",
    [
        "合同",
        "同书",
        "合",
        "书",
        "使用",
        "GPT模型",
        "用GPT",
        "模",
        "契約",
        "けい",
        "계약",
        '"第八条 禁止"',
        "合同 NEAR/9 模型",
        "𠮷",
    ],
)
def test_cjk_words_of_any_length_are_found(case: Case, query: str) -> None:
    with case.write() as s:
        add(s, texts={"body": "本合同书第八条，禁止使用GPT模型。契約けいやく 계약서 𠮷野"})
        add(s, texts={"body": "Nothing of the kind."})
    words.index_pending(case, Silent())
    assert found(case, query) == found(case, query, "rank") == (1,)


@pytest.mark.parametrize("query", ["同合", "条禁", "合书", "模型GPT", "GPT 契约x"])
def test_cjk_does_not_match_across_marks_or_out_of_order(case: Case, query: str) -> None:
    with case.write() as s:
        add(s, texts={"body": "本合同书第八条，禁止使用GPT模型。"})
    words.index_pending(case, Silent())
    assert found(case, query) == ()


@pytest.mark.parametrize(
    "query",
    [
        "muller",
        "MÜLLER",
        "confidential",
        "acct_9001",
        '"acct 9001"',
        "gpt-3.5-turbo",
        "bob@example.com",
        "acct_90*",
    ],
)
def test_spelling_makes_no_difference(case: Case, query: str) -> None:
    with case.write() as s:
        add(
            s, texts={"body": "Müller: conﬁden\u00adtial use of gpt-3.5-turbo"},
            exchange={"account": "acct_9001"},
            parties=[("from", "Bob", "bob@example.com")],
        )  # fmt: skip
    words.index_pending(case, Silent())
    assert found(case, query) == (1,)


def test_newest_come_first_and_undated_last(case: Case) -> None:
    with case.write() as s:
        for sent in (5, None, 9, 1):
            add(s, texts={"body": "fox"}, sent_us=sent)
    words.index_pending(case, Silent())
    assert found(case, "fox") == (3, 1, 4, 2)


def test_rank_puts_the_richer_text_first(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox " + "hay " * 300})
        add(s, texts={"body": "fox fox"})
        add(s, texts={"body": "hay"})
    words.index_pending(case, Silent())
    with case.read() as s:
        ranked = words.find(s, language.parse("fox"), order="rank")
    assert ranked.ids == (2, 1)
    assert ranked.scores[0] > ranked.scores[1]


@pytest.mark.parametrize(
    "query", ["common", "common -rare", "rare", "common model:model-3", '"common words"', "com*"]
)
def test_common_words_are_found_on_the_quick_way_too(
    case: Case, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_logs(case, 2_000, ["common words", "common rare"], ["x"])
    words.index_pending(case, Silent())
    node = language.parse(query)
    with case.read() as s:
        quick = words.find(s, node, limit=20)
        monkeypatch.setattr(words, "COMMON", 10**9)
        monkeypatch.setattr(words, "PROBE_COSTS", 10**9)
        assert quick == words.find(s, node, limit=20)


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
    monkeypatch.setattr(words, "BATCH_ITEMS", 10)
    add_logs(case, 35, ["fox"], ["hen"])
    with pytest.raises(Cancelled):
        words.index_pending(case, CancelAfter(1))
    assert len(found(case, "fox")) == 20
    assert words.index_pending(case, Silent()) == 15
    assert len(found(case, "fox")) == 35
    assert words.index_pending(case, Silent()) == 0


def test_changed_text_can_be_indexed_again(case: Case) -> None:
    with case.write() as s:
        add(s, kind="image", media_type="image/png")
    words.index_pending(case, Silent())
    with case.write() as s:
        s.exec_driver_sql("INSERT INTO item_text VALUES (1, 0, 'page/1', 'fox')")
    words.index_again(case, [1])
    assert found(case, "fox") == (1,)
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
    words.index_pending(case, Silent())
    with case.read() as s:
        rows = [
            tuple(r) for r in s.exec_driver_sql("SELECT * FROM words.unsearchable ORDER BY item_id")
        ]
    assert rows == [(2, "no-text"), (3, "some-pages"), (4, "not-read"), (5, "encrypted")]


def test_a_long_text_does_not_wait_in_memory(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "FLUSH_CHARACTERS", 50)
    with case.write() as s:
        for n in range(5):
            add(s, texts={"body": f"fox{n} " * 20})
    words.index_pending(case, Silent())
    assert [found(case, f"fox{n}") for n in range(5)] == [(1,), (2,), (3,), (4,), (5,)]


def test_an_index_ahead_of_its_case_is_begun_anew(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox"})
    words.index_pending(case, Silent())
    with case.index("words") as s:
        indexes.write_meta(s, done=99)
    assert indexes.prepare(case, words.SCHEMA).done == 0
