"""The chapters of findings: each with what of it may be shown, and its pairs of texts as exhibits."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Connection

from casekit.dossier import usage_gate
from casekit.dossier.desk import Desk
from casekit.dossier.hidden import roots_of, withheld_families
from casekit.dossier.sections import finding
from casekit.dossier.sections.common import Context, short_day
from casekit.dossier.sheet import Chapter
from casekit.errors import CaseKitError
from casekit.queries import findings as finding_queries
from casekit.queries import items as item_queries
from casekit.queries.findings import FindingRow


def chapters(desk: Desk, context: Context, cut: Collection[int]) -> tuple[Chapter, ...]:
    """A chapter for every finding that is in, each before its similarity exhibits; what they tell is noted.

    Args:
        desk: The dossier's.
        context: What sections need.
        cut: Items of which something is redacted.

    Raises:
        CaseKitError: The spec names a finding that the case does not have, or answers were sequestered since.
    """
    rows = finding_queries.findings(desk.s)
    if desk.spec.findings is not None:
        known = {row.id: row for row in rows}
        for wanted in desk.spec.findings:
            if wanted not in known:
                raise CaseKitError("There is no finding {id} in this case.", id=wanted)
        rows = [known[wanted] for wanted in desk.spec.findings]
    held = withheld_families(desk.s)
    found: list[Chapter] = []
    number = 0
    for row in rows:
        taken = finding_queries.sequestered_since(desk.s, row)
        if taken:
            raise CaseKitError(
                "Finding F-{id} was computed before {n} answers of its models were sequestered: leave it out, "
                "or compute it again and take the new one.",
                id=row.id, n=taken,
            )  # fmt: skip
        pairs = row.body.get("pairs", ())
        open_pairs = [
            p for p in pairs if not _touches(desk.s, p, held) and _items(p).isdisjoint(cut)
        ]
        label = f"F-{row.id}"
        row, quoted = _claims(row, desk, held, cut)
        opened = usage_gate.opened(row.body, desk, cut) if row.kind == "usage" else None
        made = finding.blocks(row, context, len(pairs) - len(open_pairs), opened)
        over = desk.words("finding.over", label=label)
        summary = desk.words("finding.summary")
        at = short_day(row.at_us, desk.words)
        chapter = finding.chapter(label, "finding", over, row.title, summary, context, at, made)
        shown = [i for pair in open_pairs for i in _items(pair)] if desk.order else []
        shown += [*quoted, *(opened.shown if opened else ())]
        found.append(msgspec.structs.replace(chapter, designation=desk.marked(shown)))
        for pair in open_pairs[: desk.spec.pairs]:
            number += 1
            found.append(_pair(pair, number, label, desk, context))
    return tuple(found)


def _claims(
    row: FindingRow, desk: Desk, held: Mapping[int, str], cut: Collection[int]
) -> tuple[FindingRow, list[int]]:
    """A finding with the passages of it that are shown, as many as pairs would be, and their items."""
    claims = [one for one in row.body.get("claims") or () if isinstance(one, Mapping)]
    roots = roots_of(desk.s, sorted({int(one.get("item_id", 0)) for one in claims}))
    kept = [
        one for one in claims
        if (item_id := int(one.get("item_id", 0))) not in cut and roots.get(item_id) not in held
    ]  # fmt: skip
    shown = kept[: desk.spec.pairs]
    ids = [int(one.get("item_id", 0)) for one in shown]
    desk.told.update(ids)
    told = {
        "claims_shown": shown,
        "claims_more": len(kept) - len(shown),
        "claims_withheld": len(claims) - len(kept),
    }
    return dataclasses.replace(row, body={**row.body, **told}), ids


def _pair(pair: dict, number: int, finding_label: str, desk: Desk, context: Context) -> Chapter:  # type: ignore[type-arg]
    ids = [int(pair[side].get("item_id", 0)) for side in ("left", "right")]
    models = {r.id: r.model for r in item_queries.rows(desk.s, ids)}
    label = f"S-{number}"
    desk.told.update(ids)
    made = finding.pair_blocks(pair, context, models, finding_label)
    title = finding.chapter_title(pair, context, models)
    over = desk.words("pair.over", label=label)
    summary = desk.words("pair.summary", finding=finding_label)
    chapter = finding.chapter(label, "pair", over, title, summary, context, "", made)
    return msgspec.structs.replace(chapter, designation=desk.marked(ids))


def _touches(s: Connection, pair: dict, held: dict[int, str]) -> bool:  # type: ignore[type-arg]
    return any(root in held for root in roots_of(s, sorted(_items(pair))).values())


def _items(pair: dict) -> set[int]:  # type: ignore[type-arg]
    return {int(pair[side].get("item_id", 0)) for side in ("left", "right")}
