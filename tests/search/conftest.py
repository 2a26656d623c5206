"""The embedding model, converted where every connection is refused, once for all who use it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from casekit import paths

ROOT = Path(__file__).resolve().parents[2]
REFUSE = """
    import os, sys
    def refuse(event, args):
        if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
            with open(os.environ["CONNECTIONS"], "a") as f:
                f.write(event)
            raise OSError("no connections")
    sys.addaudithook(refuse)
    """
CONVERT_AND_EMBED = """
    import sys
    from casekit.search import engine
    e = engine.load()
    print(e.vectors(e.passages(["a fox", "b", "c"])[0] * 3).shape, "torch" in sys.modules)
    import socket
    try:
        socket.create_connection(("127.0.0.1", 9))
    except OSError as error:
        print(error)
    """


@dataclass(frozen=True, slots=True)
class Alone:
    """What a process said that converted the model and embedded, and the connections it and its child tried."""

    printed: str
    errors: str
    connections: str


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """Converts the model and embeds where every socket raises; the tests go on with what came out."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "sitecustomize.py").write_text(textwrap.dedent(REFUSE))
    environment = {
        "PYTHONPATH": f"{folder}:{ROOT}", "CASEKIT_HOME": str(folder / "home"), "PATH": "/usr/bin:/bin",
        "HOME": str(folder), "CONNECTIONS": str(folder / "connections"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CONVERT_AND_EMBED)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    models = paths.cache_folder() / "models"
    models.mkdir(exist_ok=True)
    for model in (folder / "home" / "cache" / "models").glob("*"):
        with contextlib.suppress(OSError):  # another process was quicker
            model.rename(models / model.name)
    return Alone(done.stdout, done.stderr, (folder / "connections").read_text())
