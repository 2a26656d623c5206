"""What is to be filed looked through for personal numbers that nobody redacted, for a person to look again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from casekit.dossier.cleaning import every_text
from casekit.dossier.redact import readable
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.wording import Wording
from casekit.queries.redactions import BORN, find_preset

KINDS = ("ssn", "taxid", "nino", "card", "iban", "account")
"""Forms of `queries.redactions.PRESETS`; of dates those alone that are called somebody's birth date."""

_NUMBER = re.compile(r"\d[\d .年月/-]{4,}\d|\d{1,2}[^\d\n]{1,16}\d{4}")
_BEFORE, _AFTER = 60, 40  # characters: a number is judged with the words around it


def personal(
    plan: DossierPlan, words: Wording, records: Iterable[tuple[int, bytes]] = ()
) -> list[str]:
    """A sentence for each exhibit that shows what a court may not want to see filed; it repeats no number.

    Args:
        plan: What is printed.
        words: The wording; it says by which rule.
        records: Item and bytes of the records that are printed as received.
    """
    if plan.profile == "archive":
        return []
    labels = {one.item_id: one.label for one in plan.produced}
    raw: dict[str, list[str]] = {}
    for item_id, data in records:
        raw.setdefault(labels.get(item_id, ""), []).append(readable(data))
    found = []
    for chapter in plan.exhibits:
        texts = [*every_text(msgspec.to_builtins(chapter)), *raw.get(chapter.label, ())]
        near = "\n".join(each for text in texts for each in _windows(text))
        kinds = [kind for kind in KINDS if find_preset(near, kind)]
        kinds += ["birthdate"] if re.search(BORN, near) else []
        if kinds:
            what = ", ".join(words(f"personal.{kind}") for kind in kinds)
            found.append(
                words("personal.found", label=chapter.label, what=what, why=words("personal.why"))
            )
    return found


def _windows(text: str) -> Iterator[str]:
    """The places of a text where a number stands, with what stands around it; most texts have few."""
    for match in _NUMBER.finditer(text):
        yield text[max(0, match.start() - _BEFORE) : match.end() + _AFTER]
