from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from casekit.ui.completing import Completions, name_of, said
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    return said


@pytest.fixture
def listed(window: Window) -> Completions:
    window.activateWindow()
    window.search.edit.setFocus()
    made = window.search.completions
    assert made is not None
    made._slow.setInterval(10**9)  # else a busy machine says that it is reading
    return made


def write(window: Window, rest: Rest, text: str) -> None:
    QTest.keyClicks(window.search.edit, text)
    rest()


def test_fields_then_their_values_with_counts_are_taken_by_keys_alone(
    window: Window, rest: Rest, listed: Completions, heard: list[str]
) -> None:
    edit = window.search.edit
    write(window, rest, "mod")
    assert [listed.item(n).text() for n in range(listed.count())] == ["model:, model that answered"]
    assert (listed.currentRow(), heard) == (-1, ["1 suggestion, Down chooses"])
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    rest()
    assert (edit.text(), edit.hasFocus(), listed.isVisible()) == ("model:", True, True)
    found = listed._found
    assert found is not None
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    first = found.options[0]
    assert heard[-1] == f"{name_of(first)}, {first.count} items, 1 of {listed.count()}"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    rest()
    assert (edit.text(), listed.isVisible()) == (f"model:{first.text} ", False)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    rest(
        lambda: window.workspace is not None and window.workspace.wanted.text == edit.text().strip()
    )
    assert window.workspace is not None
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.total == first.count


def test_return_searches_for_what_is_written_and_escape_first_closes_the_list(
    window: Window, rest: Rest, listed: Completions
) -> None:
    edit = window.search.edit
    write(window, rest, "to")
    assert listed.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert (listed.isVisible(), edit.hasFocus()) == (False, True)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not edit.hasFocus()
    edit.setFocus()
    edit.clear()
    write(window, rest, "st")
    assert listed.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not listed.isVisible()
    rest()
    assert window.workspace is not None
    assert window.workspace.wanted.text == "st"
    write(window, rest, " nothingbeginswiththis")
    assert not listed.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert not edit.hasFocus()


def test_a_quoted_value_is_closed_once_and_the_mouse_takes_too(
    window: Window, rest: Rest, listed: Completions
) -> None:
    edit = window.search.edit
    edit.setText('x saved:""')
    edit.setCursorPosition(9)
    write(window, rest, "Ni")
    place = listed.visualItemRect(listed.item(0)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    rest()
    assert edit.text() == 'x saved:"Night traffic" '
    edit.undo()
    assert edit.text() == 'x saved:"Ni"'


def test_every_field_is_offered_on_request_and_the_list_goes_with_the_focus(
    window: Window, rest: Rest, listed: Completions
) -> None:
    window.trigger("search.complete")
    rest()
    assert listed.count() > 30
    assert listed.isVisible()
    assert window.workspace is not None
    window.workspace.list.setFocus()
    assert not listed.isVisible()


def test_a_first_count_that_takes_long_is_told_and_holds_nothing(
    window: Window, rest: Rest, listed: Completions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[..., None]] = []
    monkeypatch.setattr(listed, "_offer", lambda *values: asked.append(values[-1]))
    QTest.keyClicks(window.search.edit, "model:")
    listed._slow.stop()
    listed._say_reading()
    assert [listed.item(n).text() for n in range(listed.count())] == [
        "Reading the values of the case …"
    ]
    QTest.keyClick(window.search.edit, Qt.Key.Key_Tab)  # nothing to take yet: it goes on as ever
    assert not window.search.edit.hasFocus()
    assert not listed.isVisible()
    assert len(asked) == 1
    rest()


def test_everything_offered_can_be_shown_and_spoken(
    window: Window, rest: Rest, listed: Completions
) -> None:
    assert window.shell is not None
    from casekit.search import language
    from casekit.search.completing import complete

    for name in ("", *(f"{field}:" for field in language.FIELDS)):
        for option in complete(window.shell.case, name, len(name), every=True).options:
            assert said(option)
    rest()
