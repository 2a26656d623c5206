"""Pseudonyms in the window: given to what is marked or to a value of the item, listed, and their sealed key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QTableWidget,
)
from shiboken6 import isValid

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.basics import Choice
from casekit.ui.chrome import verbs
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.jobs.pseudonyms import Key
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.items import ItemView
    from casekit.queries.pseudonyms import PseudonymRow
    from casekit.queries.whole_values import Kind
    from casekit.ui.window import Window

KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    ("account", "Account"),
    ("address", "Mail or IP address"),
    ("phone", "Telephone number"),
    ("key", "API key"),
    ("person", "Name of a person"),
)
HEADS = ("On paper", "Stands for", "State", "Given by")
WIDTHS = (150, 330, 110, 120)
_WIDTH, _HEIGHT = 800, 280
_LONGEST_MARK = 120

Listed = list[tuple["PseudonymRow", str]]
"""Rows with what stands on paper for each."""


class GivePseudonym(Form):
    """Asks for the value, what it is, and whether it is a further spelling of one that is there."""

    def __init__(self, window: Window, values: Sequence[str], listed: Listed) -> None:
        super().__init__(
            window, tr("Pseudonym"),
            tr("It is printed instead of the value in every dossier and production of this matter, and stays "
               "the same for good. The item itself stays as it is."),
            tr("Give a pseudonym"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        self.value = Choice()
        self.value.setEditable(True)
        self.value.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.value.setAccessibleName(tr("Value"))
        self.value.addItems([shown(value) for value in values])
        self.form.addRow(tr("Value"), self.value)
        self.kind = self.choice(tr("It is"), [(kind, tr(words)) for kind, words in KIND_WORDS])
        self.same_as = self.choice(
            tr("The same as"),
            [
                ("", tr("None: it gets one of its own")),
                *((str(row.id), f"{name} · {row.values[0]}") for row, name in listed),
            ],
        )  # fmt: skip
        self._listed = {str(row.id): row.kind for row, _ in listed}
        self.value.editTextChanged.connect(self._guess)
        self.same_as.currentIndexChanged.connect(self._fit)
        self._guess(self.value.currentText())

    def check(self) -> None:
        """Write it, if there is a value."""
        from casekit.ops import pseudonyms

        value, number = self.value.currentText().strip(), str(self.same_as.currentData())
        kind = cast("Kind", self.kind.currentData())
        same_as = int(number) if number else None
        if not value:
            self.complain(tr("Write the value that is to be replaced."))
            return
        shell = self._window.shell
        if shell is not None:
            shell.do(
                "pseudonym",
                lambda s: pseudonyms.give(s, kind, [value], same_as=same_as),
                self._given,
                again=self._refused,
            )

    def _given(self, changes: Changes) -> None:
        self._window.say(changes.label)
        if isValid(self):
            self.accept()

    def _refused(self, why: CaseKitError) -> None:
        if isValid(self):
            self.complain(why, self.value)
        else:
            self._window.refuse(why)

    def _guess(self, value: str) -> None:
        from casekit.queries.pseudonyms import kind_of

        if value.strip() and not self.same_as.currentData():
            self.kind.setCurrentIndex(self.kind.findData(kind_of(value.strip())))

    def _fit(self) -> None:
        """A further spelling is of the same kind."""
        kind = self._listed.get(str(self.same_as.currentData()))
        if kind is not None:
            self.kind.setCurrentIndex(self.kind.findData(kind))
        self.kind.setEnabled(kind is None)


class Pseudonyms(Form):
    """Lists all pseudonyms; they can be taken out of use and put in use again, and their key written."""

    def __init__(self, window: Window, listed: Listed) -> None:
        used = sum(row.in_use for row, _ in listed)
        super().__init__(
            window, tr_count("1 pseudonym in use", "{n} pseudonyms in use", used),
            tr("Each is printed instead of all its values in every dossier and production, and keeps its "
               "number for good. The key that tells which is which leaves the case only under seal."),
            tr("Close"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._window, self._listed = window, listed
        self.table = self._filled()
        self.form.addRow(self.table)
        row = verbs(
            (
                (tr("Take out of use"), self._lift),
                (tr("Put in use again"), self._again),
                (tr("Sealed key …"), self._key),
            )
        )
        row.addStretch(1)
        self.form.addRow(row)

    def chosen(self) -> list[PseudonymRow]:
        """The rows chosen."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._listed[row][0] for row in rows]

    def _filled(self) -> QTableWidget:
        table = choosing_table(tr("Pseudonyms"), len(self._listed), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        for number, (row, name) in enumerate(self._listed):
            state = tr("● in use") if row.in_use else tr("○ out of use")
            cells = (name, shown(" | ".join(row.values)), state, row.by)
            put_row(table, number, cells)
        return table

    def _lift(self) -> None:
        from casekit.ops import pseudonyms

        numbers = [row.id for row in self.chosen() if row.in_use]
        self._do(lambda s: pseudonyms.lift(s, numbers), bool(numbers))

    def _again(self) -> None:
        from casekit.ops import pseudonyms

        rows = [row for row in self.chosen() if not row.in_use]
        numbers = [row.id for row in rows]
        self._do(lambda s: pseudonyms.use_again(s, numbers), bool(rows))

    def _do(self, op: Any, some: bool) -> None:
        if not some or self._window.shell is None:
            self.complain(tr("Choose rows in the other state first."))
            return
        window = self._window

        def said(changes: Changes) -> None:
            window.say(changes.label)
            list_pseudonyms(window)

        self._window.shell.do("pseudonyms", op, said)
        self.accept()

    def _key(self) -> None:
        if not self._listed:
            self.complain(tr("There is no pseudonym yet, so there is no key."))
            return
        self.accept()
        SealedKey(self._window).open()


class SealedKey(Form):
    """Asks where the key goes and for its passphrase, twice."""

    def __init__(self, window: Window) -> None:
        super().__init__(
            window, tr("Sealed key of the pseudonyms"),
            tr("The file tells which pseudonym stands for which value. It is encrypted with the passphrase, "
               "which is kept nowhere: without it nobody can open the file. The custody log records that it "
               "was written."),
            tr("Write the key"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        folder = window.shell.case.folder.parent if window.shell else Path.home()
        self.file = self.target(tr("File"), str(folder / "pseudonym key, sealed.json"))
        self.word, self.again = self.field(tr("Passphrase")), self.field(tr("The same again"))
        for edit in (self.word, self.again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)

    def check(self) -> None:
        """Write it, once both passphrases are the same."""
        from casekit.jobs import pseudonyms

        out, word, shell = Path(self.file.text()), self.word.text(), self._window.shell
        if word != self.again.text():
            self.complain(tr("The two passphrases differ: write them again."))
            return
        if shell is None:
            return
        case, window = shell.case, self._window

        def work(_progress: Progress) -> Key:
            return pseudonyms.write_key(case, out, word)

        def done(key: Key) -> None:
            window.notice.show_text(
                tr("Sealed key written: {name}, SHA-256 {hash}", name=key.path.name, hash=key.sha256),
                "ok",
            )  # fmt: skip
            self.accept()

        def failed(error: CaseKitError) -> None:
            self.ok.setEnabled(True)
            self.complain(error)

        self.ok.setEnabled(False)
        shell.jobs.start(tr("Writing the sealed key"), work, done, failed, lane="long")


def values_of(view: ItemView) -> list[str]:
    """The accounts, keys, addresses and names that the fields of an item hold, each once."""
    fields = ("account", "api_key", "end_user", "ip")
    found = [str(view.exchange.get(name, "")) for name in fields]
    found += [part for _, name, address in view.parties for part in (address, name)]
    found += [receipt.custodian for receipt in view.receipts]
    return [value for value in dict.fromkeys(found) if value]


def give_pseudonym(window: Window) -> None:
    """Ask which value of the item, or the marked one, gets a pseudonym."""
    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    view, place = shell.selection.view, shell.selection.cite
    values = values_of(view)
    if place is not None:
        marked = " ".join(view.text(place[0])[place[1] : place[2]].split())
        if 0 < len(marked) <= _LONGEST_MARK:
            values = [marked, *(value for value in values if value != marked)]
    shell.read("pseudonyms", _listed, lambda listed: GivePseudonym(window, values, listed).open())


def list_pseudonyms(window: Window) -> None:
    """List all pseudonyms of the case."""
    if window.shell is not None:
        window.shell.read("pseudonyms", _listed, lambda listed: Pseudonyms(window, listed).open())


def _listed(s: Any) -> Listed:
    from casekit.dossier.pseudonyms import row_label, wording_of
    from casekit.queries.pseudonyms import pseudonyms

    words = wording_of(s)
    return [(row, row_label(row, words)) for row in pseudonyms(s)]
