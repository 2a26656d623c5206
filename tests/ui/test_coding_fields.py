from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from casekit.ops import coding as ops
from casekit.ops import tiers
from casekit.queries import coding
from casekit.queries.templates import Code
from casekit.ui.coding_fields import CodingFields, FlowLayout, coded_value_words, coded_words
from casekit.ui.window import Window

Rest = Callable[..., None]
MAIL = 352  # a mail of the sample


def values(window: Window) -> dict[str, tuple[str, ...]]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return coding.values(s, [MAIL]).get(MAIL, {})


def fields(window: Window, rest: Rest) -> CodingFields:
    """The fields of a mail, once the usual templates were taken by the button of the pane."""
    assert window.workspace is not None
    pane = window.workspace.coding
    assert not pane._begin.isHidden()
    window.workspace.open_item(MAIL)
    rest()
    assert pane.fields.isHidden()
    pane._begin.click()
    rest()
    assert pane._begin.isHidden()
    return pane.fields


def test_fields_are_chosen_by_mouse_and_show_what_they_lead_to(window: Window, rest: Rest) -> None:
    pane = fields(window, rest)
    assert pane.names == {"responsive", "hot", "remark"}
    row = pane.rows["responsive"]
    assert row.head.text() == "Responsive · required"
    row.buttons["yes"].click()
    rest()
    assert row.buttons["yes"].text().startswith("✓ yes")
    assert row.head.text() == "Responsive"
    assert "Test Examiner" in row.toolTip()
    assert pane.names == {"responsive", "privilege", "hot", "issue", "remark"}
    assert window.workspace is not None
    assert window.workspace.coding._basis.isHidden()
    pane.rows["privilege"].buttons["privileged"].click()
    rest()
    combo = pane.rows["basis"].combo
    assert combo is not None
    assert combo.currentText() == "Attorney–client"
    combo.setCurrentIndex(combo.findData("work-product"))
    combo.activated.emit(combo.currentIndex())
    pane.rows["hot"].boxes["yes"].click()
    pane.rows["issue"].boxes["Reasoning elicitation"].click()
    rest()
    assert values(window) == {
        "responsive": ("yes",), "privilege": ("privileged",), "basis": ("work-product",), "hot": ("yes",),
        "issue": ("Reasoning elicitation", "Terms of service § 2(c)"),
    }  # fmt: skip
    pane.rows["privilege"].buttons["privileged"].click()  # again: it stays
    pane.rows["privilege"].buttons["not-privileged"].click()
    rest()
    assert values(window)["privilege"] == ("privileged",)
    assert "release it first" in window.notice.text
    pane.rows["responsive"].buttons["yes"].click()  # a choice that is pressed again is emptied
    rest()
    assert "responsive" not in values(window)


def test_a_text_is_kept_when_the_field_is_left(window: Window, rest: Rest) -> None:
    pane = fields(window, rest)
    edit = pane.rows["remark"].edit
    assert edit is not None
    edit.insert("see  exhibit B")
    assert window.workspace is not None
    window.trigger("item.save_and_next")
    rest()
    assert values(window)["remark"] == ("see exhibit B",)
    assert window.workspace.list.current_id() == MAIL  # responsive is missing


def test_a_value_that_is_no_longer_offered_is_still_shown(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    pane = fields(window, rest)
    with window.shell.case.write() as s:
        tiers.choose_order(s, "us-protective-order")
        ops.code(s, [MAIL], [Code("responsive", "yes"), Code("confidentiality", "Source Code")])
    window.trigger("view.refresh")
    rest()
    combo = pane.rows["confidentiality"].combo
    assert combo is not None
    assert combo.currentText() == "Source Code"
    pane.rows["confidentiality"].show_values(("Of old",), missing=False)
    assert combo.currentText() == "Of old"


def test_a_row_of_choices_breaks_where_it_must(dressed: QApplication) -> None:
    outer = QWidget()
    flow = FlowLayout()
    outer.setLayout(flow)
    for text in ("first choice", "second choice", "third choice"):
        flow.addWidget(QPushButton(text))
    wide, narrow = flow.heightForWidth(1000), flow.heightForWidth(130)
    assert narrow > 2 * wide
    flow.setGeometry(QRect(0, 0, 130, 400))
    assert [flow.itemAt(n).geometry().x() for n in range(3)] == [0, 0, 0]  # type: ignore[union-attr]
    assert flow.itemAt(3) is None
    assert flow.takeAt(2) is not None
    assert flow.count() == 2
    outer.deleteLater()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("field:responsive", "no", "Responsive: no"),
        ("tag:Hot", None, "Tag “Hot”: nothing"),
        ("privilege", "not-privileged", "Privilege: Not privileged"),
        ("privilege-note", "Advice", "Privilege: for the log: Advice"),
        ("tier", "AEO", "Tier: AEO"),
    ],
)
def test_what_was_coded_is_told_as_a_reviewer_knows_it(
    field: str, value: str | None, said: str
) -> None:
    assert f"{coded_words(field)}: {coded_value_words(field, value)}" == said
