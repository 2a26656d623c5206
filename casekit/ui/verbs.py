"""What the actions do, each a function of the window; dialogs come from `window.ask`, so that nothing hides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from casekit import settings
from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui import cite, clearing, keying, triage
from casekit.ui.asking_again import until_taken
from casekit.ui.new_case import ask_and_make
from casekit.ui.searching import Wanted
from casekit.ui.sidebar import Scope, quoted

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.ui.window import Window
    from casekit.ui.workspace import Workspace

Verb = Callable[["Window"], None]
USUAL_TAGS = (
    ("Responsive", "accent"),
    ("Not responsive", "ink2"),
    ("Hot", "hot"),
    ("Confidential", "warn"),
)


# -- the case -------------------------------------------------------------------------------------


def new_case(window: Window) -> None:
    """Ask where and for which matter, make the case, open it."""
    ask_and_make(window)


def open_case(window: Window) -> None:
    """Ask for a case folder and open it."""
    folder = window.ask.case_folder()
    if folder is not None:
        window.open_case(folder)


def open_sample(window: Window) -> None:
    """Build the sample matter if it is not there, and open it."""
    window.open_sample()


def close_case(window: Window) -> None:
    """Go back to the welcome page."""
    window.close_case()


def verify(window: Window) -> None:
    """Check the case and show what was found."""
    window.long.verify(window)


def edit_matter(window: Window) -> None:
    """Change what the caption shows."""
    from casekit.ops import matter

    workspace = window.workspace
    if workspace is None or workspace.contents is None or window.shell is None:
        return
    present, do = workspace.contents.matter, window.shell.do
    until_taken(
        window,
        lambda: window.ask.matter(present),
        lambda values, again: do("matter", lambda s: matter.set_matter(s, values), again=again),
    )


def import_files(window: Window) -> None:
    """Ask for files, then for what is known of them, then import."""
    sources = window.ask.sources()
    if sources:
        window.import_sources(sources)


def map_fields(window: Window) -> None:
    """Ask for a file of records nobody knows, and what its columns are."""
    file = window.ask.one_file()
    if file is not None:
        window.long.map_fields(window, file)


def index(window: Window) -> None:
    """Go on with the index."""
    window.long.index(window)


def recognise(window: Window) -> None:
    """Ask for the language and read the listed pages that hold no text."""
    window.long.recognise(window)


def show_report(window: Window) -> None:
    """Show the reports of all imports."""
    window.long.show_reports(window)


def read_again(window: Window) -> None:
    """Read files that had problems again, from the vault."""
    window.long.read_again(window)


def export_dossier(window: Window) -> None:
    """Ask for title and file, then make the dossier."""
    window.long.dossier(window)


def export_list(window: Window) -> None:
    """Write the listed items into a spreadsheet."""
    window.long.spreadsheet(window)


def quit_app(window: Window) -> None:
    """Close the window."""
    window.close()


# -- undo -----------------------------------------------------------------------------------------


def undo(window: Window) -> None:
    """Take the examiner's newest act back."""
    from casekit.ops import journal

    shell = window.shell
    if shell is None:
        return
    actor = shell.case.actor

    def op(s: object) -> journal.Changes:
        acts = journal.undoable_acts(s, actor, limit=1)  # type: ignore[arg-type]
        if not acts:
            raise CaseKitError("There is nothing to undo.")
        return journal.undo(s, acts[0][0])  # type: ignore[arg-type]

    def done(changes: journal.Changes) -> None:
        if changes.undo is not None:
            shell.undone.append(changes.undo)
        window.say(changes.label)

    shell.do("undo", op, done, keeps_undone=True)


def redo(window: Window) -> None:
    """Do again what was undone last in this window."""
    from casekit.ops import journal

    shell = window.shell
    if shell is None:
        return
    if not shell.undone:
        window.say(tr("There is nothing to redo."))
        return
    act = shell.undone.pop()
    shell.do(
        "redo", lambda s: journal.undo(s, act), lambda c: window.say(c.label), keeps_undone=True
    )


# -- moving ------------------------------------------------------------------------------------


def next_item(window: Window) -> None:
    """One row down."""
    if window.workspace is not None:
        window.workspace.list.go_by(1)


