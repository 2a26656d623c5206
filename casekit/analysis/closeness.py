"""How much nearer each model's habits stand to a lineage than to strangers, prompt by prompt.

For one habit (a function from a text to a set of features) and one prompt: among the features of a model's
answer that some family of the lineage or of the strangers also shows, the mean of

    log((near + 1) / (near families + 2)) - log((far + 1) / (far families + 2)),

where `near` counts the families of the lineage that show the feature and `far` those of the strangers, a
family by the share of its models. The lineage is the families of the sources and of their
documented students. A model's own family never counts. So that both sides are measured with the same number
of families, one family of the other side is left out as well, and the mean over all such choices is taken:
without that, a stranger is measured against fewer strangers than a student is, and looks apart for that
reason alone (on the data this was made with it lifted the area under the curve from 0.83 to 0.98).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.analysis.population import Sides

Floats = NDArray[np.float64]
Habit = Callable[[str], frozenset[str]]
Side = tuple[Floats, Floats]  # per feature: families that show it, and the log of their share
ADDED = 1.0  # to every count of families, so that what nobody shows is not impossible


@dataclass(frozen=True, slots=True)
class Field:
    """The models in their order, and the families by their place."""

    models: tuple[str, ...]
    shares: Floats  # families x models: 1 / size of the family
    sources: tuple[int, ...]
    students: tuple[int, ...]
    strangers: tuple[int, ...]
    own: tuple[int | None, ...]  # per model: its family's place, None if it belongs to no side

    @classmethod
    def of(cls, sides: Sides, others: Sequence[str] = ()) -> Field:
        """The field of a population; `others` are models of no side, such as an unlisted subject."""
        groups = [sides.sources, sides.students, sides.strangers]
        families = [models for group in groups for models in group.values()]
        models = tuple(dict.fromkeys([*sides.models, *others]))
        at = {model: k for k, model in enumerate(models)}
        shares = np.zeros((len(families), len(models)))
        own: list[int | None] = [None] * len(models)
        for place, members in enumerate(families):
            for member in members:
                shares[place, at[member]] = 1 / len(members)
                own[at[member]] = place
        ends = list(itertools.accumulate(len(group) for group in groups))
        return cls(
            models, shares, tuple(range(ends[0])), tuple(range(ends[0], ends[1])),
            tuple(range(ends[1], ends[2])), tuple(own),
        )  # fmt: skip


def of_prompt(
    prompt: str, answers: Mapping[str, str], field: Field, measured: Sequence[str], habit: Habit
) -> Floats:
    """The closeness of the measured models on one prompt, NaN where there is nothing to say.

    Args:
        prompt: Its own features count for nobody.
        answers: By model; a model that has none is not measured and shows no feature.
        field: Who stands where.
        measured: Models to be measured, each in the field.
        habit: From a text to its features.
    """
    asked = habit(prompt)
    shown = [habit(answers[m]) - asked if m in answers else frozenset() for m in field.models]
    count = Counter(itertools.chain.from_iterable(shown))
    at = {feature: k for k, feature in enumerate(sorted(f for f, n in count.items() if n > 1))}
    found = np.full(len(measured), np.nan)
    if not at:
        return found
    present = np.zeros((len(field.models), len(at)))
    for row, features in enumerate(shown):
        present[row, [at[f] for f in features if f in at]] = 1.0
    near, far = _sides(field.shares @ present, field)
    places = {model: k for k, model in enumerate(field.models)}
    for place, models in _by_family(measured, field, places):
        rows = present[[places[m] for _, m in models]]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = [_mean(rows, near[a], far[b]) for a, b in _left_out(place, field)]
            found[[k for k, _ in models]] = np.mean(means, axis=0)
    return found


def _by_family(
    measured: Sequence[str], field: Field, places: Mapping[str, int]
) -> Iterator[tuple[int | None, list[tuple[int, str]]]]:
    groups: dict[int | None, list[tuple[int, str]]] = {}
    for k, model in enumerate(measured):
        groups.setdefault(field.own[places[model]], []).append((k, model))
    yield from groups.items()


def _left_out(place: int | None, field: Field) -> list[tuple[int, int]]:
    """The pairs of one student and one stranger family that are left out in turn."""
    students = (place,) if place in field.students else field.students
    strangers = (place,) if place in field.strangers else field.strangers
    return [(a, b) for a in students for b in strangers if a is not None and b is not None]


def _sides(by_family: Floats, field: Field) -> tuple[dict[int, Side], dict[int, Side]]:
    """Both sides without each of their families in turn, the source's always kept."""
    near = by_family[list(field.sources)].sum(0) + by_family[list(field.students)].sum(0)
    far = by_family[list(field.strangers)].sum(0)
    of_near = len(field.sources) + len(field.students) - 1
    of_far = len(field.strangers) - 1
    return (
        {k: _side(near - by_family[k], of_near) for k in field.students},
        {k: _side(far - by_family[k], of_far) for k in field.strangers},
    )


def _side(count: Floats, families: int) -> Side:
    return count, np.log((count + ADDED) / (families + 2 * ADDED))


def _mean(rows: Floats, near: Side, far: Side) -> Floats:
    known = near[0] + far[0] > 1e-9
    total = rows @ known.astype(float)
    return np.asarray((rows @ np.where(known, near[1] - far[1], 0.0)) / total)
