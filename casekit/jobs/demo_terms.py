"""The sample matter's terms of service in force, two of their clauses, and who is said to have accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from casekit.errors import CaseKitError
from casekit.ops import in_force
from casekit.queries import items
from casekit.search import language

if TYPE_CHECKING:
    from casekit.store.case import Case

PUBLISHED = "2025-10-01"
ACCEPTED_BY = "2025-12-09"
SAID = (
    "One mail says so of fourteen accounts, between 24 November and 9 December 2025; "
    "the record itself was not handed over."
)
CLAUSES = (
    ("2(c)", "Customer shall not use Outputs to develop, train or improve models"),
    ("2(e)", "Customer shall not collect Outputs by automated means"),
)


def enter(case: Case, accounts: Sequence[str]) -> None:
    """Enter the terms of service with one version, its clauses, and the acceptances that a mail tells of.

    Args:
        case: The sample matter, with its evidence read.
        accounts: The accounts that the mail speaks of.

    Raises:
        CaseKitError: The sample's evidence is not what it was.
    """
    terms, part, text = _first(case, "kind:document", "Version of 1 October 2025")
    mail, _, _ = _first(
        case, "kind:mail privileged:no", "All accepted the version of 1 October 2025"
    )
    with case.write() as s:
        document, _ = in_force.add_document(s, "Terms of Service", party="Aurora Labs, Inc.")
        version, _ = in_force.add_version(s, document, terms, "1 October 2025", PUBLISHED)
    for label, words in CLAUSES:
        start = _found(text, words).start()
        stop = text.index(".", start) + 1
        with case.write() as s:
            in_force.add_clause(s, version, label, part, start, stop)
    for account in accounts:
        with case.write() as s:
            in_force.add_assent(
                s, version, "acceptance", mail, ACCEPTED_BY, account=account, note=SAID
            )


def _first(case: Case, query: str, words: str) -> tuple[int, str, str]:
    """The first item in order of date, its part and that part's text, in which words stand."""
    with case.read() as s:
        for item_id in items.item_ids(s, language.parse(query), order="date"):
            for part, text in items.view(s, int(item_id)).texts:
                if _pattern(words).search(text):
                    return int(item_id), part, text
    raise CaseKitError("The sample does not say “{words}”.", words=words)


def _found(text: str, words: str) -> re.Match[str]:
    found = _pattern(words).search(text)
    if found is None:
        raise CaseKitError("The sample does not say “{words}”.", words=words)
    return found


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words.split())))
