"""Lists that lawyers edit, written as DOCX or XLSX under the same refusals as the dossier's own pages."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from casekit.dossier import leaving, pseudonyms
from casekit.dossier.cleaning import clean
from casekit.dossier.companion import Companion, Kind, companion, spec_of
from casekit.dossier.packed import texts_of
from casekit.dossier.plan import plan
from casekit.dossier.redact import all_withheld, refuse
from casekit.dossier.sections import issued, stated_events, stated_facts, trial
from casekit.dossier.spec import DossierSpec
from casekit.dossier.word_file import write_word
from casekit.dossier.wording import wording
from casekit.dossier.workbook import write_workbook
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import tiers
from casekit.queries.issued import issued as issued_versions
from casekit.queries.names import check_name
from casekit.queries.trial import trial_rows
from casekit.store.case import Case

ENDINGS = (".docx", ".xlsx")
TELLS = (
    "The list was not written, because it would tell words that are redacted: {places}. Redact them there too, "
    "or leave those exhibits out."
)
_NOTHING = {
    "index": "There is no exhibit yet: mark one, then make the index.",
    "claims": "No evaluated fact that may leave goes to an element of a claim, so there is no list of claims.",
    "facts": "There is no evaluated fact that rests on something which may leave, so there is no chronology.",
    "chronology": "No exhibit has a date, so there is no chronology.",
    "trial": "There is no exhibit yet: mark one, then make the trial exhibit list.",
    "privilege": "Nothing is withheld as privileged, so there is nothing to log.",
    "issued": "Nothing was issued yet, so there is no register.",
    "redactions": "Nothing in the exhibits is redacted, so there is nothing to log.",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file, its rows, and of a privilege log how many items have no description."""

    path: Path
    rows: int
    undescribed: int = 0


def write(
    case: Case, kind: Kind, out: Path, spec: DossierSpec | None = None, progress: Progress | None = None
) -> Written:  # fmt: skip
    """Write a list of a case; the file appears under its name only when it is whole and was read back.

    Args:
        case: An open case.
        kind: Which list.
        out: A file whose name ends in .docx or .xlsx.
        spec: The dossier that it goes with: which exhibits, which paper, which format of a privilege log.
        progress: Told the exhibits planned.

    Raises:
        CaseKitError: There is nothing to list, the name ends in neither or tells what is withheld, the folder
            is not there, or the list would tell what is redacted.
        PrivilegeConflict: It would give a withheld item away.
        Undecided: Nobody has decided whether an exhibit in it is privileged.
        Unchecked: No second person has approved what is redacted, as the matter asks.
    """
    if out.suffix.lower() not in ENDINGS:
        raise CaseKitError("This list is written as .docx or .xlsx: name the file so.")
    if not out.parent.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out.parent)
    with case.read() as s:
        check_name(s, out.name)
    made, undescribed = _made(case, kind, spec or DossierSpec(), progress or Silent())
    if not made.grid.rows:
        raise CaseKitError(_NOTHING[kind])
    with case.read() as s:
        withheld = all_withheld(s)
    refuse(((made.title, name) for t in made.texts() for _, _, name in withheld.places(t)), TELLS)
    building = out.with_name(f".{out.name}.part")
    try:
        (write_word if out.suffix.lower() == ".docx" else write_workbook)(made, building)
        parts = texts_of(building)
        refuse(((part, name) for part, t in parts for _, _, name in withheld.places(t)), TELLS)
        building.replace(out)
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return Written(out, len(made.grid.rows), undescribed)


def _made(case: Case, kind: Kind, spec: DossierSpec, progress: Progress) -> tuple[Companion, int]:
    with case.read() as s:
        decided = plan(s, spec_of(kind, spec), progress=progress, judged=False)
        words = wording(decided.words)
        given = pseudonyms.of_case(s, words)
        of = clean(trial.written(trial_rows(s)), given) if kind == "trial" else {}
        entries = [*pseudonyms.log_entries(s, given).values()] if kind == "privilege" else []
        register = None
        if kind == "issued":
            register = clean(issued.table(issued_versions(s), all_withheld(s), words), given)
        made = companion(kind, decided, words, entries, spec.privilege_format, of, register)
        if tiers.order(s) and not decided.recipients:
            made = replace(made, before=(words("companion.unnamed"), *made.before))
        if made.grid.rows:
            wanted = spec_of(kind, spec)
            told = stated_facts.rests_on(s, wanted) | stated_events.rests_on(s, wanted)
            leaving.refuse_open(s, told | {one.item_id for one in decided.produced})
    return made, sum(not one.description for one in entries)
