"""What a volume handed over, told anew from the case as it is now, so that nothing withheld since goes out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from casekit.dossier import leaving, pseudonyms, redact
from casekit.dossier.case_uco import Told
from casekit.dossier.hidden import hidden_by_pseudonyms, hidden_by_redaction
from casekit.dossier.sections.caption import head
from casekit.dossier.sheet import Produced
from casekit.dossier.volume import Volume
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.progress import Progress
from casekit.queries import conflicts, items, sequestered, tier_copies, tiers
from casekit.queries import matter as matter_queries
from casekit.queries.productions import VOLUME
from casekit.store.tables import production


def volume_of(s: Connection, title: str) -> Volume:
    """The volume of that name as it was handed over.

    Raises:
        CaseKitError: There is none.
    """
    query = select(production.c.plan).where(
        production.c.kind == VOLUME, production.c.title == title.strip()
    )
    found = s.execute(query).scalar()
    if found is None:
        query = select(production.c.title).where(production.c.kind == VOLUME)
        made = ", ".join(s.execute(query.order_by(production.c.id)).scalars())
        raise CaseKitError(
            "There is no volume {title} in this case: {known}.",
            title=title, known=f"it has {made}" if made else "none was produced yet",
        )  # fmt: skip
    return msgspec.json.decode(found, type=Volume)


def told_of(
    s: Connection, volume: Volume, recipients: Sequence[str] = (), progress: Progress | None = None
) -> tuple[Told, int]:  # fmt: skip
    """What a volume handed over, and how many of its documents are left out as withheld or sequestered by now.

    A hash, and a length, is told only where nothing in the record, below it, or anywhere in the file that it
    came in is redacted or called by a pseudonym: else it would let be guessed what stands there.

    Args:
        s: Reading session.
        volume: As it was handed over.
        recipients: Who receives this; empty: those who received the volume.
        progress: Told the items.

    Raises:
        CaseKitError: Nothing of it may be told any more.
        PrivilegeConflict, TierConflict, Undecided, Unchecked: As `leaving.refuse` says.
    """
    away = conflicts.withheld(s) | sequestered.held(s)
    kept = [one for one in volume.produced if one.item_id not in away]
    if not kept:
        raise CaseKitError(
            "All documents of {title} are withheld or sequestered by now: nothing of it may be told.",
            title=volume.title,
        )
    ids = [one.item_id for one in kept]
    order = tiers.order(s)
    named = tiers.parsed(recipients) if recipients else volume.recipients
    order.refuse_unnamed(named)
    tier_copies.refuse(s, order, named, ids, volume.designation, progress)
    leaving.refuse(s, ids, progress)
    matter = matter_queries.get(s)
    words = wording(matter.profile or "neutral")
    given = pseudonyms.of_case(s, words)
    views = {i: redact.redacted(items.view(s, i), words, given, pictured=False) for i in ids}
    cut, unhashed = hidden_by_redaction(s)
    called, unhashed_too = hidden_by_pseudonyms(views.values())
    files = []
    for one in kept:
        view = views[one.item_id]
        hidden = one.item_id in cut or one.item_id in called
        no_original = view.original_sha256 in unhashed or view.original_sha256 in unhashed_too
        files.append(
            Produced(
                one.item_id, one.fields["BEGBATES"], view.row.name,
                "" if hidden else view.sha256.hex(), "" if no_original else view.original_sha256.hex(),
                0 if hidden else view.row.size, one.prefix, one.first, one.last,
                media_type=view.row.media_type,
            )
        )  # fmt: skip
    titles = {one.label: views[one.item_id].row.title for one in files}
    caption = head(matter, volume.designation)[0]
    told = Told(volume.case, volume.version, caption, f"Production {volume.title}", files, titles)
    return told, len(volume.documents) - len(kept)
