"""As what counsel offers a finding or a table: a summary, an illustrative aid, or by default neither."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from casekit.dossier.sections.stated import is_open, or_gap
from casekit.dossier.sheet import Block, Chapter, Fact, Facts, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError

TABLES = ("parties", "claims", "facts", "chronology")
_STATED = ("availability", "preparer")


def chapters(
    made: Sequence[Chapter], spec: DossierSpec, words: Wording, *, draft: bool
) -> tuple[Chapter, ...]:
    """The findings' chapters with their labels; an aid loses its stamp.

    Raises:
        CaseKitError: A label is given to what is not in the dossier, or a summary to be issued does not say
            what it must.
    """
    known = {chapter.label for chapter in made if "findings" in spec.sections}
    known |= {name for name in TABLES if name in spec.sections}
    for name in spec.offered:
        if name not in known:
            raise CaseKitError(
                "The spec offers {name} as a summary or aid, which is not in this dossier: add it, or take "
                "the label out.",
                name=name,
            )
    found = []
    for chapter in made:
        label = blocks(chapter.label, spec, words, draft=draft)
        is_aid = bool(label) and spec.offered[chapter.label].kind == "aid"
        stamp = "" if is_aid else chapter.stamp
        found.append(
            msgspec.structs.replace(chapter, stamp=stamp, blocks=(*label, *chapter.blocks))
        )
    return tuple(found)


def blocks(name: str, spec: DossierSpec, words: Wording, *, draft: bool) -> tuple[Block, ...]:
    """The label of a finding or a table; nothing where counsel has not decided."""
    offer = spec.offered.get(name)
    if offer is None:
        return ()
    label = Remark(words(f"offered.{offer.kind}_text"), words(f"offered.{offer.kind}"))
    if offer.kind == "aid":
        return (label,)
    values = {key: getattr(offer, key) for key in _STATED}
    gaps = [words(f"offered.{key}") for key, value in values.items() if is_open(value)]
    if not draft and gaps:
        raise CaseKitError(
            "{name} cannot be issued as a summary, because this is not stated: {gaps}. Fill it in, or take the "
            "label out.",
            name=name, gaps="; ".join(gaps),
        )  # fmt: skip
    rows = tuple(
        Fact(
            words(f"offered.{key}"),
            or_gap(value, words("offered.gap", what=words(f"offered.ask.{key}"))),
            "serif",
        )
        for key, value in values.items()
    )
    return (label, Facts(rows))
