from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from casekit import paths
from casekit.search import engine, golden


def test_the_converted_model_lies_whole_in_the_cache() -> None:
    found = engine._converted(engine.default_model())
    assert found.parent == paths.cache_folder() / "models"
    assert {f.name for f in found.iterdir()} == {
        "model.xml", "model.bin", "tokenizer.json", "about.json", "golden.json",
    }  # fmt: skip
    assert json.loads((found / "about.json").read_text()) == {"dimension": 384, "tokens": 256}
    tokenizer = json.loads((found / "tokenizer.json").read_text())
    assert (tokenizer["truncation"], tokenizer["padding"]) == (None, None)


def test_its_own_golden_vectors_are_those_in_the_resources() -> None:
    converted = engine._converted(engine.default_model())
    texts, own = golden.load(converted / "golden.json")
    stored_texts, stored = golden.load(paths.resource("golden", "minilm.json"))
    assert texts == stored_texts
    assert np.allclose(own, stored, atol=2e-3)


@pytest.mark.slow
def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    converted = engine._converted(engine.default_model())
    xml = converted / "model.xml"
    whole = xml.read_bytes()
    xml.write_bytes(whole[:1000])
    engine.load.cache_clear()
    try:
        assert engine.load().about.dimension == 384
        assert xml.read_bytes() == whole
    finally:
        xml.write_bytes(whole)
