from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFontInfo, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit import i18n
from casekit.ui import theme
from casekit.ui.editor import Editor
from casekit.ui.handbook import PAGES, PLACES, Handbook, anchor, sections
from casekit.ui.pages import PAGES as CASE_PAGES
from casekit.ui.window import Window
from tests.ui.conftest import settle


def opened(window: Window) -> Handbook:
    window.trigger("help.handbook")
    return window.findChildren(Handbook)[-1]


def heading(book: Handbook) -> str:
    return book.text.toPlainText().partition("\n")[0]


def test_every_page_comes_in_sections_with_its_heading_first() -> None:
    found = sections("en")
    assert list(dict.fromkeys(each.page for each in found)) == [*PAGES, "keys"]
    for each in found:
        assert re.match(rf"#+ {re.escape(each.title)}(\n|$)", each.text), each.place
    assert len({each.place for each in found}) == len(found)
    fenced = next(each for each in found if each.place == "reviewing#coding")
    assert fenced.text.count("```") == 2, "a comment in an example is no heading"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_leads_to_a_section(language: str) -> None:
    i18n.use(language)
    found = sections(language)
    places = {each.place for each in found} | {each.own for each in found}
    links = [(s.page, link) for s in found for link in re.findall(r"\]\(([^)]+)\)", s.text)]
    assert len(links) > 5
    for page, link in links:
        file, _, place = link.partition("#")
        name = file.rpartition("/")[2].removesuffix(".md") or page
        assert (f"{name}#{place}" if place else name) in places, (page, link)
    i18n.use("en")


def test_a_translated_page_answers_to_the_english_places() -> None:
    english, spoken = sections("en"), sections("zh")
    assert [each.place for each in spoken] == [each.place for each in english]


def test_anchors_are_those_of_code_hosts() -> None:
    assert anchor("Other people’s documents on paper") == "other-peoples-documents-on-paper"
    assert anchor("Lineage: was it trained?") == "lineage-was-it-trained"


@pytest.mark.parametrize("page", [page.id for page in CASE_PAGES])
def test_it_opens_at_what_is_in_sight(window: Window, page: str) -> None:
    window.show_page(page)
    book = opened(window)
    row = book.contents.currentItem()
    assert row is not None
    shown = book.sections[row.data(0, Qt.ItemDataRole.UserRole)]
    assert shown.place == PLACES[page]
    assert heading(book) == shown.title
    book.close()


def test_it_opens_from_the_dossier_window_too(window: Window, qtbot: QtBot) -> None:
    window.trigger("dossier.edit")
    settle(qtbot, window)
    (editor,) = window.findChildren(Editor)
    editor.activateWindow()
    QTest.keyClick(editor, Qt.Key.Key_F1)
    (book,) = window.findChildren(Handbook)
    assert heading(book) == "Dossiers, redaction and production"
    book.close()
    editor.close()
    settle(qtbot, window)


def test_searching_keeps_what_holds_it_and_goes_from_place_to_place(window: Window) -> None:
    book = opened(window)
    book.search.setFocus()
    QTest.keyClicks(book.search, "sealed copy")
    rows = {row.text(0): row for row in book.rows()}
    seen = [name for name, row in rows.items() if not row.isHidden()]
    wanted = [s for s in book.sections if "sealed copy" in s.text.casefold()]
    assert 0 < len(wanted) < len(book.sections)
    assert set(seen) >= {re.split(":", each.title)[0] for each in wanted}
    assert rows["Two copies"].text(1) == str(
        next(s for s in wanted if s.title == "Two copies").text.casefold().count("sealed copy")
    )
    assert rows["Clusters"].isHidden()
    assert len(book.text.extraSelections()) > 0
    places = []
    for _ in range(sum(int(row.text(1) or 0) for row in book.rows()) + 1):
        QTest.keyClick(book.search, Qt.Key.Key_Return)
        cursor = book.text.textCursor()
        assert cursor.selectedText().casefold() == "sealed copy"
        places.append((heading(book), cursor.position()))
    assert len(set(places)) >= len(wanted)
    assert places[-1] in places[:-1], "after the last place comes the first again"
    book.search.clear()
    assert not any(row.isHidden() or row.text(1) for row in book.rows())
    assert book.text.extraSelections() == []
    QTest.keyClicks(book.search, "no such words anywhere")
    assert all(row.isHidden() for row in book.rows())
    QTest.keyClick(book.search, Qt.Key.Key_Return)
    book.close()


def test_a_link_leads_on_and_out_of_a_search(window: Window) -> None:
    book = opened(window)
    book.go("command-line")
    book.search.setText("exit codes")
    book.text.anchorClicked.emit(QUrl("reviewing.md#clusters"))
    assert heading(book) == "Clusters"
    assert book.search.text() == ""
    book.text.anchorClicked.emit(QUrl("#coding"))
    assert heading(book) == "Coding"
    book.text.anchorClicked.emit(QUrl("collecting.md"))
    assert heading(book) == "Collecting by protocol"
    book.text.anchorClicked.emit(QUrl("elsewhere.md#nothing"))
    assert heading(book) == "Collecting by protocol"
    book.close()


def test_it_is_written_in_the_windows_faces_and_colours(window: Window, qapp: QApplication) -> None:
    book = opened(window)
    book.go("methods#rewriting-how-easily-is-it-hidden-or-made")
    tables = [
        f for f in book.text.document().rootFrame().childFrames() if isinstance(f, QTextTable)
    ]
    assert [each.format().border() for each in tables] == [1.0]

    def looks(text: str) -> tuple[str, str]:
        format_ = book.text.document().find(text).charFormat()
        return QFontInfo(format_.font()).family(), format_.foreground().color().name()

    assert looks("tests/bench/rewordings.py")[0] == "JetBrains Mono"
    assert looks("Measured 2026")[0] == "Inter"
    book.go("command-line#canaries-and-collecting")
    window.trigger("theme.dark")
    assert looks("asked by protocol")[1] == theme.all_tokens()["dark"].accent.lower()
    window.trigger("theme.light")
    assert looks("asked by protocol")[1] == theme.all_tokens()["light"].accent.lower()
    book.close()
