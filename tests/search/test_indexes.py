from __future__ import annotations

import os

import pytest

from casekit.progress import Silent
from casekit.search import filling, index_pending, indexes, nearest, search, vectors
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case, open_case
from tests.search.builders import add

SCHEMAS = (filling.SCHEMA, vectors.SCHEMA)


@pytest.fixture
def indexed(case: Case) -> Case:
    with case.write() as s:
        for n in range(30):
            add(s, texts={"body": f"fox number {n} runs"})
    index_pending(case, Silent(), embedder=HashEmbedder())
    return case


def both(case: Case) -> tuple[int, int]:
    by_words = search(case, "fox").total
    return by_words, search(case, "fox runs", mode="meaning", embedder=HashEmbedder()).total


def test_an_index_that_is_not_there_is_no_error(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "fox"})
    for mode in ("words", "meaning", "both"):
        result = search(case, "fox", mode=mode, embedder=HashEmbedder())
        assert (result.total, [(n.reason, n.count) for n in result.not_searched]) == (
            0,
            [("not-indexed", 1)],
        )


def test_deleted_files_are_made_again(indexed: Case) -> None:
    folder = indexed.folder
    indexed.close()
    for file in (folder / "index").iterdir():
        file.unlink()
    with open_case(folder) as case:
        assert both(case) == (0, 0)
        assert index_pending(case, Silent(), embedder=HashEmbedder()).vectors == 30
        assert both(case) == (30, 30)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.name)
def test_an_older_schema_or_another_case_is_begun_anew(
    indexed: Case, schema: indexes.Schema
) -> None:
    for change in ({"schema": "0"}, {"case": "another"}):
        with indexed.index(schema.name) as s:
            indexes.write_meta(s, **change)
        assert indexes.prepare(indexed, schema).done == 0
        assert index_pending(indexed, Silent(), embedder=HashEmbedder())
        assert both(indexed) == (30, 30)


@pytest.mark.parametrize("spoilt_from", [0, 4096])
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.name)
def test_pages_full_of_noise_are_found_out_and_begun_anew(
    indexed: Case, schema: indexes.Schema, spoilt_from: int
) -> None:
    folder = indexed.folder
    with indexed.index(schema.name) as s:
        s.exec_driver_sql("SELECT 1")
    indexed.close()
    file = folder / "index" / f"{schema.name}.db"
    with file.open("r+b") as f:
        f.seek(spoilt_from)
        f.write(os.urandom(file.stat().st_size - spoilt_from))
    with open_case(folder) as case:
        both(case)
        index_pending(case, Silent(), embedder=HashEmbedder())
        assert both(case) == (30, 30)


def test_trouble_that_is_no_damage_is_passed_on(indexed: Case) -> None:
    with pytest.raises(ValueError):
        indexes.drop_damaged(indexed, ValueError("something else"), SCHEMAS)
    assert not indexes.drop_damaged(indexed, ValueError("malformed"), SCHEMAS)
    assert both(indexed) == (30, 30)


@pytest.mark.parametrize("spoil", ["flip", "cut", "swap", "stale"])
def test_a_file_of_vectors_that_is_not_ours_is_not_loaded(indexed: Case, spoil: str) -> None:
    file = indexed.index_file(nearest.FILE)
    data = bytearray(file.read_bytes())
    if spoil == "flip":
        data[len(data) // 2] ^= 1
    elif spoil == "cut":
        data = data[:20]
    elif spoil == "swap":
        data[:32] = bytes(32)
    else:
        with indexed.index("vectors") as s:
            indexes.write_meta(s, generation="another")
    file.write_bytes(data)
    folder = indexed.folder
    indexed.close()
    with open_case(folder) as case:
        assert nearest._load(case, indexes.prepare(case, vectors.SCHEMA).generation) is None
        assert both(case) == (30, 30)


def test_a_sound_file_of_vectors_is_loaded(indexed: Case) -> None:
    generation = indexes.prepare(indexed, vectors.SCHEMA).generation
    found = nearest._load(indexed, generation)
    assert found is not None
    assert len(found.ids) == found.index.ntotal == 30
