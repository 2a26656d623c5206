from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.search.building import Group, Row, node_of
from casekit.ui.query_builder import QueryBuilder, RowLine
from casekit.ui.window import Window

Rest = Callable[..., None]


def builder(qtbot: QtBot, text: str) -> QueryBuilder:
    made = QueryBuilder(None, text, dt.UTC, lambda _field, _start, done: done(["one", "two"]))
    qtbot.addWidget(made)
    return made


def test_the_text_becomes_rows_and_the_rows_text(dressed: QApplication, qtbot: QtBot) -> None:
    made = builder(qtbot, 'kind:mail AND NOT tag:hot AND (clause OR "gross negligence")')
    assert made.root.group() == Group("all", (
        Row("kind", "is", "mail"), Row("tag", "is", "hot", no=True),
        Group("any", (Row("", "has", "clause"), Row("", "has", "gross negligence"))),
    ))  # fmt: skip
    line = made.root.lines()[0]
    line.value.setText("")
    QTest.keyClicks(line.value, "file")
    assert made.text.text().startswith("kind:file")
    made.root.joint.setCurrentIndex(made.root.joint.findData("none"))
    made.root.joint.activated.emit(2)
    again = builder(qtbot, made.text.text())
    assert again.root.group().joint == "none"
    assert node_of(again.root.group()) == node_of(made.root.group())


def test_a_row_is_added_changed_and_taken_out(dressed: QApplication, qtbot: QtBot) -> None:
    made = builder(qtbot, "model:aurora-4")
    made.root._add_and_tell(Row())
    line = made.root.lines()[-1]
    assert isinstance(line, RowLine)
    line.field.setCurrentIndex(line.field.findData("tag"))
    line.field.activated.emit(0)
    assert line.value.completer().model().stringList() == ["one", "two"]
    QTest.keyClicks(line.value, "hot")
    assert made.text.text() == "model:aurora-4 tag:hot"
    made.root._take_out(made.root.parts[0])
    assert made.text.text() == "tag:hot"


def test_what_cannot_be_read_or_shown_is_said_and_stays(
    dressed: QApplication, qtbot: QtBot
) -> None:
    made = builder(qtbot, "")
    made.show()
    made.text.setText("")
    QTest.keyClicks(made.text, "(clause")
    assert made.trouble.isVisible()
    assert not made.area.isEnabled()
    made.check()
    assert made.result() == 0
    made.text.setText("")
    QTest.keyClicks(made.text, "a AND *")
    assert "stays as it is written" in made.trouble.text()
    made.check()
    assert (made.result(), made.text.text()) == (1, "a AND *")


def test_what_is_built_is_searched(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None

    def answer(form: QueryBuilder) -> str:
        form.root._add_and_tell(Row("kind", "is", "mail"))
        form.deleteLater()
        return form.text.text()

    monkeypatch.setattr(window.ask, "form", answer)
    window.trigger("search.build")
    rest()
    assert window.search.edit.text() == "kind:mail"
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.wanted.text == "kind:mail"
    assert window.workspace.outcome.total > 0
