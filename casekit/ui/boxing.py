"""Boxes on the pages of the item that is shown: drawn, moved, lifted, and why, through the case's own acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.box_paper import BoxEdits, Sides
from casekit.ui.redacting import REASONS

if TYPE_CHECKING:
    from casekit.queries.boxes import BoxRow
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window


@dataclass(frozen=True, slots=True)
class BoxWhy:
    """Why a box is withheld.

    Attributes:
        elsewhere: Its words may be shown elsewhere, such as those of a running head.
    """

    reason: str = "privacy"
    authority: str = ""
    elsewhere: bool = False


class WhyBox(Form):
    """Asks for the reason, the rule or order, and how far the box reaches."""

    def __init__(self, parent: QWidget, about: str, given: BoxWhy) -> None:
        super().__init__(parent, tr("Redact"), about, tr("Redact"))
        self.reason = self.choice(tr("Reason"), [(name, tr(words)) for name, words in REASONS])
        self.reason.setCurrentIndex(self.reason.findData(given.reason))
        self.authority = self.field(tr("Rule or order"), given.authority, "Rule 5.2(a)")
        self.elsewhere = QCheckBox(tr("Its words may be shown elsewhere, as in a page’s head"))
        self.elsewhere.setChecked(given.elsewhere)
        self.form.addRow("", self.elsewhere)

    def answer(self) -> BoxWhy | None:
        """What was said."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return BoxWhy(
            str(self.reason.currentData()),
            self.authority.text().strip(),
            self.elsewhere.isChecked(),
        )


def box_edits(shell: Shell) -> BoxEdits:
    """What the page of the viewer asks for, done on the item that is shown."""
    last = [BoxWhy()]

    def drawn(page: int, sides: Sides, kind: str) -> None:
        view = shell.selection.view
        if view is None:
            return
        item_id = view.row.id

        def act(why: BoxWhy, again: Again) -> None:
            last[0] = BoxWhy(why.reason, why.authority)
            shell.window.sources.look_at(
                shell, item_id, page, sides, kind, lambda new: _add(shell, new, why, again)
            )

        until_taken(
            shell.window, lambda: shell.window.ask.box(_about(page, kind, sides), last[0]), act
        )

    def moved(box_id: int, sides: Sides) -> None:
        row = _row(shell, box_id)
        if row is not None:
            shell.window.sources.look_at(
                shell, row.item_id, row.page, sides, row.kind, lambda new: _move(shell, box_id, new)
            )

    def asked(box_id: int) -> None:
        row = _row(shell, box_id)
        if row is None:
            return
        sides = (row.left, row.top, row.right, row.bottom)
        given = BoxWhy(row.reason, row.authority, row.elsewhere)
        about = _about(row.page, row.kind, sides)

        def act(why: BoxWhy, again: Again) -> None:
            if why != given:
                _change(shell, box_id, why, again)

        until_taken(shell.window, lambda: shell.window.ask.box(about, given), act)

    return BoxEdits(drawn, moved, lambda box_id: _lift(shell, box_id), asked)


def _about(page: int, kind: str, sides: Sides) -> str:
    if kind == "keep":
        return tr(
            "Of page {n} no export shows anything but this box; the item itself stays as it is.",
            n=page,
        )
    if sides == (0, 0, 1_000_000, 1_000_000):
        return tr("No export shows anything of page {n}; the item itself stays as it is.", n=page)
    return tr(
        "No export shows what lies under this box on page {n}, nor its words; the item itself stays as it is.",
        n=page,
    )


def _row(shell: Shell, box_id: int) -> BoxRow | None:
    view = shell.selection.view
    return next((row for row in view.boxes if row.id == box_id), None) if view else None


def _add(shell: Shell, new: Any, why: BoxWhy, again: Again) -> None:
    from casekit.ops import boxes

    shell.do(
        "redact",
        lambda s: boxes.add_boxes(
            s, [new], why.reason, authority=why.authority, elsewhere=why.elsewhere
        ),
        lambda c: _said(shell, c.label, new),
        again=again,
    )


def _move(shell: Shell, box_id: int, new: Any) -> None:
    from casekit.ops import boxes

    shell.do("move", lambda s: boxes.move_box(s, box_id, new), lambda c: _said(shell, c.label, new))


def _said(shell: Shell, label: str, new: Any) -> None:
    if new.source:
        shell.window.say(label)
    else:
        shell.window.say(
            tr(
                "{label}. Nobody knows which words lie under it: install text recognition, or look for them "
                "elsewhere yourself.",
                label=label,
            )
        )


def _change(shell: Shell, box_id: int, why: BoxWhy, again: Again) -> None:
    from casekit.ops import boxes

    shell.do(
        "change",
        lambda s: boxes.change_boxes(
            s, [box_id], reason=why.reason, authority=why.authority, elsewhere=why.elsewhere
        ),
        lambda c: shell.window.say(c.label),
        again=again,
    )


def _lift(shell: Shell, box_id: int) -> None:
    from casekit.ops import boxes

    shell.do("lift", lambda s: boxes.lift_boxes(s, [box_id]), lambda c: shell.window.say(c.label))


def whole_page(window: Window) -> None:
    """Withhold the page that is shown, or show it again; of a text, all of it."""
    pages = _pages(window)
    if pages is None:
        window.say(tr("Open the Pages of a PDF or picture to withhold a page."))
    else:
        pages.whole()


def _pages(window: Window) -> Any:
    """The pages that are shown, if they are."""
    viewer = window.workspace.viewer if window.workspace is not None else None
    return viewer.pages if viewer is not None and viewer.tab == "pages" else None


def take_box(window: Window) -> bool:
    """Take the tool that draws boxes, if pages are shown."""
    pages = _pages(window)
    if pages is not None:
        pages.take("hide")
    return pages is not None


def all_but(window: Window) -> None:
    """Withhold all but: of a page what will be drawn, of texts the marked passage."""
    from casekit.ops import redactions

    pages, shell = _pages(window), window.shell
    if pages is not None:
        pages.take("keep")
        return
    if shell is None or shell.selection.view is None:
        return
    view, place = shell.selection.view, shell.selection.cite
    if place is None or place[0] not in dict(view.texts):
        window.say(
            tr("Mark the passage that alone may be shown, or open the Pages and draw a box.")
        )
        return
    part, start, stop = place
    item_id, passage = view.row.id, view.text(part)[start:stop]

    def act(asked: tuple[str, str], again: Again) -> None:
        def op(s: Any) -> Any:
            spans = redactions.all_but(s, item_id, [(part, start, stop)])
            return redactions.redact(s, spans, asked[0], authority=asked[1])

        shell.do("redact", op, lambda c: window.say(c.label), again=again)

    about = tr("all but: {passage}", passage=passage)
    until_taken(window, lambda: window.ask.redaction(about), act)
