from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from casekit import paths
from casekit.errors import CaseKitError
from casekit.search import engine, golden
from casekit.search.engine import HashEmbedder
from tests.search.conftest import Alone


@pytest.fixture(scope="module")
def minilm(alone: Alone) -> engine.Engine:
    return engine.load()


def test_vectors_are_those_of_the_reference(minilm: engine.Engine) -> None:
    texts, expected = golden.load(paths.resource("golden", "minilm.json"))
    first = [windows[0] for windows in minilm.passages(texts)]
    bulk, exact = minilm.vectors(first), minilm.vectors(first, exact=True)
    assert golden.smallest_cosine(bulk, expected) >= golden.SMALLEST_COSINE
    assert golden.smallest_cosine(exact, expected) >= 0.99999
    assert np.allclose(np.linalg.norm(bulk, axis=1), 1, atol=1e-3)
    assert minilm.about.engine.startswith("openvino ")
    assert minilm.about.precision in {"bf16", "f32"}


def test_every_token_of_a_long_text_is_in_a_passage(minilm: engine.Engine) -> None:
    text = " ".join(f"word{n}" for n in range(900))
    (windows,) = minilm.passages([text])
    assert windows[0].start == 0
    assert windows[-1].stop == len(text)
    assert all(len(w.ids) <= 254 for w in windows)
    assert all(b.start < a.stop for a, b in pairwise(windows))
    assert text[windows[1].start : windows[1].stop].startswith("word") or windows[1].start > 0


def test_very_long_texts_are_cut_and_overlap(
    minilm: engine.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CHUNK", 3_000)
    monkeypatch.setattr(engine, "CHUNK_OVERLAP", 100)
    text = "lorem ipsum " * 1_000
    (windows,) = minilm.passages([text])
    covered = np.zeros(len(text), dtype=bool)
    for w in windows:
        covered[w.start : w.stop] = True
    assert covered[: len(text) - 1].all()


def test_texts_without_tokens_have_no_passage(minilm: engine.Engine) -> None:
    assert minilm.passages(["", "  \n", "\u200b"]) == [[], [], []]


def test_a_script_the_model_does_not_know_is_noticed(minilm: engine.Engine) -> None:
    english, chinese = minilm.passages(
        ["The contract forbids it.", "合同第八条禁止使用输出训练模型"]
    )
    assert english[0].known == 1.0
    assert chinese[0].known < 0.5


def test_order_and_number_of_rows_do_not_change_a_vector(minilm: engine.Engine) -> None:
    windows = [
        w for ws in minilm.passages([f"text number {n} " * (n + 1) for n in range(40)]) for w in ws
    ]
    whole = minilm.vectors(windows)
    back = minilm.vectors(windows[::-1])[::-1]
    assert golden.smallest_cosine(whole, back) > 0.999
    assert golden.smallest_cosine(minilm.vectors(windows[:1], exact=True), whole[:1]) > 0.999


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="holds no model"):
        engine.load(tmp_path)


def test_weights_that_could_run_a_program_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "openvino").mkdir()
    (tmp_path / "openvino" / "openvino_model.bin").write_bytes(b"")
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "pytorch_model.bin").write_bytes(b"a second copy, which is not read")
    engine._refuse_programs(tmp_path)
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(CaseKitError, match=r"2_Dense.pytorch_model\.bin holds weights in a format"):
        engine.load(tmp_path)


@pytest.mark.slow
def test_a_folder_that_cannot_be_converted_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(CaseKitError, match="cannot be converted"):
        engine.load(tmp_path)


def test_no_torch_and_no_connection(alone: Alone) -> None:
    """Converting and embedding, in processes where every socket raises."""
    assert alone.printed == "(3, 384) False\nno connections\n", alone.errors
    assert alone.connections.count("socket.") == 1  # the one made on purpose


def test_hashed_words_bring_texts_with_the_same_words_together() -> None:
    e = HashEmbedder()
    a, b, c = (
        e.vectors(e.passages([t])[0])[0] for t in ("the quick fox", "quick fox", "an old barn")
    )
    assert a @ b > a @ c
    assert len(e.passages(["w " * 100])[0]) == 3
