"""Withholding the marked passage: asks why, writes it, and takes it back where it is withheld already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.passage_menu import ask_to_mark

if TYPE_CHECKING:
    from casekit.ui.window import Window

REASONS = (
    ("privacy", "Personal data"),
    ("attorney-client", "Attorney–client privilege"),
    ("work-product", "Work product"),
    ("confidential", "Confidential business information"),
    ("third-party", "Private matter of a third party"),
    ("court-order", "Order of the court"),
)


class Why(Form):
    """Asks for the reason and, if there is one, the rule or order."""

    def __init__(self, parent: QWidget, passage: str) -> None:
        short = passage if len(passage) <= 120 else passage[:119] + "…"
        super().__init__(
            parent, tr("Redact"),
            tr("No dossier will tell “{passage}”; the item itself stays as it is.", passage=short),
            tr("Redact"),
        )  # fmt: skip
        self.reason = self.choice(tr("Reason"), [(name, tr(words)) for name, words in REASONS])
        self.authority = self.field(tr("Rule or order"), "", "Rule 5.2(a)")

    def answer(self) -> tuple[str, str] | None:
        """Reason and authority."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return str(self.reason.currentData()), self.authority.text().strip()


def redact_marked(window: Window) -> None:
    """Withhold the marked passage, or show it again where all of it is withheld already.

    Where pages are shown, take the tool that draws boxes.
    """
    from casekit.ops import redactions
    from casekit.ui import boxing

    shell = window.shell
    if boxing.take_box(window):
        return
    if shell is None or shell.selection.view is None:
        return
    view, place = shell.selection.view, shell.selection.cite
    if place is None:
        ask_to_mark(window, tr("Mark the passage that is to be withheld, then press R."))
        return
    part, start, stop = place
    if part not in dict(view.texts):
        window.say(
            tr(
                "What a machine read is no evidence and is not redacted; redact the item’s own text."
            )
        )
        return
    inside = [
        r.id for r in view.redactions if r.part == part and r.start <= start and stop <= r.stop
    ]
    if inside:
        shell.do("lift", lambda s: redactions.lift(s, inside), lambda c: window.say(c.label))
        return
    span = (view.row.id, part, start, stop)
    until_taken(
        window,
        lambda: window.ask.redaction(view.text(part)[start:stop]),
        lambda asked, again: shell.do(
            "redact",
            lambda s: redactions.redact(s, [span], asked[0], authority=asked[1]),
            lambda c: window.say(c.label),
            again=again,
        ),
    )
