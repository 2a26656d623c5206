"""Specs of dossiers that are kept in the case: read and written as the command line's files are."""

from __future__ import annotations

from casekit.dossier import differences, sheet
from casekit.dossier.differences import Difference
from casekit.dossier.gaps import Gap, for_draft, look, with_issue
from casekit.dossier.plan import plan
from casekit.dossier.spec import DossierSpec, decode
from casekit.errors import CaseKitError
from casekit.ops import specs
from casekit.ops.journal import Changes
from casekit.progress import Progress
from casekit.queries.specs import issued, saved_spec_named
from casekit.store.case import Case


def saved_spec(case: Case, name: str) -> DossierSpec:
    """The spec of that name, which may have gaps and words of sections that are not asked for.

    Raises:
        CaseKitError: There is none of that name.
    """
    with case.read() as s:
        return decode(saved_spec_named(s, name).spec, unfinished=True)


def keep(case: Case, name: str, spec: DossierSpec, *, new: bool = False) -> Changes:
    """Save a spec under a name; `new` refuses a name that is taken."""
    with case.write() as s:
        return specs.save_spec(s, name, spec.encoded(), new=new)


def compared(
    case: Case, spec: DossierSpec, other: str = "", progress: Progress | None = None
) -> list[Difference]:
    """What is different in a spec from another saved one, or in its draft from the dossier issued last.

    Args:
        case: An open case.
        spec: What is compared.
        other: Name of a saved spec; empty: the dossier that was issued last.
        progress: Told the exhibits.

    Raises:
        CaseKitError: There is no such spec, nothing was issued yet, or the draft cannot be planned.
    """
    if other:
        return differences.of_specs(saved_spec(case, other), spec)
    with case.read() as s:
        known = issued(s)
        if not known:
            raise CaseKitError(
                "No dossier of this case was issued yet, so there is nothing to compare with."
            )
        return differences.of_plans(
            sheet.decode(known[0].plan), plan(s, for_draft(spec), progress=progress)
        )


def gaps_of(case: Case, spec: DossierSpec, progress: Progress | None = None) -> tuple[Gap, ...]:
    """What a spec lacks in this case, and what would stop its issuing."""
    with case.read() as s:
        return with_issue(s, spec, look(s, spec, progress)[1], progress)
