"""One finding to read: the question, the result in a sentence, its figures and controls, its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.queries.finding_figures import written
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.finding_curves import of_power, of_validation
from casekit.ui.finding_parts import head, line, link, listed, said
from casekit.ui.finding_plots import Dots, Strip, by_group
from casekit.ui.parameter_words import parameter_name, parameter_value
from casekit.ui.sensitivity_view import add_sensitivity
from casekit.ui.sets_view import add_sets
from casekit.ui.sidebar import quoted
from casekit.ui.usage_view import add_usage

if TYPE_CHECKING:
    from casekit.queries.findings import FindingRow

MEASURE = 720  # pixels: a line that can be read
MOST_PAIRS = 50

# What the figures of a result are called, of one kind alone where it stands before a dot, in the order in which
# they are shown; others follow.
FIGURES = {
    "log10_lr": "log10 likelihood ratio",
    "lr": "Likelihood ratio",
    "lineage.interval": "Interval of log10 LR (95 %)",
    "cap": "Highest log10 LR the controls can support",
    "auc": "Area under ROC",
    "auc_interval": "Its interval (95 %)",
    "cllr": "Cllr (0 perfect, 1 says nothing)",
    "cllr_interval": "Its interval (95 %)",
    "exposure.difference": "Difference of the arms, share of words",
    "difference": "Difference in differences",
    "towards_source": "Move towards the source itself",
    "change.interval": "Its interval over prompts (95 %)",
    "rare": "Rare wording, weighed",
    "score": "Score by the expert's method",
    "identity.share": "Share of answers with a claim",
    "identity.interval": "Its interval (95 %)",
    "share": "Share of prompts",
    "overlap.interval": "Its interval over prompts (95 %)",
    "interval": "Its interval (95 %)",
    "hits": "Hits",
    "answers": "Answers counted",
    "templates": "Templates of prompts",
    "served_found": "Served canaries found",
    "decoys_found": "Decoys found",
    "p_found": "p of the served ones found",
    "numbers_named": "Served canaries with a number named",
    "served_numbers": "of them with the number served",
    "p_numbers": "p of the numbers",
    "decoys_upper": "Upper bound of the rate of decoys (95 %)",
    "named_answers": "Answers to prompts that name a lab",
    "named_hits": "of them with a claim",
    "prompts": "Prompts compared",
    "p": "p",
    "p_floor": "Lowest p these controls allow",
    "false_positive_upper": "Upper bound of the false positive rate (95 %)",
    "false_positive_upper_bound": "Upper bound of the false positive rate (95 %)",
    "families": "Families of controls",
    "families_at_least_as_high": "of them at least as high",
    "rivals": "Rivals put in the source's place",
    "rivals_at_least_as_high": "of them at least as high",
    "placebos": "Placebo pairs",
    "placebos_at_least_as_high": "of them at least as high",
    "source_answers": "Answers of the source",
    "exposed": "Prompts served to the accounts",
    "unexposed": "Prompts served to others only",
    "strata": "Strata of prompt length and day",
    "left_out": "Prompts left out: their stratum has one arm",
    "draws": "Permutations",
    "placebo_below_level": "Placebo models at or below the level",
    "level": "Level",
    "null_families": "Families of strangers",
    "null_families_above_1": "of them above LR 1",
    "controls": "Control models",
    "controls_at_least_as_high": "of them at least as high",
    "student_families": "Families of documented students",
    "exchanges": "Exchanges",
    "accounts_in_log": "Accounts in the log",
    "without_account": "Exchanges without an account",
    "usage.groups": "Groups of linked accounts",
    "copies_set_aside": "Second records of an exchange, set aside",
    "times_set_aside": "Exchanges timed by a wrong clock, set aside",
    "named_accounts": "Accounts named",
    "analytics_refused": "Analytics that the log does not allow",
}
KIND_WORDS = {
    "overlap": "shared wording",
    "sets": "overlap of sets",
    "lineage": "lineage",
    "validation": "validation",
    "exposure": "exposure",
    "identity": "identity",
    "canaries": "canaries",
    "change": "before and after",
    "own": "own method",
    "usage": "usage of the API",
}
ROLE_WORDS = (
    "subject", "source", "control", "stranger", "student", "rival", "before", "placebo", "variant",
    "log", "file",
)  # fmt: skip
LISTS = (
    ("innocent", "Innocent explanations that remain"),
    ("limitations", "Limits"),
    ("dropped", "Left out, and why"),
)


@dataclass(frozen=True, slots=True)
class FindingWants:
    """What the view asks for: what a query finds, items, the finding computed again, who an account is."""

    on_query: Callable[[str, str], None]
    on_pair: Callable[[str, list[int]], None]
    on_again: Callable[[int], None]
    on_account: Callable[[str], None] | None = None


class FindingView(QScrollArea):
    """The finding that is chosen, or what a finding is."""

    def __init__(self, wants: FindingWants) -> None:
        super().__init__()
        self._wants = wants
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Finding"))
        self.again = Label()

    def show_finding(self, row: FindingRow, sentence: str) -> None:
        """Show a finding with its result in plain words."""
        body = row.body
        column = self._page()
        column.addWidget(
            line(
                f"F-{row.id} · {tr(KIND_WORDS.get(row.kind, row.kind))} · {_date(row.at_us)}",
                quiet=True,
            )
        )
        column.addWidget(line(translated(row.title), size=17))
        refused = body.get("result", {}).get("refused")
        if sentence:
            result = said(sentence, size=14)
            result.setProperty("warn", bool(refused))
            column.addWidget(result)
        column.addLayout(self._tools(row))
        self._question(column, body.get("question", {}))
        self._plot(column, row)
        self._figures(column, row.kind, body.get("result", {}))
        add_sensitivity(column, body)
        add_sets(column, body, f"F-{row.id}", self._wants)
        add_usage(column, body, self._wants.on_query, self._wants.on_account)
        for key, words in LISTS:
            listed(column, tr(words), body.get(key, ()))
        self._inputs(column, body.get("inputs", ()))
        self._pairs(column, row)
        self._claims(column, row)
        self._how(column, body)
        column.addStretch(1)

    def show_text(self, head: str, text: str) -> None:
        """Show a sentence where there is no finding."""
        column = self._page()
        column.addWidget(line(head, size=17))
        column.addWidget(line(text, quiet=True))
        column.addStretch(1)

    # -- inside -----------------------------------------------------------------------------------

    def _page(self) -> QVBoxLayout:
        inside = QWidget()
        inside.setObjectName("reading")
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(32, 24, 32, 32)
        holder = QWidget()
        holder.setMaximumWidth(MEASURE)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        outer.addWidget(holder, 1)
        outer.addStretch(0)
        self.setWidget(inside)
        return column

    def _tools(self, row: FindingRow) -> QHBoxLayout:
        row_of_tools = QHBoxLayout()
        button = QPushButton(tr("Compute again"))
        button.setToolTip(
            tr("From the evidence as it is now: says whether the same bytes come out")
        )
        button.clicked.connect(lambda _on: self._wants.on_again(row.id))
        self.again = Label()
        self.again.setProperty("quiet", True)
        row_of_tools.addWidget(button)
        row_of_tools.addWidget(self.again, 1)
        return row_of_tools

    def _question(self, column: QVBoxLayout, question: Mapping[str, Any]) -> None:
        if question:
            column.addWidget(head(tr("Propositions compared")))
        for number, key in enumerate(("h1", "h0"), start=1):
            if question.get(key):
                column.addWidget(said(str(question[key]), before=f"{number}  "))

    def _figures(self, column: QVBoxLayout, kind: str, result: Mapping[str, Any]) -> None:
        plain = {k: v for k, v in result.items() if _is_plain(v)}
        if not plain:
            return
        column.addWidget(head(tr("Figures")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 310)
        grid.setColumnStretch(1, 1)
        for number, (key, name) in enumerate(named_figures(kind, list(plain))):
            grid.addWidget(line(name, quiet=True), number, 0)
            value = line(figure(key, plain))
            value.setFont(fonts.mono(12))
            grid.addWidget(value, number, 1)
        column.addLayout(grid)

    def _plot(self, column: QVBoxLayout, row: FindingRow) -> None:
        made = plot(row)
        if made is not None:
            column.addWidget(head(tr("Beside the controls")))
            column.addWidget(made)
        curves = of_validation(row.body) if row.kind == "validation" else of_power(row.body)
        for start in range(0, len(curves), 2):
            beside = QHBoxLayout()
            for curve in curves[start : start + 2]:
                beside.addWidget(curve)
            beside.addStretch(1)
            column.addLayout(beside)

    def _inputs(self, column: QVBoxLayout, inputs: Any) -> None:
        if not inputs:
            return
        column.addWidget(head(tr("Computed from")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(3, 1)
        for number, one in enumerate(inputs):
            model = str(one.get("model", ""))
            grid.addWidget(self._input(model, str(one.get("role", ""))), number, 0)
            grid.addWidget(line(tr(str(one.get("role", ""))), quiet=True), number, 1)
            grid.addWidget(line(f"{one.get('answers', 0):,}"), number, 2)
            root = line(str(one.get("root", ""))[:16], quiet=True)
            root.setFont(fonts.mono(11))
            root.setToolTip(str(one.get("root", "")))
            grid.addWidget(root, number, 3)
        column.addLayout(grid)

    def _input(self, model: str, role: str) -> QWidget:
        """A model that leads to its items; a method's file, and calls that name no model, lead nowhere."""
        if role == "file" or not model:
            return line(model or tr("no model named"))
        button = link(model, partial(self._wants.on_query, model, f"model:{quoted(model)}"))
        button.setToolTip(tr("List its items"))
        return button

    def _pairs(self, column: QVBoxLayout, row: FindingRow) -> None:
        pairs = row.body.get("pairs") or ()
        if not pairs:
            return
        column.addWidget(head(tr("Pairs shown, and why these")))
        for number, pair in enumerate(pairs[:MOST_PAIRS], start=1):
            ids = [int(pair[side]["item_id"]) for side in ("left", "right")]
            title = " ".join(str(pair.get("prompt") or tr("Pair {n}", n=number)).split())
            label = f"F-{row.id} · {title[:60]}"
            button = link(f"{number}  {title[:90]}", partial(self._wants.on_pair, label, ids))
            button.setToolTip(tr("List both answers"))
            column.addWidget(button)
            column.addWidget(said(str(pair.get("why", "")), quiet=True))

    def _claims(self, column: QVBoxLayout, row: FindingRow) -> None:
        claims = row.body.get("claims") or ()
        if not claims:
            return
        column.addWidget(head(tr("Claims, each to be read by a person")))
        ids = list(dict.fromkeys(int(claim["item_id"]) for claim in claims))
        label = tr("Claims of F-{id}", id=row.id)
        column.addWidget(link(tr("List all of them"), partial(self._wants.on_pair, label, ids)))
        for claim in claims[:MOST_PAIRS]:
            asked = tr("the prompt names a lab") if claim["prompt_names_a_lab"] else tr("unasked")
            column.addWidget(line(f"… {claim['around']} …"))
            column.addWidget(line(f"{claim['model']} · {asked} · {claim['language']}", quiet=True))

    def _how(self, column: QVBoxLayout, body: Mapping[str, Any]) -> None:
        told = {**body.get("parameters", {}), "seed": body.get("seed"), **body.get("versions", {})}
        column.addWidget(head(tr("How it was computed")))
        words = " · ".join(
            f"{parameter_name(name)}: {parameter_value(name, value)}"
            for name, value in told.items()
            if value
        )
        column.addWidget(line(words, quiet=True))


