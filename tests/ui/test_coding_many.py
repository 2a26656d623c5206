from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.ops import coding as ops
from casekit.ops import templates
from casekit.queries import coding, facets
from casekit.queries.templates import Code
from casekit.ui.coding_many import CodeMany, counts_text
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def ready(window: Window, rest: Rest) -> Window:
    """The usual templates; three answers are responsive, one is not; ten items are chosen."""
    assert window.shell is not None
    assert window.workspace is not None
    with window.shell.case.write() as s:
        for tag in facets.tags(s):
            templates.set_tag_key(s, tag.name, "")
        templates.take_usual(s)
        ops.code(s, [1, 2, 3], [Code("responsive", "yes")])
        ops.code(s, [4], [Code("responsive", "no")])
    window.workspace.show_items("Ten", [*range(1, 9), 351, 352])
    window.workspace.refresh()
    rest()
    window.workspace.list.selectAll()
    rest()
    return window


def dialog_of(window: Window, rest: Rest) -> CodeMany:
    rest()
    dialog = window.findChild(CodeMany)
    assert dialog is not None
    rest()
    return dialog


def count(window: Window, value: str) -> int:
    assert window.shell is not None
    with window.shell.case.read() as s:
        found = coding.values(s, [*range(1, 9), 351, 352])
    return sum(mine.get("responsive") == (value,) for mine in found.values())


def test_a_field_is_previewed_coded_and_taken_back_as_one(ready: Window, rest: Rest) -> None:
    ready.trigger("code.many")
    dialog = dialog_of(ready, rest)
    assert dialog.field_box.currentData() == "responsive"
    assert dialog.said.text() == (
        "3 of 10 have it already; 7 get it. 1 of these has another value, which it replaces."
    )
    dialog.check()
    rest()
    assert count(ready, "yes") == 10
    ready.trigger("edit.undo")
    rest()
    assert (count(ready, "yes"), count(ready, "no")) == (3, 1)


def test_a_tag_field_is_put_on_and_taken_off_and_cancel_changes_nothing(
    ready: Window, rest: Rest
) -> None:
    ready.trigger("code.many")
    dialog = dialog_of(ready, rest)
    dialog.field_box.setCurrentIndex(dialog.field_box.findData("issue"))
    dialog.value_box.setCurrentIndex(dialog.value_box.findText("Reasoning elicitation"))
    rest()
    assert "7 do not have this field and stay as they are." in dialog.said.text()
    assert dialog.form.isRowVisible(dialog.off)
    dialog.off.click()
    rest()
    assert ready.shell is not None
    with ready.shell.case.read() as s:
        assert "issue" not in coding.values(s, [1]).get(1, {})
    ready.trigger("code.many")
    dialog = dialog_of(ready, rest)
    dialog.field_box.setCurrentIndex(dialog.field_box.findData("remark"))
    rest()
    assert not dialog.ok.isEnabled()
    dialog.text.setText("a remark")
    rest()
    assert dialog.ok.isEnabled()
    dialog.reject()
    rest()
    assert (count(ready, "yes"), count(ready, "no")) == (3, 1)


def test_the_key_of_a_preset_asks_first_where_many_are_chosen(ready: Window, rest: Rest) -> None:
    ready.trigger("code.4")
    dialog = dialog_of(ready, rest)
    assert dialog.said.text().splitlines() == [
        "responsive: yes – 3 of 10 have it already; 7 get it. 1 of these has another value, which it "
        "replaces.",
        "privilege: not-privileged – None has it; 2 of 10 get it. 8 do not have this field and stay as "
        "they are.",
    ]
    assert not dialog.form.isRowVisible(dialog.field_box)
    assert dialog.focusWidget() is dialog.ok
    assert (count(ready, "yes"), count(ready, "no")) == (3, 1)
    dialog.check()
    rest()
    assert count(ready, "yes") == 10


def test_what_the_counts_say() -> None:
    assert counts_text(3, 3, 0, 0) == "All 3 have it already."
    assert counts_text(3, 0, 0, 3) == "None of the 3 has this field as it is coded now."
    assert counts_text(3, 0, 0, 0) == "None has it; 3 of 3 get it."