def previous_item(window: Window) -> None:
    """One row up."""
    if window.workspace is not None:
        window.workspace.list.go_by(-1)


def find_similar(window: Window) -> None:
    """Show similar items beside this one."""
    if window.workspace is not None:
        window.workspace.viewer.open_tab("similar")


def whole_conversation(window: Window) -> None:
    """List all messages of the conversation that is shown."""
    if window.workspace is not None:
        _list_conversation(window, window.workspace)


def _list_conversation(window: Window, workspace: Workspace) -> None:
    shell = workspace.shell
    view = shell.selection.view
    if view is None:
        return
    if not view.conversation:
        window.say(tr("This item belongs to no conversation that its source names."))
        return
    query = f"conversation:{quoted(view.conversation)}"
    workspace.scope = Scope(query, view.conversation, query)
    workspace.sidebar.mark(query)
    window.search.put("", "words")
    workspace.wanted = Wanted(order="date")
    workspace.head.choose_order("date")
    workspace.run(first=True, then=lambda: workspace.open_item(view.row.id))


def toggle_hidden(window: Window) -> None:
    """Show unseen characters in the text, or leave them out."""
    if window.workspace is not None:
        window.workspace.viewer.hidden.toggle()


def next_hit(window: Window) -> None:
    """Next marked passage; beside similar items, where there are none, judge them to be different."""
    if window.workspace is None:
        return
    if window.workspace.viewer.tab == "similar":
        triage.judge(window, "different")
    else:
        window.workspace.viewer.next_hit(1)


def previous_hit(window: Window) -> None:
    """Marked passage before."""
    if window.workspace is not None:
        window.workspace.viewer.next_hit(-1)


