from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit.dossier.spec import USUAL, DossierSpec, decode
from casekit.dossier.templates import template
from casekit.ops import exhibits, specs
from casekit.ops.clawback import Notice, receive_notice
from casekit.queries.specs import saved_specs
from casekit.ui import editor as module
from casekit.ui.editor import Editor
from casekit.ui.spec_forms import Words
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def editor(window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    monkeypatch.setattr(module, "PREVIEW_MS", 20)
    monkeypatch.setattr(module, "SAVE_MS", 30)
    window.trigger("dossier.edit")
    rest()
    made = window.findChild(Editor)
    assert made is not None
    quiet(made, rest)
    yield made
    if not made.leaving:
        made.close()
        rest()


def quiet(editor: Editor, rest: Rest) -> None:
    """Until what was typed is kept and its page is shown."""
    rest(lambda: not editor._later.isActive() and not editor._saving.isActive())


def kept(window: Window) -> dict[str, DossierSpec]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return {row.name: decode(row.spec, unfinished=True) for row in saved_specs(s)}


def test_looking_at_a_dossier_keeps_nothing_and_shows_its_first_page(
    editor: Editor, window: Window
) -> None:
    assert kept(window) == {}
    seen = editor.pane.seen
    assert seen is not None
    assert (seen.page, seen.section, seen.whole) == (1, "cover", True)
    assert editor.outline.sections.ticked() == USUAL


def test_what_is_typed_is_kept_in_the_case_shown_on_the_page_and_undone(
    editor: Editor, window: Window, rest: Rest
) -> None:
    editor.outline._add("collection")
    quiet(editor, rest)
    editor.go_to("collection")
    field = editor.forms.fields["narrative/scope"]
    assert isinstance(field, Words)
    QTest.keyClicks(field, "All accounts of 2025.")
    quiet(editor, rest)
    assert kept(window)["Dossier"].narrative == {"scope": "All accounts of 2025."}
    seen = editor.pane.seen
    assert seen is not None
    assert seen.section == "collection"
    assert (
        field is editor.forms.fields["narrative/scope"]
    )  # the form is not made anew while one types
    editor.undo()
    quiet(editor, rest)
    assert kept(window)["Dossier"].narrative == {}
    shown = editor.forms.fields["narrative/scope"]
    assert isinstance(shown, Words)
    assert shown.toPlainText() == ""
    editor.redo()
    quiet(editor, rest)
    assert kept(window)["Dossier"].narrative == {"scope": "All accounts of 2025."}


def test_a_window_that_is_closed_in_the_middle_of_a_word_loses_nothing(
    editor: Editor, window: Window, rest: Rest
) -> None:
    editor.go_to("cover")
    QTest.keyClicks(editor.forms.fields["title"], "For the hear")
    editor.close()
    rest()
    assert kept(window)["Dossier"].title == "For the hear"


def test_closing_the_case_keeps_what_was_typed_too(
    editor: Editor, window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    folder = window.shell.case.folder
    QTest.keyClicks(editor.forms.fields["title"], "Late")
    window.close_case()
    rest()
    from casekit.store.case import open_case

    with open_case(folder) as case, case.read() as s:
        assert decode(saved_specs(s)[0].spec).title == "Late"


def test_a_program_that_is_closed_at_once_keeps_what_was_typed(
    editor: Editor, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.store.case import open_case

    assert window.shell is not None
    folder = window.shell.case.folder
    QTest.keyClicks(editor.forms.fields["title"], "One")
    editor.save()  # still waiting for its turn when the next letters come
    QTest.keyClicks(editor.forms.fields["title"], " two")
    window.close()
    with open_case(folder) as case, case.read() as s:
        assert decode(saved_specs(s)[0].spec).title == "One two"


def test_a_change_by_another_process_is_shown(editor: Editor, window: Window, rest: Rest) -> None:
    assert window.shell is not None
    with window.shell.case.write() as s:
        specs.save_spec(s, "Dossier", DossierSpec(title="From the command line").encoded())
    rest(lambda: editor.spec.title == "From the command line")
    quiet(editor, rest)


def test_a_change_by_somebody_else_is_shown_unless_one_is_typing(
    editor: Editor, window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    other = DossierSpec(title="From elsewhere").encoded()
    window.shell.do("spec", lambda s: specs.save_spec(s, "Dossier", other))
    quiet(editor, rest)
    assert editor.spec.title == "From elsewhere"
    QTest.keyClicks(editor.forms.fields["designation"], "SEALED")
    window.shell.do("spec", lambda s: specs.save_spec(s, "Dossier", DossierSpec().encoded()))
    quiet(editor, rest)
    assert kept(window)["Dossier"] == editor.spec
    assert editor.spec.designation == "SEALED"


def test_a_name_that_cannot_be_kept_begins_nothing(
    editor: Editor, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.ask, "text", lambda *_: "x" * (specs.LONGEST_NAME + 1))
    editor.copy()
    quiet(editor, rest)
    assert (editor.name, kept(window)) == ("Dossier", {})
    assert "at most 80" in editor.status.text()


def test_what_is_sequestered_leaves_the_screen(editor: Editor, window: Window, rest: Rest) -> None:
    assert window.shell is not None
    with window.shell.case.write() as s:
        exhibits.mark_exhibit(s, 1, "Z-1")
    editor._put("exhibits", ("Z-1",))
    quiet(editor, rest)
    editor.go_to("Z-1")
    rest(lambda: editor.pane.seen is not None and editor.pane.seen.section == "exhibits")
    assert not editor.pane._picture.isNull()
    notice = Notice("Meridian", ["item 1"], reference="letter of 3 March")
    window.shell.do("clawback", lambda s: receive_notice(s, notice)[0])
    quiet(editor, rest)
    assert editor.pane._picture.isNull()
    assert any("Z-1" in str(gap) for gap in editor.gaps)


def test_a_gap_leads_to_its_field_and_stops_the_issuing(
    editor: Editor, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(window.ask, "dossier_file", lambda _g, issue: asked.append(issue))
    editor.outline._add("certificates")
    quiet(editor, rest)
    assert [gap.place for gap in editor.gaps if gap.stops] == ["certificates"]
    editor.go_to("certificates")
    editor.forms._add_certificate("copies")
    quiet(editor, rest)
    editor.go_to("cover")
    editor.issue.click()
    assert asked == []
    assert "must be mended" in editor.status.text()
    assert editor.forms.section == "certificates"
    assert editor.forms.fields["certificates/0/name"].hasFocus()
    editor.write(issue=False)
    assert asked == [False]


def test_a_draft_and_an_issue_go_through_the_job_of_an_export(
    editor: Editor, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written: list[tuple[DossierSpec, bool, Path]] = []
    sealed = tmp_path / "s-SEALED.pdf"
    monkeypatch.setattr(
        window.ask, "dossier_file", lambda given, issue: (tmp_path / given.name, sealed)
    )
    monkeypatch.setattr(
        window.long,
        "write_dossier",
        lambda _w, spec, _o, issue, sealed: written.append((spec, issue, sealed)),
    )
    editor._put("narrative/scope", "kept for later")
    editor.gaps = ()  # the job looks again, whatever the window knows
    editor.write(issue=True)
    quiet(editor, rest)
    assert written == [(DossierSpec(), True, sealed)]
    assert kept(window)["Dossier"].narrative == {"scope": "kept for later"}


def test_dossiers_are_begun_copied_renamed_and_taken_away(
    editor: Editor, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["For the expert", "Expert"])
    monkeypatch.setattr(window.ask, "text", lambda *_a: next(names))
    monkeypatch.setattr(window.ask, "new_dossier", lambda *_a: ("To serve", "us-district-court"))
    editor._put("title", "First")
    editor.new()
    quiet(editor, rest)
    assert (editor.name, editor.spec) == ("To serve", template("us-district-court"))
    editor.new()
    assert "already" in editor.status.text()
    editor.open("Dossier")
    quiet(editor, rest)
    assert editor.spec.title == "First"
    editor.copy()
    quiet(editor, rest)
    editor.rename()
    quiet(editor, rest)
    assert {name: spec.title for name, spec in kept(window).items()} == {
        "Dossier": "First", "To serve": "", "Expert": "First",
    }  # fmt: skip
    assert editor.name == "Expert"
    editor.delete()
    quiet(editor, rest)
    assert editor.name == "Dossier"
    editor.undo()
    quiet(editor, rest)
    assert "Expert" in kept(window)


def test_a_spec_goes_to_a_file_and_comes_from_one(
    editor: Editor, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "brief.json"
    monkeypatch.setattr(window.ask, "save_file", lambda *_a: file)
    monkeypatch.setattr(window.ask, "spec_file", lambda: file)
    editor._put("title", "Given")
    editor.give()
    assert decode(file.read_bytes()) == editor.spec
    editor.bring()
    quiet(editor, rest)
    assert (editor.name, editor.spec.title) == ("brief", "Given")
    file.write_text('{"tilte": 1}')
    editor.bring()
    assert "tilte" in editor.status.text()
    assert editor.spec.title == "Given"


def test_exhibits_follow_the_list_and_a_page_leads_to_its_section(
    editor: Editor, window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    labels = editor.outline.exhibits.ticked()
    assert labels
    editor.go_to(labels[-1])
    quiet(editor, rest)
    seen = editor.pane.seen
    assert seen is not None
    assert seen.page == seen.firsts[labels[-1]]
    editor.pane.where.click()
    assert editor.outline.sections.value() == "exhibits"
    QTest.keyClick(editor.pane, Qt.Key.Key_End)
    quiet(editor, rest)
    assert editor.pane.seen is not None
    assert editor.pane.seen.page == editor.pane.seen.total
    editor._exhibits_chosen(labels[1:])
    quiet(editor, rest)
    assert kept(window)["Dossier"].exhibits == labels[1:]
    editor._exhibits_chosen(labels)
    assert editor.spec.exhibits is None
    window.shell.do("exhibit", lambda s: exhibits.mark_exhibit(s, 200))
    quiet(editor, rest)
    assert len(editor.outline.exhibits.ticked()) == len(labels) + 1


def test_pages_are_planned_and_drawn_in_a_thread_of_their_own(
    editor: Editor, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()
    shown: list[str] = []
    real = editor.preview.show

    def show(spec: DossierSpec, *rest: Any) -> Any:
        threads.add(threading.current_thread().name)
        shown.append(spec.title)
        return real(spec, *rest)

    monkeypatch.setattr(editor.preview, "show", show)
    for letter in "For the hearing":
        QTest.keyClicks(editor.forms.fields["title"], letter)
    quiet(editor, rest)
    assert threads == {"casekit-preview-0"}
    assert shown[-1] == "For the hearing"


def test_f6_goes_from_pane_to_pane(editor: Editor) -> None:
    editor.outline.sections.setFocus()
    editor.next_pane()
    assert editor.forms.fields["title"].hasFocus()
    editor.next_pane()
    assert editor.pane.hasFocus()
    editor.next_pane()
    assert editor.outline.sections.hasFocus()
