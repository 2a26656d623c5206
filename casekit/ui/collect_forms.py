"""What collecting asks the person: the question and its controls, the approval, the key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QWidget

from casekit.i18n import tr
from casekit.ui.form import Form, ticked

if TYPE_CHECKING:
    from casekit.progress import Progress

SEED = 20260101
CLOSE = 3  # pixels between rows: a long form must fit a screen of 640
LOW = 64  # pixels, of a list of models
ROLES = ("subject", "source", "control", "other")


def words_of() -> dict[str, str]:
    """Roles, and what came of a question, in words."""
    return {
        "subject": tr("subject"), "source": tr("source"), "control": tr("control"), "other": tr("other"),
        "answered": tr("answered"), "refused": tr("refused"), "busy": tr("asked to wait"),
        "failed": tr("failed at the server"), "cut": tr("broken off"), "timed-out": tr("too slow"),
        "unreadable": tr("unreadable"), "garbage": tr("no HTTP"), "unknown": tr("perhaps sent"),
        "cancelled": tr("stopped"), "unreachable": tr("not reached"), "certificate": tr("not trusted"),
        "too-long": tr("too long"), "stop": tr("turned away"),
    }  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Designed:
    """What a prompt set shall be; `listed` is a file of own prompts, or None."""

    name: str
    question: str
    subject: str
    sources: tuple[str, ...]
    rivals: tuple[str, ...]
    listed: Path | None
    count: int
    samples: int
    temperature: float
    max_tokens: int
    system: str

    def body(self, s: Any, progress: Progress) -> dict[str, Any]:
        """Choose the prompts.

        Raises:
            CaseKitError: There is nothing to choose from, or the subject is among the controls.
        """
        from casekit.analysis import departure

        return departure.design(
            s, question=self.question, subject=self.subject, sources=self.sources, rivals=self.rivals,
            count=self.count, seed=SEED, progress=progress,
            listed=departure.read_list(self.listed) if self.listed else (),
            asking=departure.Asking(self.samples, self.temperature, self.max_tokens, self.system),
        )  # fmt: skip


class Design(Form):
    """Asks for the question, the controls that prompts are chosen on, and how they will be asked."""

    def __init__(
        self, parent: QWidget, models: Sequence[str], on_ask: Callable[[Designed], None]
    ) -> None:
        super().__init__(
            parent,
            tr("New prompt set"),
            tr(
                "Prompts are chosen on controls only; the subject’s answers are not read. Once registered, "
                "a set cannot be changed."
            ),
            tr("Choose and register"),
        )
        self._on_ask = on_ask
        self.form.setVerticalSpacing(CLOSE)
        self.name = self.field(tr("Name"))
        self.question = self.field(
            tr("Question"), "", tr("what the answers shall show, or not show")
        )
        self.subject = self.field(tr("Subject"), "", tr("model the question is about"))
        self.sources = self.several(tr("Source"), models, LOW)
        self.rivals = self.several(tr("Rivals"), models, LOW)
        self.listed = self.field(
            tr("Own prompts"), "", tr("file: one a line, or JSONL with prompt, topic, source")
        )
        self.count = self.field(tr("Prompts"), "200")
        self.samples = self.field(tr("Answers to each"), "5")
        self.temperature = self.field(tr("Temperature"), "1")
        self.max_tokens = self.field(tr("Tokens of an answer, at most"), "1024")
        self.system = self.field(tr("System prompt"), "", tr("none is sent without it"))

    def check(self) -> None:
        """Ask, unless something is missing or is no number."""
        if not self.name.text().strip() or not self.question.text().strip():
            self.complain(tr("A prompt set needs a name and a question."))
            return
        try:
            count, samples, tokens = (
                int(edit.text()) for edit in (self.count, self.samples, self.max_tokens)
            )
            temperature = float(self.temperature.text())
        except ValueError:
            self.complain(tr("Prompts, answers, tokens and temperature are numbers."))
            return
        listed = self.listed.text().strip()
        asked = Designed(
            self.name.text().strip(), self.question.text(), self.subject.text().strip(), ticked(self.sources),
            ticked(self.rivals), Path(listed) if listed else None, count, samples, temperature, tokens,
            self.system.text(),
        )  # fmt: skip
        self.accept()
        self._on_ask(asked)


class Approval(Form):
    """Asks what must be recorded before anything is asked."""

    def __init__(
        self, parent: QWidget, item: int | None, on_ask: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__(
            parent,
            tr("Approve an endpoint"),
            tr(
                "It is recorded in the custody log and cannot be changed. Prices are yours; none is built in."
            ),
            tr("Record the approval"),
        )
        self._on_ask = on_ask
        self.form.setVerticalSpacing(CLOSE)
        self.url = self.field(tr("Address"), "https://")
        self.protocol = self.choice(
            tr("Protocol"), [("openai", "OpenAI"), ("anthropic", "Anthropic")]
        )
        self.model = self.field(tr("Model"), "", tr("as the endpoint names it"))
        self.role = self.choice(tr("Role"), [(role, words_of()[role]) for role in ROLES])
        self.account_holder = self.field(tr("Account holder"))
        self.terms = self.field(tr("Terms of use: item"), "" if item is None else str(item))
        self.terms_accepted = self.field(tr("Accepted by, when"))
        self.counsel = self.field(tr("Approving counsel"))
        self.operator = self.field(tr("Operator"), "", tr("a possible witness"))
        self.price_input = self.field(tr("Price, million tokens asked"))
        self.price_output = self.field(tr("Price, million tokens answered"))
        self.currency = self.field(tr("Currency"))
        self.price_source = self.field(tr("Prices read where, when"))
        self.most = self.field(tr("Spend at most"))

    def values(self) -> dict[str, Any]:
        """What stands in the fields; the terms are a number."""
        terms = self.terms.text().strip()
        names = ("url", "model", "account_holder", "terms_accepted", "counsel", "operator", "price_input",
                 "price_output", "currency", "price_source", "most")  # fmt: skip
        return {
            "terms_id": int(terms), "protocol": self.protocol.currentData(), "role": self.role.currentData(),
            **{name: getattr(self, name).text().strip() for name in names},
        }  # fmt: skip

    def check(self) -> None:
        """Record, unless something is missing; what is missing the op says too."""
        terms = self.terms.text().strip()
        if not (terms.isascii() and terms.isdigit()):
            self.complain(
                tr("Name the item that holds the terms of use by its number."), self.terms
            )
            return
        needed = (
            self.url,
            self.model,
            self.account_holder,
            self.terms_accepted,
            self.counsel,
            self.operator,
        )
        empty = next((edit for edit in needed if not edit.text().strip()), None)
        if empty is not None:
            self.complain(
                tr("“{field}” must be recorded first.", field=empty.accessibleName()), empty
            )
            return
        self.accept()
        self._on_ask(self.values())


class KeyForm(Form):
    """Asks for the key of the API."""

    def __init__(self, parent: QWidget, model: str, on_ask: Callable[[str], None]) -> None:
        super().__init__(
            parent,
            tr("Ask {model}", model=model),
            tr(
                "CaseKit now reaches the network, and only this endpoint. The key is kept nowhere. You can "
                "stop at any time: what came is kept, and it goes on from there."
            ),
            tr("Ask"),
        )
        self._on_ask = on_ask
        self.key = self.field(tr("Key of the API"), "", tr("empty if the endpoint asks for none"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)

    def check(self) -> None:
        """Begin."""
        key = self.key.text().strip()
        self.key.clear()
        self.accept()
        self._on_ask(key)