def plot(row: FindingRow) -> Strip | None:
    """The subject beside the models that calibrate the result; None for a kind without such a figure."""
    body, result = row.body, row.body.get("result", {})
    if row.kind in ("lineage", "validation") and body.get("controls"):
        rows = [
            Dots(tr("stranger: {family}", family=name), values)
            for name, values in by_group(body["controls"], "log10_lr", "family")
        ]
        rows += [
            Dots(tr("student: {family}", family=name), values, "disc")
            for name, values in by_group(body.get("students", ()), "log10_lr", "family")
        ]
        subject = body.get("parameters", {}).get("subject")
        if subject and result.get("log10_lr") is not None:
            rows.append(Dots(str(subject), ((str(subject), float(result["log10_lr"])),), "diamond"))
        lines = [(0.0, tr("LR 1: says nothing"))]
        if result.get("cap") is not None:
            lines.append((float(result["cap"]), tr("cap")))
        return Strip(rows, tr("log10 likelihood ratio; ring: stranger, disc: student"), lines)
    if row.kind in _OTHERS and not result.get("refused"):
        return _OTHERS[row.kind](body)
    if row.kind in ("overlap", "identity") and result.get("share") is not None:
        rows = [
            Dots(str(one["model"]), ((str(one["model"]), 100 * float(one["share"])),))
            for one in body.get("controls", ())
        ]
        subject = next((i["model"] for i in body["inputs"] if i["role"] == "subject"), "")
        rows.append(Dots(str(subject), ((str(subject), 100 * float(result["share"])),), "diamond"))
        if row.kind == "identity":
            words = tr("% of answers with a claim, unasked; ring: control, diamond: subject")
            return Strip(rows, words, [(0.0, "0 %")])
        words = tr("% of prompts with a shared run of words; ring: control, diamond: subject")
        return Strip(rows, words, [(0.0, "0 %"), (100.0, "100 %")])
    return None