def copy_cite(window: Window) -> None:
    """Put the place of the marked text on the clipboard."""
    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    view, place, case = shell.selection.view, shell.selection.cite, shell.case

    def copy(text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        window.say(tr("Copied: {cite}", cite=text))

    copy(cite.cite(view, place))
    if view.row.exhibit and place is not None and not place[0].startswith("page/"):
        # The dossier's page and line are better, and take a moment: they replace what was copied.
        shell.jobs.start(
            "cite", lambda _p: cite.pinpoint(case, view, place), copy, lambda _error: None
        )


# -- coding ---------------------------------------------------------------------------------------


def tag_by_key(window: Window, key: str) -> None:
    """Do what the digit stands for: a preset, or a tag, which is taken off where it is on."""
    keying.press(window, key)


def toggle_tag(window: Window, name: str, on: bool | None = None) -> None:
    """Tag one item at once; several after a preview."""
    from casekit.ops import tags

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    ids = shell.selection.ids()
    if on is None or len(ids) > 1:
        keying.tag_by_name(window, name)
        return
    op = tags.add_tag if on else tags.remove_tag
    shell.last_coded = ids[0]
    shell.do("tag", lambda s: op(s, ids, name))


def usual_tags(window: Window) -> None:
    """Make the four tags most reviews begin with, keys 1 to 4."""
    from casekit.ops import tags

    shell = window.shell
    if shell is None:
        return
    for key, (name, colour) in enumerate(USUAL_TAGS, 1):
        shell.do("make tag", partial(tags.make_tag, name=name, colour=colour, key=str(key)))


def tag_many(window: Window) -> None:
    """Choose a tag for all chosen items."""
    if window.shell is not None:
        window.long.tag_many(window, window.shell.selection.ids(), "")


def mark_exhibit(window: Window) -> None:
    """Give the next label, or take the label away."""
    from casekit.ops import exhibits

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    row = shell.selection.view.row
    if row.exhibit:
        shell.do(
            "unmark",
            lambda s: exhibits.unmark_exhibit(s, row.exhibit),
            lambda c: window.say(c.label),
        )
        return
    for item_id in shell.selection.ids():
        mark = partial(exhibits.mark_exhibit, item_id=item_id)
        shell.do("mark", mark, lambda c: window.say(c.label))


def mark_privilege(window: Window) -> None:
    """Withhold on the usual basis; what is withheld stays so, on its own basis."""
    from casekit.ops import privilege

    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()

    def done(changes: Changes) -> None:
        stays = tr("Withheld already, and stays so. Shift+P releases it.")
        window.say(changes.label if changes.undo is not None else stays)

    shell.do("privilege", lambda s: privilege.assert_privilege(s, ids), done)


def release_privilege(window: Window) -> None:
    """Take the withholding of the chosen items and their families back."""
    if window.shell is not None and window.shell.selection.view is not None:
        if window.shell.selection.view.privilege_basis or len(window.shell.selection.ids()) > 1:
            set_privilege(window, "")
        else:
            window.say(tr("This item is not withheld."))


def set_privilege(window: Window, basis: str) -> None:
    """Withhold the chosen items and their families on a basis, release them, or bring them to a state."""
    from casekit.ops import privilege
    from casekit.queries.clearance import STATES

    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()
    if basis in STATES:
        clearing.decide(window, basis)
    elif basis:
        shell.do(
            "privilege",
            lambda s: privilege.assert_privilege(s, ids, basis),
            lambda c: window.say(c.label),
        )
    else:
        shell.do(
            "release", lambda s: privilege.release_privilege(s, ids), lambda c: window.say(c.label)
        )


def write_note(window: Window) -> None:
    """Go to the note field."""
    if window.workspace is not None:
        if not window.workspace.coding.isVisible():
            toggle_coding(window)
        window.workspace.coding.note.setFocus()


def keep_note(window: Window) -> None:
    """Keep the note that is being written."""
    if window.workspace is not None:
        text = window.workspace.coding.pending_note()
        if text:
            window.workspace.coding.note.setPlainText("")
            add_note(window, text)


def add_note(window: Window, text: str) -> None:
    """Write a note on the current item."""
    from casekit.ops import notes

    if window.shell is not None and window.shell.selection.current is not None:
        item_id = window.shell.selection.current
        window.shell.do("note", lambda s: notes.add_note(s, item_id, text))


def change_note(window: Window, note_id: int, text: str) -> None:
    """Give a note another text; an empty one takes it away."""
    from casekit.ops import notes

    if window.shell is not None:
        window.shell.do("note", lambda s: notes.change_note(s, note_id, text))


# -- looks ----------------------------------------------------------------------------------------


def tab(name: str) -> Verb:
    """A verb that opens a tab of the viewer."""

    def run(window: Window) -> None:
        if window.workspace is not None:
            window.workspace.viewer.open_tab(name)

    return run


def toggle_sidebar(window: Window) -> None:
    """Show or hide the left pane."""
    if window.workspace is not None:
        window.workspace.sidebar.setVisible(not window.workspace.sidebar.isVisible())


def toggle_filters(window: Window) -> None:
    """Show the filters in the left pane, or the parts of the case again."""
    if window.workspace is not None:
        sidebar = window.workspace.sidebar
        hidden = not sidebar.isVisible()
        sidebar.show()
        sidebar.show_side(1 if hidden else 1 - sidebar.side)


def toggle_coding(window: Window) -> None:
    """Show or hide the right pane."""
    if window.workspace is not None:
        window.workspace.coding.setVisible(not window.workspace.coding.isVisible())


def toggle_compact(window: Window) -> None:
    """Rows of 26 pixels instead of 32, and back."""
    if window.workspace is not None:
        window.workspace.list.toggle_compact()


def refresh(window: Window) -> None:
    """Read list and counts again."""
    if window.workspace is not None:
        window.workspace.refresh()


def theme(choice: str) -> Verb:
    """A verb that changes the theme and remembers it."""

    def run(window: Window) -> None:
        settings.save(dataclasses.replace(settings.load(), theme=choice))
        window.dress(choice)

    return run


def language(code: str) -> Verb:
    """A verb that sets the language of the next start."""

    def run(window: Window) -> None:
        settings.save(dataclasses.replace(settings.load(), language=code))
        window.say(tr("The language changes when CaseKit starts again."))

    return run


def palette(window: Window) -> None:
    """Find any command by its name."""
    window.show_palette()


def legend(window: Window) -> None:
    """Every key on one page."""
    window.ask.legend()


def handbook(window: Window) -> None:
    """The handbook, opened at what tells of the page in sight."""
    window.ask.handbook(window.pages.current if window.pages is not None else "")


def about(window: Window) -> None:
    """Version and places."""
    window.ask.about()
