from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.queries import coding, reviews
from casekit.store.review_tables import review_done
from casekit.ui.review_sets import MakeSet
from casekit.ui.window import Window
from tests.ui.test_coding_fields import fields

Rest = Callable[..., None]


def test_a_set_is_made_listed_given_out_and_done(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace, shell = window.workspace, window.shell
    assert workspace is not None
    assert shell is not None
    window.trigger("review.progress")
    rest()
    assert "no review sets yet" in window.notice.text
    window.trigger("review.done")
    assert "in the sidebar first" in window.notice.text
    monkeypatch.setattr(window.ask, "review_set", lambda _total: ("Sample", 5, 12, 7))
    window.trigger("review.make")
    rest()
    assert "“Sample” of 12 items made" in window.notice.text
    row = workspace.sidebar._rows["review:1"]
    assert (row.text(), row.count) == ("Sample", "0 / 12")
    row.click()
    rest()
    with shell.case.read() as s:
        order = reviews.set_items(s, 1).tolist()
    assert list(workspace.model.ids) == order
    monkeypatch.setattr(window.ask, "text", lambda *_: "A. One, B. Two")
    window.trigger("review.assign")
    rest()
    assert "given to A. One, B. Two" in window.notice.text
    workspace.open_item(order[0])
    rest()
    window.trigger("review.done")
    rest()
    assert workspace.sidebar._rows["review:1"].count == "1 / 12"
    assert shell.selection.current == order[1]

    def said() -> list[str]:
        cells = (workspace.model.index(n, 0).data() for n in range(3))
        return [text for text in cells if "done" in text]

    assert len(said()) == 1, "the list tells what is done"
    workspace.run(first=True)
    rest()
    assert len(said()) == 1
    window.trigger("edit.undo")
    rest()
    assert said() == []
    window.trigger("edit.redo")
    rest()
    told: list[str] = []
    monkeypatch.setattr(window.ask, "report", lambda *a: told.append(a[3]))
    window.trigger("review.progress")
    rest()
    assert "1 of 12 done, 11 left" in told[0]
    assert "B. Two" in told[0]
    workspace.run_search("damages", "words")
    rest()
    found = list(workspace.model.ids)
    assert found == [i for i in order if i in found]
    (tmp_path / "x.casereturn").write_text("x")
    monkeypatch.setattr(window.ask, "old_file", lambda *_: tmp_path / "x.casereturn")
    window.trigger("review.merge")
    rest()
    assert "nothing that comes back" in window.notice.text


def test_a_text_being_written_stays_with_the_item_that_is_done(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, shell = window.workspace, window.shell
    assert workspace is not None
    assert shell is not None
    fields(window, rest)
    monkeypatch.setattr(window.ask, "review_set", lambda _total: ("Sample", 5, 12, 7))
    window.trigger("review.make")
    rest()
    workspace.sidebar._rows["review:1"].click()
    rest()
    first, second, third = (int(i) for i in list(workspace.model.ids)[:3])
    workspace.open_item(first)
    rest()
    for item_id, leave in (
        (first, lambda: window.trigger("review.done")),
        (second, lambda: workspace.open_item(third)),
    ):
        edit = workspace.coding.fields.rows["remark"].edit
        edit.setFocus()
        QTest.keyClicks(edit, f"only about {item_id}")
        leave()
        rest()
    with shell.case.read() as s:
        told = coding.values(s, [first, second, third])
        assert [told.get(i, {}).get("remark") for i in (first, second, third)] == [
            (f"only about {first}",), (f"only about {second}",), None,
        ]  # fmt: skip
        (kept,) = s.execute(review_done.select()).all()
        assert (kept.item_id, "only about" in kept.coding) == (first, True)


def test_the_dialog_needs_what_a_sample_needs(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = MakeSet(None, 410)
    qtbot.addWidget(asked)
    monkeypatch.setattr(asked, "exec", lambda: QDialog.DialogCode.Accepted)
    for name, sample, seed, says in (
        ("", "", "", "a name"), ("x", "few", "", "whole numbers"), ("x", "5", "", "both its size"),
    ):  # fmt: skip
        asked.name.setText(name)
        asked.sample.setText(sample)
        asked.seed.setText(seed)
        asked.check()
        assert says in asked.trouble.text()
    assert asked.focusWidget() is asked.seed
    asked.seed.setText("7")
    asked.check()
    assert asked.answer() == ("x", 50, 5, 7)
