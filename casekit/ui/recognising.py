"""The question by which engine and in which language text is to be recognised."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QWidget

from casekit import settings
from casekit.i18n import tr
from casekit.ui.form import Form


class RecogniseText(Form):
    """Asks for the engine, of those that are installed, and for the language.

    Args:
        parent: Its window.
        items: How many items are listed.
        engines: The names of those that are installed.
        usual: Which of them is taken where none is named.
    """

    def __init__(
        self, parent: QWidget | None, items: int, engines: Sequence[str], usual: str
    ) -> None:
        about = tr(
            "The pages without text of the {n} items in the list are read by a machine. What it reads is kept "
            "beside the evidence, marked as such.",
            n=f"{items:,}",
        )
        super().__init__(parent, tr("Recognise text"), about, tr("Recognise text"))
        told = {
            "tesseract": tr("Tesseract: reads what the data installed with it knows"),
            "rapidocr": tr("RapidOCR: reads Chinese, Japanese and Latin letters at once"),
        }
        self.engine = self.choice(tr("Engine"), [(name, told[name]) for name in engines])
        self.engine.setCurrentIndex(max(0, self.engine.findData(usual)))
        self.language = self.field(tr("Language"), "eng", tr("several by +, such as eng+deu"))

    def check(self) -> None:
        """Close if a language is named."""
        if self.language.text().strip():
            self.accept()
        else:
            self.complain(
                tr("Name the language of the pages, such as eng or chi_sim."), self.language
            )
            self.language.setFocus()

    def answer(self) -> tuple[str, str] | None:
        """The language and the engine, which is remembered."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        name = str(self.engine.currentData())
        settings.remember_engine(name)
        return self.language.text().strip(), name
