"""A new finding from the window: which question, of which models, with which controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui.form import Form

if TYPE_CHECKING:
    from casekit.progress import Progress
    from casekit.store.case import Case

SEED = 20260101
QUESTIONS = (
    ("overlap", "Shared wording: do subject and source use the same runs of words?"),
    ("lineage", "Lineage: was the subject trained on the source's answers?"),
    ("validation", "Validation: how good are lineage ratios on models of known training?"),
    ("identity", "Identity: how often does the subject call itself by another lab's name?"),
    ("usage", "Usage: which accounts of the API log were run together?"),
    ("exposure", "Exposure: does the subject repeat what these accounts were served?"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be computed; which of it counts depends on the kind.

    Attributes:
        kind: A name of `QUESTIONS`.
        subject: Model examined.
        sources: Models whose answers it may carry.
        controls: Models without a link.
        accounts: Attributed accounts.
        lab: Lab whose name is looked for, and further `names` of it.
        population: CSV of models with family, role and teachers.
    """

    kind: str
    subject: str = ""
    sources: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    population: Path | None = None
    lab: str = ""
    names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """One line, as the command writes it."""
        sources = ", ".join(self.sources)
        return {
            "overlap": f"Shared wording of {self.subject} and {sources}",
            "lineage": f"Lineage of {self.subject}: answers of {sources}",
            "validation": f"Validation of lineage: answers of {sources}",
            "exposure": f"Exposure of {self.subject} to answers of {sources}",
            "usage": "Usage of the API log",
            "identity": f"Identity of {self.subject}: names of {self.lab}",
        }[self.kind]

    def compute(self, case: Case, s: Any, progress: Progress) -> dict[str, Any]:
        """The body of the finding.

        Raises:
            CaseKitError: The evidence does not allow it, or the population cannot be read.
        """
        from casekit.analysis import exposure, identity, lineage, overlap, shipped, validation

        if self.kind == "usage":
            from casekit.analysis.usage import finding as usage

            return usage.compare(case, seed=SEED, progress=progress)
        source = next(iter(self.sources), "")
        if self.kind == "overlap":
            return overlap.compare(
                s, subject=self.subject, source=source, controls=self.controls, min_words=8, seed=SEED,
                progress=progress,
            )  # fmt: skip
        if self.kind == "identity":
            return identity.compare(
                s, subject=self.subject, lab=self.lab, names=self.names, controls=self.controls, seed=SEED,
                progress=progress,
            )  # fmt: skip
        if self.kind == "exposure":
            return exposure.compare(
                s, subject=self.subject, source=source, accounts=self.accounts, controls=self.controls,
                seed=SEED, progress=progress,
            )  # fmt: skip
        assert self.population is not None
        members, reference = shipped.named(self.population)
        if self.kind == "validation":
            return validation.validate(
                s,
                sources=self.sources,
                members=members,
                seed=SEED,
                progress=progress,
                reference=reference,
            )
        return lineage.compare(
            s, subject=self.subject, sources=self.sources, members=members, seed=SEED, progress=progress,
            reference=reference,
        )  # fmt: skip


