"""The middle pane of the dossier window: the form of one section, every field by the name of its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.chrome import rule
from casekit.ui.limit_box import LimitBox
from casekit.ui.logging_privilege import FORMATS
from casekit.ui.outline import NOTHING, TABLES, section_title
from casekit.ui.recipients import Recipients
from casekit.ui.spec_places import (
    event_choices,
    value_at,
    with_certificate,
    with_value,
    without_certificate,
)

if TYPE_CHECKING:
    from casekit.dossier.gaps import Gap
    from casekit.dossier.spec import DossierSpec
    from casekit.dossier.wording import Wording

JURISDICTIONS = (
    ("", "As the matter says"),
    ("us-federal", "United States, federal courts"),
    ("england-wales", "England and Wales"),
    ("eu", "European Union"),
    ("neutral", "No court in particular"),
    ("neutral-zh", "No court in particular, in Chinese"),
)
PAPERS = (("", "As the wording has it"), ("letter", "US Letter"), ("a4", "A4"))
RAWS = (
    ("log", "Of records from a log"),
    ("all", "Of every exhibit"),
    ("none", "Of none"),
)
OFFERS = (
    ("", "Neither: counsel has not decided"),
    ("summary", "A summary of voluminous records"),
    ("aid", "An illustrative aid, not evidence"),
)
SIGNED_IN = (
    ("", "Not chosen"),
    ("us", "Within the United States"),
    ("abroad", "Outside the United States"),
)
_TALLEST = 260
_SHORTEST = 40


class Words(QPlainTextEdit):
    """A field for running text that is as high as its text; Tab leaves it."""

    def __init__(self, text: str, changed: Callable[[str], None]) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(lambda: changed(self.toPlainText()))
        self.document().documentLayout().documentSizeChanged.connect(lambda _s: self._fit())
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere in another width."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """One line at least."""
        return QSize(120, _SHORTEST)

    def _fit(self) -> None:
        lines = max(1.0, self.document().size().height())
        wanted = int(lines * self.fontMetrics().lineSpacing()) + 24
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if wanted > _TALLEST else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(min(_TALLEST, max(_SHORTEST, wanted)))


@dataclass(frozen=True, slots=True)
class FormWants:
    """What the form asks of its window: another spec, and the matter's own dialog."""

    changed: Callable[[DossierSpec], None]
    matter: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Around:
    """What a form must know besides the spec: the court's words, the findings printed, the exhibits."""

    words: Wording
    chapters: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()


