from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QTableWidgetItem

from casekit.ops import templates as ops
from casekit.queries import facets, templates
from casekit.queries.templates import Code, Field, Preset, SetUp
from casekit.ui.coding_set_up import CodingSetUp
from casekit.ui.window import Window

Rest = Callable[..., None]


def opened(window: Window, rest: Rest) -> CodingSetUp:
    rest()
    window.trigger("code.set_up")
    dialog = window.findChildren(CodingSetUp)[-1]
    rest()
    return dialog


def kept(window: Window) -> SetUp:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return templates.set_up(s)


def write(table: object, row: int, *texts: str | None) -> None:
    for column, text in enumerate(texts):
        if text is not None:
            table.setItem(row, column, QTableWidgetItem(text))  # type: ignore[attr-defined]


def test_a_template_is_made_moved_and_kept_in_one_act(window: Window, rest: Rest) -> None:
    dialog = opened(window, rest)
    dialog.evidence.setCurrentIndex(dialog.evidence.findData("documents"))
    for _ in range(2):
        dialog._add_field()
    write(dialog.fields, 0, "why", "Why", None, "", None, "responsive=no")
    write(dialog.fields, 1, "Responsive", "", None, "yes; no", None, "")
    dialog.fields.cellWidget(0, 2).setCurrentIndex(2)  # type: ignore[union-attr]
    dialog.check()
    assert "is shown by a field above it" in dialog.trouble.text()
    dialog.fields.setCurrentCell(1, 0)
    dialog._move(-1)
    dialog.complete.setChecked(True)
    dialog.families.setCurrentIndex(dialog.families.findData("always"))
    dialog._put_preset(("", "", ""))
    write(dialog.presets, 0, "f9", "No", "responsive=no")
    write(dialog.tag_keys, [t.name for t in dialog._tags].index("Not responsive"), "7")
    dialog.check()
    rest()
    held = kept(window)
    assert held.templates["documents"].fields == (
        Field("responsive", "Responsive", "one", ("yes", "no")),
        Field("why", "Why", "text", when="responsive", values=("no",)),
    )
    assert held.templates["documents"].complete
    assert [(p.key, p.name) for p in held.presets] == [("F9", "No")]
    assert (held.families, held.copies) == ("always", "ask")
    assert window.shell is not None
    with window.shell.case.read() as s:
        assert {t.name: t.key for t in facets.tags(s)}["Not responsive"] == "7"
    window.trigger("edit.undo")
    rest()
    assert kept(window) == SetUp()


def test_keys_that_clash_are_refused_in_words_and_cancel_keeps_all(
    window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    with window.shell.case.write() as s:
        ops.set_preset(s, Preset("Night", "F9", (Code("tag", "night"),)))
    window.trigger("view.refresh")
    dialog = opened(window, rest)
    for key, said in (
        ("1", "given twice: to “Night” and to “Responsive”"), ("J", "belongs to the window"),
        ("F11", "belongs to the window"), ("Ctrl+Q", "cannot be a key"),
    ):  # fmt: skip
        write(dialog.presets, 0, key)
        dialog.check()
        assert said in dialog.trouble.text(), key
    write(dialog.presets, 0, "F9", "Night", "night")
    dialog.check()
    assert "is no code" in dialog.trouble.text()
    dialog.fields.setRowCount(0)
    dialog._add_field()
    dialog.evidence.setCurrentIndex(2)
    assert dialog.evidence.currentIndex() == 0  # what is wrong is not left behind
    dialog.reject()
    rest()
    assert [p.name for p in kept(window).presets] == ["Night"]


def test_two_tags_exchange_their_keys(window: Window, rest: Rest) -> None:
    dialog = opened(window, rest)
    names = [t.name for t in dialog._tags]
    write(dialog.tag_keys, names.index("Responsive"), "2")
    write(dialog.tag_keys, names.index("Hot"), "1")
    dialog.check()
    rest()
    assert window.shell is not None
    with window.shell.case.read() as s:
        keys = {t.name: t.key for t in facets.tags(s)}
    assert (keys["Responsive"], keys["Hot"]) == ("2", "1")
