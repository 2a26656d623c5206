"""A box for the largest file that a court takes: the courts that are known, or another number of megabytes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.basics import Choice


class LimitBox(Choice):
    """Says `told` with every limit chosen or written; what is no size is marked and not told.

    Args:
        mb: The limit now, in megabytes; 0: none.
    """

    told = Signal(float)

    def __init__(self, mb: float = 0.0) -> None:
        from casekit.dossier.limits import limits

        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(
            tr("What is longer is cut into parts, between exhibits where that can be. Choose a court, or write "
               "a number of megabytes; courts change their limits.")
        )  # fmt: skip
        self.addItem(tr("Any size, one file"), "0")
        for one in limits():
            self.addItem(f"{one.mb:g} MB · {one.court}", one.key)
            self.setItemData(
                self.count() - 1, f"{one.source}, {one.read}", Qt.ItemDataRole.ToolTipRole
            )
        if mb:
            self.setCurrentText(f"{mb:g} MB")
        self.currentTextChanged.connect(self._written)

    def megabytes(self) -> float:
        """The limit, 0 for none.

        Raises:
            CaseKitError: What is written is neither a court nor a size.
        """
        from casekit.dossier.limits import megabytes

        written = self.currentText()
        at = self.findText(written)
        if at >= 0:
            return megabytes(str(self.itemData(at)))
        return megabytes(written.upper().removesuffix("MB").strip())

    def _written(self) -> None:
        try:
            mb = self.megabytes()
        except CaseKitError:
            self._mark(bad=True)
            return
        self._mark(bad=False)
        self.told.emit(mb)

    def _mark(self, *, bad: bool) -> None:
        if line := self.lineEdit():
            line.setProperty("bad", bad)
            line.style().polish(line)
