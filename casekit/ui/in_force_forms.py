"""Entering documents in force from the window: versions, their clauses, and what shows notice or acceptance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QDialog, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking_again import until_taken
from casekit.ui.events import zone_box
from casekit.ui.form import Form
from casekit.ui.time_words import when_text

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.in_force import Document, Version
    from casekit.queries.items import ItemRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

T = TypeVar("T")
KIND_WORDS = {
    "terms": "terms of service", "policy": "policy", "contract": "contract", "other": "other",
}  # fmt: skip
ASSENT_WORDS = {"notice": "notice of it", "acceptance": "its acceptance"}
DATES = "Write dates as precisely as they are known: 2026, 2026-03, 2026-03-14 or 2026-03-14 09:30."


@dataclass(frozen=True, slots=True)
class VersionSaid:
    """A version as it was written into the form; a document number of 0 begins a new document."""

    document_id: int
    name: str
    kind: str
    party: str
    label: str
    published: str
    withdrawn: str
    zone: str


class VersionForm(Form):
    """Asks of which document an item is a version, and from when to when it was published."""

    def __init__(
        self, parent: QWidget | None, documents: Sequence[Document], about: str,
        given: Version | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            parent, tr("Version of a document"), f"{about}\n{tr(DATES)}".strip(), tr("Save")
        )
        self.setMinimumWidth(600)
        entries = [(str(one.id), one.name) for one in documents]
        self.document = self.choice(tr("Document"), [*entries, ("0", tr("a new one"))])
        self.name = self.field(tr("Its name"), hint=tr("Terms of Service"))
        self.kind = self.choice(tr("What it is"), [(k, tr(w)) for k, w in KIND_WORDS.items()])
        self.party = self.field(tr("Whose it is"))
        self.label = self.field(tr("Version"), given.label if given else "", tr("1 October 2025"))
        self.published = self.field(tr("Published"), given.published if given else "", "2025-10-01")
        self.withdrawn = self.field(
            tr("Until"),
            given.withdrawn if given else "",
            tr("only if it ended before the next one"),
        )
        self.zone = zone_box(self, given.zone if given else "UTC")
        self.document.currentIndexChanged.connect(lambda _n: self._fit())
        if given is not None:
            for row in (self.document, self.name, self.kind, self.party):
                self.form.setRowVisible(row, False)
        else:
            self._fit()
        (self.label if documents else self.name).setFocus()

    def _fit(self) -> None:
        """Name, kind and party are asked of a new document only."""
        new = self.document.currentData() == "0"
        for row in (self.name, self.kind, self.party):
            self.form.setRowVisible(row, new)
        self._make_room()

    def said(self) -> VersionSaid:
        """What is in the fields."""
        return VersionSaid(
            int(self.document.currentData()), " ".join(self.name.text().split()),
            str(self.kind.currentData()), self.party.text().strip(), self.label.text().strip(),
            self.published.text().strip(), self.withdrawn.text().strip(),
            self.zone.currentText().strip(),
        )  # fmt: skip

    def check(self) -> None:
        """A name, a label and dates that are some are needed."""
        from casekit.queries.moments import stretch

        said = self.said()
        if self.form.isRowVisible(self.name) and not said.name:
            self.complain(tr("Give the document a name."), self.name)
            return
        if not said.label:
            self.complain(tr("A version needs a label, such as its date."), self.label)
            return
        try:
            for each in filter(None, (said.published or "?", said.withdrawn)):
                stretch(each, said.zone)
        except CaseKitError as error:
            self.complain(error)
            return
        self.accept()

    def answer(self) -> VersionSaid | None:
        """The version."""
        return self.said() if self.exec() == QDialog.DialogCode.Accepted else None


class EvidenceForm(Form):
    """Asks of which version an item shows notice or acceptance, when, and by whom."""

    def __init__(
        self, parent: QWidget | None, documents: Sequence[Document], about: str, *, dated: str = "",
        account: str = "",
    ) -> None:  # fmt: skip
        super().__init__(
            parent, tr("Notice or acceptance"), f"{about}\n{tr(DATES)}".strip(), tr("Save")
        )
        self.setMinimumWidth(600)
        entries = [
            (str(version.id), f"{one.name} · {version.label}")
            for one in documents for version in one.versions
        ]  # fmt: skip
        self.version = self.choice(tr("Version"), entries)
        self.kind = self.choice(tr("It shows"), [(k, tr(w)) for k, w in ASSENT_WORDS.items()])
        self.dated = self.field(tr("On"), dated, "2025-12-01")
        self.zone = zone_box(self, "UTC")
        self.account = self.field(tr("Account"), account, tr("empty: all accounts"))
        self.note = self.field(tr("Note"))
        self.version.setFocus()

    def said(self) -> tuple[int, str, dict[str, str]]:
        """Version, kind, and the rest by name."""
        rest = {
            "dated": self.dated.text().strip(), "zone": self.zone.currentText().strip(),
            "account": self.account.text().strip(), "note": self.note.text().strip(),
        }  # fmt: skip
        return int(self.version.currentData()), str(self.kind.currentData()), rest

    def check(self) -> None:
        """A date that is one is needed."""
        from casekit.queries.moments import stretch

        _, _, rest = self.said()
        try:
            stretch(rest["dated"] or "?", rest["zone"])
        except CaseKitError as error:
            self.complain(error)
            return
        self.accept()

    def answer(self) -> tuple[int, str, dict[str, str]] | None:
        """Version, kind, and the rest by name."""
        return self.said() if self.exec() == QDialog.DialogCode.Accepted else None


class ClauseForm(Form):
    """Asks which clause the marked passage is, and of which version."""

    def __init__(
        self, parent: QWidget | None, versions: Sequence[tuple[str, Version]], quote: str
    ) -> None:
        words = quote if len(quote) < 200 else f"{quote[:199]}…"
        super().__init__(parent, tr("Clause"), f"“{words}”", tr("Mark the clause"))
        self.setMinimumWidth(600)
        self.version = self.choice(
            tr("Version"), [(str(one.id), f"{name} · {one.label}") for name, one in versions]
        )
        self.label = self.field(tr("Clause"), hint="2(c)")
        self.label.setFocus()

    def check(self) -> None:
        """A label is needed."""
        if self.label.text().strip():
            self.accept()
        else:
            self.complain(tr("Say which clause it is."), self.label)

    def answer(self) -> tuple[int, str] | None:
        """Version and label."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return int(self.version.currentData()), self.label.text().strip()