class Forms(QScrollArea):
    """One section's form at a time."""

    def __init__(self, wants: FormWants) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._wants = wants
        self.section = ""
        self.spec: DossierSpec | None = None
        self._around: Around | None = None
        self.fields: dict[str, QWidget] = {}
        self._marks: dict[str, QLabel] = {}
        self._gaps: Sequence[Gap] = ()
        self._column = QVBoxLayout()

    def show_section(self, section: str, spec: DossierSpec, around: Around) -> None:
        """Show the form of a section."""
        where = self.verticalScrollBar().value() if section == self.section else 0
        self.section, self.spec, self._around = section, spec, around
        self.fields, self._marks = {}, {}
        inside = QWidget()
        inside.setObjectName("inside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(4)
        head = Label(section_title(section))
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        head.setWordWrap(True)
        self._column.addWidget(head)
        self._fill(section, spec, around.words)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.show_gaps(self._gaps)
        self.verticalScrollBar().setValue(where)

    def keep(self, spec: DossierSpec) -> None:
        """Know of a change that was made elsewhere and needs no other fields."""
        self.spec = spec

    def show_gaps(self, gaps: Sequence[Gap]) -> None:
        """Mark the fields in which something is missing."""
        self._gaps = gaps
        kinds = {gap.place: gap for gap in gaps if gap.stops}
        for place, mark in self._marks.items():
            mark.setText(_mark(kinds[place]) if place in kinds else "")

    def go_to(self, place: str) -> bool:
        """Put the cursor into a field of this form, or the nearest one of its group."""
        while place:
            field = self.fields.get(place) or next(
                (w for name, w in self.fields.items() if name.startswith(f"{place}/")), None
            )
            if field is not None:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.ensureWidgetVisible(field, 0, 60)
                return True
            place = place.rpartition("/")[0]
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first field is where one begins to write."""
        super().focusInEvent(event)
        self.go_to(next(iter(self.fields), ""))

    # -- the forms --------------------------------------------------------------------------------

    def _fill(self, section: str, spec: DossierSpec, words: Wording) -> None:
        forms: dict[str, Callable[[], None]] = {
            "cover": self._cover,
            "exhibits": self._exhibits,
            **{name: partial(self._table, name, words) for name in TABLES},
            "findings": lambda: self._findings(words),
            "privilege": self._privilege,
            "collection": lambda: self._collection(words),
            "method": lambda: self._method(words),
            "certificates": lambda: self._certificates(spec, words),
            "glossary": lambda: self._glossary(spec),
        }
        if section in forms:
            forms[section]()
        else:
            self._say(tr(NOTHING.get(section, NOTHING[""])))

    def _table(self, section: str, words: Wording) -> None:
        self._say(tr(TABLES[section]))
        if section == "claims":
            self._tick("gaps", tr("Show elements that rest on nothing too"))
        if section == "chronology":
            self._choice("events", tr("Events of the timeline"), event_choices(self._spec().events))
        self._offer(section, section_title(section), words)

    def _privilege(self) -> None:
        self._say(tr("Made from the withheld items and their descriptions. Its format:"))
        self._choice("privilege_format", tr("Format"), FORMATS)

    def _collection(self, words: Wording) -> None:
        from casekit.dossier.spec import NARRATIVE

        self._say(tr("What was received is printed from the case. The rest only a person can say; what is left "
                     "empty is printed as not stated."))  # fmt: skip
        for name in NARRATIVE:
            label, ask = words(f"collection.label.{name}"), words(f"collection.ask.{name}")
            self._text(f"narrative/{name}", label, ask)

    def _method(self, words: Wording) -> None:
        from casekit.dossier.spec import METHOD

        self._say(tr("Printed from each finding’s own record. What a person states besides follows it; what is "
                     "left empty is not printed."))  # fmt: skip
        for name in METHOD:
            label, ask = words(f"method.stated.{name}"), words(f"method.ask.{name}")
            self._text(f"method/{name}", label, ask)

    def _cover(self) -> None:
        self._line("title", tr("Title"), tr("Empty: the matter’s own, or the profile’s"))
        self._line("offered_by", tr("Offered by"), tr("Empty: as the matter says"))
        self._line("designation", tr("Confidentiality label"), "CONFIDENTIAL")
        self._choice("words", tr("Wording of"), JURISDICTIONS, rebuild=True)
        self._choice("paper", tr("Paper"), PAPERS)
        self._label(tr("Largest file"), "", "limit_mb")
        largest = LimitBox(value_at(self._spec(), "limit_mb"))
        largest.told.connect(partial(self._put, "limit_mb"))
        self._add("limit_mb", tr("Largest file"), largest)
        self._label(tr("Who receives it"), "", "recipients")
        receive = Recipients(value_at(self._spec(), "recipients"))
        receive.told.connect(partial(self._put, "recipients"))
        self._add("recipients", tr("Who receives it"), receive)
        self._say(tr("Court, number, judge and parties come from the matter."))
        button = QPushButton(tr("Matter …"))
        button.clicked.connect(self._wants.matter)
        self.fields["matter"] = button
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _exhibits(self) -> None:
        self._say(tr("Tick and order the exhibits on the left. How they are printed:"))
        self._choice("raw", tr("Print the exact record too"), RAWS)
        self._number("dpi", tr("Resolution of pages, dots an inch"), 72, 300)
        self._number(
            "context", tr("Messages printed before and after one of a conversation"), 0, 100
        )
        self._tick("machine_texts", tr("Print what a machine read in pictures, as an aid"))

    def _findings(self, words: Wording) -> None:
        self._number("pairs", tr("Most pairs of texts shown a finding"), 0, 1000)
        around, spec = self._around, self.spec
        chapters = list(around.chapters) if around else []
        known = {label for label, _ in chapters}
        chapters += [(n, "") for n in (spec.offered if spec else ()) if n[:2] in {"F-", "S-"}
                     and n not in known]  # fmt: skip
        self._say(
            tr("As what counsel offers each of them. Nothing is a summary or an aid by default.")
        )
        for label, title in chapters:
            self._offer(label, f"{label}  {title}", words)

    def _certificates(self, spec: DossierSpec, words: Wording) -> None:
        from casekit.dossier.spec import FIELDS

        self._say(tr("Every fact is in the words of the person who signs. CaseKit states nothing for them, and "
                     "an empty field stops the issuing."))  # fmt: skip
        for n, one in enumerate(spec.certificates):
            if n:
                self._column.addSpacing(12)
                self._column.addWidget(rule())
            self._certificate(n, one.kind, words)
        self._column.addSpacing(12)
        add = QPushButton(tr("Add a certificate"))
        kinds = QMenu(add)
        for kind in FIELDS:
            kinds.addAction(words(f"certificate.{kind}"), partial(self._add_certificate, kind))
        add.setMenu(kinds)
        self.fields["certificates"] = add
        self._column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def _certificate(self, n: int, kind: str, words: Wording) -> None:
        from casekit.dossier.spec import FIELDS, SIGNED

        place = f"certificates/{n}"
        kinds = [(k, words(f"certificate.{k}")) for k in FIELDS]
        self._choice(f"{place}/kind", tr("Certificate {n}", n=n + 1), kinds, rebuild=True)
        self._labels(f"{place}/exhibits", words("certificate.label.exhibits"))
        for name in (*FIELDS[kind], *SIGNED):  # type: ignore[index]
            ask = words(f"certificate.ask.{name}")
            if name in SIGNED:
                ask = tr("{what}; empty: left to the pen", what=ask)
            self._text(f"{place}/{name}", words(f"certificate.label.{name}"), ask)
        if words.get("certificate.declaration_us"):
            self._choice(f"{place}/signed_in", words("certificate.label.signed_in"), SIGNED_IN)
        away = QPushButton(tr("Take this certificate out"))
        away.setProperty("link", True)
        away.clicked.connect(lambda: self._rebuild(without_certificate(self._spec(), n)))
        self._column.addWidget(away, 0, Qt.AlignmentFlag.AlignLeft)

    def _glossary(self, spec: DossierSpec) -> None:
        self._say(tr("CaseKit explains its own words. A term of yours is added, or takes the place of "
                     "one."))  # fmt: skip
        for term in spec.terms:
            self._term(term)
        new = QLineEdit()
        new.setPlaceholderText(tr("Another term"))
        new.setAccessibleName(tr("Another term"))
        new.setMaxLength(120)
        new.returnPressed.connect(lambda: self._add_term(new.text().strip()))
        add = QPushButton(tr("Add"))
        add.clicked.connect(lambda: self._add_term(new.text().strip()))
        row = QHBoxLayout()
        row.addWidget(new, 1)
        row.addWidget(add)
        self._column.addSpacing(8)
        self._column.addLayout(row)
        self.fields["terms"] = new

    def _term(self, term: str) -> None:
        def changed(text: str) -> None:
            self._change(with_value(self._spec(), "terms", {**self._spec().terms, term: text}))

        def away() -> None:
            kept = {k: v for k, v in self._spec().terms.items() if k != term}
            self._rebuild(with_value(self._spec(), "terms", kept))

        self._label(term, "", None)
        field = Words(self._spec().terms[term], changed)
        field.setAccessibleName(term)
        self._column.addWidget(field)
        button = QPushButton(tr("Take out"))
        button.setProperty("link", True)
        button.clicked.connect(away)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_term(self, term: str) -> None:
        if term and term not in self._spec().terms:
            self._rebuild(with_value(self._spec(), "terms", {**self._spec().terms, term: ""}))

    def _offer(self, name: str, title: str, words: Wording) -> None:
        place = f"offered/{name}"
        self._choice(f"{place}/kind", title, OFFERS, rebuild=True)
        if value_at(self._spec(), f"{place}/kind") == "summary":
            for key in ("availability", "preparer"):
                self._text(f"{place}/{key}", words(f"offered.{key}"), words(f"offered.ask.{key}"))

    # -- fields -----------------------------------------------------------------------------------

    def _spec(self) -> DossierSpec:
        if self.spec is None:
            raise RuntimeError("a form without a spec")
        return self.spec

    def _change(self, spec: DossierSpec) -> None:
        if spec != self.spec:
            self.spec = spec
            self._wants.changed(spec)

    def _rebuild(self, spec: DossierSpec) -> None:
        """A change after which the form has other fields."""
        self._change(spec)
        if self._around is not None:
            self.show_section(self.section, spec, self._around)

    def _add_certificate(self, kind: Any) -> None:
        number = len(self._spec().certificates)
        self._rebuild(with_certificate(self._spec(), kind))
        self.go_to(f"certificates/{number}/name")

    def _put(self, place: str, value: Any) -> None:
        self._change(with_value(self._spec(), place, value))

    def _say(self, text: str) -> None:
        label = Label(text)
        label.setProperty("quiet", True)
        label.setWordWrap(True)
        self._column.addSpacing(4)
        self._column.addWidget(label)

    def _label(self, text: str, ask: str, place: str | None) -> None:
        self._column.addSpacing(10)
        row = QHBoxLayout()
        name = Label(text)
        name.setFont(fonts.sans(12, fonts.SEMIBOLD))
        name.setWordWrap(True)
        row.addWidget(name, 1)
        if place is not None:
            mark = Label()
            mark.setProperty("warn", True)
            mark.setFont(fonts.sans(11, fonts.MEDIUM))
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            self._marks[place] = mark
        self._column.addLayout(row)
        if ask:
            said = Label(ask[:1].upper() + ask[1:])
            said.setProperty("quiet", True)
            said.setFont(fonts.sans(12))
            said.setWordWrap(True)
            self._column.addWidget(said)

    def _add(self, place: str, name: str, field: QWidget) -> None:
        field.setAccessibleName(name)
        self.fields[place] = field
        self._column.addWidget(field)

    def _text(self, place: str, name: str, ask: str) -> None:
        self._label(name, ask, place)
        self._add(place, name, Words(value_at(self._spec(), place), lambda t: self._put(place, t)))

    def _line(self, place: str, name: str, hint: str) -> None:
        self._label(name, "", place)
        field = QLineEdit(value_at(self._spec(), place))
        field.setPlaceholderText(hint)
        field.textEdited.connect(lambda t: self._put(place, t.strip()))
        self._add(place, name, field)

    def _labels(self, place: str, name: str) -> None:
        """Labels of exhibits with commas between them; empty means all that are in the dossier."""
        self._label(name, "", place)
        given = value_at(self._spec(), place)
        field = QLineEdit("" if given is None else ", ".join(given))
        field.setPlaceholderText(tr("Empty: all that are in the dossier; or A-1, A-2"))
        field.textEdited.connect(lambda t: self._put(place, _labels_in(t)))
        self._add(place, name, field)

    def _choice(
        self, place: str, name: str, entries: Iterable[tuple[str, str]], *, rebuild: bool = False
    ) -> None:
        self._label(name, "", place)
        box = Choice()
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, words in entries:
            box.addItem(tr(words), value)
            box.setItemData(box.count() - 1, tr(words), Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(0, box.findData(value_at(self._spec(), place))))

        def chosen(_row: int) -> None:
            spec = with_value(self._spec(), place, box.currentData())
            self._rebuild(spec) if rebuild else self._change(spec)

        box.activated.connect(chosen)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._add(place, name, box)

    def _number(self, place: str, name: str, least: int, most: int) -> None:
        self._label(name, "", None)
        field = QLineEdit(str(value_at(self._spec(), place)))
        field.setPlaceholderText(tr("{least} to {most}", least=least, most=most))
        field.setMaximumWidth(120)

        def edited(text: str) -> None:
            good = text.strip().isdecimal() and least <= int(text) <= most
            field.setProperty("bad", not good)
            field.style().polish(field)
            field.setToolTip("" if good else field.placeholderText())
            if good:
                self._put(place, int(text))

        field.textEdited.connect(edited)
        self._add(place, name, field)

    def _tick(self, place: str, name: str) -> None:
        self._column.addSpacing(10)
        field = QCheckBox(name)
        field.setChecked(bool(value_at(self._spec(), place)))
        field.toggled.connect(lambda on: self._put(place, on))
        self._add(place, name, field)


def _mark(gap: Gap) -> str:
    return "■ " + tr("blocked") if gap.kind == "refusal" else "▲ " + tr("not stated")


def _labels_in(text: str) -> tuple[str, ...] | None:
    """Labels in a text, None where there are none: then all are meant."""
    found = tuple(dict.fromkeys(part for part in text.replace(",", " ").split() if part))
    return found or None
