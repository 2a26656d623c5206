from __future__ import annotations

import pytest

from casekit.progress import Silent
from casekit.search import filling, indexes, language, words
from casekit.store.case import Case
from tests.search.builders import add, add_logs


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
    filling.index_pending(case, Silent())
    assert found(case, query) == found(case, query, "rank") == (1,)


@pytest.mark.parametrize("query", ["同合", "条禁", "合书", "模型GPT", "GPT 契约x"])
def test_cjk_does_not_match_across_marks_or_out_of_order(case: Case, query: str) -> None:
    with case.write() as s:
        add(s, texts={"body": "本合同书第八条，禁止使用GPT模型。"})
    filling.index_pending(case, Silent())
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
    filling.index_pending(case, Silent())
    assert found(case, query) == (1,)


def test_newest_come_first_and_undated_last(case: Case) -> None:
    with case.write() as s:
        for sent in (5, None, 9, 1):
            add(s, texts={"body": "fox"}, sent_us=sent)
    filling.index_pending(case, Silent())
    assert found(case, "fox") == (3, 1, 4, 2)


def test_rank_puts_the_richer_text_first(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox " + "hay " * 300})
        add(s, texts={"body": "fox fox"})
        add(s, texts={"body": "hay"})
    filling.index_pending(case, Silent())
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
    filling.index_pending(case, Silent())
    node = language.parse(query)
    with case.read() as s:
        quick = words.find(s, node, limit=20)
        monkeypatch.setattr(words, "COMMON", 10**9)
        monkeypatch.setattr(words, "PROBE_COSTS", 10**9)
        assert quick == words.find(s, node, limit=20)


def test_an_index_ahead_of_its_case_is_begun_anew(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox"})
    filling.index_pending(case, Silent())
    with case.index("words") as s:
        indexes.write_meta(s, done=99)
    assert indexes.prepare(case, filling.SCHEMA).done == 0
