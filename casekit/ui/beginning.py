"""What is asked before a dossier is begun, and with what a dossier is compared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr
from casekit.ui.form import Form

TEMPLATE_WORDS = {
    "us-district-court": "US district court: filing with certifications",
    "england-wales-bundle": "England and Wales: bundle",
    "eu-neutral": "European Union: long form",
    "expert-report": "For an expert: method, findings, natives",
    "archive": "To keep: everything, natives attached",
}
ISSUED = "\0issued"  # no name of a saved dossier


class NewDossier(Form):
    """Asks for the name of a dossier and the template that it begins with."""

    def __init__(self, parent: QWidget, name: str, templates: Sequence[str]) -> None:
        super().__init__(
            parent, tr("New dossier"),
            tr("A template says which sections there are, in which order and wording. It holds no facts."),
            tr("Begin it"),
        )  # fmt: skip
        self.name = self.field(tr("Name"), name)
        entries = [("", tr("The usual short form"))]
        entries += [(one, tr(TEMPLATE_WORDS.get(one, one))) for one in templates]
        self.template = self.choice(tr("Template"), entries)

    def check(self) -> None:
        """A name is needed."""
        if self.name.text().strip():
            self.accept()
        else:
            self.complain(tr("A dossier needs a name."), self.name)

    def answer(self) -> tuple[str, str] | None:
        """Name and template."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.name.text().strip(), str(self.template.currentData())


class CompareWith(Form):
    """Asks with what the present dossier is compared."""

    def __init__(self, parent: QWidget, names: Sequence[str]) -> None:
        super().__init__(
            parent, tr("Compare"), tr("What is different is said in words."), tr("Compare")
        )
        entries = [(ISSUED, tr("The dossier issued last"))]
        self.other = self.choice(tr("With"), [*entries, *((name, name) for name in names)])

    def answer(self) -> str | None:
        """Name of a saved dossier; empty: the one issued last."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        chosen = str(self.other.currentData())
        return "" if chosen == ISSUED else chosen
