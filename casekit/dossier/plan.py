"""The dossier decided: what is in it, what is withheld, what every page says and which number it bears."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, select

import casekit
from casekit import clock
from casekit.dossier import finding_chapters, further, leaving, pseudonyms, redact, translated
from casekit.dossier.copies import OPENED, Copies
from casekit.dossier.desk import Desk, Shown, entries_of
from casekit.dossier.hidden import (
    family_size,
    hidden_by_pseudonyms,
    hidden_by_redaction,
    roots_of,
    withheld_families,
)
from casekit.dossier.limits import MEGABYTE
from casekit.dossier.sections import (
    caption,
    document,
    exchange,
    imports,
    logs,
    mail,
    message,
    offered,
    stated_events,
    stated_facts,
    talk,
)
from casekit.dossier.sections.common import Context, Printed, bates_text, index_day
from casekit.dossier.sheet import (
    Block,
    Chapter,
    DossierPlan,
    Produced,
    Remark,
    Subhead,
    Withheld,
)
from casekit.dossier.spec import DossierSpec, check
from casekit.dossier.wording import Wording, wording
from casekit.ops.productions import next_number
from casekit.progress import Progress, Silent
from casekit.queries import clearance, conversations, sequestered, tiers
from casekit.queries import exhibits as exhibit_queries
from casekit.queries import items as item_queries
from casekit.queries import matter as matter_queries
from casekit.queries.exhibits import ExhibitRow
from casekit.queries.items import ItemView
from casekit.queries.joined import HALVES
from casekit.store import custody
from casekit.store.tables import bates


def plan(
    s: Connection, spec: DossierSpec | None = None, *, for_issue: bool = False,
    progress: Progress | None = None, copies: Copies | None = None, judged: bool = True,
) -> DossierPlan:  # fmt: skip
    """Decide a dossier on the snapshot of a reading session.

    Items withheld as privileged, with their families, never enter: they are counted and that is all. Nor does
    what would give them away, save by a person's decision.

    Args:
        s: Reading session.
        spec: What it shall hold; None: everything, in the usual order.
        for_issue: Propose Bates numbers for items that have none and take today's date; else a draft,
            which is dated by the custody entry it rests on.
        progress: Told the exhibits.
        copies: Takes what a public and a sealed copy print for each passage; what the plan then has is cells.
        judged: Refuse it if it tells withheld words; a list that prints a part of it judges that part itself.

    Raises:
        CaseKitError: The spec names an exhibit or finding that the case does not have.
        PrivilegeConflict: Something in it would give a withheld item away.
        Undecided, Unchecked: It is to be issued, and somebody has still to decide of something in it.
    """
    spec, progress = spec or DossierSpec(), progress or Silent()
    check(spec)
    matter = matter_queries.get(s)
    words = wording(spec.words or matter.profile or "neutral")
    words = copies.words(words) if copies else words
    stamp = caption.stamp(matter, spec.offered_by or matter.offered_by, words)
    given = pseudonyms.of_case(s, words)
    desk = Desk(s, spec, matter, words, stamp, copies.pseudonyms(given) if copies else given)
    desk.copies, desk.order = copies, tiers.order(s)
    rows, withheld = _chosen(s, spec)
    labels = {row.item_id: (row.label, f"EX-{row.label}") for row in reversed(rows)}
    shown = _all_gathered(desk, rows, labels, progress)
    others = [each for one in shown for view in one.views for each in _others(view)]
    cut, hidden, unhashed = _hidden(desk, shown, others)
    _number(desk, shown, for_issue, hidden, unhashed)
    numbers = _printed_numbers(desk)
    kept_back = desk.kept_back(others)
    desk.told.update(others)
    context = Context(
        words, spec, labels, numbers, entries_of(s, shown), hidden, unhashed, kept_back
    )
    exhibits = tuple(_exhibit(one, desk, context, draft=not for_issue) for one in shown)
    known, happened = stated_facts.stated(desk, hidden), stated_events.stated(desk)
    found = finding_chapters.chapters(desk, context, cut)
    findings = offered.chapters(found, spec, words, draft=not for_issue)
    seen = OPENED if copies else ()
    desk.refuse_recipients(progress, draft=not for_issue, shown=seen)
    leaving.refuse(s, desk.told, progress, draft=not for_issue, shown=seen)
    if for_issue:
        translated.refuse_missing(shown, words)
    decided = _whole(desk, exhibits, findings, tuple(withheld), draft=not for_issue)
    listed = [Printed(chapter, one.views) for chapter, one in zip(exhibits, shown, strict=True)]
    decided = further.added(desk, known, happened, listed, decided)
    decided = _with_pseudonyms(decided, desk)
    if judged:
        redact.check(s, copies.public(decided) if copies else decided)
    return decided


def _hidden(
    desk: Desk, shown: Sequence[Shown], others: Sequence[int]
) -> tuple[frozenset[int], frozenset[int], frozenset[bytes]]:
    """The items with redactions; those of which no record or hash is told; and so of originals."""
    cut, unhashed = hidden_by_redaction(desk.s)
    beside = (desk.view(each) for each in others) if desk.given else ()
    named, unhashed_too = hidden_by_pseudonyms(
        [*(view for one in shown for view in one.views), *beside]
    )
    return cut, cut | named, unhashed | unhashed_too


def _with_pseudonyms(decided: DossierPlan, desk: Desk) -> DossierPlan:
    """The plan with pseudonyms, and without the section of what is withheld where nothing is."""
    decided = pseudonyms.applied(
        decided, desk.given, desk.words, pseudonyms.given_by(desk.s, desk.words),
        desk.copies.public if desk.copies else lambda plan: plan,
    )  # fmt: skip
    if decided.redactions:
        return decided
    kept = tuple(name for name in decided.sections if name != "redactions")
    return msgspec.structs.replace(decided, sections=kept)


def _whole(
    desk: Desk, exhibits: tuple[Chapter, ...], findings: tuple[Chapter, ...],
    withheld: tuple[Withheld, ...], *, draft: bool,
) -> DossierPlan:  # fmt: skip
    s, spec, matter, words = desk.s, desk.spec, desk.matter, desk.words
    seq = custody.head(s)
    last = next(custody.leaves(s, seq - 1, seq)).content
    at_us = _parsed(last["at"]) if draft else clock.now_us()
    root = custody.tree_root(s).hex()
    title = spec.title or matter.title or words("title.dossier")
    designation = desk.order.stamp(desk.designation, desk.told)
    redactions = redact.log(s, desk.produced.values(), _printed_numbers(desk), words)
    counts = words(
        "cover.holds_text",
        exhibits=words.count("count.exhibits", len(exhibits)),
        findings=words.count("count.findings", sum(c.kind == "finding" for c in findings)),
    )
    front = caption.cover(
        matter, words, title=title, designation=designation,
        offered_by=spec.offered_by or matter.offered_by, draft=draft, at_us=at_us,
        state=(seq, root), counts=counts, version=casekit.__version__,
    )  # fmt: skip
    return DossierPlan(
        v=1, case=last["case"], version=casekit.__version__, draft=draft, title=title, at_us=at_us,
        custody_seq=seq, custody_root=root, words=words.profile,
        paper=spec.paper or ("letter" if words.profile == "us-federal" else "a4"),
        language=words("language"), head=caption.head(matter, designation),
        sections=spec.sections,
        cover=front,
        reading=caption.reading(
            words, draft, withheld, attached=spec.profile == "archive", findings=bool(findings),
            limit_mb=spec.limit_mb, unnamed=bool(desk.order) and not spec.recipients,
        ),
        exhibits=exhibits, findings=findings,
        custody=logs.custody(s, words, root) if "custody" in spec.sections else (),
        hashes=logs.hashes(tuple(desk.produced.values()), words) if "hashes" in spec.sections else (),
        produced=tuple(desk.produced.values()), withheld=withheld, profile=spec.profile,
        imports=imports.blocks(s, words) if "imports" in spec.sections else (), redactions=redactions,
        limit=int(spec.limit_mb * MEGABYTE), recipients=tiers.parsed(spec.recipients),
    )  # fmt: skip


def _chosen(s: Connection, spec: DossierSpec) -> tuple[list[ExhibitRow], list[Withheld]]:
    """The exhibits that are in, in order, and what was left out on which ground."""
    rows = exhibit_queries.exhibits(s)
    if spec.exhibits is not None:
        known = {row.label: row for row in rows}
        for label in spec.exhibits:
            if label not in known:
                raise sequestered.missing_exhibit(s, label)
        rows = [known[label] for label in spec.exhibits]
    held = withheld_families(s)
    roots = roots_of(s, [row.item_id for row in rows])
    inside, outside = [], dict[str, list[int]]()
    for row in rows:
        basis = held.get(roots[row.item_id])
        if basis is None:
            inside.append(row)
        else:
            outside.setdefault(basis, []).append(roots[row.item_id])
    withheld = [
        Withheld(basis, len(found), family_size(s, set(found)))
        for basis, found in sorted(outside.items())
    ]
    return inside, withheld


def _all_gathered(
    desk: Desk,
    rows: Sequence[ExhibitRow],
    labels: Mapping[int, tuple[str, str]],
    progress: Progress,
) -> list[Shown]:
    shown = []
    for done, row in enumerate(rows):
        progress.step(done, len(rows), f"planning exhibit {row.label}")
        shown.append(_gathered(desk, row, labels))
    return shown


def _gathered(desk: Desk, row: ExhibitRow, labelled: Mapping[int, tuple[str, str]]) -> Shown:
    """The item with all below it, depth first, save what is an exhibit by itself.

    A file that was kept and not read is neither printed nor produced: nobody could have reviewed it.
    """
    desk.told.add(row.item_id)
    whole = item_queries.view(desk.s, row.item_id)
    view = redact.redacted(whole, desk.words, desk.given, copies=desk.copies)
    title = redact.without(whole, row.title, desk.words, desk.copies)
    row = dataclasses.replace(row, title=title)
    children: dict[int | None, list[int]] = {}
    for member in view.family:
        children.setdefault(member.parent_id, []).append(member.id)

    def below(parent: int) -> Iterator[ItemView]:
        for child in children.get(parent, ()):
            if child not in labelled:
                found = desk.view(child)
                if found.row.kind != "file":
                    yield found
                yield from below(child)

    shown = Shown(row, view, tuple(below(row.item_id)), _halves(desk, whole, labelled))
    return translated.added(shown, desk, labelled)


def _halves(desk: Desk, view: ItemView, labelled: Collection[int]) -> tuple[ItemView, ...]:
    """The other halves of an exchange, save what is an exhibit by itself or is withheld as privileged."""
    wanted = [
        each.item_id
        for each in (view.joined.others if view.joined else ())
        if each.side in HALVES and each.item_id not in labelled
    ]
    kept_back = desk.kept_back(wanted)
    return tuple(desk.view(item_id) for item_id in wanted if item_id not in kept_back)


def _others(view: ItemView) -> Iterator[int]:
    """The items that an exchange is joined with."""
    yield from (each.item_id for each in (view.joined.others if view.joined else ()))


def _number(
    desk: Desk, shown: Sequence[Shown], for_issue: bool, hidden: Collection[int],
    unhashed: Collection[bytes],
) -> None:  # fmt: skip
    """Every produced item once, with the number it has, or for an issue the next free one."""
    pairs = [(one.row.label, view) for one in shown for view in one.views]
    ids = [view.row.id for _, view in pairs]
    query = select(bates).where(bates.c.item_id.in_(ids))
    known = {r.item_id: (r.prefix, r.first, r.last) for r in desk.s.execute(query)}
    prefix = caption.prefix(desk.matter)
    number = next_number(desk.s, prefix)
    for label, view in pairs:
        row = view.row
        if row.id in desk.produced:
            continue
        made = Produced(
            row.id,
            label,
            row.name or row.title,
            "" if row.id in hidden else view.sha256.hex(),
            "" if view.original_sha256 in unhashed else view.original_sha256.hex(),
            0 if row.id in hidden else row.size,
            media_type=row.media_type,
        )
        if row.id in known:
            had, first, last = known[row.id]
            made = msgspec.structs.replace(made, prefix=had, first=first, last=last)
        elif for_issue:
            last = number + max(1, document.page_count(view)) - 1
            made = msgspec.structs.replace(made, prefix=prefix, first=number, last=last, new=True)
            number = last + 1
        desk.produced[row.id] = made


def _undecided(desk: Desk, shown: Iterable[ItemView], told: Iterable[int]) -> tuple[Remark, ...]:
    """What a draft says of an exhibit in which nobody has decided whether something is privileged."""
    ids = {*(view.row.id for view in shown), *told}
    named = ", ".join(str(item_id) for item_id, _ in clearance.undecided(desk.s, sorted(ids)))
    words = desk.words
    text = words("privilege.undecided", items=named)
    return (Remark(text, words("privilege.undecided_head")),) if named else ()


def _exhibit(one: Shown, desk: Desk, context: Context, *, draft: bool) -> Chapter:
    view, words = one.view, desk.words
    before, desk.told = desk.told, set()
    title, summary = _titled(one, words)
    summary += translated.summary(one, words)
    given = "" if one.row.title.startswith(view.row.title) else one.row.title
    blocks = [*translated.notes(one, words, draft=draft), *_item_blocks(view, desk, context)]
    blocks += _translations(one, view, desk, context)
    for n, child in enumerate(one.below, 1):
        name = child.row.name or child.row.title or words(f"kind.{child.row.kind}")
        text = words("heading.attachment", n=n, name=name)
        number = context.numbers.get(child.row.id, "")
        blocks.append(Subhead(text, new_page=True, bates=number, mark=one.mark))
        blocks += _item_blocks(child, desk, context, attached=True)
        blocks += _translations(one, child, desk, context)
    for half in one.beside:
        side = str(half.exchange["joint"]).rpartition("/")[2]
        number = context.numbers.get(half.row.id, "")
        text = words(f"heading.other_{side}")
        blocks.append(Subhead(text, new_page=True, bates=number, mark=one.mark))
        blocks += _item_blocks(half, desk, context)
        blocks += _translations(one, half, desk, context)
    mark = _undecided(desk, one.views, desk.told) if draft else ()
    designation = desk.marked({*desk.told, *(v.row.id for v in one.views)}, one.row.designation)
    before |= desk.told
    desk.told = before
    return Chapter(
        label=one.row.label, dest=f"EX-{one.row.label}", kind=view.row.kind,
        over=words("exhibit.over", label=one.row.label), title=given or title,
        stamp=desk.stamp, summary=summary, date=index_day(view, words),
        custodian=view.receipts[0].custodian if view.receipts else "",
        bates=context.numbers.get(view.row.id, ""), designation=designation,
        blocks=(*mark, *blocks), mark=one.mark,
    )  # fmt: skip


def _translations(one: Shown, view: ItemView, desk: Desk, context: Context) -> list[Block]:
    """The translations of an item, each with who made it, and the translator's certificate."""
    found: list[Block] = []
    for each in one.translations.get(view.row.id, ()):
        if each.view is not None:
            found += translated.head(each, view, context)
            found += _item_blocks(each.view, desk, context, attached=True)
        if each.certificate is not None:
            found += translated.certificate_head(each.certificate, one.mark, context)
            found += _item_blocks(each.certificate, desk, context, attached=True)
    return found