def _sets_plot(body: Mapping[str, Any]) -> Strip | None:
    rows = [
        Dots(tr("control: {family}", family=name), values)
        for name, values in by_group(body["controls"], "rare", "family")
    ]
    own = body["examined"]
    rows.append(Dots(str(own["model"]), ((str(own["model"]), float(own["rare"])),), "diamond"))
    return Strip(
        rows, tr("rare wording shared with the source, weighed; ring: control"), [(0.0, "0")]
    )


def _change_plot(body: Mapping[str, Any]) -> Strip | None:
    groups: dict[str, list[tuple[str, float]]] = {}
    for one in body.get("controls", ()):
        rival = str(one["role"]).startswith("rival")
        name = tr("rivals in its place") if rival else tr("placebo pairs")
        groups.setdefault(name, []).append((str(one["model"]), float(one["difference"])))
    rows = [Dots(name, tuple(values)) for name, values in groups.items()]
    others = tuple((str(v["model"]), float(v["difference"])) for v in body.get("variants", ()))
    if others:
        rows.append(Dots(tr("asked otherwise"), others, "disc"))
    subject = str(body["parameters"]["subject"])
    moved = float(body["result"]["difference"])
    rows.append(Dots(subject, ((subject, moved),), "diamond"))
    return Strip(rows, tr("move towards the source, more than towards the rivals"), [(0.0, "0")])


