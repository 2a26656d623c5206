"""What is asked before a case is made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form

if TYPE_CHECKING:
    from casekit.ui.window import Window

LONGEST = (
    180  # bytes of a folder's name: 255 less the suffix and what stands before it while it is made
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case to be made.

    Attributes:
        place: The folder that shall hold its folder.
        matter: What it is called.
        details: Number and court, where they are given.
    """

    place: Path
    matter: str
    details: dict[str, str]

    @property
    def folder(self) -> Path:
        """The folder of the case, without its suffix."""
        return self.place / folder_name(self.matter)


class NewCase(Form):
    """Asks for the matter and the place of a new case."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(
            parent, tr("New case"),
            tr("A case is a folder on this computer that holds the originals, the database and the "
               "log."), tr("Make case"),
        )  # fmt: skip
        self.matter = self.field(tr("Matter"), "", "Aurora v. Meridian")
        self.number = self.field(tr("Number"), "", "5:26-cv-01187")
        self.court = self.field(tr("Court"), "", "N.D. Cal.")
        self.folder = self.target(tr("Folder"), str(Path.home()), folder=True)

    def field_of(self, _why: CaseKitError) -> QWidget:
        """A name that was taken meanwhile, else the place."""
        return self.matter if self._is_taken() else self.folder

    def check(self) -> None:
        """A matter needs a name that is free, and the folder must be there."""
        if not self.matter.text().strip():
            self.complain(tr("A matter needs a name."), self.matter)
        elif not os.path.isdir(self.folder.text()):  # noqa: PTH112 - says no where Path raises
            self.complain(tr("This folder is not there: choose another one."), self.folder)
        elif self._is_taken():
            name = _place_of(self.wanted()).name
            self.complain(
                CaseKitError("{name} is already there: open it or choose another name.", name=name),
                self.matter,
            )
        else:
            self.accept()

    def wanted(self) -> Wanted:
        """What is written in the fields."""
        details = {"number": self.number.text().strip(), "court": self.court.text().strip()}
        return Wanted(
            Path(self.folder.text()), self.matter.text().strip(),
            {k: v for k, v in details.items() if v},
        )  # fmt: skip

    def answer(self) -> Wanted | None:
        """The case to be made; None if the user thought better of it."""
        return self.wanted() if self.exec() == QDialog.DialogCode.Accepted else None

    def _is_taken(self) -> bool:
        try:
            return _place_of(self.wanted()).exists()
        except OSError:  # it cannot be looked into
            return False


def ask_and_make(window: Window) -> None:
    """Ask for a case and make it."""
    until_taken(window, window.ask.new_case, window.make_case)


def folder_name(matter: str) -> str:
    """What the folder of a matter is called: its name, without what a file system might refuse."""
    kept = "".join(c if c.isalnum() or c in " .-_" else "-" for c in matter)
    short = kept.encode()[:LONGEST].decode(errors="ignore")
    return short.strip(". ") or "Case"


def _place_of(wanted: Wanted) -> Path:
    from casekit.store.case import with_suffix

    return with_suffix(wanted.folder)
