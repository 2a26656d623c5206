"""What is inside a JSON or CSV record: tells the dialects apart and reads each into the same exchange.

The table of all of them is loaded when a record is first looked at: who reads mail needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekit.ingest.dialects.table import DIALECTS, Dialect, Reading, recognise

__all__ = ["DIALECTS", "Dialect", "Reading", "recognise"]


def __getattr__(name: str) -> Any:
    """Load the table on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.table"), name)
