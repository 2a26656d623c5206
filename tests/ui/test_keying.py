from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from casekit import settings
from casekit.ops import tags, templates
from casekit.queries import coding, items
from casekit.queries.templates import RESERVED, Code, Preset
from casekit.store.case import Case, open_case
from casekit.ui import keying
from casekit.ui.actions import ACTIONS
from casekit.ui.window import Window
from tests.builders import file_items, make_item, make_mail
from tests.ui.conftest import settle

Rest = Callable[..., None]
COUNT, FAMILY = 100, 41
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hundred(case: Case, tmp_path: Path) -> Path:
    """A hundred mails and documents, one a mail (41) with a file (42), and the usual templates."""
    letter = make_mail("Advice of counsel", "a@x.example", "b@y.example", 1_000_000)
    letter.children = [make_item("Advice.docx", sent_us=1_000_000)]
    heads = [
        make_mail(f"Mail {n}", "a@x.example", "b@y.example", 2_000_000 + n) for n in range(1, 41)
    ]
    heads += [letter, *(make_item(f"Paper {n}") for n in range(43, COUNT + 1))]
    file_items(case, heads, tmp_path)
    with case.write() as s:
        tags.make_tag(s, "night", key="8")
        templates.take_usual(s)
        templates.set_policy(s, families="never", copies="never")
    return case.folder


