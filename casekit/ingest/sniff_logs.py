"""The test that tells the log of a model server at a file's head."""

from __future__ import annotations

from casekit.ingest.dialects.server_lines import is_server_line
from casekit.ingest.sniff_text import Head, Told


def as_server_log(head: Head) -> Told | None:
    """Lines of vLLM or uvicorn, half of them at least."""
    rows = [line for line in head.lines if line.strip()]
    good = sum(map(is_server_line, rows))
    if good and good * 2 >= len(rows):
        return "server-log", 0.95, f"{good} of the first {len(rows)} lines are a model server's"
    return None
