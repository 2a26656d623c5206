from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ui import export_questions, folders
from casekit.ui.asking import Ask


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


def test_what_is_written_goes_where_the_one_before_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(*asked: str) -> tuple[str, str]:
        offered.append(asked[2])
        return asked[2], ""

    monkeypatch.setattr(folders, "_last", [tmp_path])
    monkeypatch.setattr(export_questions.QFileDialog, "getSaveFileName", ask)
    ask_for = Ask(None)  # type: ignore[arg-type]
    assert ask_for.new_file("Mail 3/4", "") == tmp_path / "Mail 3-4"
    assert offered == [str(tmp_path / "Mail 3-4")]
    assert folders.begin() == str(tmp_path)
