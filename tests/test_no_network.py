"""Models are asked through one module alone, which nothing loads before somebody collects."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1] / "casekit"
WIRE = ROOT / "jobs" / "wire.py"
NETWORK = {"socket", "ssl", "http.client", "http", "urllib.request", "httpx", "requests", "urllib3", "aiohttp",
           "ftplib", "smtplib", "asyncio", "socketserver", "xmlrpc.client"}  # fmt: skip
LINE_TO_THE_WORKER = {ROOT / "confine" / "port.py", ROOT / "confine" / "child.py"}
"""Parent and child speak through a pair of sockets that have no address."""
TIME_STAMPS = {ROOT / "dossier" / "sign.py"}
"""Asks the time-stamping authority that the person names with `--authority`, and sends a hash alone."""


@cache
def imported(path: Path) -> set[str]:
    """What a module imports anywhere in it, if a name that matters stands in its text at all."""
    text = path.read_text("utf-8")
    found: set[str] = set()
    if not any(name in text for name in (*NETWORK, "wire")):
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_one_module_alone_imports_what_reaches_a_network() -> None:
    users = {path for path in ROOT.rglob("*.py") if imported(path) & NETWORK}
    assert users - LINE_TO_THE_WORKER - TIME_STAMPS == {WIRE}


def test_one_function_alone_loads_it() -> None:
    users = {
        path for path in ROOT.rglob("*.py") if any("jobs.wire" in name for name in imported(path))
    }
    assert users == {ROOT / "jobs" / "collecting.py"}
    top = ast.parse((ROOT / "jobs" / "collecting.py").read_text("utf-8")).body
    names = {a.name for node in top if isinstance(node, ast.ImportFrom) for a in node.names}
    assert "wire" not in names  # inside functions, and for types alone


def test_neither_the_window_nor_a_command_loads_it_before_it_is_used() -> None:
    """Designing, estimating and approving load no client either."""
    script = (
        "import sys, casekit.cli.collecting, casekit.jobs.protocols, casekit.analysis.departure, "
        "casekit.ui.app; print([m for m in ('casekit.jobs.wire', 'http.client') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