def _exposure_plot(body: Mapping[str, Any]) -> Strip | None:
    rows = [
        Dots(str(one["model"]), ((str(one["model"]), float(one["difference"])),))
        for one in body.get("controls", ())
    ]
    subject = str(body["parameters"]["subject"])
    rows.append(Dots(subject, ((subject, float(body["result"]["difference"])),), "diamond"))
    words = tr("difference of the arms, share of words; ring: placebo, diamond: subject")
    return Strip(rows, words, [(0.0, "0")])


def _own_plot(body: Mapping[str, Any]) -> Strip | None:
    rows = [
        Dots(str(one["model"]), ((str(one["model"]), float(one["score"])),))
        for one in body["controls"]
    ]
    subject = next(
        (str(i["model"]) for i in body["inputs"] if i["role"] == "subject"), tr("subject")
    )
    rows.append(Dots(subject, ((subject, float(body["result"]["score"])),), "diamond"))
    return Strip(rows, tr("score by the expert’s method; ring: control, diamond: subject"))


_OTHERS: Mapping[str, Callable[[Mapping[str, Any]], Strip | None]] = {
    "sets": _sets_plot, "change": _change_plot, "own": _own_plot, "exposure": _exposure_plot,
}  # fmt: skip


def figure(key: str, row: Mapping[str, Any]) -> str:
    """A number, an interval or a list of a row as it is read aloud."""
    number, value = written(key, row), row.get(key)
    if number is not None:
        return number
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return tr("yes" if value else "no") if isinstance(value, bool) or value is None else str(value)


def named_figures(kind: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    """The figures of a result with what they are called, in the order in which they are shown."""
    found: dict[str, str] = {}
    for key, words in FIGURES.items():
        of_kind, _, name = key.rpartition(".")
        of_its_own = not of_kind and f"{kind}.{name}" in FIGURES
        if name in keys and of_kind in ("", kind) and not of_its_own:
            found.setdefault(name, tr(words))
    return [*found.items(), *((k, k.replace("_", " ")) for k in keys if k not in found)]


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(v, int | float | str) for v in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _date(at_us: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M UTC")
