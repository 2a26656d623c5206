from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from casekit import paths
from casekit.search import engine, golden
from tests.search.conftest import Alone


@pytest.fixture
def converted(alone: Alone) -> Path:
    """The folder of the converted model."""
    assert alone.printed
    return engine._converted(engine.default_model())


def test_the_converted_model_lies_whole_in_the_cache(converted: Path) -> None:
    found = converted
    assert found.parent == paths.cache_folder() / "models"
    assert {f.name for f in found.iterdir()} == {
        "model.xml", "model.bin", "tokenizer.json", "about.json", "golden.json",
    }  # fmt: skip
    assert json.loads((found / "about.json").read_text()) == {"dimension": 384, "tokens": 256}
    tokenizer = json.loads((found / "tokenizer.json").read_text())
    assert (tokenizer["truncation"], tokenizer["padding"]) == (None, None)


def test_its_own_golden_vectors_are_those_in_the_resources(converted: Path) -> None:
    texts, own = golden.load(converted / "golden.json")
    stored_texts, stored = golden.load(paths.resource("golden", "minilm.json"))
    assert texts == stored_texts
    assert np.allclose(own, stored, atol=2e-3)


@pytest.mark.slow
def test_a_damaged_cache_is_made_again(
    converted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (converted / "model.xml").read_bytes()
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))
    own = paths.cache_folder() / "models" / converted.name
    shutil.copytree(converted, own)
    (own / "model.xml").write_bytes(whole[:1000])
    engine.load.cache_clear()
    assert engine.load().about.dimension == 384
    assert (own / "model.xml").read_bytes() == whole
    engine.load.cache_clear()
