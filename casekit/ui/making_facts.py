"""Facts from the window: two keys from marked text to a fact that cites it, and the form of every fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Choice
from casekit.ui.fact_words import DATE_WORDS, MATERIAL_WORDS, STATUS_WORDS, short
from casekit.ui.form import Form

if TYPE_CHECKING:
    from casekit.ops.facts import NewCite
    from casekit.ops.journal import Changes
    from casekit.queries.claims import ClaimRow
    from casekit.queries.facts import FactRow
    from casekit.queries.moments import When
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

_PEOPLE = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as it was written into the form; `element` is the one it supports, or 0."""

    text: str
    status: str
    disputed_by: str
    material: str
    when: When
    people: tuple[str, ...]
    element: int = 0


class FactForm(Form):
    """Asks for a statement and what is known of it; Return keeps it, Shift+Return begins a new line."""

    def __init__(
        self, parent: QWidget | None, given: Stated, claims: Sequence[ClaimRow], about: str, ok: str
    ) -> None:  # fmt: skip
        super().__init__(parent, tr("Fact"), about, ok)
        self.setMinimumWidth(620)
        self.text = QPlainTextEdit(given.text)
        self.text.setAccessibleName(tr("Statement"))
        self.text.setPlaceholderText(tr("One thing that happened, in one sentence"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        self.text.installEventFilter(self)
        self.form.addRow(tr("Statement"), self.text)
        self._date_fields(given.when)
        self.people = self.field(
            tr("Who is in it"), "; ".join(given.people), tr("Names, a semicolon between them")
        )
        self.status = self.choice(tr("Status"), [(k, tr(w)) for k, w in STATUS_WORDS.items()])
        self.disputed_by = self.field(
            tr("Disputed by"), given.disputed_by, tr("Who, and where they say so")
        )
        self.material = self.choice(tr("Weight"), [(k, tr(w)) for k, w in MATERIAL_WORDS.items()])
        self.element: QComboBox | None = None
        if claims:
            entries = [("0", tr("none yet"))]
            for claim in claims:
                entries += [
                    (str(each.id), f"{short(claim.name, 32)} · {short(each.name, 60)}")
                    for each in claim.elements
                ]
            self.element = self.choice(tr("Supports element"), entries)
            self.element.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            self.element.setCurrentIndex(max(0, self.element.findData(str(given.element))))
        self.status.setCurrentIndex(self.status.findData(given.status))
        self.material.setCurrentIndex(self.material.findData(given.material))
        self.status.currentIndexChanged.connect(lambda _n: self._fit())
        self._fit()
        self.text.selectAll()
        self.text.setFocus()

    def _date_fields(self, when: When) -> None:
        """Kind, day, of a range the last day, and zone, on one line."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.kind = Choice()
        self.kind.setAccessibleName(tr("How the date is meant"))
        for kind, words in DATE_WORDS.items():
            self.kind.addItem(tr(words), kind)
        self.kind.setCurrentIndex(self.kind.findData(when.kind))
        self.first, self.last, self.zone = (
            QLineEdit(t) for t in (when.first, when.last, when.zone)
        )
        for edit, name, hint in (
            (self.first, tr("Date"), "2026-03-14 09:30"),
            (self.last, tr("Last day"), "2026-03-20"),
            (self.zone, tr("Time zone"), "UTC"),
        ):
            edit.setAccessibleName(name)
            edit.setPlaceholderText(hint)
        self.zone.setToolTip(tr("UTC, an offset such as +08:00, or a zone such as Asia/Shanghai"))
        self.zone.setMaximumWidth(130)
        for widget in (self.kind, self.first, self.last, self.zone):
            line.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
        self.kind.currentIndexChanged.connect(lambda _n: self._fit())
        self.form.addRow(tr("Date"), row)

    def _fit(self) -> None:
        """Offer what goes with the kind of date and the status."""
        kind = self.kind.currentData()
        for edit in (self.first, self.zone):
            edit.setVisible(kind != "none")
        self.last.setVisible(kind == "range")
        self.disputed_by.setEnabled(str(self.status.currentData()).startswith("disputed"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return in the statement keeps the fact."""
        if watched is self.text and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if (
                event.type() == QEvent.Type.KeyPress
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                and plain
            ):
                self.check()
                return True
        return super().eventFilter(watched, event)

    def stated(self) -> Stated:
        """What is in the fields."""
        from casekit.queries.moments import When

        kind = str(self.kind.currentData())
        dated = kind != "none"
        disputed = self.disputed_by.isEnabled()
        return Stated(
            self.text.toPlainText().strip(), str(self.status.currentData()),
            self.disputed_by.text().strip() if disputed else "", str(self.material.currentData()),
            When(
                kind, self.first.text().strip() if dated else "",
                self.last.text().strip() if kind == "range" else "",
                (self.zone.text().strip() or "UTC") if dated else "UTC",
            ),
            tuple(name.strip() for name in _PEOPLE.split(self.people.text()) if name.strip()),
            int(self.element.currentData() or 0) if self.element is not None else 0,
        )  # fmt: skip

    def check(self) -> None:
        """A statement and a date that is one are needed."""
        stated = self.stated()
        if not stated.text:
            self.complain(tr("Say what happened: a fact needs a statement."))
            return
        try:
            stated.when.bounds()
        except CaseKitError as error:
            self.complain(error)
            return
        self.accept()

    def answer(self) -> Stated | None:
        """The fact."""
        return self.stated() if self.exec() == QDialog.DialogCode.Accepted else None


class CiteForm(Form):
    """Asks in which fact something is cited, and which way it speaks."""

    def __init__(
        self, parent: QWidget | None, rows: Sequence[FactRow], newest: int, places: int = 1
    ) -> None:
        about = tr("What is marked is added to the citations of a fact that is there already.")
        if places > 1:
            about = tr(
                "The {n} chosen items, each as a whole, are added to the citations of a fact that is there "
                "already.",
                n=places,
            )
        super().__init__(parent, tr("Cite in a fact"), about, tr("Cite"))
        self.setMinimumWidth(620)
        entries = [(str(row.id), f"{row.id}  {short(row.text)}") for row in rows]
        self.fact = self.choice(tr("Fact"), entries)
        self.fact.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.fact.setCurrentIndex(max(0, self.fact.findData(str(newest))))
        self.stance = self.choice(
            tr("It"),
            [("supports", tr("supports the fact")), ("contradicts", tr("contradicts the fact"))],
        )
        self.note = self.field(tr("Note"), hint=tr("What there is to say of the citation"))
        self.fact.setFocus()

    def answer(self) -> tuple[int, str, str] | None:
        """Fact, stance and note."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return int(self.fact.currentData()), str(self.stance.currentData()), self.note.text()


class FactQuestions:
    """What the window asks of facts: a part of `asking.Ask`."""

    _window: Window

    def fact(self, given: Stated, claims: Sequence[ClaimRow], about: str, ok: str) -> Stated | None:
        """A fact: what is stated, when it was, how it stands."""
        return FactForm(self._window, given, claims, about, ok).answer()

    def fact_cited(
        self, rows: Sequence[FactRow], newest: int, places: int = 1
    ) -> tuple[int, str, str] | None:
        """In which fact something is cited, or so many places are; which way it speaks, and a note."""
        return CiteForm(self._window, rows, newest, places).answer()


def make_fact(window: Window) -> None:
    """Make a fact of what is marked, of the item, or of all that are chosen, which it cites."""
    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    row, places = shell.selection.view.row, marked_places(window)
    if not places:
        return
    place = next((each for each in places if each.item_id == row.id), places[0])
    about = tr("It cites {title}, {place}.", title=short(row.title or row.name, 60),
               place=place_text(place))  # fmt: skip
    if len(places) > 1:
        about = tr("It cites {n} chosen items, each as a whole.", n=len(places))
    make_fact_of(window, place, places, about)


def make_fact_of(window: Window, place: NewCite, places: Sequence[NewCite], about: str) -> None:
    """Ask for a fact that cites places; its words and its time are drafted from one of them."""
    from casekit.ops import facts
    from casekit.queries import claims

    shell = window.shell
    if shell is None:
        return

    def read(s: Any) -> tuple[Stated, list[ClaimRow]]:
        drafted = facts.draft(s, place)
        return Stated(drafted.text, "unsure", "", "unsure", drafted.when, ()), claims.claims(s)

    def done(found: tuple[Stated, list[ClaimRow]]) -> None:
        until_taken(
            window,
            lambda: window.ask.fact(found[0], found[1], about, tr("Make the fact")),
            lambda stated, again: _keep(window, stated, places, again),
        )

    shell.read("fact", read, done)


def new_fact(window: Window) -> None:
    """Write a fact that cites nothing yet."""
    from casekit.queries import claims
    from casekit.queries.moments import When

    shell = window.shell
    if shell is None:
        return

    def done(known: list[ClaimRow]) -> None:
        given = Stated("", "unsure", "", "unsure", When(), ())
        about = tr("Mark text in an item and press F to make a fact that cites it.")
        until_taken(
            window,
            lambda: window.ask.fact(given, known, about, tr("Make the fact")),
            lambda stated, again: _keep(window, stated, [], again),
        )

    shell.read("claims", claims.claims, done)


def edit_fact(window: Window, row: FactRow) -> None:
    """Change a fact."""
    from casekit.ops import facts

    shell = window.shell
    if shell is None:
        return
    given = Stated(row.text, row.status, row.disputed_by, row.material, row.when, row.people)
    until_taken(
        window,
        lambda: window.ask.fact(given, [], "", tr("Save")),
        lambda stated, again: shell.do(
            "change fact",
            lambda s: facts.change_facts(
                s, [row.id], text=stated.text, status=stated.status, disputed_by=stated.disputed_by,
                material=stated.material, when=stated.when, people=stated.people,
            ),
            lambda changes: window.say(changes.label), again=again,
        ),
    )  # fmt: skip


def cite_in_fact(window: Window) -> None:
    """Add what is marked, the item, or all that are chosen, to the citations of a fact."""
    from casekit.ops import facts
    from casekit.queries import facts as queries

    shell = window.shell
    places = marked_places(window)
    if shell is None or not places:
        return

    def done(rows: list[FactRow]) -> None:
        if not rows:
            window.say(tr("There is no fact yet: press F to make one of what is marked."))
            return
        newest = max(row.id for row in rows)
        until_taken(window, lambda: window.ask.fact_cited(rows, newest, len(places)), act)

    def act(told: tuple[int, str, str], again: Again) -> None:
        fact_id, stance, note = told
        cites = [replace(place, stance=stance, note=note) for place in places]
        shell.do(
            "cite",
            lambda s: facts.cite(s, fact_id, cites),
            lambda c: window.say(c.label),
            again=again,
        )

    shell.read("facts", queries.facts, done)


def marked_places(window: Window) -> list[NewCite]:
    """What a fact would cite: the marked passage or page; of several chosen items each as a whole.

    A marked passage goes alone, whatever is chosen: it is what was pointed at last. Too many are refused
    before anything is asked.
    """
    from casekit.ops.facts import MOST_CITED, NewCite

    shell = window.shell
    if shell is None:
        return []
    chosen = shell.selection.chosen
    if shell.selection.cite is None and chosen is not None and len(chosen) > 1:
        if len(chosen) > MOST_CITED:
            window.say(
                tr("{m} items are chosen; a fact cites at most {n} at once: choose those that show it best.",
                   m=len(chosen), n=MOST_CITED)
            )  # fmt: skip
            return []
        return [NewCite(int(i)) for i in chosen]
    place = marked_place(window)
    return [] if place is None else [place]


def marked_place(window: Window) -> NewCite | None:
    """What is marked in the viewer; else the page that is shown, or the item as a whole."""
    from casekit.ops.facts import NewCite

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or shell.selection.view is None:
        return None
    item_id = shell.selection.view.row.id
    if shell.selection.cite is not None:
        part, start, stop = shell.selection.cite
        return NewCite(item_id, part, start, stop)
    if workspace.viewer.tab == "pages" and (shell.selection.view.row.pages or 0) > 0:
        return NewCite(item_id, page=workspace.viewer.pages.number)
    return NewCite(item_id)


def place_text(place: NewCite) -> str:
    """Where in its item something is cited."""
    if place.part is not None:
        return tr("{part}, characters {a} to {b}", part=place.part, a=place.start, b=place.stop)
    return tr("page {n}", n=place.page) if place.page is not None else tr("as a whole")


def _keep(window: Window, stated: Stated, cites: Sequence[NewCite], again: Again) -> None:
    from casekit.ops import facts

    shell = window.shell
    if shell is None:
        return

    def op(s: Any) -> Changes:
        return facts.add_fact(
            s, stated.text, status=stated.status, disputed_by=stated.disputed_by, material=stated.material,
            when=stated.when, people=stated.people, cites=cites,
            elements=[stated.element] if stated.element else [],
        )[1]  # fmt: skip

    shell.do("fact", op, lambda changes: window.say(changes.label), again=again)
