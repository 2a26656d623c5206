"""What a verification found, in a lawyer's words, with the exact places below for an expert."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.jobs.verify import Damage, VerifyReport

CHECKED = {
    "schema": "Parts of the case file’s structure",
    "rows": "Decisions and entries, against the custody log",
    "items": "Items, against the custody log",
    "originals": "Originals, hashed again",
    "originals kept elsewhere": "Originals kept elsewhere, not checked",
    "custody entries": "Entries of the custody log",
    "checkpoints": "Checkpoints",
}
"""What was looked at, by its name in a report."""
KEPT = {
    "annotation": "annotation", "bates": "Bates number", "checkpoint": "checkpoint", "claim": "claim",
    "clawback": "clawback", "coding": "coding", "custodian": "custodian", "custody": "custody entry",
    "element": "element of a claim", "exchange": "exchange", "exhibit": "exhibit", "fact": "fact",
    "fact_cite": "citation of a fact", "finding": "finding", "item": "item", "item_tag": "tag on an item",
    "item_text": "text of an item", "item_tier": "tier of an item", "mail": "mail", "matter": "matter",
    "note": "note", "notice": "notice of clawback", "original": "original", "original_act": "original",
    "person": "person", "person_alias": "value of a person", "privilege": "privilege decision",
    "problem": "problem", "production": "production", "pseudonym": "pseudonym", "receipt": "receipt",
    "redaction": "redaction", "redaction_box": "redaction on a page", "redaction_check": "check of a redaction",
    "review_set": "review set", "review_item": "item of a review set", "saved_search": "saved search",
    "saved_spec": "saved dossier", "sequester": "sequestered item", "tag": "tag", "tier": "tier",
    "time_decision": "decision on times", "timeline_event": "event", "translation": "translation",
    "trial_exhibit": "trial exhibit",
}  # fmt: skip
"""What a table of the case keeps, by its name; of others it is an entry of the case."""
OTHER = "entry of the case"
WHY = (
    (r"It points to a row of .+ that is not there\.", "It refers to something that is missing."),
    (r"No custody entry made this row\.", "No entry of the custody log made it."),
    (r"Its (?!record |bytes ).+ changed outside CaseKit\.", "It was changed outside CaseKit."),
    (r"The row that .+ is missing\.", "The custody log tells of it, and it is missing."),
    (r"[\d,]+ of its values are of another type .+", "It holds what CaseKit does not write there."),
    (r"CaseKit did not make this .+", "It holds a part that CaseKit did not make."),
    (r"It is missing or not what CaseKit made\.", "A part of it is missing or was changed."),
    (r"It does not go on from .+", "They do not go on from the last number given."),
)  # fmt: skip
"""Reasons that speak of the database, each with one that does not."""
_ROW = re.compile(r"table (\w+), row (.*)", re.DOTALL)
_TABLE = re.compile(r"table (\w+)")


def figures(report: VerifyReport) -> list[tuple[str, str]]:
    """What was looked at, and how many of each."""
    return [
        (tr(CHECKED[name]) if name in CHECKED else translated(name), f"{number:,}")
        for name, number in report.checked.items()
    ]


def told(report: VerifyReport) -> str:
    """Every damage in plain words, then as the report names it; empty where there is none."""
    if not report.damaged:
        return ""
    plain = [_line(one) for one in report.damaged]
    exact = [shown(f"{one.what}: {one.why}") for one in report.damaged]
    return "\n".join((*plain, "", tr("The exact places, for an expert:"), *exact))


def place(what: str) -> str:
    """Where something is damaged, as a reader of the case knows it."""
    if what.startswith("schema of "):
        return tr("Structure of the case file")
    if what == "table sqlite_sequence":
        return tr("Numbers given")
    if row := _ROW.fullmatch(what):
        return _numbered(tr(KEPT.get(row[1], OTHER)), row[2])
    if table := _TABLE.match(what):
        return tr(KEPT.get(table[1], OTHER))
    return shown(translated(what))


def reason(why: str) -> str:
    """What is wrong with it."""
    for pattern, plain in WHY:
        if re.fullmatch(pattern, why, re.DOTALL):
            return tr(plain)
    return shown(translated(why))


def _line(one: Damage) -> str:
    depends = f" ({', '.join(one.depends)})" if one.depends else ""
    where = place(one.what)
    if one.names:
        where = tr("{what}, received as {names}", what=where, names=shown(", ".join(one.names)))
    return f"{where[:1].upper()}{where[1:]}: {reason(one.why)}{depends}"


def _numbered(kept: str, key: str) -> str:
    """An entry with the number that a reader can find it by: its own, or that of its item."""
    try:
        values = json.loads(key)
    except ValueError:
        return kept
    number, item = (values.get("id"), values.get("item_id")) if isinstance(values, dict) else (0, 0)
    if item:
        return tr("{kept}, item {n}", kept=kept, n=item)
    return tr("{kept} no. {n}", kept=kept, n=number) if number else kept
