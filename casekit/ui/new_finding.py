"""A new finding from the window: which question, of which models, with which controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.basics import Choice, Label
from casekit.ui.finding_question import (
    BY_POPULATION,
    FILES,
    MAY_HAVE_CONTROLS,
    NEEDS_CONTROLS,
    ONE_SOURCE,
    QUESTIONS,
    Question,
    lacking,
    split,
)
from casekit.ui.form import Form, ticked
from casekit.ui.table_field import (
    FileField,
    Look,
    TableField,
    at_once,
    of_networks,
    of_population,
    of_prices,
)

TALL = 110  # pixels, of a list of models
LOW = 62


class NewFinding(Form):
    """Asks for the question and its data; what the chosen question does not need is not shown."""

    def __init__(
        self, parent: QWidget, models: Sequence[str], on_ask: Callable[[Question], None],
        originals: Sequence[str] = (),
        canaries: Sequence[str] = (), look: Look = at_once,
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
        self.before = self.choice(tr("Earlier checkpoint"), [(m, m) for m in models])
        self.rivals = self.several(tr("Rivals"), models, TALL)
        self.controls = self.several(tr("Controls"), models, TALL)
        self.optional = Label(
            tr(
                "May be left out: with controls ticked, the log’s answers are looked for in the subject’s."
            )
        )
        self.optional.setProperty("quiet", True)
        self.optional.setWordWrap(True)
        self.form.addRow("", self.optional)
        self.placebos = PairsField(tr("Placebo pairs"), models)
        self.form.addRow(tr("Placebo pairs"), self.placebos)
        self.variants = self.several(tr("Asked otherwise"), models, LOW)
        self.served = QCheckBox(tr("The source’s set is what its API log served"))
        self.meaning = QCheckBox(tr("Compare meanings too, which takes longer"))
        for box in (self.served, self.meaning):
            self.form.addRow("", box)
        self.lab = self.field(
            tr("Lab"), "", tr("such as openai, then further names, separated by commas")
        )
        self.accounts = self.field(
            tr("Accounts"), "", tr("attributed accounts, separated by commas")
        )
        self.files = self._ask_files(look)
        self.kind.currentIndexChanged.connect(self._fit)
        self._fit()

    def _ask_files(self, look: Look) -> dict[str, FileField]:
        """Add the rows for files, by the names of `FILES`."""

        def table(name: str, hint: str, told: Callable[[Path], str]) -> TableField:
            return TableField(name, hint, told, look, self._make_room)

        files: dict[str, FileField] = {
            "population": table(
                tr("Population"), tr("CSV of models with family, role and teachers, or the word shipped"),
                of_population,
            ),
            "prices": table(tr("List prices"), tr("CSV with sources; may be left out"), of_prices),
            "networks": table(
                tr("Kinds of networks"), tr("CSV of ASN, kind and source; may be left out"), of_networks
            ),
            "method": FileField(
                tr("Method"), tr("Python file; it runs without network: read it first"), "Python (*.py)"
            ),
            "scores": FileField(tr("Scores"), tr("JSON of the other program"), "JSON (*.json)"),
        }  # fmt: skip
        for file in files.values():
            self.form.addRow(file.accessibleName(), file)
        return files

    def _fit(self) -> None:
        kind = self.kind.currentData()
        self.form.setRowVisible(self.canaries, kind == "canaries")
        self.form.setRowVisible(self.subject, kind not in ("validation", "scores"))
        self.form.setRowVisible(self.sources, kind in (*ONE_SOURCE, *BY_POPULATION))
        self.form.setRowVisible(self.lab, kind == "identity")
        self.form.setRowVisible(self.controls, kind in (*NEEDS_CONTROLS, *MAY_HAVE_CONTROLS))
        self.form.setRowVisible(self.optional, kind == "usage")
        for of_change in (self.before, self.rivals, self.placebos, self.variants):
            self.form.setRowVisible(of_change, kind == "change")
        for of_sets in (self.served, self.meaning):
            self.form.setRowVisible(of_sets, kind == "sets")
        self.form.setRowVisible(self.accounts, kind == "exposure")
        for name, box in self.files.items():
            self.form.setRowVisible(box, name in FILES.get(kind, ()))
        self._make_room()

    def question(self) -> Question:
        """What stands in the fields that are shown."""
        kind = str(self.kind.currentData())

        def shown(box: QWidget) -> bool:
            return self.form.isRowVisible(box)

        lab, *names = split(self.lab.text()) or ("",) if shown(self.lab) else ("",)
        files = {name: self.files[name].path() for name in FILES.get(kind, ())}
        controls = ticked(self.controls) if shown(self.controls) else ()
        examined = shown(self.subject) and (kind != "usage" or bool(controls))
        return Question(
            kind,
            str(self.subject.currentData() or "") if examined else "",
            ticked(self.sources) if shown(self.sources) else (),
            controls,
            split(self.accounts.text()) if shown(self.accounts) else (),
            lab=lab,
            names=tuple(names),
            canaries=str(self.canaries.currentData() or "") if shown(self.canaries) else "",
            before=str(self.before.currentData() or "") if shown(self.before) else "",
            rivals=ticked(self.rivals) if shown(self.rivals) else (),
            placebos=self.placebos.pairs() if shown(self.placebos) else (),
            variants=ticked(self.variants) if shown(self.variants) else (),
            served=shown(self.served) and self.served.isChecked(),
            meaning=shown(self.meaning) and self.meaning.isChecked(),
            **files,
        )

    def check(self) -> None:
        """Ask, unless something is missing or a table that is named is none."""
        asked = self.question()
        missing = lacking(asked)
        if missing:
            self.complain(missing)
            return
        self.ok.setEnabled(False)
        fields = (self.files[name] for name in FILES.get(asked.kind, ()))
        self._ask_after([field for field in fields if isinstance(field, TableField)], asked)

    def _ask_after(self, tables: Sequence[TableField], asked: Question) -> None:
        """Ask once every table has been read."""
        if not tables:
            self.accept()
            self._on_ask(asked)
            return

        def then(error: CaseKitError | None) -> None:
            if error is None:
                self._ask_after(tables[1:], asked)
            else:
                self.ok.setEnabled(True)
                self.complain(error)

        tables[0].look(then)


class PairsField(QWidget):
    """Pairs of checkpoints, later and earlier: two boxes to choose from, and a list of what was added."""

    def __init__(self, name: str, models: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.after, self.before = Choice(), Choice()
        for box, words in ((self.after, tr("Later checkpoint")), (self.before, tr("Earlier one"))):
            box.setAccessibleName(words)
            box.setToolTip(words)
            box.addItem(f"{words} …", "")
            for model in models:
                box.addItem(model, model)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        add, drop = QPushButton(tr("Add pair")), QPushButton(tr("Remove"))
        add.clicked.connect(self.add)
        drop.clicked.connect(self._drop)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setFixedHeight(LOW)
        self.list.setToolTip(
            tr(
                "Two checkpoints that had none of the source’s answers; five pairs give an error rate"
            )
        )
        row = QHBoxLayout()
        for part in (self.after, self.before, add, drop):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.list)

    def add(self) -> None:
        """Add the pair that is chosen; half a pair, or one that is there, is none."""
        pair = (str(self.after.currentData() or ""), str(self.before.currentData() or ""))
        if all(pair) and pair not in self.pairs():
            entry = QListWidgetItem(
                tr("{after}, before: {before}", after=pair[0], before=pair[1]), self.list
            )
            entry.setData(Qt.ItemDataRole.UserRole, pair)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What was added, (after, before)."""
        entries = [
            self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())
        ]
        return tuple((str(after), str(before)) for after, before in entries)

    def _drop(self) -> None:
        self.list.takeItem(self.list.currentRow())
