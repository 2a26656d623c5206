"""Pinpoint cites: exhibit and place of a marked passage, as a brief would write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.i18n import tr

if TYPE_CHECKING:
    from casekit.queries.items import ItemView
    from casekit.store.case import Case

PARTS = {
    "output": "output",
    "prompt": "prompt",
    "system": "system",
    "reasoning": "reasoning",
    "body": "text",
}


def pinpoint(case: Case, view: ItemView, place: tuple[str, int, int]) -> str:
    """The cite by page and line of the dossier as it would be printed now, `Ex. A-17 at 3:5–9`.

    Raises:
        CaseKitError: The passage is not printed as numbered lines.
    """
    from casekit.dossier import cite as printed
    from casekit.dossier.plan import plan
    from casekit.dossier.spec import DossierSpec

    with case.read() as s:
        planned = plan(s, DossierSpec())
    return str(printed.pinpoint(planned, view.row.id, *place))


def cite(view: ItemView, place: tuple[str, int, int] | None) -> str:
    """The cite of an item or of characters in one of its parts.

    Characters are counted from 1 in the part's text; the last one is included. A page of a document is
    cited by its number. An item without a label is cited by its number and the start of its SHA-256.

    Args:
        view: The item.
        place: Part, first character and the one after the last, from 0; None for the whole item.
    """
    label = view.row.exhibit
    head = (
        f"Ex. {label}"
        if label
        else tr("Item {id} (SHA-256 {sha})", id=str(view.row.id), sha=view.sha256.hex()[:16])
    )
    if place is None:
        return head
    part, start, stop = place
    if part.startswith("page/"):
        where = tr("page {n}", n=part.removeprefix("page/"))
    else:
        where = tr(PARTS.get(part, part))
    return f"{head}, {where}, " + tr(
        "characters {first}–{last}", first=str(start + 1), last=str(max(stop, start + 1))
    )
