"""What I decide: tags by key, privilege with its basis, exhibit, notes; below it where the item comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.sentences import original, translated
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.clearing import CLEARED, NOT_APPLICABLE, UNDECIDED
from casekit.ui.coding_fields import CodingFields
from casekit.ui.sidebar import head_label
from casekit.ui.time_words import minute_text
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casekit.queries.coding import Coded
    from casekit.queries.facets import TagRow
    from casekit.queries.items import ItemView
    from casekit.queries.templates import Code, SetUp

BASES = ("attorney-client", "work-product", "common-interest", "other")
BASIS_WORDS = {
    "attorney-client": "Attorney–client", "work-product": "Work product",
    "common-interest": "Common interest", "other": "Other basis",
}  # fmt: skip
RECEIPT_WORDS = (
    ("received_from", "from {who}"), ("medium", "on {who}"), ("collected_by", "collected by {who}"),
    ("custodian", "held by {who}"),
)  # fmt: skip
USUAL = ("Responsive", "Not responsive", "Hot", "Confidential")
MOST_TAGS = 30
WIDE = 700  # pixels of width from which the parts of the pane stand beside each other


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the pane asks for; the window carries it out on the chosen items."""

    tag: Callable[[str, bool], None]
    new_tag: Callable[[str], None]
    usual_tags: Callable[[], None]
    usual_templates: Callable[[], None]
    code: Callable[[Sequence[Code], int], None]
    privilege: Callable[[str], None]
    tier: Callable[[str], None]
    exhibit: Callable[[], None]
    note: Callable[[str], None]
    change_note: Callable[[int, str], None]
    next_item: Callable[[], None]


