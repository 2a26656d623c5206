"""Make resources/golden/minilm.json: vectors of the default model by sentence-transformers in fp32.

Run after a change of model or reference: python packaging/make_golden_vectors.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from casekit.search import convert, engine, golden  # noqa: E402


def main() -> None:
    model = engine.default_model()
    reference = convert.load_reference(model)
    target = ROOT / "resources" / "golden" / "minilm.json"
    target.parent.mkdir(exist_ok=True)
    vectors = convert.reference_vectors(reference, golden.TEXTS)
    golden.save(target, golden.TEXTS, vectors, about=engine.fingerprint(model))
    print(f"{target}: {len(vectors)} vectors of {vectors.shape[1]} numbers")


if __name__ == "__main__":
    main()
