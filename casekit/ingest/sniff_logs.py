"""The tests that tell logs at a file's head: a model server's, and those that name their fields."""

from __future__ import annotations

from casekit.ingest.dialects.server_lines import is_server_line
from casekit.ingest.dialects.w3c_lines import Directives
from casekit.ingest.sniff_text import Head, Told


def as_server_log(head: Head) -> Told | None:
    """Lines of vLLM, uvicorn, Ollama, TGI or llama.cpp, half of them at least."""
    rows = [line for line in head.lines if line.strip()]
    good = sum(map(is_server_line, rows))
    if good and good * 2 >= len(rows):
        return "server-log", 0.95, f"{good} of the first {len(rows)} lines are a model server's"
    return None


def as_w3c_log(head: Head) -> Told | None:
    """Begins with a line of `#`, and the first `#Fields` names those of a request to a web server."""
    told = Directives()
    rows = [line for line in head.lines if line.strip()]
    if not rows or not rows[0].startswith(b"#"):
        return None
    for row in rows:
        if row[:1] == b"#" and not told.names:
            told = told.after(row.decode("utf-8", "replace"))
    if not told.of_requests:
        return None
    return "w3c-log", 0.95, f"the line #Fields names {len(told.names)} fields of a web server's log"
