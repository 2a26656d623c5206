"""A finding computed on a case and kept in it, or computed again: what command and window both do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casekit.errors import Cancelled, CaseKitError
from casekit.ops import findings as finding_ops
from casekit.queries import findings as finding_queries

if TYPE_CHECKING:
    from casekit.analysis.own import Method
    from casekit.progress import Progress
    from casekit.store.case import Case


@dataclass(frozen=True, slots=True)
class Made:
    """A finding that was kept: its number in the case and its body."""

    id: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Again:
    """A kept finding computed once more.

    Attributes:
        differences: The parts that are not the same bytes, by name; empty if all are.
        sequestered: How many answers of its models have been sequestered since it was computed.
    """

    differences: tuple[str, ...]
    sequestered: int


def make(
    case: Case, kind: str, title: str, compute: Callable[[Any, Progress], dict[str, Any]],
    progress: Progress,
) -> Made:  # fmt: skip
    """Compute on a reading session, then keep the body in an act of its own; a refusal in it is kept too."""
    with case.read() as s:
        body = compute(s, progress)
    with case.write() as s:
        number, _ = finding_ops.add_finding(s, kind, title, body)
    return Made(number, body)


def make_again(
    case: Case, finding_id: int, progress: Progress | None = None, method: Method | None = None
) -> Again:
    """Compute a kept finding again from what it says of itself; nothing is kept.

    One by an expert's own `method` needs that method from outside: no program is run out of a case.

    Raises:
        CaseKitError: There is no such finding, or this version or the evidence no longer allows it.
    """
    from casekit.analysis import again

    with case.read() as s:
        row = finding_queries.get(s, finding_id)
        taken = finding_queries.sequestered_since(s, row)
        try:
            made = again.compute(s, row, progress, case=case, method=method)
        except Cancelled:
            raise
        except CaseKitError as error:
            if not taken:
                raise
            raise CaseKitError(
                "{why} {since}", why=str(error), since=sequestered_since(taken)
            ) from error
    return Again(tuple(again.differences(row.body, made)), taken)


def sequestered_since(count: int) -> str:
    """Says how many answers were sequestered since."""
    return f"Answers of its models sequestered since it was computed: {count:,}."
