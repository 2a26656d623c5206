"""Specs of dossiers that are kept in the case: read and written as the command line's files are."""

from __future__ import annotations

from casekit.dossier.gaps import Gap, look
from casekit.dossier.spec import DossierSpec, decode
from casekit.ops import specs
from casekit.ops.journal import Changes
from casekit.progress import Progress
from casekit.queries.specs import saved_spec_named
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


def gaps_of(case: Case, spec: DossierSpec, progress: Progress | None = None) -> tuple[Gap, ...]:
    """What a spec lacks in this case, and what would stop its issuing."""
    with case.read() as s:
        return look(s, spec, progress)[1]
