from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casekit.dossier.spec import DossierSpec
from casekit.dossier.templates import template, templates
from casekit.jobs import specs
from casekit.ui import comparing
from casekit.ui.window import Window


def test_what_is_different_is_shown_in_words(
    window: Window, rest: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = window.shell
    assert shell is not None
    reports: list[tuple[Any, ...]] = []
    monkeypatch.setattr(window.ask, "report", lambda *a: reports.append(a))
    monkeypatch.setattr(window.ask, "compare_with", lambda others: others[0])
    specs.keep(shell.case, "First", DossierSpec(title="One"))
    comparing.compare(window, shell, DossierSpec(title="Two"), "Second", ["First"])
    rest()
    assert reports[0][3] == "title: “One” became “Two”."
    assert reports[0][1] == "1 difference"
    assert ("Compared with", "First") in reports[0][2]
    monkeypatch.setattr(window.ask, "compare_with", lambda _others: "")
    comparing.compare(window, shell, DossierSpec(), "Second", [])
    rest()
    assert len(reports) == 1
    assert "issued yet" in window.notice.text


def test_a_template_is_kept_begun_with_and_a_bad_name_is_said(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(window.ask, "text", lambda *_a: "Ours")
    spec = DossierSpec(title="Fact", words="eu")
    assert "Ours" in comparing.keep_template(window, spec, "x")
    assert [one.name for one in templates() if one.own] == ["Ours"]
    monkeypatch.setattr(window.ask, "new_dossier", lambda _n, known: ("New", known[-1]))
    assert comparing.begun(window, "x") == ("New", template("Ours"))
    monkeypatch.setattr(window.ask, "text", lambda *_a: "a/b")
    assert "cannot name" in comparing.keep_template(window, spec, "x")
    monkeypatch.setattr(window.ask, "text", lambda *_a: None)
    assert comparing.keep_template(window, spec, "x") == ""


def test_a_spec_that_cannot_be_written_is_said(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(window.ask, "save_file", lambda *_a: tmp_path / "absent" / "s.json")
    assert "cannot be written" in comparing.write_spec(window, DossierSpec(), tmp_path / "s.json")