class CodingPane(QWidget):
    """What is decided on an item, or on all chosen ones."""

    def __init__(self, decisions: Decisions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("coding")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._decide = decisions
        self._tags: Sequence[TagRow] = ()
        self._boxes: dict[str, QCheckBox] = {}
        self._view: ItemView | None = None
        self._coded: Coded | None = None
        self._entries = 0
        self._chosen = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("inside")
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, inside)
        self._columns.setContentsMargins(14, 12, 14, 12)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        self._build()
        for column in self._parts:
            column.addStretch(0)
        self._columns.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 8, 14, 12)
        self.next_button = QPushButton(tr("Save and next") + "   Ctrl ↵")
        self.next_button.setProperty("primary", True)
        self.next_button.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self.next_button.clicked.connect(self._save_and_next)
        foot.addWidget(self.next_button)
        outer.addLayout(foot)
        self.show_item(None)

    # -- building ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide pane has its three parts beside each other: coding, privilege and exhibit, notes."""
        wide = self.width() >= WIDE
        beside = QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(beside if wide else QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(32 if wide else 6)
        for number, column in enumerate(self._parts):
            self._columns.setStretch(number, int(wide))
            column.setStretch(column.count() - 1, int(wide))
        self._columns.setStretch(len(self._parts), int(not wide))
        self.next_button.setMaximumWidth(320 if wide else 1000)
        super().resizeEvent(event)

    def _next_part(self) -> None:
        self._layout = QVBoxLayout()
        self._layout.setSpacing(6)
        self._parts.append(self._layout)
        self._columns.addLayout(self._layout)

    def _build(self) -> None:
        self._parts: list[QVBoxLayout] = []
        self._next_part()
        self._many = Label()
        self._many.setWordWrap(True)
        self._many.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self._layout.addWidget(self._many)
        self._build_fields()
        self._gap()
        self._next_part()
        self._privilege_head = head_label(tr("Privilege"))
        self._layout.addWidget(self._privilege_head)
        self._privilege_line = Label()
        self._privilege_line.setProperty("privileged", True)
        self._privilege_line.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self._privilege_line.setWordWrap(True)
        self._layout.addWidget(self._privilege_line)
        self._basis = Choice()
        self._basis.setAccessibleName(tr("Basis of privilege"))
        self._basis.addItem(tr("Not decided"), UNDECIDED)
        self._basis.addItem(tr("Not privileged"), CLEARED)
        for basis in BASES:
            self._basis.addItem(tr(BASIS_WORDS[basis]), basis)
        self._basis.activated.connect(
            lambda n: self._decide.privilege(str(self._basis.itemData(n)))
        )
        self._layout.addWidget(self._basis)
        self._release = QPushButton(tr("Release privilege") + "   ⇧P")
        self._release.setProperty("link", True)
        self._release.clicked.connect(lambda: self._decide.privilege(UNDECIDED))
        self._layout.addWidget(self._release)
        self._privilege_gap = QWidget()
        self._privilege_gap.setFixedHeight(10)
        self._layout.addWidget(self._privilege_gap)
        self._build_tier()
        self._layout.addWidget(head_label(tr("Exhibit")))
        self._exhibit = QPushButton()
        self._exhibit.clicked.connect(self._decide.exhibit)
        self._layout.addWidget(self._exhibit)
        self._gap()
        self._next_part()
        self._layout.addWidget(head_label(tr("Notes")))
        self._note_box = QVBoxLayout()
        self._note_box.setSpacing(6)
        self._layout.addLayout(self._note_box)
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(tr("Write a note; it is kept when you go on"))
        self.note.setAccessibleName(tr("New note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(76)
        self._layout.addWidget(self.note)
        self._gap()
        self._layout.addWidget(head_label(tr("Custody")))
        self._custody = QVBoxLayout()
        self._custody.setSpacing(4)
        self._layout.addLayout(self._custody)

    def _build_fields(self) -> None:
        self._layout.addWidget(head_label(tr("Coding")))
        self.fields = CodingFields(self._decide.code)
        self._layout.addWidget(self.fields)
        self._begin = QPushButton(tr("Use the usual coding templates"))
        self._begin.setProperty("link", True)
        self._begin.clicked.connect(self._decide.usual_templates)
        self._layout.addWidget(self._begin)
        self._tags_gap = QWidget()
        self._tags_gap.setFixedHeight(4)
        self._layout.addWidget(self._tags_gap)
        self._tags_head = head_label(tr("Tags"))
        self._layout.addWidget(self._tags_head)
        self._tag_box = QVBoxLayout()
        self._tag_box.setSpacing(5)
        self._layout.addLayout(self._tag_box)
        self._new_tag = QLineEdit()
        self._new_tag.setPlaceholderText(tr("Add a tag, such as Issue/Terms"))
        self._new_tag.setAccessibleName(tr("New tag"))
        self._new_tag.returnPressed.connect(self._make_tag)
        self._layout.addWidget(self._new_tag)

    def _build_tier(self) -> None:
        self._tier_head = head_label(tr("Confidentiality"))
        self._layout.addWidget(self._tier_head)
        self._tier = Choice()
        self._tier.setAccessibleName(tr("Tier of the order on confidentiality"))
        self._tier.activated.connect(lambda n: self._decide.tier(str(self._tier.itemData(n))))
        self._layout.addWidget(self._tier)
        self._tier_gap = QWidget()
        self._tier_gap.setFixedHeight(10)
        self._layout.addWidget(self._tier_gap)

    def _gap(self) -> None:
        self._layout.addSpacing(10)

    # -- showing ----------------------------------------------------------------------------------

    def show_tags(self, tags: Sequence[TagRow], set_up: SetUp | None = None) -> None:
        """The tags of the case; those with keys come first, in order of key."""
        self._begin.setVisible(set_up is not None and not set_up.templates)
        self._tags = sorted(tags, key=lambda t: (t.key == "", t.key, t.name.lower()))
        parents = {t.name.rsplit("/", 1)[0] for t in tags if "/" in t.name}
        _empty(self._tag_box)
        self._boxes = {}
        if not tags:
            self._tag_box.addWidget(
                _quiet(tr("No tags yet. Type one below, or begin with the usual four."))
            )
            usual = QPushButton(tr("Make the usual four"))
            usual.setToolTip(", ".join(tr(name) for name in USUAL))
            usual.setProperty("link", True)
            usual.clicked.connect(self._decide.usual_tags)
            self._tag_box.addWidget(usual)
        for tag in [t for t in self._tags if t.name not in parents or t.count][:MOST_TAGS]:
            box = QCheckBox(f"{tag.key or ' '}   {tag.name.replace('&', '&&')}")
            box.setAccessibleName(tag.name)
            box.setFont(fonts.sans())
            box.setToolTip(tag.name)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(lambda on, name=tag.name: self._decide.tag(name, on))
            self._boxes[tag.name] = box
            self._tag_box.addWidget(box)
        self.show_item(self._view, chosen=self._chosen)

    def show_item(
        self,
        view: ItemView | None,
        *,
        chosen: int = 1,
        entries: int = 0,
        coded: Coded | None = None,
    ) -> None:
        """The decisions on one item; with several chosen, the next decision is for all of them."""
        if view is None or (self._view is not None and view.row.id != self._view.row.id):
            self._coded, self._entries = None, 0
        self._coded, self._entries = coded or self._coded, entries or self._entries
        self._show_fields(view)
        same = view is not None and self._view is not None and view.row.id == self._view.row.id
        self._view, self._chosen = view, chosen
        on = view is not None
        for name, box in self._boxes.items():
            box.setEnabled(on)
            box.setVisible(not self._is_field(name))
            box.setChecked(view is not None and name in view.row.tags)
        for widget in (self._new_tag, self._basis, self._exhibit, self.note, self.next_button):
            widget.setEnabled(on)
        self._many.setVisible(chosen > 1)
        self._many.setText(tr("{n} items chosen: what you decide is for all of them.", n=chosen))
        if not same:
            self.note.setPlainText("")
        held = view.privilege_basis if view else ""
        review = view.row.review if view else ""
        needless = review == NOT_APPLICABLE
        self._basis.setItemText(0, tr("No decision needed") if needless else tr("Not decided"))
        self._basis.setCurrentIndex(max(0, self._basis.findData(held or review)))
        self._privilege_line.setVisible(bool(held) or review == UNDECIDED)
        in_sight = bool(held) or review == UNDECIDED or self._basis.isVisibleTo(self)
        self._privilege_head.setVisible(in_sight)
        self._privilege_gap.setVisible(in_sight)
        self._privilege_line.setText(
            "◆ " + tr("Withheld from every export, with its family")
            if held
            else "◇ " + tr("Not decided: nothing with it can be issued. C says not privileged")
        )
        _dress(self._privilege_line, "privileged", on=bool(held))
        self._show_tier(view)
        label = view.row.exhibit if view else ""
        self._exhibit.setText(
            tr("Exhibit {label}: take the label away", label=label)
            if label
            else tr("Mark as exhibit") + "   E"
        )
        self._exhibit.setEnabled(on and not held)
        self._show_notes(view)
        self._show_custody(view)

    def _show_fields(self, view: ItemView | None) -> None:
        """The template's fields; what they show is not shown a second time below them."""
        coded = self._coded if view is not None else None
        self.fields.show_item(view.row.id if view is not None else 0, coded)
        self.fields.setEnabled(view is not None)
        template = coded.template if coded is not None else None
        self._tags_head.setVisible(template is not None)
        self._tags_gap.setVisible(template is not None)
        self._basis.setVisible("privilege" not in self.fields.names)
        self._release.setVisible(
            bool(view is not None and view.privilege_basis) and not self._basis.isVisibleTo(self)
        )

    def _is_field(self, tag: str) -> bool:
        """Whether a field of the template shows the tag."""
        template = self._coded.template if self._coded is not None else None
        for each in template.fields if template is not None else ():
            if each.name in self.fields.names and (
                (each.kind == "flag" and tag.lower() == each.name)
                or (each.kind == "tags" and tag.lower().startswith(each.name + "/"))
            ):
                return True
        return False

    def pending_note(self) -> str:
        """Text written and not yet kept."""
        return self.note.toPlainText().strip()

    # -- inside -----------------------------------------------------------------------------------

    def _show_tier(self, view: ItemView | None) -> None:
        """The tiers of the matter's order; a matter without an order has none to choose."""
        tiers = view.tiers if view else ()
        for widget in (self._tier_head, self._tier, self._tier_gap):
            apart = "confidentiality" not in self.fields.names  # else the template's field shows it
            widget.setVisible(apart and bool(tiers or (view and view.tier)))
        if view is None:
            return
        known = [name for name, _ in tiers]
        gone = [view.tier] if view.tier and view.tier not in known else []
        self._tier.clear()
        self._tier.addItem(tr("No tier"), "")
        for name in (*known, *gone):
            self._tier.addItem("▣ " + shown(name), name)
        self._tier.setCurrentIndex(max(0, self._tier.findData(view.tier)))

    def _show_notes(self, view: ItemView | None) -> None:
        _empty(self._note_box)
        for note in view.notes if view else ():
            text = Label(shown(note.text))
            text.setWordWrap(True)
            self._note_box.addWidget(text)
            line = QHBoxLayout()
            line.addWidget(_quiet(f"{note.author} · {minute_text(note.at_us)} UTC"), 1)
            away = QPushButton(tr("Take away"))
            away.setProperty("link", True)
            away.setFont(fonts.sans(12))
            away.clicked.connect(lambda _c=False, n=note.id: self._decide.change_note(n, ""))
            line.addWidget(away)
            self._note_box.addLayout(line)

    def _show_custody(self, view: ItemView | None) -> None:
        _empty(self._custody)
        if view is None:
            self._custody.addWidget(_quiet(tr("Choose an item to see where it comes from.")))
            return
        for problem in view.problems:
            words = Label("▲ " + shown(translated(problem.text)))
            words.setToolTip(shown(original(problem.text)))
            words.setProperty("warn", True)
            words.setWordWrap(True)
            self._custody.addWidget(words)
        for receipt in view.receipts[:3]:
            self._custody.addWidget(_quiet(receipt_sentence(receipt)))
            if receipt.supplied_match:
                good = receipt.supplied_match == "yes"
                said = (
                    tr("✓ The supplied hash matches.")
                    if good
                    else tr("▲ The supplied hash differs from the file received.")
                )
                words = Label(said)
                words.setProperty("ok" if good else "warn", True)
                words.setWordWrap(True)
                self._custody.addWidget(words)
        if self._entries:
            self._custody.addWidget(_quiet(entries_text(self._entries)))
        hash_ = Label(grouped(view.sha256.hex()))
        hash_.setFont(fonts.mono(11))
        hash_.setWordWrap(True)
        hash_.setMinimumWidth(1)
        hash_.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        hash_.setAccessibleName(tr("SHA-256 of the item"))
        self._custody.addWidget(_quiet(tr("SHA-256 of the item's bytes")))
        self._custody.addWidget(hash_)

    def _make_tag(self) -> None:
        name = self._new_tag.text().strip()
        if name:
            self._new_tag.clear()
            self._decide.new_tag(name)

    def _save_and_next(self, _checked: bool = False) -> None:
        self._decide.next_item()


def receipt_sentence(receipt: object) -> str:
    """How an original came into the case, in one sentence."""
    r = receipt
    when = minute_text(r.at_us)  # type: ignore[attr-defined]
    parts = [tr("Received {when} UTC", when=when)]
    for name, words in RECEIPT_WORDS:
        value = getattr(r, name)
        if value:
            parts.append(tr(words, who=shown(value)))
    path = shown(r.path).replace("/", "/\u200b")  # type: ignore[attr-defined]
    return " ".join(parts) + ". " + path


def entries_text(number: int) -> str:
    """How many entries of the custody log concern an original."""
    return tr_count("1 entry in the log.", "{n} entries in the log.", number)


def grouped(digits: str) -> str:
    """A hash in groups of eight, which wraps and can be compared by eye."""
    return " ".join(digits[i : i + 8] for i in range(0, len(digits), 8))


def _dress(label: QLabel, look: str, *, on: bool) -> None:
    label.setProperty(look, on)
    label.style().unpolish(label)
    label.style().polish(label)


def _quiet(text: str) -> QLabel:
    label = Label(text)
    label.setProperty("quiet", True)
    label.setFont(fonts.sans(12))
    label.setWordWrap(True)
    label.setMinimumWidth(1)  # a long path must not widen the pane
    return label


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while layout.count():
        entry = layout.takeAt(0)
        if entry is None:
            return
        widget, below = entry.widget(), entry.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(below, QHBoxLayout | QVBoxLayout):
            _empty(below)
            below.deleteLater()
