from __future__ import annotations

from dataclasses import asdict

import pytest

from casekit.errors import CaseKitError, QueryError
from casekit.ops.recognition import add_machine_texts
from casekit.ops.times import decide_time
from casekit.progress import Silent
from casekit.search import NotSearched, Span, index_pending, query, search, similar
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case, create_case
from tests.search.builders import add, problem
from tests.search.test_filling import machine_read

EMBEDDER = HashEmbedder()
FOX = "the quick brown fox jumps over the lazy dog"


@pytest.fixture
def matter(case: Case) -> Case:
    with case.write() as s:
        add(s, kind="exchange", collection="outputs", texts={"prompt": "say it", "output": FOX + " today"},
            exchange={"model": "m-1"}, sent_us=3)  # fmt: skip
        add(s, kind="exchange", collection="outputs",
            texts={"prompt": "say it", "output": "He: " + FOX.upper()},
            exchange={"model": "m-2"}, sent_us=2)  # fmt: skip
        add(
            s,
            kind="exchange",
            collection="outputs",
            texts={"prompt": FOX, "output": "no"},
            exchange={"model": "m-3"},
        )
        add(
            s,
            kind="mail",
            collection="correspondence",
            title="Barn",
            texts={"body": "An old barn. " * 30},
            sent_us=1,
        )
        add(s, kind="document", pages=2)
        problem(s, "encrypted", item_id=add(s, kind="document"))
        problem(s, "bad-json", length=40)
    index_pending(case, Silent(), embedder=EMBEDDER)
    return case


def ids(result: object) -> list[int]:
    return [hit.id for hit in result.hits]  # type: ignore[attr-defined]


def test_words_give_hits_spans_total_and_what_was_not_searched(matter: Case) -> None:
    result = search(matter, "fox", limit=2)
    assert ids(result) == [1, 2]
    assert result.hits[0].spans == (Span("output", 16, 19, "word"),)
    assert result.total == 3
    assert {asdict(n)["reason"]: n.count for n in result.not_searched} == {
        "no-text": 1, "encrypted": 1, "quarantined": 1,
    }  # fmt: skip
    assert search(matter, "fox", spans=False).hits[0].spans == ()


def test_what_was_not_searched_is_counted_within_the_fields(matter: Case) -> None:
    assert search(matter, "fox kind:exchange").not_searched == (NotSearched("quarantined", 1),)
    with matter.write() as s:
        add(s, kind="exchange", texts={"output": "fox"})
    found = search(matter, "fox kind:exchange").not_searched
    assert found == (NotSearched("not-indexed", 1), NotSearched("quarantined", 1))


def test_a_range_of_dates_says_how_many_match_only_by_an_assumed_zone(case: Case) -> None:
    march = 1_741_132_800_000_000  # 5 March 2025
    with case.write() as s:
        for hours, zone in (
            (-20, "assumed:utc"),
            (-3, "assumed:utc"),
            (30, "assumed:utc"),
            (5, "explicit"),
        ):
            add(s, texts={"body": FOX}, sent_us=march + hours * 3_600_000_000, sent_zone=zone)
    index_pending(case, Silent(), embedder=EMBEDDER)
    found = search(case, "fox date:2025-03-05..2025-03-06")
    assert (sorted(ids(found)), found.total, found.by_assumption) == ([2, 3, 4], 3, 1)
    near = search(case, "fox date:2025-03-05..2025-03-06", mode="meaning", embedder=EMBEDDER)
    both = search(case, "fox date:2025-03-05..2025-03-06", mode="both", embedder=EMBEDDER)
    like = similar(case, 3, within="date:2025-03-05..2025-03-06")
    assert [each.by_assumption for each in (near, both, like)] == [1, 1, 1]
    assert search(case, "fox").by_assumption == 0
    with case.write() as s:
        decide_time(s, [2], "left-out", "The clock was never set.")
        decide_time(s, [3], "+12:00", "Said the witness.")
    found = search(case, "fox date:2025-03-05..2025-03-06")
    assert (sorted(ids(found)), found.by_assumption) == ([3, 4], 0)
    assert NotSearched("time-left-out", 1) in found.not_searched
    assert [hit.id for hit in search(case, "fox").hits] == [3, 4, 2, 1]
    assert ids(search(case, "fox time:undecided")) == [1]


def test_rank_gives_scores(matter: Case) -> None:
    result = search(matter, "barn", order="rank")
    assert ids(result) == [4]
    assert result.hits[0].score == result.hits[0].words_score > 0
    assert result.hits[0].meaning_score is None


def test_meaning_gives_the_nearest_within_the_filter(matter: Case) -> None:
    result = search(matter, "quick fox jumps", mode="meaning", embedder=EMBEDDER)
    assert set(ids(result)[:3]) == {1, 2, 3}
    assert result.total == 4
    assert result.hits[0].score == result.hits[0].meaning_score
    only = search(matter, "quick fox kind:mail", mode="meaning", embedder=EMBEDDER)
    assert (ids(only), only.total) == ([4], 1)
    outputs = search(
        matter, "quick fox jumps", mode="meaning", parts=("output",), embedder=EMBEDDER
    )
    assert set(ids(outputs)) == {1, 2, 3}
    assert ids(outputs)[-1] == 3


