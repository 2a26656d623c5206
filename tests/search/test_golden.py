from pathlib import Path

import numpy as np

from casekit import paths
from casekit.search import engine, golden


def test_vectors_survive_being_stored_but_for_rounding(tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).normal(size=(2, 8)).astype(np.float32)
    golden.save(tmp_path / "g.json", ("a", "合"), vectors, about="x")
    texts, found = golden.load(tmp_path / "g.json")
    assert texts == ("a", "合")
    assert np.array_equal(found, vectors.astype(np.float16).astype(np.float32))


def test_the_stored_vectors_are_those_of_the_model_at_hand() -> None:
    file = paths.resource("golden", "minilm.json")
    assert golden.made_of(file) == engine.fingerprint(engine.default_model())
    texts, vectors = golden.load(file)
    assert texts == golden.TEXTS
    assert vectors.shape == (len(golden.TEXTS), 384)


def test_the_smallest_cosine_is_that_of_the_worst_row() -> None:
    a = np.eye(2, dtype=np.float32)
    assert golden.smallest_cosine(a, a) == 1.0
    assert golden.smallest_cosine(a, np.array([[1, 0], [1, 1]], dtype=np.float32)) == np.float32(
        2**-0.5
    )
