"""A public redacted and a sealed copy of one dossier, written in one act: both or neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from casekit.dossier.personal import personal
from casekit.dossier.pseudonyms import words_left
from casekit.dossier.redact import (
    all_withheld,
    check_records,
    privileged,
    records_told,
    unjudged,
    unknown,
)
from casekit.dossier.render import Rendered
from casekit.dossier.spec import DossierSpec
from casekit.dossier.two_copies import Pair, plan_pair, render_pair
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.jobs import boxes
from casekit.jobs.dossier import check_place, originals_of
from casekit.ops import productions
from casekit.progress import Progress, Silent
from casekit.queries import sequestered
from casekit.queries.names import check_name
from casekit.store.case import Case

NAMED = ("sealed", "under-seal", "under seal", "confidential")
"""One of these stands in the sealed copy's file name, so that nobody files it as the public one."""


def write_two(
    case: Case,
    spec: DossierSpec,
    out: Path,
    sealed: Path,
    progress: Progress | None = None,
    *,
    issue: bool = False,
    pixels: bool | None = None,
) -> tuple[Rendered, Rendered]:
    """Write a dossier twice with equal page and line numbers: redacted for the public, and for the court.

    Args:
        case: An open case.
        spec: What the dossier holds.
        out: The public copy.
        sealed: The sealed copy; its name must say so.
        progress: Told pages done.
        issue: As `dossier.write` says; both copies are registered, under the same Bates numbers.
        pixels: As `dossier.write` says, of the public copy.

    Raises:
        CaseKitError: As `dossier.write` says; or the name of the sealed copy does not say that it is one.
    """
    progress = progress or Silent()
    _check_names(out, sealed)
    for path in (out, sealed):
        check_place(path, issue=issue, parts=bool(spec.limit_mb))
        path.parent.mkdir(parents=True, exist_ok=True)
    if pixels is None:
        pixels = issue and boxes.can_read_pixels()
    with case.read() as s:
        for path in (out, sealed):
            check_name(s, path.name)
        pair = plan_pair(s, spec, for_issue=issue, progress=progress)
        left_out = sequestered.exhibits(s) if spec.exhibits is None else {}
        withheld, shut = all_withheld(s), privileged(s)
        words = wording(pair.plan.words)
        unsure = unknown(s, pair.public, words) + words_left(s, pair.public, words)
        unsure += unjudged(s, pair.public, words, pixels=pixels) if withheld else []
    with originals_of(case) as originals:
        told = [(item_id, originals.raw(item_id)) for item_id in records_told(pair.plan)]
        check_records(withheld, pair.public, told)
        unsure += personal(pair.public, words, told)
        made = render_pair(
            pair, originals, out, sealed, progress,
            (
                lambda file, painted: originals.judge(
                    file, painted, withheld, progress, pixels=pixels
                ),
                lambda file, painted: originals.judge(file, painted, shut, progress),
            ),
        )  # fmt: skip
    if issue:
        _register(case, pair, made)
    away = [f"Exhibit {label} is left out: it is sequestered." for label in left_out]
    public = replace(made[0], problems=(*made[0].problems, *unsure, *away))
    return public, made[1]


def _check_names(out: Path, sealed: Path) -> None:
    """Refuse names by which the copies could be taken for each other."""
    if out.resolve() == sealed.resolve() or out.stem == sealed.stem:
        raise CaseKitError("The public and the sealed copy need different names.")
    if not any(word in sealed.stem.lower() for word in NAMED):
        raise CaseKitError(
            "The name of the sealed copy must say that it is one, so that it is not filed by mistake: call it "
            "{name}.",
            name=f"{sealed.stem}-SEALED.pdf",
        )


def _register(case: Case, pair: Pair, made: tuple[Rendered, Rendered]) -> None:
    """Register both copies in one act of writing; neither stays if it cannot be."""
    try:
        with case.write() as s:
            productions.issue(s, pair.public, made[0])
            productions.issue(s, pair.sealed, made[1], kind=productions.SEALED)
    except BaseException:
        for rendered in made:
            for path in rendered.files:
                path.unlink(missing_ok=True)
        raise
