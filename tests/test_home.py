from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.home import MEMORY, lay_in_memory


@pytest.mark.parametrize(
    ("named", "memory", "least", "laid"),
    [
        (None, MEMORY, 0, True),
        (str(MEMORY), MEMORY, 0, True),  # as a process finds it that this one started
        (None, MEMORY, 1 << 60, False),
        (None, Path("/nowhere"), 1, False),
        ("/", MEMORY, 0, False),  # whoever names a place gets it
    ],
)
def test_files_are_made_in_memory_where_there_is_plenty(
    named: str | None, memory: Path, least: int, laid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", named) if named else monkeypatch.delenv("TMPDIR", raising=False)
    if laid and not MEMORY.is_dir():
        pytest.skip("this system has no file system in memory")
    assert lay_in_memory(memory, least) is laid
    assert (tempfile.gettempdir() == str(memory)) is laid