def _titled(one: Shown, words: Wording) -> tuple[str, str]:
    """An exhibit's title, unless the user gave one, and its line in the index."""
    view = one.view
    custodian = view.receipts[0].custodian if view.receipts else ""
    is_log = view.row.collection == "api-log"
    kind = words("log.evidence") if is_log else words(f"kind.{view.row.kind}")
    where = [
        kind[:1].upper() + kind[1:],
        words("receipt.custodian", value=custodian) if custodian else "",
    ]
    summary = " · ".join(part for part in where if part)
    if view.row.kind == "mail":
        return mail.title(view, words), f"{mail.summary(view, words)} · {summary}"
    if view.row.kind == "message":
        return message.title(view, words), f"{message.summary(view, words)} · {summary}"
    if view.row.kind in {"exchange", "request", "record"}:
        return exchange.title(view, words), summary
    return document.title(view, words), summary


def _item_blocks(
    view: ItemView, desk: Desk, context: Context, *, attached: bool = False
) -> tuple[Block, ...]:
    if view.row.kind == "mail":
        return mail.blocks(view, _children(view, desk), context)
    if view.row.kind == "message":
        return (*message.blocks(view, context), *_around(view, desk, context))
    if view.row.kind in {"exchange", "request", "record"}:
        return exchange.blocks(view, context)
    return document.blocks(view, context, attached=attached)


def _around(view: ItemView, desk: Desk, context: Context) -> tuple[Block, ...]:
    """The run of the conversation in which a message stands; of withheld neighbours only that they are."""
    n = desk.spec.context
    found = conversations.around(desk.s, view.row.id, before=n, after=n) if n else None
    if found is None or found.total < 2:
        return ()
    held = withheld_families(desk.s)

    def neighbours(messages: Iterable[conversations.Said]) -> list[talk.Neighbour]:
        views = [desk.view(each.id) for each in messages]
        return [(each, held.get(each.row.root_id, "")) for each in views]

    return talk.blocks(view, found, neighbours(found.before), neighbours(found.after), context)


def _children(view: ItemView, desk: Desk) -> list[ItemView]:
    ids = [member.id for member in view.family if member.parent_id == view.row.id]
    return [desk.view(item_id) for item_id in ids]


def _printed_numbers(desk: Desk) -> dict[int, str]:
    texts = ((i, bates_text(p.prefix, p.first, p.last)) for i, p in desk.produced.items())
    return {item_id: text for item_id, text in texts if text}


def _parsed(iso: str) -> int:
    return clock.to_us(dt.datetime.fromisoformat(iso))
