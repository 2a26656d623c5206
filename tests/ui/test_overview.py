from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from casekit import i18n
from casekit.ops import claims, exhibits, matter
from casekit.queries.findings import FindingRow
from casekit.ui.overview import OverviewPage, Told
from casekit.ui.pages import REVIEW
from casekit.ui.window import Window

Rest = Callable[..., None]


def page_of(window: Window, rest: Rest) -> OverviewPage:
    assert window.pages is not None
    window.trigger("page.overview")
    rest()
    page = window.pages.page("overview")
    assert isinstance(page, OverviewPage)
    return page


def test_every_step_leads_somewhere_by_key(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    page = page_of(window, rest)
    assert page.told is not None
    steps = [step.key for step in page.told.state.steps]
    row = page.rows[f"step:{steps.index('undecided')}"]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    rest()
    assert window.pages is not None
    assert window.pages.current == REVIEW
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.wanted.scope == "privilege:undecided"
    assert len(window.workspace.outcome.ids) == page.told.state.privilege["undecided"]


def test_what_others_do_appears_and_the_focus_stays(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    page = page_of(window, rest)
    page.rows["step:0"].setFocus()
    window.shell.do("claim", lambda s: claims.add_claim(s, "Unfair competition", kind="")[1])
    rest()
    assert any(key.startswith("claim:") for key in page.rows)
    assert page.rows["step:0"].hasFocus()
    before = page.told
    window.trigger("edit.undo")
    rest()
    assert page.told != before
    assert not any(key.startswith("claim:") for key in page.rows)


def test_names_are_shown_as_text(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    page = page_of(window, rest)
    window.shell.do("claim", lambda s: claims.add_claim(s, "<b>bold</b> \u202eclaim")[1])
    window.shell.do("mark", lambda s: exhibits.mark_exhibit(s, 3))
    rest()
    row = next(row for key, row in page.rows.items() if key.startswith("claim:"))
    assert row.text().startswith("<b>bold</b> ")
    assert "\u202e" not in row.text()
    window.shell.do("named", lambda s: matter.set_matter(s, {"name": "<i>A</i> v. B"}))
    rest()
    title = next(one for one in page.findChildren(QLabel) if "v. B" in one.text())
    assert title.textFormat() == Qt.TextFormat.PlainText


def test_what_a_finding_comes_to_is_said_in_the_windows_language(
    window: Window, rest: Rest
) -> None:
    page = page_of(window, rest)
    row = FindingRow(1, "usage", "Usage", 0, {})
    sentence = "Nothing here measures loss, or a breach of terms."
    told = Told(SimpleNamespace(claims=(), facts=0, exhibits=0, issued=()), ((row, sentence),))  # type: ignore[arg-type]
    holder = QWidget(page)
    i18n.use("zh")
    try:
        page._argument(QVBoxLayout(holder), told)
    finally:
        i18n.use("en")
    said = [label.text() for label in holder.findChildren(QLabel)]
    assert "此处不衡量损失，也不衡量违反条款。" in said


def test_the_columns_stand_beside_each_other_where_there_is_room(
    window: Window, rest: Rest
) -> None:
    page = page_of(window, rest)
    first, last = page.rows["step:0"], page.rows["facts" if "facts" in page.rows else "exhibits"]
    window.resize(1300, 800)
    rest()
    assert last.mapTo(page.widget(), last.rect().topLeft()).x() > first.width()
    window.resize(900, 600)
    rest()
    assert last.mapTo(page.widget(), last.rect().topLeft()).x() < first.width()
