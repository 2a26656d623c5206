from __future__ import annotations

import numpy as np

from casekit.progress import Silent
from casekit.search import sketches
from casekit.store.case import Case
from tests.search.builders import add


def test_equal_words_alone_share_a_key(case: Case) -> None:
    with case.write() as s:
        for text in ("one two three", "One, two: three!", "one three two", "one two three 3", ""):
            add(s, texts={"body": text})
    assert sketches.index_pending(case, Silent()) == 5
    with case.read() as s:
        rows = s.exec_driver_sql("SELECT words, hex(key), length(row) FROM clusters.sketch").all()
    assert [row[0] for row in rows] == [3, 3, 3, 4, 0]
    assert rows[0][1] == rows[1][1]
    assert len({row[1] for row in rows}) == 4
    assert [row[2] for row in rows] == [128, 128, 128, 128, 0]


def test_it_goes_on_behind_what_is_there(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "one"})
    assert sketches.index_pending(case, Silent()) == 1
    assert sketches.index_pending(case, Silent()) == 0
    with case.write() as s:
        add(s, texts={"body": "two"})
    assert sketches.index_pending(case, Silent()) == 1


def test_an_index_of_another_case_or_a_damaged_one_is_begun_anew(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "one"})
    sketches.index_pending(case, Silent())
    case.close()
    case.index_file("clusters.db").write_bytes(b"no database at all" * 300)
    for ending in ("-wal", "-shm"):
        case.index_file(f"clusters.db{ending}").unlink(missing_ok=True)
    assert sketches.index_pending(case, Silent()) == 1


def test_an_items_text_is_all_its_parts_without_what_the_system_was_told(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"system": "be kind", "prompt": "why", "output": "so"})
        add(s)
    with case.read() as s:
        assert sketches.texts_of(s, [2, 1]) == ["", "why\nso"]


def test_words_are_hashes_one_after_another() -> None:
    words = sketches.words_of(["a b", "", "?", "b"], {})
    assert words.offsets.tolist() == [0, 2, 2, 2, 3]
    assert words.flat[1] == words.flat[2]
    sets = sketches.pair_sets(words)
    assert [len(s) for s in sets] == [1, 0, 0, 1]
    assert np.array_equal(sketches.pair_sets(sketches.words_of(["b"], {}))[0], sets[3])