class NewFinding(Form):
    """Asks for the question and its data; what the chosen question does not need is not shown."""

    def __init__(
        self, parent: QWidget, models: Sequence[str], on_ask: Callable[[Question], None],
        originals: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(
            parent,
            tr("New finding"),
            tr(
                "Name the controls before you look at the result: every run is kept, whatever it finds."
            ),
            tr("Compute"),
        )
        self._on_ask = on_ask
        self.kind = self.choice(tr("Question"), [(name, tr(words)) for name, words in QUESTIONS])
        self.subject = self.choice(tr("Subject"), [(m, m) for m in models])
        self.sources = self._several(tr("Source"), list(dict.fromkeys([*models, *originals])))
        self.controls = self._several(tr("Controls"), models)
        self.lab = self.field(
            tr("Lab"), "", tr("such as openai, then further names, separated by commas")
        )
        self.accounts = self.field(
            tr("Accounts"), "", tr("attributed accounts, separated by commas")
        )
        self.population = self._file(tr("Population"))
        self.kind.currentIndexChanged.connect(self._fit)
        self._fit()

    def _several(self, name: str, models: Sequence[str]) -> QListWidget:
        box = QListWidget()
        box.setAccessibleName(name)
        box.setFixedHeight(110)
        for model in models:
            entry = QListWidgetItem(model, box)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Unchecked)
        self.form.addRow(name, box)
        return box

    def _file(self, name: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setPlaceholderText(
            tr("CSV of models with family, role and teachers, or the word shipped")
        )
        button = QPushButton(tr("Choose …"))
        button.clicked.connect(self._choose)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(edit, 1)
        row.addWidget(button)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._population_row = holder
        self.form.addRow(name, holder)
        return edit

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Population"), "", "CSV (*.csv)")
        if name:
            self.population.setText(name)

    def _fit(self) -> None:
        kind = self.kind.currentData()
        by_population = kind in ("lineage", "validation")
        self.form.setRowVisible(self.subject, kind not in ("validation", "usage"))
        self.form.setRowVisible(self.sources, kind not in ("identity", "usage"))
        self.form.setRowVisible(self.lab, kind == "identity")
        self.form.setRowVisible(self.controls, not by_population and kind != "usage")
        self.form.setRowVisible(self.accounts, kind == "exposure")
        self.form.setRowVisible(self._population_row, by_population)

    def question(self) -> Question:
        """What stands in the fields."""
        kind = str(self.kind.currentData())
        if kind == "usage":
            return Question(kind)
        accounts = tuple(a.strip() for a in self.accounts.text().split(",") if a.strip())
        named = self.population.text().strip()
        lab, *names = [n.strip() for n in self.lab.text().split(",") if n.strip()] or [""]
        if kind == "identity":
            subject = str(self.subject.currentData() or "")
            return Question(
                kind, subject, controls=chosen(self.controls), lab=lab, names=tuple(names)
            )
        return Question(
            kind,
            "" if kind == "validation" else str(self.subject.currentData() or ""),
            chosen(self.sources),
            () if kind in ("lineage", "validation") else chosen(self.controls),
            accounts if kind == "exposure" else (),
            Path(named) if named and kind in ("lineage", "validation") else None,
        )

    def check(self) -> None:
        """Ask, unless something is missing."""
        asked = self.question()
        missing = lacking(asked)
        if missing:
            self.complain(missing)
            return
        self.accept()
        self._on_ask(asked)


def chosen(box: QListWidget) -> tuple[str, ...]:
    """The ticked entries of a list."""
    entries = [box.item(row) for row in range(box.count())]
    return tuple(e.text() for e in entries if e.checkState() == Qt.CheckState.Checked)


def lacking(asked: Question) -> str:
    """What is missing for a question, as a sentence; empty if nothing is."""
    if asked.kind == "usage":
        return ""
    if asked.kind == "identity" and not asked.lab:
        return tr("Name the lab whose names are looked for.")
    if asked.kind != "identity" and not asked.sources:
        return tr("Tick the model whose answers may have been used.")
    if asked.kind in ("overlap", "exposure") and len(asked.sources) > 1:
        return tr("This question is asked of one source at a time.")
    if asked.subject in asked.sources:
        return tr("The subject cannot be its own source.")
    if asked.kind in ("overlap", "exposure", "identity") and not asked.controls:
        return tr("Tick at least one control: a figure without one says nothing.")
    if set(asked.controls) & {asked.subject, *asked.sources}:
        return tr("A control is neither the subject nor a source.")
    if asked.kind == "exposure" and not asked.accounts:
        return tr("Name the accounts that the traffic is attributed to.")
    if asked.kind in ("lineage", "validation") and asked.population is None:
        return tr("Choose the population: a CSV of models with family, role and teachers.")
    return ""
