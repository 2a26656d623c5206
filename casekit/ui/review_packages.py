"""Review packages in the window: a set packed for another machine, given back from there, and merged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.jobs.review_package import Contents, Privileged
    from casekit.ops.journal import Changes
    from casekit.ops.review_merging import Merged
    from casekit.progress import Progress
    from casekit.queries.reviews import SetRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

PACKAGE = ".casereview"


class PackSet(Form):
    """Asks which set goes to whom, into which file, and whether privileged items go too."""

    def __init__(
        self, parent: QWidget | None, sets: Sequence[SetRow], listed: int | None, batches: Sequence[int] = (),
    ) -> None:  # fmt: skip
        super().__init__(
            parent,
            tr("Pack a set for another machine"),
            tr("The file opens as a case in CaseKit elsewhere. It shows its items whole, redacted passages "
               "too, so it is for your own side only; what is sequestered never goes. A second review goes "
               "without the first coding."),
            tr("Pack"),
        )  # fmt: skip
        self.set = self.choice(tr("Set"), [(row.name, shown(row.name)) for row in sets])
        at = next((n for n, row in enumerate(sets) if row.id == listed), 0)
        self.set.setCurrentIndex(at)
        self.recipient = self.field(tr("Reviewer"), hint=tr("By name: one of your own side"))
        self.batches = self.field(
            tr("Batches"),
            ",".join(map(str, batches)),
            hint=tr("Such as 1-3,7; empty: the reviewer’s own, else all"),
        )
        self.privileged = self.choice(
            tr("Items withheld as privileged"),
            [
                ("ask", tr("Refuse if there are some")),
                ("without", tr("Stay here, with their families")),
                ("with", tr("Go too: the reviewer may see them")),
            ],
        )

    def check(self) -> None:
        """A name and batches that are numbers are needed."""
        from casekit.queries.batching import numbers

        try:
            numbers(self.batches.text())
        except CaseKitError as error:
            self.complain(error)
            return
        if not self.recipient.text().strip():
            self.complain(tr("Say who gets the package, by name."), self.recipient)
        else:
            self.accept()

    def answer(self) -> tuple[str, str, list[int], str] | None:
        """Set, recipient, batches, and what becomes of privileged items."""
        from casekit.queries.batching import numbers

        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return (
            str(self.set.currentData()), self.recipient.text().strip(), numbers(self.batches.text()),
            str(self.privileged.currentData()),
        )  # fmt: skip


def pack(window: Window, set_id: int | None = None, batches: Sequence[int] = ()) -> None:
    """Ask what goes to whom, and write the package; a set and batches of it may be proposed."""
    from casekit.ui.review_sets import NO_SETS

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    listed = set_id
    if listed is None and workspace.scope.kind == "review":
        listed = workspace.scope.ids[0]

    def arrived(sets: list[SetRow]) -> None:
        if not sets:
            window.say(tr(NO_SETS))
            return
        until_taken(window, lambda: window.ask.form(PackSet(window, sets, listed, batches)), act)

    def act(asked: tuple[str, str, list[int], str], again: Again) -> None:
        out = window.ask.new_file(asked[0], tr("Review package (*.casereview)"))
        if out is not None:
            _pack(window, *asked, out, again)

    def query(s: Any) -> list[SetRow]:
        from casekit.queries import reviews

        return reviews.sets(s)

    shell.read("reviews", query, arrived)


def _pack(
    window: Window, name: str, recipient: str, batches: list[int], privileged: str, out: Path,
    again: Again,
) -> None:  # fmt: skip
    shell = window.shell
    assert shell is not None
    case = shell.case

    def work(progress: Progress) -> tuple[Contents, Changes]:
        from casekit.jobs import review_package

        wish = cast("Privileged", privileged)
        return review_package.pack(
            case, name, out, recipient, batches=batches, privileged=wish, progress=progress
        )

    def done(made: tuple[Contents, Changes]) -> None:
        held, changes = made
        shell.bus.changed.emit(changes)
        lines = [
            (tr("Items of the set"), f"{held.items:,}"),
            (tr("Further ones of their families"), f"{held.families:,}"),
            (tr("Withheld as privileged"), f"{held.privileged:,}"),
            (tr("With redactions, shown whole"), f"{held.redacted:,}"),
            (tr("Left out"), f"{held.left_out:,}"),
            (tr("Tags, decisions, fields and notes"), tr("stay here") if held.blind else tr("go too")),
        ]  # fmt: skip
        title = tr("Packed for {name}", name=shown(recipient))
        window.ask.report(title, shown(out.name), lines, "")

    shell.jobs.start(tr("Packing"), work, done, again, lane="long")


def open_package(window: Window) -> None:
    """Ask for a package and open it as the case that it is; its folder is made beside it."""
    path = window.ask.old_file(tr("Open a review package"), tr("Review package (*.casereview)"))
    if path is not None:
        window.open_case(path)


def give_back(window: Window) -> None:
    """Of a case that is a package: write what was coded in it into a file that goes back."""
    shell = window.shell
    out = (
        window.ask.new_file(shell.case.folder.stem, tr("Review (*.casereturn)")) if shell else None
    )
    if shell is None or out is None:
        return
    case = shell.case

    def work(progress: Progress) -> str:
        from casekit.jobs import review_return

        return review_return.write_return(case, out, progress)

    def done(sha256: str) -> None:
        window.notice.show_text(
            tr("Written for the way back. Guard it like the package. SHA-256 {hash}", hash=sha256), "ok"
        )  # fmt: skip

    shell.jobs.start(tr("Verifying"), work, done, window.refuse, lane="long")


def merge_package(window: Window) -> None:
    """Ask for what comes back from a review package and merge it."""
    shell = window.shell
    path = None
    if shell is not None:
        title = tr("What comes back from a review package")
        path = window.ask.old_file(title, tr("Review (*.casereturn)"))
    if shell is None or path is None:
        return
    case = shell.case

    def work(progress: Progress) -> Merged:
        from casekit.jobs import review_merge

        return review_merge.merge_return(case, path, progress)

    def done(found: Merged) -> None:
        if window.workspace is not None:
            window.workspace.refresh()
        said = tr(
            "{taken}, {same} the same, {conflicts}, {done}",
            taken=tr_count("1 value taken", "{n} values taken", found.taken), same=found.agreed,
            conflicts=tr_count("1 conflict", "{n} conflicts", found.conflicts),
            done=tr_count("1 item done", "{n} items done", found.done),
        )  # fmt: skip
        if found.waiting:
            said += " · " + tr_count(
                "1 item coded and not done: it waits",
                "{n} items coded and not done: they wait",
                found.waiting,
            )
        said += "".join(f" · {tr(what)}: {n:,}" for what, n in found.not_taken.items())
        window.notice.show_text(said, "bad" if found.conflicts or found.not_taken else "ok")

    shell.jobs.start(tr("Merging"), work, done, window.refuse, lane="long")
