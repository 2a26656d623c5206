from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ui import folders


def test_a_dialog_begins_where_the_one_before_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_last", [])
    assert folders.begin() == str(Path.home())
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert folders.chosen(str(first / "log.jsonl")) == first / "log.jsonl"
    assert folders.chosen("") is None
    assert folders.begin() == str(first)
    folders.chosen(str(second / "x.csv"))
    assert folders.begin() == str(second)
    second.rmdir()
    assert folders.begin() == str(first)
    first.rmdir()
    assert folders.begin() == str(Path.home())
