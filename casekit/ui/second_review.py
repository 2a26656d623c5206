"""A second review of a set, drawn for somebody else; and items that are not done after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr
from casekit.ui import review_page, review_sets
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casekit.queries.reviews import SetRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window


class DrawSecond(Form):
    """Asks what share of a set is reviewed again, by whom, with which seed and under which name."""

    def __init__(self, parent: QWidget | None, row: SetRow) -> None:
        super().__init__(
            parent,
            tr("Second review"),
            tr(
                "A share of “{name}” is drawn for somebody who has reviewed none of it and does not see the "
                "first coding: pack it for them. What they code otherwise goes to the conflicts.",
                name=shown(row.name),
            ),
            tr("Draw it"),
        )  # fmt: skip
        self.share = self.field(tr("Percent of the set"), "10")
        self.seed = self.field(tr("Seed"), hint=tr("A whole number of your choice"))
        self.reviewer = self.field(tr("Reviewer"), hint=tr("By name"))
        self.name = self.field(tr("Name"), hint=tr("{name}, second review", name=shown(row.name)))

    def check(self) -> None:
        """Share and seed are whole numbers, and somebody is named."""
        try:
            share, _ = int(self.share.text()), int(self.seed.text())
        except ValueError:
            self.complain(tr("Percent and seed are whole numbers."))
            return
        if not 1 <= share <= 100:
            self.complain(tr("The share is 1 to 100 percent."), self.share)
        elif not self.reviewer.text().strip():
            self.complain(tr("Say who reviews a second time, by name."), self.reviewer)
        else:
            self.accept()

    def answer(self) -> tuple[int, int, str, str] | None:
        """Share, seed, reviewer and name."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return (
            int(self.share.text()), int(self.seed.text()), self.reviewer.text().strip(),
            self.name.text().strip(),
        )  # fmt: skip


def draw(window: Window) -> None:
    """Ask for share and reviewer, and draw a second review of the set that is looked at."""
    page = review_page.page_shown(window)
    if page is not None:
        if page.row is not None:
            _ask(window, page.row)
        return
    set_id, shell = review_sets.listed(window), window.shell
    if set_id is None or shell is None:
        return

    def arrived(rows: list[SetRow]) -> None:
        row = next((row for row in rows if row.id == set_id), None)
        if row is not None:
            _ask(window, row)

    def query(s: Any) -> list[SetRow]:
        from casekit.queries import reviews

        return reviews.sets(s)

    shell.read("review sets", query, arrived)


def _ask(window: Window, row: SetRow) -> None:
    if row.second_of is not None:
        window.say(
            tr("“{name}” is a second review itself: draw from the first.", name=shown(row.name))
        )
        return
    shell = window.shell
    if shell is None:
        return

    def act(asked: tuple[int, int, str, str], again: Again) -> None:
        share, seed, reviewer, name = asked

        def work(s: Any) -> Any:
            from casekit.ops import reviews

            return reviews.draw_second(s, row.id, share, seed, reviewer, name=name)

        shell.do("second review", work, lambda changes: window.say(changes.label), again=again)

    until_taken(window, lambda: window.ask.form(DrawSecond(window, row)), act)


def not_done(window: Window) -> None:
    """Say that you are not done after all: with batches chosen on the page of sets, or with chosen items."""
    shell, page = window.shell, review_page.page_shown(window)
    if shell is None:
        return
    if page is None:
        set_id = review_sets.listed(window)
        if set_id is not None:
            _take_back(window, set_id, shell.selection.ids())
        return
    row, numbers = page.row, page.chosen_batches()
    if row is None or not numbers:
        window.say(tr("Choose under Batches those that you are not done with after all."))
        return
    actor = shell.case.actor

    def query(s: Any) -> list[int]:
        from casekit.queries import reviews

        mine = reviews.done_by(s, row.id, actor)
        inside = (int(i) for n in numbers for i in reviews.set_items(s, row.id, batch=n))
        return [i for i in inside if i in mine]

    def arrived(ids: list[int]) -> None:
        if ids:
            _take_back(window, row.id, ids)
        else:
            window.say(tr("You are done with none of these items."))

    shell.read("review done", query, arrived)


def _take_back(window: Window, set_id: int, ids: Sequence[int]) -> None:
    def work(s: Any) -> Any:
        from casekit.ops import reviews

        return reviews.mark_not_done(s, set_id, ids)

    if window.shell is not None:
        window.shell.do("review not done", work, lambda changes: window.say(changes.label))
