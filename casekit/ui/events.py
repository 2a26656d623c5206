"""Asking for an event of the timeline, putting it there, changing it and taking it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Choice
from casekit.ui.form import Form
from casekit.ui.time_words import when_text

if TYPE_CHECKING:
    from casekit.queries.events import EventRow
    from casekit.ui.window import Window

KIND_WORDS = {
    "release": "release", "letter": "letter", "legal": "legal step", "other": "other", "fact": "fact",
}  # fmt: skip


def zone_box(form: Form, zone: str) -> QComboBox:
    """Add a box to a form in which a time zone is written or chosen."""
    from casekit.queries.zones import zone_names

    box = Choice()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setAccessibleName(tr("Zone"))
    box.addItem("UTC")
    box.addItems(zone_names())
    box.setCurrentText(zone)
    form.form.addRow(tr("Zone"), box)
    return box


class EventForm(Form):
    """Asks what happened, when and in which zone, and of what kind it is."""

    def __init__(
        self, parent: QWidget | None, *, title: str = "", starts: str = "", ends: str = "",
        zone: str = "UTC", kind: str = "other", note: str = "", source: str = "",
    ) -> None:  # fmt: skip
        about = tr(
            "Write the date as precisely as it is known: 2026, 2026-03, 2026-03-14 or 2026-03-14 09:30."
        )
        if source:
            about += "\n" + tr("Told by: {item}", item=source)
        super().__init__(parent, tr("Event"), about, tr("Put on the timeline"))
        self.title = self.field(tr("What happened"), title, tr("Aurora-4 released"))
        self.starts = self.field(tr("When"), starts, "2026-03-14")
        self.ends = self.field(tr("Until"), ends, tr("only for a range"))
        self.zone = zone_box(self, zone)
        self.kind = self.choice(
            tr("Kind"),
            [(value, tr(words)) for value, words in KIND_WORDS.items() if value != "fact"],
        )
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.note = self.field(tr("Note"), note)

    def check(self) -> None:
        """A title and dates that are some are needed."""
        from casekit.queries import events

        try:
            events.bounds(self.starts.text(), self.ends.text(), self.zone.currentText().strip())
        except CaseKitError as error:
            self.complain(error)
            return
        if not self.title.text().strip():
            self.complain(tr("Say what happened."), self.title)
        else:
            self.accept()

    def answer(self) -> dict[str, str] | None:
        """Title, dates, zone, kind and note; None if the user thought better of it."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.values()

    def values(self) -> dict[str, str]:
        """What is written in the fields."""
        return {
            "title": self.title.text().strip(), "starts": self.starts.text().strip(),
            "ends": self.ends.text().strip(), "zone": self.zone.currentText().strip(),
            "kind": str(self.kind.currentData()), "note": self.note.text().strip(),
        }  # fmt: skip

    @staticmethod
    def add(
        window: Window, *, starts: str = "", zone: str = "UTC", title: str = "", item_id: int | None = None,
        source: str = "",
    ) -> None:  # fmt: skip
        """Ask for an event and put it on the timeline."""
        from casekit.ops import events

        shell = window.shell
        if shell is None:
            return

        def ask() -> dict[str, str] | None:
            form = EventForm(window, title=title, starts=starts, zone=zone, source=source)
            return form.answer()

        until_taken(
            window,
            ask,
            lambda given, again: shell.do(
                "add event",
                lambda s: events.add_event(s, item_id=item_id, **given),
                lambda _changes: window.say(tr("Put on the timeline.")),
                again=again,
            ),
        )


def put_on_timeline(window: Window) -> None:
    """Ask for an event that the current item tells of, its own time given; without an item an empty one."""
    view = window.shell.selection.view if window.shell is not None else None
    if view is None:
        EventForm.add(window)
        return
    row = view.row
    EventForm.add(
        window, title=row.title or row.name, starts=when_text(row.sent_us), item_id=row.id,
        source=f"{row.id} · {row.title or row.name}"[:80],
    )  # fmt: skip


def change(window: Window, row: EventRow) -> None:
    """Ask what is other of an event, and write it."""
    from casekit.ops import events

    shell = window.shell
    if shell is None:
        return

    def ask() -> dict[str, str] | None:
        form = EventForm(window, title=row.title, starts=row.starts, ends=row.ends, zone=row.zone,
                         kind=row.kind, note=row.note)  # fmt: skip
        return form.answer()

    until_taken(
        window, ask,
        lambda given, again: shell.do(
            "change event", lambda s: events.change_event(s, row.id, **given), again=again
        ),
    )  # fmt: skip


def drop(window: Window, row: EventRow) -> None:
    """Take an event off the timeline; undo puts it back."""
    from casekit.ops import events

    if window.shell is not None:
        window.shell.do(
            "drop event",
            lambda s: events.drop_event(s, row.id),
            lambda _changes: window.say(tr("Taken off the timeline. Undo puts it back.")),
        )
