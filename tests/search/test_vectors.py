from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from casekit.errors import Cancelled
from casekit.ops.recognition import add_machine_texts
from casekit.progress import Silent
from casekit.search import vectors
from casekit.search.engine import HashEmbedder, Passage
from casekit.store.case import Case
from tests.search.builders import add, add_logs
from tests.search.test_filling import CancelAfter, machine_read


class Counting(HashEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.computed = 0

    def vectors(self, passages, **keywords):  # type: ignore[no-untyped-def]
        self.computed += len(passages)
        return super().vectors(passages, **keywords)


def rows(case: Case) -> list[tuple[object, ...]]:
    with case.read() as s:
        found = s.exec_driver_sql(
            "SELECT item_id, part, no, start, stop FROM vectors.passage ORDER BY id"
        )
        return [tuple(r) for r in found]


def test_long_texts_become_overlapping_passages_of_each_part(case: Case) -> None:
    with case.write() as s:
        add(
            s,
            kind="exchange",
            texts={"system": "be nice", "prompt": "why", "output": "a " * 60, "reasoning": ""},
        )
        add(s, texts={"page/1": "one", "page/2": "two words"})
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 2
    assert rows(case) == [
        (1, "prompt", 0, 0, 3), (1, "output", 0, 0, 79), (1, "output", 1, 60, 119),
        (2, "page/1", 0, 0, 3), (2, "page/2", 0, 0, 9),
    ]  # fmt: skip


def test_equal_passages_are_computed_once(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BATCH_ITEMS", 10)
    add_logs(case, 40, ["same prompt"], ["one answer", "another answer"])
    embedder = Counting()
    vectors.index_pending(case, embedder, Silent())
    assert embedder.computed == 3
    assert len(rows(case)) == 80


def test_a_cancelled_job_goes_on_where_it_stopped(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "BATCH_ITEMS", 10)
    add_logs(case, 35, ["fox"], ["hen"])
    with pytest.raises(Cancelled):
        vectors.index_pending(case, HashEmbedder(), CancelAfter(3))
    assert len(rows(case)) == 40
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 15
    assert len(rows(case)) == 70


def test_another_model_begins_anew_and_another_precision_does_not(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox"})
    vectors.index_pending(case, HashEmbedder(), Silent())
    finer = HashEmbedder()
    finer.about = dataclasses.replace(finer.about, precision="bf16")
    assert vectors.index_pending(case, finer, Silent()) == 0
    other = HashEmbedder(dimension=32)
    assert vectors.index_pending(case, other, Silent()) == 1
    assert vectors.about(case) == other.about
    with case.read() as s:
        places, found = vectors.of_items(s, [1], ("body",))
    assert (len(places), found.shape) == (1, (1, 32))


def test_stored_vectors_are_the_computed_ones_in_fp16(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "the quick brown fox"})
    e = HashEmbedder()
    vectors.index_pending(case, e, Silent())
    expected = e.vectors(e.passages(["the quick brown fox"])[0]).astype(np.float16)
    with case.read() as s:
        places, found = vectors.of_items(s, [1], ("body",))
    assert np.array_equal(found, expected)
    assert places == [vectors.Place(1, 1, "body", 0, 19)]


def test_text_in_an_unknown_script_is_noted(case: Case) -> None:
    class Blind(HashEmbedder):
        def passages(self, texts):  # type: ignore[no-untyped-def]
            return [
                [dataclasses.replace(w, known=0.2) for w in ws] for ws in super().passages(texts)
            ]

    with case.write() as s:
        add(s, texts={"body": "fox"})
    vectors.index_pending(case, Blind(), Silent())
    with case.read() as s:
        assert [tuple(r) for r in s.exec_driver_sql("SELECT * FROM vectors.unsearchable")] == [
            (1, "script")
        ]


def test_a_batch_ends_between_items_even_in_long_texts(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "BATCH_CHARACTERS", 30)
    with case.write() as s:
        for n in range(7):
            add(s, texts={"body": f"fox {n} " * 3, "page/1": "x"})
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 7
    assert [r[0] for r in rows(case)] == [n for n in range(1, 8) for _ in (0, 1)]


def test_kinds_of_parts() -> None:
    assert [vectors.kind_of(p) for p in ("page/3", "output", "sheet/1")] == [
        "page",
        "output",
        "body",
    ]
    assert Passage(0, 1, np.zeros(1, np.uint32), 1.0).stop == 1


def test_what_machines_read_is_made_passages_once_whenever_it_comes(case: Case) -> None:
    with case.write() as s:
        for _ in range(2):
            add(s, kind="image", media_type="image/png")
        add(s, texts={"body": "own"})
        add_machine_texts(s, [machine_read(1, "fox"), machine_read(2, "")])
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 3
    assert rows(case) == [(3, "body", 0, 0, 3), (1, "ocr/page/1", 0, 0, 3)]
    with case.write() as s:
        add_machine_texts(s, [machine_read(2, "hen"), machine_read(1, "foxes")])
        add(s, texts={"body": "late"})
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 1
    assert rows(case)[2:] == [
        (4, "body", 0, 0, 4), (2, "ocr/page/1", 0, 0, 3), (1, "ocr/page/1~2", 0, 0, 5),
    ]  # fmt: skip
    assert vectors.index_pending(case, HashEmbedder(), Silent()) == 0
    assert len(rows(case)) == 5


def test_a_cancelled_job_goes_on_among_the_texts_of_machines(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "BATCH_ITEMS", 2)
    with case.write() as s:
        for _ in range(7):
            add_machine_texts(s, [machine_read(add(s, kind="image"), "fox")])
    with pytest.raises(Cancelled):
        vectors.index_pending(case, HashEmbedder(), CancelAfter(14))
    there = len(rows(case))
    assert 0 < there < 7
    vectors.index_pending(case, HashEmbedder(), Silent())
    assert [row[0] for row in rows(case)] == [1, 2, 3, 4, 5, 6, 7]


def test_vectors_made_before_machine_texts_were_known_take_them_up(case: Case) -> None:
    with case.write() as s:
        add_machine_texts(s, [machine_read(add(s, kind="image"), "fox")])
    vectors.index_pending(case, HashEmbedder(), Silent())
    with case.index("vectors") as target:
        target.exec_driver_sql("DELETE FROM meta WHERE key = 'machine_texts'")
        target.exec_driver_sql("DELETE FROM passage")
    vectors.index_pending(case, HashEmbedder(), Silent())
    assert rows(case) == [(1, "ocr/page/1", 0, 0, 3)]


def test_a_part_is_of_its_kind_by_whomever_it_was_read() -> None:
    kinds = [
        vectors.kind_of(p) for p in ("page/3", "ocr/page/3", "ocr/page/3~2", "notes", "output")
    ]
    assert kinds == ["page", "page", "page", "body", "output"]
