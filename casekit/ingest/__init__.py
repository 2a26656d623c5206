"""FILES -> ITEMS: takes files into the case and reads them in a confined worker, resumable at any point."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekit.ingest.provenance import Provenance, read_supplied_hashes
    from casekit.ingest.report import IngestReport
    from casekit.ingest.run import ingest, read_again

__all__ = ["IngestReport", "Provenance", "ingest", "read_again", "read_supplied_hashes"]

_PLACES = {
    "IngestReport": "report",
    "Provenance": "provenance",
    "ingest": "run",
    "read_again": "run",
    "read_supplied_hashes": "provenance",
}


def __getattr__(name: str) -> Any:
    """Load on first use: the confined worker reads from this package and must not load the database."""
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"casekit.ingest.{_PLACES[name]}"), name)
