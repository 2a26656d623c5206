"""The files that an expert's own method reads: checked, hashed, and copied to where it may read them.

A method declares them by name, and they lie beside it: tables and texts, and weights as safetensors, which is
a table of numbers behind a header in JSON and can hold no program. Other forms of weights can, and are refused
(`https://github.com/huggingface/safetensors`: eight bytes of length, little-endian, the header, the numbers).
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from casekit.errors import CaseKitError

TEXTS = (".txt", ".csv", ".tsv", ".json", ".jsonl")
NUMBERS = ".safetensors"
MOST_FILES = 32
MOST_BYTES = 4 * 1024**3  # of all files of a method
MOST_HEADER = 100_000_000
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class MethodFile:
    """A file as it was when its method was read."""

    name: str
    path: Path
    sha256: str
    size: int

    def told(self) -> dict[str, Any]:
        """What a finding keeps of it."""
        return {"name": self.name, "sha256": self.sha256, "bytes": self.size}

    def as_input(self) -> dict[str, Any]:
        """Its row among what a finding was computed from."""
        return {"model": self.name, "role": "file", "answers": 0, "root": self.sha256}


def find(
    declared: Any, folder: Path | None, check: Callable[[], None] = lambda: None
) -> tuple[MethodFile, ...]:
    """The files that a method declares, from its folder.

    Args:
        declared: What the method says.
        folder: Where the method lies; None if it came as a text.
        check: Called again and again while files are read.

    Raises:
        CaseKitError: A name is none, a file is not there, too large, or of no form that holds data alone.
    """
    if not isinstance(declared, list | tuple) or not all(isinstance(n, str) for n in declared):
        raise CaseKitError("FILES of a method is a list of names of files that lie beside it.")
    if not declared:
        return ()
    if folder is None or len(declared) > MOST_FILES:
        raise CaseKitError(
            "A method reads at most {most} files, which lie beside it.", most=MOST_FILES
        )
    found = [_one(name, folder, check) for name in dict.fromkeys(declared)]
    if sum(each.size for each in found) > MOST_BYTES:
        raise CaseKitError(
            "The files of the method are larger than {most} GB together.",
            most=MOST_BYTES // 1024**3,
        )
    return tuple(found)


def same(files: Sequence[MethodFile], kept: Sequence[dict[str, Any]]) -> None:
    """Nothing, if these are the files that a finding was computed with.

    Raises:
        CaseKitError: They are not.
    """
    have = {each.name: each.sha256 for each in files}
    for row in kept:
        if have.get(row["name"]) != row["sha256"]:
            raise CaseKitError(
                "The finding was computed with another file {name}: put the one with the SHA-256 {sha256} "
                "beside the method.",
                name=row["name"], sha256=row["sha256"],
            )  # fmt: skip


@contextmanager
def laid_out(files: Sequence[MethodFile], check: Callable[[], None]) -> Iterator[dict[str, str]]:
    """Copies to be read, by name, in a folder of their own that is gone afterwards.

    Raises:
        CaseKitError: A file is no longer what it was.
    """
    with TemporaryDirectory(prefix="casekit-method-") as folder:
        paths = {}
        for each in files:
            copy = Path(folder, each.name)
            with each.path.open("rb") as source, copy.open("xb") as target:
                sha256, _ = _hashed(source, check, target)
            if sha256 != each.sha256:
                raise CaseKitError("{name} was changed while the method was begun.", name=each.name)
            copy.chmod(0o400)
            paths[each.name] = str(copy)
        yield paths


def _one(name: str, folder: Path, check: Callable[[], None]) -> MethodFile:
    suffix = Path(name).suffix.lower()
    if Path(name).name != name or "\\" in name or name.startswith("."):
        raise CaseKitError("“{name}” is no name of a file beside the method.", name=name)
    if suffix not in (*TEXTS, NUMBERS):
        raise CaseKitError(
            "{name}: a method reads texts and tables ({texts}) and weights as {numbers}; what can hold a "
            "program is not read.",
            name=name, texts=", ".join(TEXTS), numbers=NUMBERS,
        )  # fmt: skip
    path = folder / name
    try:
        with path.open("rb") as file:
            holds = (
                _is_numbers(file, path.stat().st_size)
                if suffix == NUMBERS
                else _is_text(file, check)
            )
            file.seek(0)
            sha256, size = _hashed(file, check)
    except OSError as error:
        raise CaseKitError(
            "The method reads {name}, which cannot be read beside it.", name=name
        ) from error
    if not holds:
        raise CaseKitError("{name} is not what its name says: it is not read.", name=name)
    return MethodFile(name, path, sha256, size)


def _hashed(
    source: IO[bytes], check: Callable[[], None], target: IO[bytes] | None = None
) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    while part := source.read(_AT_ONCE):
        check()
        size += len(part)
        if size > MOST_BYTES:
            break
        hashed.update(part)
        if target:
            target.write(part)
    return hashed.hexdigest(), size


def _is_text(file: IO[bytes], check: Callable[[], None]) -> bool:
    """Whether it is UTF-8 without zero bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(_AT_ONCE):
            check()
            if "\0" in decoder.decode(part):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_numbers(file: IO[bytes], size: int) -> bool:
    """Whether the header is JSON whose tensors lie one after another and fill the rest of the file."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(MOST_HEADER, size - 8):
        return False
    try:
        head = json.loads(file.read(length))
        spans = [row["data_offsets"] for name, row in head.items() if name != "__metadata__"]
        ends = sorted((int(begin), int(end)) for begin, end in spans)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    at = 0
    for begin, end in ends:
        if begin != at or end < begin:
            return False
        at = end
    return at == size - 8 - length
