"""What `casekit similar CASE ID OTHER --why` prints."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from casekit.cli.output import json_line, say
from casekit.store.case import Case

if TYPE_CHECKING:
    from casekit.search.why import Why

NO_FINDING = (
    "None of this is a finding: texts on one subject have likeness, words and sentences in common. Sentences "
    "are compared by themselves; their cosines are no parts of the likeness."
)


def say_why(case: Case, item_id: int, other_id: int, as_json: bool) -> None:
    """Print sentences, rare words and shared runs of two items."""
    from casekit.search import why

    found = why.explain(case, item_id, other_id)
    if as_json:
        json_line(_values(found))
        return
    a, b = (
        found.left.text(found.comparison.left_part),
        found.right.text(found.comparison.right_part),
    )
    likeness = "no vector" if found.likeness is None else f"{found.likeness:.3f}"
    say(
        f"likeness {likeness}: the cosine of the means of both texts’ passages; {found.model or 'no model'}"
    )
    for pair in found.pairs:
        say(f"{pair.cosine:>7.3f}  {_line(a, pair.left)}")
        say(f"{'':7}  {_line(b, pair.right)}")
    if found.cut:
        say("         (the first sentences alone were compared)")
    for word in found.words:
        prompt = "  (a prompt says it)" if word.in_prompt else ""
        say(f"{word.word:>24}  in {word.items:,} of {found.total:,} items{prompt}")
    for number, run in enumerate(found.comparison.shared, 1):
        said = " … ".join(_line(a, (piece.start, piece.stop)) for piece in run.left)
        say(f"[{number}] {run.words} words in a row: {said}")
    say(NO_FINDING)


def _line(text: str, place: tuple[int, int]) -> str:
    return " ".join(text[place[0] : place[1]].split())


def _values(found: Why) -> dict[str, object]:
    return {
        "v": 1, "id": found.left.row.id, "other": found.right.row.id, "part": found.comparison.left_part,
        "other_part": found.comparison.right_part, "likeness": found.likeness, "model": found.model,
        "sentences": [dataclasses.asdict(pair) for pair in found.pairs], "cut": found.cut,
        "words": [dataclasses.asdict(word) for word in found.words], "items": found.total,
        "runs": [dataclasses.asdict(run) for run in found.comparison.shared], "finding": False,
    }  # fmt: skip
