"""Golden vectors: texts and their vectors by the reference, against which every engine is checked."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

SMALLEST_COSINE = 0.999
_LONG = (
    "The model was served behind an interface that recorded each request with its account, its time and "
    "its address. Between January and March a group of accounts sent prompts that followed one template, "
    "each asking for a worked solution with every step of the reasoning written out. "
)
TEXTS = (
    "Yes.",
    "What are the names of some famous actors that started their careers on Broadway?",
    "Please find attached the signed services agreement and the schedule of prices.",
    "The quick brown fox jumps over the lazy dog, 1234567890 times; see § 4(b)(ii).",
    "SELECT account, count(*) FROM log GROUP BY account ORDER BY 2 DESC;",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
    "PRIVILEGED & CONFIDENTIAL — attorney–client communication",
    "Größenwahn, naïveté, façade, Łódź, İstanbul",
    "合同第八条禁止用输出训练竞争模型。",
    "Thanks 👍🏽 see you at 10:30 🙂",
    "From: a@example.com\nTo: b@example.com\nSubject: Re: Re: weekly numbers",
    "As an AI language model, I cannot provide legal advice, but here are some general considerations.",
    "Step 1: let x be the number of apples. Step 2: 3x + 5 = 20, so x = 5. The answer is 5.",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    _LONG,
    _LONG * 2,
    _LONG * 3,
    "One of the accounts paid with the same card as four others. " * 14,
)


def save(path: Path, texts: tuple[str, ...], vectors: npt.NDArray[np.float32], about: str) -> None:
    """Write texts and vectors, rounded to fp16, as JSON."""
    encoded = [base64.b64encode(v.astype("<f2").tobytes()).decode() for v in vectors]
    rows = [{"text": t, "vector": v} for t, v in zip(texts, encoded, strict=True)]
    path.write_text(
        json.dumps({"about": about, "golden": rows}, ensure_ascii=False, indent=1), "utf-8"
    )


def load(path: Path) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    """The texts and their vectors, shape (texts, dimension)."""
    rows = json.loads(path.read_text("utf-8"))["golden"]
    vectors = [np.frombuffer(base64.b64decode(r["vector"]), "<f2").astype(np.float32) for r in rows]
    return tuple(r["text"] for r in rows), np.stack(vectors)


def made_of(path: Path) -> str:
    """What the file says its vectors were made of: the fingerprint of a model's files."""
    return str(json.loads(path.read_text("utf-8"))["about"])


def smallest_cosine(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """The smallest cosine between rows of two arrays of equal shape."""
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return float(np.min(np.einsum("ij,ij->i", a, b) / norms))
