"""The child process that turns a sentence-transformers model into the network that CaseKit runs.

Run as `python -m casekit.search.convert MODEL_FOLDER OUT_FOLDER`: the only place where torch is
imported. It opens no connection: hubs are told to stay offline, OpenVINO's telemetry is not loaded.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from casekit.search import golden, quiet


def convert(model: Path, out: Path) -> None:
    """Write `model.xml`, `model.bin` (fp32), `tokenizer.json`, `about.json` and `golden.json` to `out`.

    The golden vectors are those of the model itself, by sentence-transformers in fp32.
    """
    transformer = load_reference(model)
    import openvino
    import torch

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            vector = self.inner(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vector, p=2.0, dim=1)

    example = {
        "input_ids": torch.full((2, 12), 100, dtype=torch.int64),
        "attention_mask": torch.ones((2, 12), dtype=torch.int64),
    }
    with torch.no_grad():
        network = openvino.convert_model(Sentence().eval(), example_input=example)
    openvino.save_model(network, out / "model.xml", compress_to_fp16=False)
    tokenizer = transformer.tokenizer.backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(out / "tokenizer.json"))
    vectors = reference_vectors(transformer, golden.TEXTS)
    golden.save(out / "golden.json", golden.TEXTS, vectors, about=str(model.name))
    about = {"dimension": int(vectors.shape[1]), "tokens": int(transformer.max_seq_length)}
    (out / "about.json").write_text(json.dumps(about), "utf-8")


def load_reference(model: Path) -> Any:
    """The model as sentence-transformers loads it, in fp32 on the CPU."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    quiet.prepare()
    import sentence_transformers

    return sentence_transformers.SentenceTransformer(
        str(model),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    ).float()


def reference_vectors(transformer: Any, texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Unit vectors of shape (texts, dimension) by sentence-transformers."""
    found = transformer.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(found, dtype=np.float32)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
