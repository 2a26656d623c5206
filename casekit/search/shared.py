"""What two items say in the same words, and how much of it their prompts or control models say too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from casekit.queries import matching
from casekit.search.runs import Run, shared_runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from casekit.queries.items import ItemView

MIN_WORDS = 5
MIN_GROUND = 4
"""So many words in a row of a prompt or of a control explain a piece of a shared run."""

PROMPT, CONTROL = "prompt", "control"
MAIN = ("output", "body", "prompt")
_ASKED = ("system", "prompt")
_MOST_CONTROLS = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `stop` of one text.

    Attributes:
        ground: `prompt` where a prompt says it, `control` where a control's answer to it does, else empty.
        models: Which controls.
    """

    start: int
    stop: int
    ground: str = ""
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A run of `words` words that stands in both texts, in pieces of each, in order."""

    words: int
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two items compared.

    Attributes:
        left_part: Which part of the left item was compared; likewise `right_part`.
        shared: The runs, in the order of the right text.
        words: How many words the runs have in all, of the left text.
        in_prompt: How many of them a prompt says too; `by_control`: of the rest, a control.
        controls: Models whose answers to the same prompts were compared.
    """

    left_part: str
    right_part: str
    shared: tuple[Shared, ...]
    words: int
    in_prompt: int
    by_control: int
    controls: tuple[str, ...]


def compare(s: Connection, left: ItemView, right: ItemView) -> Comparison:
    """Compare the main texts of two items, through a reading session."""
    from casekit.queries.exchanges import said_by_controls

    left_part, right_part = main_part(left), main_part(right)
    a, b = left.text(left_part), right.text(right_part)
    runs = shared_runs(a, b, MIN_WORDS)
    asked = [text for view in (left, right) for part, text in view.texts if part in _ASKED]
    if "prompt" in (left_part, right_part):
        asked = []  # prompts are compared themselves
    digests = {d for view in (left, right) if (d := view.exchange.get("prompt_sha256"))}
    answers = said_by_controls(s, digests, (left.row.id, right.row.id)) if runs and digests else []
    answers = answers[:_MOST_CONTROLS]
    shared = _in_pieces(runs, _Grounds(a, asked, answers), _Grounds(b, asked, answers))
    counts = {"": 0, PROMPT: 0, CONTROL: 0}
    for run in shared:
        for piece in run.left:
            counts[piece.ground] += sum(1 for _ in matching.atoms(a[piece.start : piece.stop]))
    return Comparison(
        left_part, right_part, tuple(shared), sum(counts.values()), counts[PROMPT], counts[CONTROL],
        tuple(sorted({model for model, _ in answers})),
    )  # fmt: skip


def main_part(view: ItemView) -> str:
    """The part that is compared: a model's answer, a mail's body, else the first text."""
    names = [name for name, _ in view.texts]
    return next((p for p in MAIN if p in names), names[0] if names else "body")


class _Grounds:
    """What explains the places of one text."""

    def __init__(self, text: str, asked: Sequence[str], answers: Sequence[tuple[str, str]]) -> None:
        self._text = text
        self.prompt = sorted(
            (run.b_start, run.b_stop)
            for said in asked
            for run in shared_runs(said, text, MIN_GROUND)
        )
        self.control = [
            (run.b_start, run.b_stop, model)
            for model, said in answers
            for run in shared_runs(said, text, MIN_GROUND)
        ]

    def pieces(self, start: int, stop: int) -> tuple[Piece, ...]:
        """A run cut where what explains it changes."""
        edges = {start, stop}
        for a, b in (*self.prompt, *((a, b) for a, b, _ in self.control)):
            edges |= {edge for edge in (a, b) if start < edge < stop}
        cut = sorted(edges)
        found: list[Piece] = []
        for a, b in pairwise(cut):
            ground, models = self._ground(a, b)
            last = found[-1] if found else None
            between = next(matching.atoms(self._text[a:b]), None) is None  # a comma, a space
            if last is not None and (between or (last.ground, last.models) == (ground, models)):
                found[-1] = Piece(last.start, b, last.ground, last.models)
            else:
                found.append(Piece(a, b, ground, models))
        return tuple(found)

    def _ground(self, start: int, stop: int) -> tuple[str, tuple[str, ...]]:
        if any(a <= start and stop <= b for a, b in self.prompt):
            return PROMPT, ()
        models = {model for a, b, model in self.control if a <= start and stop <= b}
        return (CONTROL, tuple(sorted(models))) if models else ("", ())


def _in_pieces(runs: Sequence[Run], left: _Grounds, right: _Grounds) -> list[Shared]:
    return [
        Shared(
            run.words, left.pieces(run.a_start, run.a_stop), right.pieces(run.b_start, run.b_stop)
        )
        for run in runs
    ]