def test_both_fuses_the_two_lists_by_rank(matter: Case) -> None:
    result = search(matter, "barn", mode="both", embedder=EMBEDDER)
    first = result.hits[0]
    assert first.id == 4
    assert first.score == pytest.approx(2 / 61)
    assert first.words_score is not None
    assert first.meaning_score is not None
    assert {s.why for s in first.spans} == {"word", "passage"}
    assert result.total == 1


def test_fields_alone_are_a_list_by_date_in_every_mode(matter: Case) -> None:
    for mode in ("words", "meaning", "both"):
        assert ids(search(matter, "in:outputs", mode=mode, embedder=EMBEDDER)) == [1, 2, 3]


def test_another_model_than_that_of_the_vectors_finds_nothing_and_says_so(matter: Case) -> None:
    result = search(matter, "fox", mode="meaning", embedder=HashEmbedder(dimension=8))
    assert (result.hits, result.total) == ((), 0)
    assert NotSearched("not-indexed", 6) in result.not_searched


def test_similar_compares_outputs_and_shows_what_is_shared(matter: Case) -> None:
    result = similar(matter, 1)
    assert ids(result)[0] == 2
    spans = result.hits[0].spans
    assert [(s.part, s.why) for s in spans] == [("output", "passage"), ("output", "run")]
    assert (spans[1].start, spans[1].stop) == (4, 4 + len(FOX))
    assert result.total == 3
    assert 1 not in ids(result)


def test_similar_keeps_to_a_query_and_to_a_part(matter: Case) -> None:
    assert ids(similar(matter, 1, within="model:m-3")) == [3]
    assert ids(similar(matter, 1, within=query(matter, "kind:mail"))) == [4]
    assert ids(similar(matter, 1, part="prompt"))[0] == 2


def test_similar_refuses_what_has_no_vectors(matter: Case) -> None:
    with pytest.raises(CaseKitError, match="Item 5 cannot be compared"):
        similar(matter, 5)


def test_similar_among_many_gives_the_same_as_among_all(
    matter: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.search import finding

    expected = similar(matter, 1, limit=2)
    monkeypatch.setattr(finding, "EXACT_WITHIN", 0)
    assert similar(matter, 1, limit=2) == expected


def test_a_day_in_a_query_is_one_of_the_matter(tmp_path: object) -> None:
    with create_case(tmp_path / "Z", "Z", details={"time_zone": "Asia/Shanghai"}) as case:  # type: ignore[operator]
        with case.write() as s:
            add(s, sent_us=1_736_006_400_000_000)  # 2025-01-05 00:00 in Shanghai
        assert ids(search(case, "date:2025-01-05")) == [1]
        assert ids(search(case, "date:2025-01-04")) == []


def test_a_query_that_cannot_be_read_is_refused(matter: Case) -> None:
    with pytest.raises(QueryError):
        search(matter, "(fox")


@pytest.mark.parametrize("mode", ["meaning", "both"])
def test_the_model_that_comes_with_casekit_finds_by_meaning(case: Case, mode: str) -> None:
    with case.write() as s:
        add(s, texts={"body": "The supplier may end the agreement with thirty days' notice."})
        add(s, texts={"body": "Bake the bread for forty minutes until it is golden."})
        add(s, texts={"body": "合同第八条禁止使用输出训练竞争模型。"})
    report = index_pending(case, Silent())
    assert (report.words, report.vectors) == (3, 3)
    result = search(case, "cancelling a contract", mode=mode)  # type: ignore[arg-type]
    assert ids(result)[0] == 1
    assert NotSearched("script", 1) in result.not_searched


def test_what_a_machine_read_is_found_by_meaning_and_said_to_be(matter: Case) -> None:
    with matter.write() as s:
        add_machine_texts(s, [machine_read(5, "a barn that is old")])
    waiting = search(matter, "barn old", mode="meaning", embedder=EMBEDDER)
    assert {n.reason: n.count for n in waiting.not_searched}["not-indexed"] == 1
    assert 5 not in ids(waiting)
    index_pending(matter, Silent(), embedder=EMBEDDER)
    result = search(matter, "barn old", mode="meaning", embedder=EMBEDDER)
    hit = next(h for h in result.hits if h.id == 5)
    assert hit.spans == (Span("ocr/page/1", 0, 18, "passage"),)
    assert hit.read_by_machine
    assert not any(h.read_by_machine for h in result.hits if h.id != 5)
    assert "not-indexed" not in {n.reason for n in result.not_searched}
    assert result.total == waiting.total + 1


def test_a_page_read_twice_is_one_item_and_each_reading_has_its_place(matter: Case) -> None:
    with matter.write() as s:
        add_machine_texts(
            s, [machine_read(5, FOX), machine_read(5, "unlike"), machine_read(4, "x")]
        )
    index_pending(matter, Silent(), embedder=EMBEDDER)
    result = similar(matter, 1)
    hit = next(h for h in result.hits if h.id == 5)
    assert {span.part for span in hit.spans} == {"ocr/page/1"}
    assert [s for s in hit.spans if s.why == "run"] == [Span("ocr/page/1", 0, len(FOX), "run")]
    assert len(ids(result)) == len(set(ids(result)))
    assert result.total == 4
