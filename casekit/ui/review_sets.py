"""Review sets in the window: made of the list as it stands, given out, done item by item, merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.coding_fields import coded_words
from casekit.ui.form import Form
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.agreement import Agreement
    from casekit.queries.reviews import ReviewerRow, SetRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

    Told = list[tuple[SetRow, list[ReviewerRow], list[Agreement]]]


NO_SETS = "There are no review sets yet: list some items and make one."


class MakeSet(Form):
    """Asks for name, batch size and, for a sample, its size and seed."""

    def __init__(self, parent: QWidget | None, total: int) -> None:
        super().__init__(
            parent,
            tr("Review set"),
            tr("Of the {n} items listed, in this order. Families, mail threads and conversations stay together "
               "in a batch. A sample is drawn at random: the same seed draws the same items.", n=f"{total:,}"),
            tr("Make the set"),
        )  # fmt: skip
        self.name = self.field(tr("Name"))
        self.batch = self.field(tr("Items a batch"), "50")
        self.sample = self.field(tr("Sample of"), hint=tr("Empty: all of them"))
        self.seed = self.field(tr("Seed"), hint=tr("A whole number of your choice, for a sample"))

    def numbers(self) -> tuple[int, int | None, int | None]:
        """Batch size, sample and seed.

        Raises:
            ValueError: One of them is no number.
        """
        sample, seed = self.sample.text().strip(), self.seed.text().strip()
        return int(self.batch.text()), int(sample) if sample else None, int(seed) if seed else None

    def check(self) -> None:
        """A name and whole numbers are needed."""
        try:
            _, sample, seed = self.numbers()
        except ValueError:
            self.complain(tr("Batch, sample and seed are whole numbers."))
            return
        if not self.name.text().strip():
            self.complain(tr("Give the set a name, as the sidebar will show it."), self.name)
        elif (sample is None) != (seed is None):
            missing = self.sample if sample is None else self.seed
            self.complain(tr("A sample needs both its size and a seed."), missing)
        else:
            self.accept()

    def answer(self) -> tuple[str, int, int | None, int | None] | None:
        """Name, batch size, sample and seed."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return (self.name.text(), *self.numbers())


def make_set(window: Window) -> None:
    """Ask for a name and make a review set of the list as it stands."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or workspace.outcome is None:
        return
    outcome = workspace.outcome
    if not outcome.whole:
        window.say(tr("The list is still being read: try again in a moment."))
        return
    ids = [int(i) for i in outcome.ids]
    query = " ".join(
        filter(None, (workspace.scope.query or workspace.scope.label, outcome.wanted.text))
    )

    def act(asked: tuple[str, int, int | None, int | None], again: Again) -> None:
        name, batch, sample, seed = asked

        def work(s: Any) -> Any:
            from casekit.ops import reviews

            return reviews.make_set(
                s, name, ids, query=query, batch_size=batch, sample=sample, seed=seed
            )

        shell.do("review set", work, lambda changes: window.say(changes.label), again=again)

    until_taken(window, lambda: window.ask.review_set(outcome.total), act)


def assign(window: Window) -> None:
    """Ask for names and give the free batches of the listed set to them."""
    set_id = listed(window)
    if set_id is not None:
        give_out(window, set_id)


def give_out(window: Window, set_id: int, batches: Sequence[int] = ()) -> None:
    """Ask for names and give these batches of a set to them, or those that nobody has."""
    about = tr("Reviewers by name, commas between: batches that nobody has are dealt evenly")
    if batches:
        about = tr("Reviewers by name, commas between, for batches {which}; no name takes them back",
                   which=", ".join(map(str, batches)))  # fmt: skip
    shell = window.shell
    if shell is None:
        return

    def act(names: str, again: Again) -> None:
        def work(s: Any) -> Any:
            from casekit.ops import reviews

            return reviews.assign(s, set_id, names.split(","), batches)

        shell.do("review assign", work, lambda changes: window.say(changes.label), again=again)

    until_taken(window, lambda: window.ask.text(tr("Give out"), about, "", bool(batches)), act)


def mark_done(window: Window) -> None:
    """Say that you are done with the chosen items of the listed set, and go one row down."""
    set_id, workspace = listed(window), window.workspace
    if set_id is None or window.shell is None or workspace is None:
        return
    from casekit.ui import verbs

    verbs.keep_note(window)
    workspace.coding.fields.commit()
    ids = window.shell.selection.ids()

    def work(s: Any) -> Any:
        from casekit.ops import reviews

        return reviews.mark_done(s, set_id, ids)

    window.shell.do("review done", work, lambda changes: window.say(changes.label))
    workspace.list.go_by(1)


def listed(window: Window) -> int | None:
    """The review set that is listed; None, and a word about it, where the list is another one."""
    workspace = window.workspace
    if workspace is not None and workspace.scope.kind == "review":
        return workspace.scope.ids[0]
    window.say(tr("Choose a review set in the sidebar first."))
    return None


def show_progress(window: Window) -> None:
    """Show how far every set and reviewer is, and how second reviews agree."""
    if window.shell is None:
        return

    def query(s: Any) -> Told:
        from casekit.queries import agreement, reviews

        return [
            (row, reviews.reviewers(s, row.id), agreement.agreements(s, row.id))
            for row in reviews.sets(s)
        ]

    def arrived(told: Told) -> None:
        if not told:
            window.say(tr(NO_SETS))
            return
        done, total = sum(r.done for r, _, _ in told), sum(r.total for r, _, _ in told)
        lines = [
            (tr("Done"), f"{done:,} / {total:,}"),
            (tr("Conflicts to decide"), f"{sum(r.conflicts for r, _, _ in told):,}"),
        ]
        title = tr("Review progress")
        window.ask.report(title, title, lines, progress_text(told))

    window.shell.read("reviews", query, arrived)


def progress_text(told: Told) -> str:
    """Sets, reviewers and agreement as text."""
    return "\n\n".join(_set_text(*each) for each in told)


def _set_text(row: SetRow, people: list[ReviewerRow], agreements: list[Agreement]) -> str:
    lines = [
        shown(row.name),
        "    "
        + tr("{done} of {total} done, {left} left", done=row.done, total=row.total, left=row.left),
    ]
    if row.sample is not None:
        said = tr("drawn from {n} with seed {seed}", n=f"{row.population:,}", seed=row.seed)
        lines.append(f"    {said}")
    for one in people:
        rate = " · " + tr("{n} an hour", n=f"{one.per_hour:,.0f}") if one.per_hour else ""
        name = shown(one.name) if one.name else tr("nobody yet")
        lines.append(f"    {name}  {one.done:,} / {one.assigned:,}{rate}")
    if row.conflicts:
        lines.append(
            "    ▲ " + tr_count("1 conflict to decide", "{n} conflicts to decide", row.conflicts)
        )
    for each in agreements:
        lines.append(f"    {shown(each.second_name)}  n = {each.n:,}")
        for f in each.fields:
            kappa = tr("not defined") if f.kappa is None else f"{f.kappa:.2f}"
            lines.append(f"        {coded_words(f.field)}  {f.raw:.0%}  κ {kappa}  n = {f.n:,}")
    return "\n".join(lines)
