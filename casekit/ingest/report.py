"""What an import says of itself when it ends, kept in the case for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casekit.confine import WorkerCrashed, WorkerFailed, WorkerHung
from casekit.ingest.parsed import Problem


@dataclass(slots=True)
class FormatCount:
    """What one format gave.

    Attributes:
        files: Files in it that were read to their end.
        items: Items, families' members counted each.
        size: Bytes of those files.
        understood: Bytes of them that are in an item that was read, or between two; what is quarantined,
            and files that are kept and not read, are the rest.
        missing: How many items lack what is expected of their kind, by the words of `expected.lacking`.
    """

    files: int = 0
    items: int = 0
    size: int = 0
    understood: int = 0
    missing: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The counts as plain JSON values."""
        counts: dict[str, Any] = {
            "files": self.files,
            "items": self.items,
            "bytes": self.size,
            "understood": self.understood,
        }
        return {**counts, "missing": dict(sorted(self.missing.items()))} if self.missing else counts


@dataclass(slots=True)
class InsideCount:
    """Files of one format inside others: how many, their bytes, and those of them that were understood."""

    files: int = 0
    size: int = 0
    understood: int = 0

    def as_json(self) -> dict[str, Any]:
        """The counts as plain JSON values."""
        return {"files": self.files, "bytes": self.size, "understood": self.understood}


@dataclass(slots=True)
class IngestReport:
    """Counts and problems of one import.

    Attributes:
        files: Files received.
        items: Items filed, families' members counted each.
        exchanges: Those that are a request with its answer or a model output.
        duplicates: Files whose bytes the case had read already: a further receipt, no further item.
        problems: `path, stage, kind, text, line, offset` of each, in order.
        bytes_total: Bytes of the files received.
        bytes_accounted: Those that are in an item, a quarantined record or a separator; the two are equal
            unless a problem says which file's books do not add up.
        seconds: Wall time.
        formats: By format: files, items, what share was understood, what is missing. Bytes of an archive are
            understood when it was unpacked.
        inside: By format, the files that lay inside those: members of archives, attachments, unpacked streams.
        cancelled: The user stopped it; importing the same sources again goes on where it stopped.
        confinement: The level of the worker's confinement in force.
    """

    files: int = 0
    items: int = 0
    exchanges: int = 0
    duplicates: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    bytes_total: int = 0
    bytes_accounted: int = 0
    seconds: float = 0.0
    formats: dict[str, FormatCount] = field(default_factory=dict)
    inside: dict[str, InsideCount] = field(default_factory=dict)
    cancelled: bool = False
    confinement: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values; `v` is the form's version."""
        return {
            "v": 1,
            "files": self.files,
            "items": self.items,
            "exchanges": self.exchanges,
            "duplicates": self.duplicates,
            "problems": self.problems,
            "bytes_total": self.bytes_total,
            "bytes_accounted": self.bytes_accounted,
            "seconds": round(self.seconds, 3),
            "formats": {name: count.as_json() for name, count in sorted(self.formats.items())},
            "inside": {name: count.as_json() for name, count in sorted(self.inside.items())},
            "cancelled": self.cancelled,
            "confinement": self.confinement,
        }


def fault_of(error: Exception) -> Problem:
    """What went wrong with the reading process, as a problem of the file."""
    if isinstance(error, WorkerHung):
        text = "Reading it took too long and was stopped; the file is kept."
        return Problem("worker", "hung", text)
    if isinstance(error, WorkerCrashed):
        text = "Reading it ended the reading process; the file is kept."
        return Problem("worker", "crashed", text)
    if isinstance(error, WorkerFailed) and error.kind == "MemoryError":
        text = "Reading it needs more memory than may be used here; the file is kept."
        return Problem("worker", "memory", text)
    if isinstance(error, WorkerFailed):
        return Problem("worker", "failed", f"Reading it failed ({error}); the file is kept.")
    return Problem(
        "worker", "bad-answer", "The reading process sent what no reader sends; the file is kept."
    )
