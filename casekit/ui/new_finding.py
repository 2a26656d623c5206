"""A new finding from the window: which question, of which models, with which controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.form import Form, ticked

if TYPE_CHECKING:
    from casekit.jobs.finding import Made
    from casekit.progress import Progress
    from casekit.store.case import Case

SEED = 20260101
TALL = 110  # pixels, of a list of models
QUESTIONS = (
    ("overlap", "Shared wording: do subject and source use the same runs of words?"),
    ("lineage", "Lineage: was the subject trained on the source's answers?"),
    ("validation", "Validation: how good are lineage ratios on models of known training?"),
    ("identity", "Identity: how often does the subject call itself by another lab's name?"),
    ("usage", "Usage: which accounts of the API log were run together?"),
    ("exposure", "Exposure: does the subject repeat what these accounts were served?"),
    ("canaries", "Canaries: does the subject know sentences that were served on purpose?"),
    ("own", "Own method: what does an expert's program find?"),
    ("scores", "Scores: keep what another program has computed"),
)
BY_POPULATION = ("lineage", "validation")
NEEDS_CONTROLS = ("overlap", "exposure", "identity", "own")
ONE_SOURCE = ("overlap", "exposure")
FILES = {
    "lineage": "population", "validation": "population", "usage": "prices", "own": "method", "scores": "scores",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be computed; which of it counts depends on the kind.

    Attributes:
        kind: A name of `QUESTIONS`.
        subject: Model examined.
        sources: Models whose answers it may carry.
        controls: Models without a link.
        accounts: Attributed accounts.
        population: CSV of models with family, role and teachers.
        lab: Lab whose name is looked for, and further `names` of it.
        canaries: Name of a set of canaries.
        prices: CSV of list prices; may be left out.
        method: An expert's method, a Python file.
        scores: What another program computed, a JSON file.
    """

    kind: str
    subject: str = ""
    sources: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    population: Path | None = None
    lab: str = ""
    names: tuple[str, ...] = ()
    canaries: str = ""
    prices: Path | None = None
    method: Path | None = None
    scores: Path | None = None

    @property
    def title(self) -> str:
        """One line, as the command writes it; for an expert's method it is named once that has been read."""
        sources = ", ".join(self.sources)
        return {
            "overlap": f"Shared wording of {self.subject} and {sources}",
            "lineage": f"Lineage of {self.subject}: answers of {sources}",
            "validation": f"Validation of lineage: answers of {sources}",
            "exposure": f"Exposure of {self.subject} to answers of {sources}",
            "usage": "Usage of the API log",
            "identity": f"Identity of {self.subject}: names of {self.lab}",
            "canaries": f"Canaries “{self.canaries}” in {self.subject}",
        }[self.kind]

    def make(self, case: Case, progress: Progress) -> Made:
        """Compute the finding and keep it in the case.

        Raises:
            CaseKitError: The evidence does not allow it, or a file that was named cannot be read.
        """
        from casekit.analysis import own
        from casekit.jobs import finding

        if self.kind == "scores":
            assert self.scores is not None
            body = own.take(_content(self.scores), self.scores.name)
            title = f"{body['method']}: {body['parameters']['computed_by']}"
            return finding.make(case, "own", title, lambda _s, _told: body, progress)
        if self.kind == "own":
            assert self.method is not None
            chosen = own.read(self.method, progress)
            return finding.make(
                case, "own", f"{chosen.name}: {self.subject}",
                lambda s, told: own.compare(
                    s, chosen=chosen, subject=self.subject, controls=self.controls, seed=SEED, progress=told
                ),
                progress,
            )  # fmt: skip
        return finding.make(
            case, self.kind, self.title, lambda s, told: self.compute(case, s, told), progress
        )

    def compute(self, case: Case, s: Any, progress: Progress) -> dict[str, Any]:
        """The body of a finding by a method of CaseKit."""
        from casekit.analysis import canaries, exposure, identity, overlap

        if self.kind == "usage":
            from casekit.analysis.usage import finding as usage
            from casekit.analysis.usage import prices

            listed = prices.read(self.prices) if self.prices else None
            return usage.compare(case, seed=SEED, listed=listed, progress=progress)
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
        if self.kind == "canaries":
            return canaries.compare(
                s, name=self.canaries, subject=self.subject, controls=self.controls, progress=progress
            )  # fmt: skip
        return self._by_population(s, progress)

    def _by_population(self, s: Any, progress: Progress) -> dict[str, Any]:
        from casekit.analysis import lineage, shipped, validation

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
        canaries: Sequence[str] = (),
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
        self.canaries = self.choice(tr("Set of canaries"), [(name, name) for name in canaries])
        self.subject = self.choice(tr("Subject"), [(m, m) for m in models])
        self.sources = self.several(tr("Source"), list(dict.fromkeys([*models, *originals])), TALL)
        self.controls = self.several(tr("Controls"), models, TALL)
        self.lab = self.field(
            tr("Lab"), "", tr("such as openai, then further names, separated by commas")
        )
        self.accounts = self.field(
            tr("Accounts"), "", tr("attributed accounts, separated by commas")
        )
        csv = "CSV (*.csv)"
        self.files = {
            "population": FileField(
                tr("Population"), tr("CSV of models with family, role and teachers, or the word shipped"), csv
            ),
            "prices": FileField(
                tr("List prices"), tr("CSV with sources; may be left out"), csv
            ),
            "method": FileField(
                tr("Method"), tr("Python file; it runs without network: read it first"), "Python (*.py)"
            ),
            "scores": FileField(tr("Scores"), tr("JSON of the other program"), "JSON (*.json)"),
        }  # fmt: skip
        for box in self.files.values():
            self.form.addRow(box.accessibleName(), box)
        self.kind.currentIndexChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        kind = self.kind.currentData()
        self.form.setRowVisible(self.canaries, kind == "canaries")
        self.form.setRowVisible(self.subject, kind not in ("validation", "usage", "scores"))
        self.form.setRowVisible(self.sources, kind in (*ONE_SOURCE, *BY_POPULATION))
        self.form.setRowVisible(self.lab, kind == "identity")
        self.form.setRowVisible(self.controls, kind in (*NEEDS_CONTROLS, "canaries"))
        self.form.setRowVisible(self.accounts, kind == "exposure")
        for name, box in self.files.items():
            self.form.setRowVisible(box, FILES.get(kind) == name)

    def question(self) -> Question:
        """What stands in the fields that are shown."""
        kind = str(self.kind.currentData())

        def shown(box: QWidget) -> bool:
            return self.form.isRowVisible(box)

        lab, *names = _split(self.lab.text()) or ("",) if shown(self.lab) else ("",)
        files = {FILES[kind]: self.files[FILES[kind]].path()} if kind in FILES else {}
        return Question(
            kind,
            str(self.subject.currentData() or "") if shown(self.subject) else "",
            ticked(self.sources) if shown(self.sources) else (),
            ticked(self.controls) if shown(self.controls) else (),
            _split(self.accounts.text()) if shown(self.accounts) else (),
            lab=lab,
            names=tuple(names),
            canaries=str(self.canaries.currentData() or "") if shown(self.canaries) else "",
            **files,
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


class FileField(QWidget):
    """A line for a file's path with a button to choose it."""

    def __init__(self, name: str, hint: str, kinds: str) -> None:
        super().__init__()
        self._kinds = kinds
        self.setAccessibleName(name)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(hint)
        button = QPushButton(tr("Choose …"))
        button.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def path(self) -> Path | None:
        """The file that is named, None if none is."""
        named = self.edit.text().strip()
        return Path(named) if named else None

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.accessibleName(), "", self._kinds)
        if name:
            self.edit.setText(name)


