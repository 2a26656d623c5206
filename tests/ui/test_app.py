from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from casekit import __version__
from casekit.jobs import FOLLOW, follow
from casekit.ui import app

HEAVY = (
    "torch",
    "faiss",
    "openvino",
    "reportlab",
    "sentence_transformers",
    "pikepdf",
    "duckdb",
    "numpy",
    "sqlalchemy",
)


def test_arguments_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.main(["one", "two"]) == 2
    assert app.main(["--what"]) == 2
    assert app.main(["--help"]) == 0
    assert capsys.readouterr().err.count("usage: casekit-app [CASE]") == 3
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert app.main([]) == 2
    assert "no display" in capsys.readouterr().err


def test_a_frozen_program_is_its_own_follower(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[list[str]] = []
    monkeypatch.setattr(follow, "main", followed.append)
    assert app.main([FOLLOW, "A.casekit"]) == 0
    assert followed == [["A.casekit"]]


def test_the_window_is_up_without_anything_heavy() -> None:
    code = (
        "import sys; from casekit.ui.app import make_app; from casekit.ui.window import Window; "
        "a = make_app(); w = Window(); w.show(); a.processEvents(); "
        "print([m for m in sys.argv[1:] if m in sys.modules]); w.close()"
    )
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, env=env, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_application_is_named(dressed: QApplication) -> None:
    assert (dressed.applicationName(), dressed.applicationVersion()) == ("CaseKit", __version__)


def test_qts_own_words_are_in_the_users_language(qapp: QApplication) -> None:
    """Menus of fields and dialogs for files are Qt's, and were English in a Chinese window."""
    from casekit import i18n
    from casekit.ui import app

    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"
    i18n.use("zh")
    try:
        made = app._translate_qt(qapp)
        assert "复制" in QCoreApplication.translate("QWidgetTextControl", "&Copy")
        assert made is not None
        qapp.removeTranslator(made)
    finally:
        i18n.use("en")
    assert app._translate_qt(qapp) is None
