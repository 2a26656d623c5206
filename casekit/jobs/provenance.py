"""Provenance of exhibits, or of a volume, as a file for other forensic tools, refused as they would be."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from casekit.dossier import leaving, pseudonyms
from casekit.dossier.case_uco import Told, graph, told_by
from casekit.dossier.cleaning import clean_text
from casekit.dossier.handed_over import told_of, volume_of
from casekit.dossier.plan import plan
from casekit.dossier.redact import all_withheld, readable, refuse
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import custody as custody_queries
from casekit.queries import matter as matter_queries
from casekit.queries import tiers
from casekit.queries.names import check_name
from casekit.store import custody
from casekit.store.case import Case
from casekit.store.tables import item

_TELLS = (
    "The provenance was not written, because it would tell words that are redacted: {places}. Redact them "
    "there too, or leave those exhibits or documents out."
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file, and how many exhibits, files and custody entries it tells of.

    Attributes:
        exhibits: Exhibits, or documents of a volume.
        left_out: Documents of a volume that are withheld or sequestered by now.
    """

    path: Path
    exhibits: int
    files: int
    entries: int
    left_out: int = 0


def write(
    case: Case, out: Path, spec: DossierSpec | None = None, progress: Progress | None = None
) -> Written:
    """Write the provenance of a case's exhibits as CASE/UCO JSON-LD; the file appears only when it is whole.

    Args:
        case: An open case.
        out: A file whose name ends in .jsonld or .json.
        spec: The dossier that it goes with: which exhibits, and who receives it.
        progress: Told the exhibits planned.

    Raises:
        CaseKitError: There is no exhibit, the name ends in neither, the folder is not there, or it would tell
            what is redacted.
        PrivilegeConflict: It would give a withheld item away.
        TierConflict: The matter has an order, and nobody said who receives it, or one may not see an item.
        Undecided: Nobody has decided whether something in it is privileged.
        Unchecked: No second person has approved what is redacted, as the matter asks.
    """
    _check_place(out)
    asked = spec or DossierSpec()
    wanted = DossierSpec(
        title=asked.title, sections=("exhibits", "custody"), exhibits=asked.exhibits, findings=(),
        designation=asked.designation, recipients=asked.recipients,
    )  # fmt: skip
    with case.read() as s:
        check_name(s, out.name)
        decided = plan(s, wanted, progress=progress or Silent())
        if not decided.exhibits:
            raise CaseKitError("There is no exhibit yet: mark one, then write its provenance.")
        tiers.order(s).refuse_unnamed(
            decided.recipients
        )  # no page of it could say that it is a draft
        leaving.refuse_open(s, [one.item_id for one in decided.produced])
        return _write(s, out, told_by(decided), wording(decided.words))


def write_volume(
    case: Case, title: str, out: Path, recipients: Sequence[str] = (), progress: Progress | None = None
) -> Written:  # fmt: skip
    """Write the provenance of a volume's documents, as the case is now; slip sheets tell nothing here.

    Args:
        case: An open case.
        title: The volume's name, such as `VOL001`.
        out: A file whose name ends in .jsonld or .json.
        recipients: Who receives it, each as `NAME, ROLE`; empty: those who received the volume.
        progress: Told the items.

    Raises:
        CaseKitError: As `write` says, and where there is no such volume.
    """
    _check_place(out)
    with case.read() as s:
        check_name(s, out.name)
        volume = volume_of(s, title)
        told, left_out = told_of(s, volume, recipients, progress or Silent())
        words = wording(matter_queries.get(s).profile or "neutral")
        return dataclasses.replace(_write(s, out, told, words), left_out=left_out)


def _check_place(out: Path) -> None:
    if out.suffix.lower() not in (".jsonld", ".json"):
        raise CaseKitError("The provenance is written as .jsonld or .json: name the file so.")
    if not out.parent.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out.parent)


def _write(s: Connection, out: Path, told: Told, words: Wording) -> Written:
    """Write the file whole or not at all, without pseudonymised names and if it tells nothing redacted."""
    given = pseudonyms.of_case(s, words)
    entries = [
        dataclasses.replace(e, label=clean_text(e.label, given), actor=clean_text(e.actor, given))
        for e in custody_queries.entries(s, act_class="custody")
    ]
    made = graph(told, entries, _touched(s, [one.item_id for one in told.files]))
    withheld = all_withheld(s)
    refuse((("the file", name) for _, _, name in withheld.places(readable(made))), _TELLS)
    building = out.with_name(f".{out.name}.part")
    try:
        building.write_bytes(made)
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    labels = {one.label for one in told.files}
    return Written(out, len(labels), len(told.files), len(entries))


def _touched(s: Connection, ids: Sequence[int]) -> dict[int, list[int]]:
    """By custody entry, those of some items whose file it received, read or verified."""
    query = select(item.c.id, item.c.original_id).where(item.c.id.in_(ids)).order_by(item.c.id)
    of_original: dict[int, list[int]] = {}
    for row in s.execute(query):
        of_original.setdefault(row.original_id, []).append(row.id)
    found: dict[int, list[int]] = {}
    for detail in custody.details(s):
        for original_id in detail.body.get("originals", ()):
            if original_id in of_original:
                found.setdefault(detail.seq, []).extend(of_original[original_id])
    return found