def lacking(asked: Question) -> str:
    """What is missing for a question, as a sentence; empty if nothing is."""
    if asked.kind == "usage":
        return ""
    if asked.kind == "scores":
        return "" if asked.scores else tr("Choose the scores: a JSON file of the other program.")
    if asked.kind != "validation" and not asked.subject:
        return tr("Import the answers of a subject, a source and control models first.")
    return _lacking_models(asked) or _lacking_files(asked)


def _lacking_models(asked: Question) -> str:
    if asked.kind == "identity" and not asked.lab:
        return tr("Name the lab whose names are looked for.")
    if asked.kind in (*ONE_SOURCE, *BY_POPULATION) and not asked.sources:
        return tr("Tick the model whose answers may have been used.")
    if asked.kind in ONE_SOURCE and len(asked.sources) > 1:
        return tr("This question is asked of one source at a time.")
    if asked.subject in asked.sources:
        return tr("The subject cannot be its own source.")
    if asked.kind in NEEDS_CONTROLS and not asked.controls:
        return tr("Tick at least one control: a figure without one says nothing.")
    if set(asked.controls) & {asked.subject, *asked.sources}:
        return tr("A control is neither the subject nor a source.")
    return ""


def _lacking_files(asked: Question) -> str:
    if asked.kind == "exposure" and not asked.accounts:
        return tr("Name the accounts that the traffic is attributed to.")
    if asked.kind in BY_POPULATION and asked.population is None:
        return tr("Choose the population: a CSV of models with family, role and teachers.")
    if asked.kind == "own" and asked.method is None:
        return tr("Choose the method: a Python file that you have read.")
    if asked.kind == "canaries" and not asked.canaries:
        return tr("There is no set of canaries in this case: make one with casekit canary make.")
    return ""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseKitError(
            "The file “{name}” cannot be read: {why}.", name=path.name, why=error.strerror
        ) from error


def _split(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())
