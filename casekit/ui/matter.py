"""The dialog in which the matter is named as the court's caption shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr
from casekit.ui.asking import Form

if TYPE_CHECKING:
    from casekit.queries.matter import MatterRow


class Matter(Form):
    """Asks what the caption shows."""

    def __init__(self, parent: QWidget, present: MatterRow) -> None:
        super().__init__(parent, tr("Matter"), tr("As the court's caption shows it."), tr("Save"))
        self._present = present
        names = {
            "name": tr("Name"),
            "court": tr("Court"),
            "number": tr("Number"),
            "judge": tr("Judge"),
            "time_zone": tr("Time zone"),
            "bates_prefix": tr("Bates prefix"),
            "offered_by": tr("Offered by"),
            "languages": tr("Court’s languages"),
        }
        self.edits = {key: self.field(words, getattr(present, key)) for key, words in names.items()}
        self.review = self.choice(
            tr("Redactions checked by"),
            [("", tr("Nobody else")), ("second", tr("A second person, before anything is issued"))],
        )
        self.review.setCurrentIndex(max(0, self.review.findData(present.redaction_review)))

        self.edits["languages"].setPlaceholderText(
            tr("en, fr …; none: no translation is wanted; empty: as the court’s profile says")
        )

    def check(self) -> None:
        """A matter needs a name."""
        if self.edits["name"].text().strip():
            self.accept()
        else:
            self.complain(tr("A matter needs a name."), self.edits["name"])

    def answer(self) -> dict[str, str] | None:
        """The values that changed."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        values = {key: edit.text().strip() for key, edit in self.edits.items()}
        values["redaction_review"] = str(self.review.currentData())
        return {k: v for k, v in values.items() if v != getattr(self._present, k)}