@pytest.fixture
def desk(
    clean: None, dressed: object, qtbot: QtBot, hundred: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    made = Window()
    bugs: list[BaseException] = []
    monkeypatch.setattr(made.jobs, "_bug", bugs.append)
    made.show()
    made.enter(open_case(hundred))
    settle(qtbot, made)
    assert made.workspace is not None
    made.workspace._order("id")
    settle(qtbot, made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()
    if bugs:
        raise bugs[0]


def answer_key() -> dict[int, dict[str, tuple[str, ...]]]:
    """What each item must be coded as, written before any key is pressed."""
    key: dict[int, dict[str, tuple[str, ...]]] = {}
    for n in range(1, COUNT + 1):
        if n in (FAMILY, FAMILY + 1):
            key[n] = {
                "responsive": ("yes",), "privilege": ("privileged",), "basis": ("attorney-client",),
            }  # fmt: skip
        elif n % 3 == 0:
            key[n] = {"responsive": ("no",)}
        elif n % 10 == 7:
            key[n] = {
                "responsive": ("yes",), "privilege": ("privileged",), "basis": ("work-product",),
            }  # fmt: skip
        else:
            key[n] = {"responsive": ("yes",), "privilege": ("not-privileged",)}
    return key


def digit(wanted: dict[str, tuple[str, ...]]) -> str:
    """The key of the preset that codes so."""
    held = wanted.get("privilege", ()) + wanted.get("basis", ())
    return {
        (): "2", ("not-privileged",): "4", ("privileged", "attorney-client"): "5",
        ("privileged", "work-product"): "6",
    }[held]  # fmt: skip


def test_a_hundred_items_are_coded_by_keyboard_alone(desk: Window, qtbot: QtBot) -> None:
    key, slips = answer_key(), {3, 20, 43, 66, 98}
    assert desk.workspace is not None
    view = desk.workspace.list
    view.setFocus()
    strokes: dict[int, int] = {}

    def strike(letter: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(view, Qt.Key(ord(letter)), modifier)

    for n in range(1, COUNT + 1):
        if n in slips:  # a wrong key, seen before going on: taken back, then coded rightly
            strike("4" if digit(key[n]) == "2" else "2")
            strike("Z", CTRL)
        strike(digit(key[n]))
        QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
        strokes[n] = 2 + 2 * (n in slips)
        if (
            n % 20 == 0 or n in slips
        ):  # else nothing is waited for: keys come faster than the case writes
            settle(qtbot, desk)
    settle(qtbot, desk)
    assert desk.shell is not None
    with desk.shell.case.read() as s:
        assert coding.values(s, range(1, COUNT + 1)) == key
        assert coding.incomplete(s, range(1, COUNT + 1)) == {}
        assert items.view(s, FAMILY + 1).privilege_basis == "attorney-client"
    assert max(n for i, n in strokes.items() if i not in slips) == 2
    assert desk.workspace.list.current_id() == COUNT


def test_codes_advance_and_a_key_struck_early_meets_the_next_item(
    desk: Window, qtbot: QtBot
) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    view = desk.workspace.list
    view.setFocus()
    desk.trigger("code.advance")
    assert settings.load().advance
    for (
        letter
    ) in "2122418":  # 1 alone leaves privilege open, so that item 2 stays until it is decided
        QTest.keyClick(view, Qt.Key(ord(letter)))
    settle(qtbot, desk)
    with desk.shell.case.read() as s:
        assert coding.values(s, range(1, 9)) == {
            1: {"responsive": ("no",)}, 2: {"responsive": ("no",)}, 3: {"responsive": ("no",)},
            4: {"responsive": ("yes",), "privilege": ("not-privileged",)}, 5: {"responsive": ("yes",)},
        }  # fmt: skip
        assert [row.id for row in items.rows(s, range(1, 9)) if row.tags == ("night",)] == [5]
    assert view.current_id() == 5
    desk.trigger("code.advance")
    assert not settings.load().advance


def test_save_and_next_says_what_is_missing_and_j_goes_on(desk: Window, qtbot: QtBot) -> None:
    assert desk.workspace is not None
    view, pane = desk.workspace.list, desk.workspace.coding
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    settle(qtbot, desk)
    assert view.current_id() == 1
    assert desk.notice.text == "▲ Not complete yet: Responsive. Code it, or go on with J."
    assert pane.fields.rows["responsive"].head.text() == "▲ Responsive is missing"
    assert "privilege" not in pane.fields.names
    QTest.keyClick(view, Qt.Key.Key_1)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    settle(qtbot, desk)
    assert desk.notice.text.startswith("▲ Not complete yet: Privilege.")
    assert {"privilege", "confidentiality"} & pane.fields.names == {"privilege"}
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_J)
    settle(qtbot, desk)
    assert view.current_id() == 2
    QTest.keyClick(view, Qt.Key.Key_4)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    settle(qtbot, desk)
    assert view.current_id() == 3


def test_no_key_takes_privilege_away_but_its_own(desk: Window, qtbot: QtBot) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    view = desk.workspace.list
    view.setFocus()

    def held() -> str:
        settle(qtbot, desk)
        assert desk.shell is not None
        with desk.shell.case.read() as s:
            return items.view(s, 1).privilege_basis

    for letter in "66PPC42":
        QTest.keyClick(view, Qt.Key(ord(letter)))
        assert held() == "work-product", letter
    QTest.keyClick(view, Qt.Key.Key_P, SHIFT)
    assert held() == ""
    QTest.keyClick(view, Qt.Key.Key_P, SHIFT)
    assert held() == ""
    assert desk.notice.text == "This item is not withheld."


def test_keys_of_presets_live_and_are_off_in_text(desk: Window, qtbot: QtBot) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    with desk.shell.case.write() as s:
        templates.set_preset(
            s, Preset("Night", "Q", (Code("tag", "night"), Code("responsive", "no")))
        )
    desk.workspace.refresh()
    settle(qtbot, desk)
    edit = desk.workspace.coding._new_tag
    edit.setFocus()
    QTest.keyClicks(edit, "q1")
    settle(qtbot, desk)
    assert edit.text() == "q1"
    edit.clear()
    view = desk.workspace.list
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Q)
    settle(qtbot, desk)
    with desk.shell.case.read() as s:
        assert coding.values(s, [1]) == {1: {"responsive": ("no",)}}
        assert items.rows(s, [1])[0].tags == ("night",)
    QTest.keyClick(view, Qt.Key.Key_Q)  # a preset of several codes takes nothing off
    settle(qtbot, desk)
    with desk.shell.case.read() as s:
        assert items.rows(s, [1])[0].tags == ("night",)
    with desk.shell.case.write() as s:
        templates.remove_preset(s, "Night")
    desk.workspace.refresh()
    settle(qtbot, desk)
    assert desk.workspace._keys == {}


def test_what_may_spread_is_offered_or_done_with_undo(desk: Window, qtbot: QtBot) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    case = desk.shell.case

    def responsive() -> list[int]:
        settle(qtbot, desk)
        with case.read() as s:
            found = coding.values(s, [FAMILY, FAMILY + 1])
        return [i for i, mine in found.items() if mine.get("responsive") == ("no",)]

    with case.write() as s:
        templates.set_policy(s, families="ask")
    desk.workspace.refresh()
    settle(qtbot, desk)
    desk.workspace.open_item(FAMILY)
    settle(qtbot, desk)
    keying.press(desk, "2")
    assert responsive() == [FAMILY]
    assert desk.notice.text == "1 more of its family or copies is not coded so."
    desk.notice._do.click()
    assert responsive() == [FAMILY, FAMILY + 1]
    for _ in range(2):
        desk.trigger("edit.undo")
        settle(qtbot, desk)
    with case.write() as s:
        templates.set_policy(s, families="always")
    desk.workspace.refresh()
    settle(qtbot, desk)
    keying.press(desk, "2")
    assert responsive() == [FAMILY, FAMILY + 1]
    assert desk.notice.text == "Also coded: 1 of its family or copies."
    desk.notice._do.click()
    assert responsive() == []


def test_code_as_previous_repeats_values_and_tags(desk: Window, qtbot: QtBot) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    view = desk.workspace.list
    view.setFocus()
    for letter, modifier in (("4", None), ("8", None), ("J", None), ("D", CTRL)):
        QTest.keyClick(view, Qt.Key(ord(letter)), modifier or Qt.KeyboardModifier.NoModifier)
    settle(qtbot, desk)
    with desk.shell.case.read() as s:
        assert coding.values(s, [2]) == {
            2: {"responsive": ("yes",), "privilege": ("not-privileged",)}
        }
        assert items.rows(s, [2])[0].tags == ("night",)


def test_keys_go_on_after_a_fault_of_the_program(
    desk: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.workspace is not None
    assert desk.shell is not None
    faults: list[BaseException] = []
    monkeypatch.setattr(desk.jobs, "_bug", faults.append)
    with monkeypatch.context() as broken:
        broken.setattr("casekit.ops.coding.code", lambda *_a, **_k: 1 / 0)
        keying.press(desk, "2")
        settle(qtbot, desk)
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    keying.press(desk, "2")
    settle(qtbot, desk)
    with desk.shell.case.read() as s:
        assert coding.values(s, [1]) == {1: {"responsive": ("no",)}}


def test_keys_of_the_window_are_reserved() -> None:
    from casekit.queries.templates import _KEY

    digits = set("123456789")
    mine = {a.keys for a in ACTIONS if _KEY.fullmatch(a.keys)} - digits
    assert mine <= RESERVED


def test_a_queue_of_strokes_keeps_their_order() -> None:
    done: list[int] = []
    strokes = keying.Strokes()
    strokes.put(lambda: (done.append(1), strokes.begin()))
    strokes.put(lambda: (done.append(2), strokes.begin()))
    strokes.put(lambda: done.append(3))
    assert done == [1]
    strokes.end()
    assert done == [1, 2]
    strokes.end()
    assert done == [1, 2, 3]
