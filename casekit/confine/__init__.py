"""Runs one function on untrusted bytes in a process that has no network, no keys and nothing to write to."""

from __future__ import annotations

from casekit.confine.line import (
    Limits,
    WorkerCrashed,
    WorkerFailed,
    WorkerFault,
    WorkerHung,
    WorkerNotStarted,
)
from casekit.confine.worker import Worker, run_if_child

__all__ = [
    "Limits",
    "Worker",
    "WorkerCrashed",
    "WorkerFailed",
    "WorkerFault",
    "WorkerHung",
    "WorkerNotStarted",
    "run_if_child",
]
