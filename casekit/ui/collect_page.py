"""Collecting by protocol in the window: prompt sets at the left, how each was chosen and asked at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from casekit import clock
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui.chrome import ListBeside
from casekit.ui.collect_forms import Approval, Design, Designed, KeyForm, words_of
from casekit.ui.finding_parts import head, line

if TYPE_CHECKING:
    from casekit.jobs.collecting import Collected
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.collecting import Endpoint, PromptSet, Standing
    from casekit.ui.shell import Shell

    Row = tuple[PromptSet, int, list[tuple[Endpoint, Standing]]]

SHOWN = 12  # prompts


class CollectPage(QWidget):
    """The page of prompt sets."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.rows: dict[int, Row] = {}
        self.view = QScrollArea()
        self.view.setAccessibleName(tr("Collecting"))
        self.view.setWidgetResizable(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        both = ListBeside(
            tr("Prompt sets"), tr("New prompt set …"), self.ask_design, self._chosen, self.view
        )
        self.list, self._count = both.list, both.number
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(both)
        self._tell(None)
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    def shown(self) -> None:
        """Read the sets when the page is raised."""
        self.read()
        self.list.setFocus()

    def read(self) -> None:
        """Read all sets again; the one that is chosen stays so."""

        def query(s: Any) -> list[Row]:
            from casekit.queries import collecting

            return [
                (
                    one,
                    collecting.prompts(s, one)[1],
                    [(e, collecting.standing(s, one, e)) for e in collecting.endpoints(s, one.id)],
                )
                for one in collecting.sets(s)
            ]

        self._shell.read("prompt sets", query, self._show)

    # -- what can be done -------------------------------------------------------------------------

    def ask_design(self) -> None:
        """Ask for a question and its controls, choose the prompts and register them."""

        def query(s: Any) -> list[str]:
            from casekit.queries import facets

            return [one.value for one in facets.models(s)]

        def arrived(models: list[str]) -> None:
            self._open(Design(self._shell.window, models, self.design))

        self._shell.read("models", query, arrived)

    def design(self, asked: Designed) -> None:
        """Choose and register as a job that can be cancelled."""
        case = self._shell.case

        def work(progress: Progress) -> Changes:
            from casekit.ops import collecting

            with case.read() as s:
                body = asked.body(s, progress)
            with case.write() as s:
                return collecting.register(s, asked.name, body)

        self._shell.jobs.start(
            tr("Choosing prompts"),
            work,
            self._shell.bus.changed.emit,
            self._shell.window.refuse,
            lane="long",
        )

    def ask_approval(self, name: str) -> None:
        """Ask whom a set may be asked, and record it."""

        def approve(values: dict[str, Any]) -> None:
            from casekit.jobs import protocols
            from casekit.ops import collecting

            def op(s: Any) -> Changes:
                protocols.checked_address(values["url"])
                return collecting.approve(s, name, values)

            self._shell.do(tr("Approve an endpoint"), op)

        item = self._shell.selection.current
        self._open(Approval(self._shell.window, item, approve))

    def ask_key(self, name: str, model: str) -> None:
        """Ask for the key of the API, which is kept nowhere, and begin."""
        self._open(KeyForm(self._shell.window, model, partial(self.collect, name, model)))

    def collect(self, name: str, model: str, key: str) -> None:
        """Ask what is left, as a job that can be cancelled and gone on with."""
        case = self._shell.case

        def work(progress: Progress) -> Collected:
            from casekit.jobs import collecting

            return collecting.run(case, name, model, key, progress)

        def done(told: Collected) -> None:
            asked = tr_count("1 question sent", "{n} questions sent", told.asked)
            said = tr("{asked}, {left} without an answer.", asked=asked, left=told.left)
            if told.stopped:
                said += " " + tr("▲ Ended early: {why}.", why=translated(told.stopped))
            self._shell.window.say(said)
            self._shell.bus.refreshed.emit()

        def refused(error: Any) -> None:
            self._shell.window.refuse(error)
            self._shell.bus.refreshed.emit()

        label = tr("Asking {model}", model=model)
        self._shell.jobs.start(label, work, done, refused, lane="long")

    # -- inside -----------------------------------------------------------------------------------

    def _open(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show(self, found: list[Row]) -> None:
        item = self.list.currentItem()
        before = item.data(Qt.ItemDataRole.UserRole) if item else None
        self.rows = {row[0].id: row for row in found}
        self._count.setText(tr_count("1 prompt set", "{n} prompt sets", len(found)))
        self.list.blockSignals(True)
        self.list.clear()
        for one, _, _ in found:
            entry = QListWidgetItem(one.name, self.list)
            entry.setData(Qt.ItemDataRole.UserRole, one.id)
            if one.id == before:
                self.list.setCurrentItem(entry)
        self.list.blockSignals(False)
        if self.list.currentRow() < 0 and found:
            self.list.setCurrentRow(len(found) - 1)
        else:
            self._chosen(self.list.currentItem())

    def _chosen(self, item: QListWidgetItem | None) -> None:
        self._tell(self.rows[item.data(Qt.ItemDataRole.UserRole)] if item else None)

    def _tell(self, row: Row | None) -> None:
        """Lay the right side out anew."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(6)
        if row is None:
            column.addWidget(line(tr("No prompt set yet"), size=17))
            column.addWidget(
                line(
                    tr(
                        "What a model answers today, collected so that both sides can check it: choose "
                        "prompts on controls only, record whom you ask, on whose account and with whose "
                        "approval, then ask. Nothing reaches the network before."
                    ),
                    quiet=True,
                )
            )
        else:
            self._tell_set(column, row)
        column.addStretch(1)
        self.view.setWidget(inside)

    def _tell_set(self, column: QVBoxLayout, row: Row) -> None:
        one, withheld, endpoints = row
        body, how = one.body, one.body["parameters"]
        column.addWidget(line(one.name, size=17))
        column.addWidget(line(body["question"]))
        when = clock.iso(one.made_us)[:16].replace("T", " ")
        column.addWidget(
            line(tr("Registered by {by}, {when} UTC, SHA-256 {hash}", by=one.by, when=when,
                    hash=one.sha256.hex()), quiet=True)
        )  # fmt: skip
        column.addWidget(
            line(tr("{chosen} of {all} prompts, each {times} times, temperature {t}, up to {tokens} tokens",
                    chosen=len(body["prompts"]), all=body["candidates"], times=body["samples"],
                    t=f"{how['temperature']:g}", tokens=how["max_tokens"]), quiet=True)
        )  # fmt: skip
        if body["answered_by_subject_before"]:
            column.addWidget(line(tr("▲ The subject had answered {n} of them before they were chosen.",
                                     n=body["answered_by_subject_before"])))  # fmt: skip
        if withheld:
            column.addWidget(line(tr_count("▲ 1 prompt is not asked: what it was taken from is withheld.",
                                     "▲ {n} prompts are not asked: what they were taken from is withheld.",
                                     withheld)))  # fmt: skip
        for endpoint, standing in endpoints:
            self._tell_endpoint(column, one, endpoint, standing)
        self._button(
            column, tr("Approve an endpoint …"), partial(self.ask_approval, one.name), not endpoints
        )
        if not withheld:
            column.addWidget(head(tr("Prompts")))
            for prompt in body["prompts"][:SHOWN]:
                text = " ".join(prompt["prompt"].split())
                column.addWidget(
                    line(f"{prompt['no']}  {text if len(text) < 160 else text[:159] + '…'}")
                )
            if len(body["prompts"]) > SHOWN:
                more = tr(
                    "and {n} more: casekit collect CASE show NAME --prompts",
                    n=len(body["prompts"]) - SHOWN,
                )
                column.addWidget(line(more, quiet=True))

    def _tell_endpoint(
        self, column: QVBoxLayout, one: PromptSet, e: Endpoint, standing: Standing
    ) -> None:
        column.addWidget(head(f"{e.model} · {words_of()[e.role]}"))
        column.addWidget(
            line(tr("{done} of {all} questions done", done=standing.done, all=standing.wanted))
        )
        if standing.states:
            came = " · ".join(
                f"{words_of().get(state, state)} {count:,}"
                for state, count in standing.states.items()
            )
            column.addWidget(line(came))
        column.addWidget(line(f"{e.url} · {e.protocol}", quiet=True))
        column.addWidget(
            line(tr("Account of {holder}; terms: item {item}, accepted {accepted}; approved by "
                    "{counsel}; operator {operator}", holder=e.account_holder, item=str(e.terms_id),
                    accepted=e.terms_accepted,
                    counsel=e.counsel, operator=e.operator), quiet=True)
        )  # fmt: skip
        if standing.clock_us is not None:
            offset = f"{standing.clock_us / 1e6:+.1f} s"
            column.addWidget(line(tr("Their clock less ours: {offset}", offset=offset), quiet=True))
        for shown in standing.certificates:
            column.addWidget(line(tr("Certificate SHA-256 {hash}", hash=shown), quiet=True))
        if standing.done < standing.wanted:
            column.addWidget(line(_left(one, e, standing.wanted - standing.done), quiet=True))
            self._button(
                column, tr("Ask what is left …"), partial(self.ask_key, one.name, e.model), True
            )

    def _button(self, column: QVBoxLayout, words: str, run: Any, primary: bool) -> None:
        button = QPushButton(words)
        button.setProperty("primary", primary)
        button.clicked.connect(lambda _on: run())
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"collecting", "privilege"}:
            self.read()


def _left(one: PromptSet, e: Endpoint, questions: int) -> str:
    """What asking the rest takes at most."""
    from casekit.jobs.collecting import estimate

    found = estimate(one, e.price_input, e.price_output, questions)
    said = tr(
        "{questions}: about {asked} tokens asked, at most {answered} answered",
        questions=tr_count("1 question left", "{n} questions left", found.questions),
        asked=found.input_tokens, answered=found.output_tokens,
    )  # fmt: skip
    if found.cost is None:
        return said
    cost = tr("at most {cost} {currency}", cost=f"{found.cost:,.2f}", currency=e.currency)
    return f"{said}; {cost}"