class TermsQuestions:
    """What the window asks of documents in force: a part of `asking.Ask`."""

    _window: Window

    def version(
        self, documents: Sequence[Document], about: str, given: Version | None = None
    ) -> VersionSaid | None:
        """Of which document an item is a version, or what is other of one."""
        return VersionForm(self._window, documents, about, given).answer()

    def clause(self, versions: Sequence[tuple[str, Version]], quote: str) -> tuple[int, str] | None:
        """Which clause a passage is."""
        return ClauseForm(self._window, versions, quote).answer()

    def assent(
        self, documents: Sequence[Document], about: str, dated: str, account: str
    ) -> tuple[int, str, dict[str, str]] | None:
        """Of what an item shows notice or acceptance."""
        return EvidenceForm(self._window, documents, about, dated=dated, account=account).answer()


def add_version(window: Window) -> None:
    """Say that the item that is shown is a version of a document."""
    from casekit.ops import in_force

    def asked(documents: list[Document], row: ItemRow) -> None:
        def add(s: Any, said: VersionSaid) -> Changes:
            number = said.document_id
            if not number:
                number = in_force.add_document(s, said.name, kind=said.kind, party=said.party)[0]
            return in_force.add_version(
                s, number, row.id, said.label, said.published, withdrawn=said.withdrawn, zone=said.zone
            )[1]  # fmt: skip

        _until_taken(window, lambda: window.ask.version(documents, _about(row)), add)

    _with_documents(window, asked)


def change_version(window: Window, version: Version) -> None:
    """Ask what is other of a version, and write it."""
    from casekit.ops import in_force

    _until_taken(
        window,
        lambda: window.ask.version([], "", version),
        lambda s, said: in_force.change_version(
            s, version.id, label=said.label, published=said.published, withdrawn=said.withdrawn,
            zone=said.zone,
        ),
    )  # fmt: skip


def add_clause(window: Window) -> None:
    """Say which clause the marked passage is; the item has to be a version of a document."""
    from casekit.ops import in_force

    def asked(documents: list[Document], row: ItemRow) -> None:
        versions = [
            (one.name, each) for one in documents for each in one.versions if each.item_id == row.id
        ]
        shell = window.shell
        cite = shell.selection.cite if shell is not None else None
        if not versions:
            window.say(tr("The item is no version of a document yet: say so first."))
        elif cite is None or shell is None or shell.selection.view is None:
            window.say(tr("Mark the words of the clause first."))
        else:
            part, start, stop = cite
            text = dict(shell.selection.view.texts).get(part, "")
            quote = " ".join(text[start:stop].split())
            _until_taken(
                window,
                lambda: window.ask.clause(versions, quote),
                lambda s, said: in_force.add_clause(s, said[0], said[1], part, start, stop),
            )

    _with_documents(window, asked)


def add_evidence(window: Window) -> None:
    """Say of which version the item that is shown is evidence of notice or acceptance."""
    from casekit.ops import in_force

    def asked(documents: list[Document], row: ItemRow) -> None:
        if not any(one.versions for one in documents):
            window.say(
                tr("There is no version of a document yet: open its item and add one first.")
            )
            return
        view = window.shell.selection.view if window.shell is not None else None
        account = str(view.exchange.get("account") or "") if view is not None else ""

        def add(s: Any, said: tuple[int, str, dict[str, str]]) -> Changes:
            number, kind, rest = said
            return in_force.add_assent(s, number, kind, row.id, **rest)

        _until_taken(
            window,
            lambda: window.ask.assent(documents, _about(row), when_text(row.sent_us), account),
            add,
        )

    _with_documents(window, asked)


def take_away(window: Window, what: str, number: int) -> None:
    """Take away what was entered, with what is below it; undo brings it back."""
    from casekit.ops import in_force

    _do(window, lambda s: in_force.take_away(s, what, number))


def _about(row: ItemRow) -> str:
    return tr(
        "Item {n}: {title}", n=str(row.id), title=" ".join((row.title or row.name).split())[:80]
    )


def _with_documents(window: Window, asked: Callable[[list[Document], ItemRow], None]) -> None:
    from casekit.queries.in_force import documents

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    row = shell.selection.view.row
    shell.read("documents", documents, lambda found: asked(found, row))


def _do(window: Window, op: Callable[[Any], Changes], again: Again | None = None) -> None:
    if window.shell is not None:
        window.shell.do("terms", op, lambda changes: window.say(changes.label), again=again)


def _until_taken(
    window: Window, ask: Callable[[], T | None], op: Callable[[Any, T], Changes]
) -> None:
    until_taken(window, ask, lambda said, again: _do(window, lambda s: op(s, said), again))
