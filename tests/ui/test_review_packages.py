from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.errors import CaseKitError
from casekit.ops import reviews, tags
from casekit.queries import reviews as queries
from casekit.store.case import Case, open_case
from casekit.ui.review_packages import PackSet
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def with_sets(sample_case: Case) -> list[queries.SetRow]:
    with sample_case.write() as s:
        reviews.make_set(s, "Mails", [351, 352])
        reviews.make_set(s, "Answers", [1, 2, 3])
    with sample_case.read() as s:
        return queries.sets(s)


def test_it_asks_what_goes_to_whom(
    dressed: QApplication, qtbot: QtBot, with_sets: list[queries.SetRow]
) -> None:
    dialog = PackSet(None, with_sets, listed=with_sets[1].id)
    qtbot.addWidget(dialog)
    assert dialog.set.currentData() == with_sets[1].name
    assert dialog.privileged.currentData() == "ask"
    dialog.check()
    assert "by name" in dialog.trouble.text()
    dialog.recipient.setText("R. Two")
    dialog.batches.setText("1-x")
    dialog.check()
    assert "such as 1-3,7" in dialog.trouble.text()
    dialog.batches.setText("1-2")
    dialog.check()
    assert dialog.result() == 1


def test_a_set_goes_out_is_coded_and_comes_back(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = window.shell
    assert shell is not None
    window.trigger("review.pack")
    rest()
    assert "no review sets yet" in window.notice.text
    shell.do("make", lambda s: reviews.make_set(s, "Answers", [1, 2, 3]))
    rest()
    told: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(window.ask, "report", lambda *a: told.append(a[2]))
    monkeypatch.setattr(window.ask, "form", lambda _form: ("Answers", "R. Two", [], "without"))
    monkeypatch.setattr(window.ask, "new_file", lambda *_: tmp_path / "out")
    window.trigger("review.pack")
    rest()
    assert ("Items of the set", "3") in told[0]
    assert ("Tags, decisions, fields and notes", "go too") in told[0]
    monkeypatch.setattr(window.ask, "new_file", lambda *_: tmp_path / "none")
    window.trigger("review.return")
    rest()
    assert "no review package" in window.notice.text
    home = shell.case.folder
    monkeypatch.setattr(window.ask, "old_file", lambda *_: tmp_path / "out.casereview")
    window.trigger("review.open")
    rest()
    assert window.shell is not None
    assert window.shell.case.folder != home
    window.shell.do("tag", lambda s: tags.add_tag(s, [1], "Hot"))
    rest()
    monkeypatch.setattr(window.ask, "new_file", lambda *_: tmp_path / "back")
    window.trigger("review.return")
    rest()
    assert "way back" in window.notice.text
    window.enter(open_case(home))
    rest()
    monkeypatch.setattr(window.ask, "old_file", lambda *_: tmp_path / "back.casereturn")
    window.trigger("review.merge")
    rest()
    assert "values taken" in window.notice.text


def test_numbers_of_batches_are_read_or_refused() -> None:
    from casekit.queries.batching import numbers

    assert numbers("1-3, 7") == [1, 2, 3, 7]
    assert numbers("") == []
    with pytest.raises(CaseKitError, match="such as 1-3,7"):
        numbers("one")


def test_a_package_that_is_dropped_is_opened(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window, "open_case", opened.append)
    monkeypatch.setattr(window, "import_sources", lambda _paths: None)
    (tmp_path / "out.casereview").write_bytes(b"packed")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "out.casereview"))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, left, none))
    assert opened == [tmp_path / "out.casereview"]
