"""What the window asks before something leaves the case, and the forms that its parts have made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtWidgets import QFileDialog

from casekit.i18n import tr
from casekit.ui import folders

if TYPE_CHECKING:
    from casekit.dossier.companion import Kind
    from casekit.dossier.sections.withheld import Format
    from casekit.dossier.spec import DossierSpec
    from casekit.dossier.volume import Wish
    from casekit.queries.matter import MatterRow
    from casekit.ui.window import Window

Answer_co = TypeVar("Answer_co", covariant=True)


class Asks(Protocol[Answer_co]):
    """A dialog with an answer, None if the user thought better of it."""

    def answer(self) -> Answer_co | None:
        """What was answered."""
        ...


class ExportQuestions:
    """Questions on exports: a part of `asking.Ask`."""

    _window: Window

    def companion(self, folder: Path) -> tuple[Kind, Format, Path, tuple[str, ...]] | None:
        """Which list for Word or a spreadsheet, its file, and who receives it."""
        from casekit.ui.companions import WriteList

        return WriteList(self._window, folder).answer()

    def volume(
        self, query: str, matter: MatterRow, prefix: str, folder: Path
    ) -> tuple[str, Wish, Path] | None:
        """Which documents are produced, how, and into which folder."""
        from casekit.ui.producing import Produce

        return Produce(self._window, query, matter, prefix, folder).answer()

    def sure_of_volume(self, lines: list[tuple[str, str]]) -> bool:
        """Whether a volume that holds this is to be produced."""
        from casekit.ui.producing import SureOfVolume

        return SureOfVolume(self._window, lines).answer()

    def dossier(
        self, title: str, folder: Path
    ) -> tuple[DossierSpec, bool, Path, Path | None] | None:
        """What a dossier shall hold, whether it is issued, its file, and that of a sealed copy."""
        from casekit.ui.exporting import Dossier

        return Dossier(self._window, title, folder).answer()

    def dossier_file(self, given: Path, *, issue: bool) -> tuple[Path, Path | None] | None:
        """Where a dossier goes that is written as a draft, or issued, and its sealed copy."""
        from casekit.ui.issuing import DossierFile

        return DossierFile(self._window, given, issue=issue).answer()

    def old_file(self, title: str, kinds: str) -> Path | None:
        """A file that is there; `kinds` are its names as a file dialog has them."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, folders.begin(), kinds)
        return folders.chosen(name)

    def new_file(self, given: str, kinds: str) -> Path | None:
        """A file that is to be written; `kinds` are its names as a file dialog has them."""
        begin = str(Path(folders.begin()) / given.replace("/", "-"))
        name, _ = QFileDialog.getSaveFileName(self._window, tr("Write as"), begin, kinds)
        return folders.chosen(name)

    def form(self, asked: Asks[Answer_co]) -> Answer_co | None:
        """What is answered in a dialog that a part of the window has made."""
        return asked.answer()
