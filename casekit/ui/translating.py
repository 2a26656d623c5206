"""Pairing an item with its translation in the window: which item it is, who made it, how, and who vouches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.translations import TranslationRow
    from casekit.ui.window import Window

WAYS = (
    ("human", "A person translated it"),
    ("machine", "A machine translated it"),
    ("not-needed", "No translation is needed"),
    ("remove", "Take away what is said of it"),
)
_HEIGHT = 70


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered; `way` is a word of `WAYS`, an item's number 0 where none was named."""

    way: str
    original: int
    translation: int = 0
    translator: str = ""
    language: str = "en"
    dated: str = ""
    certificate: str = ""
    certificate_item: int = 0
    reason: str = ""


class Pair(Form):
    """Asks what is said of an item's translation."""

    def __init__(
        self, parent: QWidget | None, ids: Sequence[int], known: Sequence[TranslationRow]
    ) -> None:
        super().__init__(
            parent,
            tr("Translation"),
            tr("The exhibit prints the text as it was received, then its translation with what you write here. "
               "Every page of a machine’s translation says so. Redact both, or neither."),
            tr("Save"),
        )  # fmt: skip
        row = next((r for r in known if r.item_id == ids[0]), None)
        second = ids[1] if len(ids) > 1 else row.translation_id if row else None
        self.way = self.choice(tr("How"), [(name, tr(words)) for name, words in WAYS])
        self.way.setCurrentIndex(max(0, self.way.findData(row.made if row else "human")))
        self.original = self.field(tr("Item in the other language"), str(ids[0]))
        self.translation = self.field(
            tr("Item that translates it"), str(second or ""), tr("its number")
        )
        self.translator = self.field(
            tr("Translator"), row.translator if row else "", tr("who, or which program and version")
        )
        self.language = self.field(
            tr("Into"), (row.language if row else "") or "en", "en, fr, zh …"
        )
        self.dated = self.field(tr("Date"), row.dated if row else "", "2026-03-14")
        self.certificate = QPlainTextEdit(row.certificate if row else "")
        self.certificate.setFixedHeight(_HEIGHT)
        self.certificate.setAccessibleName(tr("Certificate"))
        self.certificate.setPlaceholderText(tr("the translator’s own statement"))
        self.form.addRow(tr("Certificate"), self.certificate)
        vouched = row.certificate_id if row else None
        self.certificate_item = self.field(
            tr("Item that is the certificate"),
            str(vouched or ""),
            tr("its number, if it is in the case"),
        )
        self.reason = self.field(
            tr("Why none is needed"),
            row.reason if row else "",
            tr("a program’s text, names only …"),
        )
        self.way.currentIndexChanged.connect(self._show)
        self._show()

    def said(self) -> Said:
        """What is written."""
        return Said(
            self.way.currentData(), _number(self.original.text()), _number(self.translation.text()),
            self.translator.text().strip(), self.language.text().strip(), self.dated.text().strip(),
            self.certificate.toPlainText().strip(), _number(self.certificate_item.text()),
            self.reason.text().strip(),
        )  # fmt: skip

    def check(self) -> None:
        """Both items, and who translated or why nobody need, are wanted."""
        said = self.said()
        paired = said.way in ("human", "machine")
        numbers = (self.original, self.translation, self.certificate_item)
        if any(edit.text().strip() and not _number(edit.text()) for edit in numbers):
            self.complain(tr("An item is named by its number, as the list shows it."))
        elif not said.original or (paired and not said.translation):
            self.complain(tr("Name both items by their numbers."))
        elif paired and not said.translator:
            self.complain(
                tr("Say who translated it, or with which program: it is printed beside the text.")
            )
        elif said.way == "not-needed" and not said.reason:
            self.complain(tr("Say why no translation is needed: the dossier prints it."))
        else:
            self.accept()

    def answer(self) -> Said | None:
        """What was written."""
        return self.said() if self.exec() == QDialog.DialogCode.Accepted else None

    def _show(self) -> None:
        way = self.way.currentData()
        paired = way in ("human", "machine")
        for widget in (
            self.translation, self.translator, self.language, self.dated, self.certificate,
            self.certificate_item,
        ):  # fmt: skip
            self.form.setRowVisible(widget, paired)
        self.form.setRowVisible(self.reason, way == "not-needed")


def _number(text: str) -> int:
    stripped = text.strip()
    return (
        int(stripped) if stripped.isascii() and stripped.isdecimal() and len(stripped) < 10 else 0
    )


def pair(window: Window) -> None:
    """Ask what is said of the translation of the chosen item, and keep it; of two items they are the pair."""
    shell = window.shell
    if shell is None:
        return
    case, ids = shell.case, [int(i) for i in shell.selection.ids()][:2]
    if not ids:
        return

    def work(_progress: Progress) -> list[TranslationRow]:
        from casekit.queries.translations import translations

        with case.read() as s:
            return translations(s, ids)

    def done(known: list[TranslationRow]) -> None:
        until_taken(
            window,
            lambda: window.ask.translation(ids, known),
            lambda said, again: shell.do(
                "translation", lambda s: _keep(s, said), lambda changes: window.say(changes.label),
                again=again,
            ),
        )  # fmt: skip

    shell.jobs.start(tr("Translation"), work, done, window.refuse)


def _keep(s: object, said: Said) -> Changes:
    from casekit.ops import translations as ops

    if said.way == "remove":
        return ops.unpair_translation(s, said.original)  # type: ignore[arg-type]
    if said.way == "not-needed":
        return ops.waive_translation(s, [said.original], said.reason)  # type: ignore[arg-type]
    return ops.pair_translation(
        s,  # type: ignore[arg-type]
        said.original, said.translation, made=said.way, translator=said.translator, language=said.language,
        dated=said.dated, certificate=said.certificate, certificate_id=said.certificate_item or None,
    )  # fmt: skip
