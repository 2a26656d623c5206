"""Ten steps through the sample matter, one line above its pages; each can be done for the user or by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from casekit import settings
from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import tool

if TYPE_CHECKING:
    from casekit.ui.window import Window

SAMPLE = "Aurora v. Meridian"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: What is learnt.
        text: What to do and what to see.
        show: Does it.
    """

    title: str
    text: str
    show: Callable[[Window], None]


def _search(text: str, mode: str = "words") -> Callable[[Window], None]:
    def show(window: Window) -> None:
        window.show_page("review")
        window.search.put(text, mode)
        if window.workspace is not None:
            window.workspace.run_search(text, mode)

    return show


def _action(name: str) -> Callable[[Window], None]:
    return lambda window: window.trigger(name)


STEPS = (
    Step("Look around",
         "The rail at the left names the pages. The overview says how the matter stands and what is to do "
         "next; every row leads there. All of it is invented: companies, people and models.",
         _action("page.overview")),
    Step("Read the quarrel",
         "One lab writes, the other denies. J and K go down and up the list; the mail stands below it, what "
         "you decide about it at the right.",
         _search("kind:mail subject:letter")),
    Step("Find by words",
         "Two models say the same odd thing. AND, OR, NOT, “phrases”, NEAR/5, prefix* and fields such as "
         "from: or model: can be combined; Alt+Q builds a search from rows.",
         _search("teaspoon OR gossip")),
    Step("Find by meaning",
         "Ranks are not findings: the list says so, and what could not be searched. Numbers that go to "
         "court come from words and from findings.",
         _search("ordinary explanation for several accounts paying with the same card", "meaning")),
    Step("Compare",
         "Open the first answer and press S. Shared words are underlined and numbered on both sides; grey is "
         "what the prompt says already, amber what a control model says too.",
         _search('"sky blue" model:meridian-r1')),
    Step("Decide",
         "1, 2 and 3 say whether an item is responsive, P that it is privileged, Ctrl+Enter goes on when "
         "nothing required is missing. Ctrl+Z takes any act back; the log keeps both.",
         _search('kind:mail custodian:"Lin Yuan"')),
    Step("State facts",
         "In a mail, mark a sentence and press F: the fact cites the passage. Here every claim shows what "
         "each of its elements rests on, and what it still lacks.",
         _action("page.facts")),
    Step("Read a finding",
         "Beside each result stand its controls, its limits and the innocent explanations that remain. "
         "“Compute again” says whether the same bytes come out.",
         _action("page.findings")),
    Step("Make the dossier",
         "E marks an exhibit. In the editor you choose sections, see the pages and what is still in the way. "
         "A draft says DRAFT on every page and uses up no number.",
         _action("dossier.edit")),
    Step("Check it",
         "Every original is hashed again and every row is compared with the custody log. A stranger can "
         "check the dossier too, without CaseKit.",
         _action("case.verify")),
)  # fmt: skip


class Guide(QWidget):
    """The line of a step; closed once, it stays closed until it is asked for."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self.number = 0
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = Label()
        self.title.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self.text = Label()
        self.text.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        self.show_me = _button(tr("Show me"), lambda: STEPS[self.number].show(self._window))
        self.show_me.setProperty("primary", True)
        self.back = _button(tr("Back"), lambda: self.go_to(self.number - 1))
        self.next = _button(tr("Next"), lambda: self.go_to(self.number + 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.show_me, self.back, self.next):
            row.addWidget(button)
        row.addWidget(tool("close", tr("Close the guide"), self.dismiss))
        self.go_to(0)
        self.hide()

    def begin(self) -> None:
        """Show the first step, from now on in every sample matter that is opened."""
        settings.save(dataclasses.replace(settings.load(), guided=True))
        self.go_to(0)
        self.show()

    def offer(self, matter: str) -> None:
        """Show it over the sample matter, unless it was closed before."""
        self.setVisible(matter == SAMPLE and settings.load().guided)

    def dismiss(self) -> None:
        """Close it for good."""
        settings.save(dataclasses.replace(settings.load(), guided=False))
        self.hide()

    def go_to(self, number: int) -> None:
        """Tell a step; after the last one it closes."""
        if number == len(STEPS):
            self.dismiss()
            return
        self.number = number
        step = STEPS[number]
        place = tr("{n} of {m}", n=number + 1, m=len(STEPS))
        self.title.setText(f"{place}   {tr(step.title)}")
        self.text.setText(tr(step.text))
        self.back.setEnabled(number > 0)
        self.next.setText(tr("Done") if number == len(STEPS) - 1 else tr("Next"))


def begin(window: Window) -> None:
    """Guide through the sample matter; where another case or none is open, the sample is opened first."""
    pages = window.pages
    if pages is not None and window.shell is not None and window.shell.case.name == SAMPLE:
        pages.guide.begin()
        return
    settings.save(dataclasses.replace(settings.load(), guided=True))
    window.open_sample()


def _button(text: str, run: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _on: run())
    return button
