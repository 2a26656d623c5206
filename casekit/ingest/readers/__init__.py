"""Which reader reads which format: a table whose modules are imported only when a file needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from casekit.ingest.containers import Data
from casekit.ingest.formats import FORMATS
from casekit.ingest.parsed import Books, Context, Parsed, Problem

Reader = Callable[[Data, Context], Iterator[Parsed | Problem | Books]]
"""Reads the bytes of one file: items and problems in the file's order, and the books last."""


def _lazily(module: str) -> Reader:
    """A reader that imports its module at the first file: who reads mail needs no PDF code."""

    def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
        found: Reader = import_module(f"casekit.ingest.readers.{module}").read
        return found(untrusted_data, context)

    return read


_MODULES = {each.id: each.module for each in FORMATS if each.module} | dict.fromkeys(
    ("empty", "unknown"), "unknown"
)
READERS: dict[str, Reader] = {form: _lazily(module) for form, module in _MODULES.items()}
"""Format id to reader; containers (gzip, zip) have none: they are unwrapped before."""
