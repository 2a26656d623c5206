"""What each file of a dossier in several parts says of the others: its sheet and its outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from casekit.dossier.assemble import Entry
from casekit.dossier.attached import planned
from casekit.dossier.blocks import set_block, set_grid, set_remark
from casekit.dossier.flow import ACCENT, GREY, HOT, INK, PAPERS, Flow, Page, Rule, Text
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.layout import root_of
from casekit.dossier.parting import Span, Stretch, pieces
from casekit.dossier.sections.common import grouped
from casekit.dossier.sheet import Column, DossierPlan, Grid, Produced, Remark
from casekit.dossier.wording import Wording

_APART = 1000  # sheets have numbers below 0, a thousand a part
_MOST_NAMED = 12


def lay_sheet(
    plan: DossierPlan, faces: Mapping[str, Glyphs], words: Wording, own: Span, spans: Sequence[Span],
    found: Sequence[Stretch], natives: Sequence[Sequence[str]] = (),
) -> list[Page]:  # fmt: skip
    """The sheet of one part: which it is, which pages it holds, and what stands in all of them.

    `natives` names what is attached to each part.

    It bears no page number: those of the dossier run through all parts as if it were not there.
    """
    flow = Flow(PAPERS[plan.paper], faces, -_APART * own.no, tag=root_of(plan))
    flow.turn()
    left, _, right, top = flow.paper.frame
    if plan.cover.draft:
        flow.text(right, top + 14, plan.cover.draft, "sans-bold", 9, colour=HOT, align="right")
    if plan.cover.designation:
        flow.text(left, top + 14, plan.cover.designation, "sans-bold", 8, colour=INK)
    flow.anchor(f"PART-{own.no}")
    flow.y -= 18
    caption = " · ".join(text for text in plan.head[:2] if text)
    flow.put(flow.lines(caption, "sans", 8, right - left), left, 8, 12, colour=GREY)
    flow.space(26)
    over = words("parts.over", no=own.no, of=own.of)
    flow.put(flow.lines(over, "sans-bold", 13, right - left), left, 13, 18, colour=ACCENT)
    flow.space(4)
    with flow.within("H1"):
        for line in flow.lines(plan.title, "serif-bold", 22, right - left):
            flow.need(28)
            flow.y -= 28
            flow.add(Text(left, flow.y + 7, 22, INK, line.runs))
    flow.space(12)
    flow.add(Rule(left, flow.y, right, flow.y, 1.2, INK))
    flow.space(12)
    intro = words(
        "parts.intro",
        pages=f"{spans[-1].last:,}",
        of=own.of,
        first=f"{own.first:,}",
        last=f"{own.last:,}",
    )
    set_remark(flow, Remark(intro))
    flow.space(6)
    columns = (
        Column(words("parts.part"), 16), Column(words("parts.pages"), 16), Column(words("parts.holds"), 68),
    )  # fmt: skip
    rows = [
        (
            words("parts.this", no=span.no) if span is own else str(span.no),
            words("parts.range", first=f"{span.first:,}", last=f"{span.last:,}"),
            _holds(span, spans, found, words),
        )
        for span in spans
    ]
    set_grid(flow, Grid(columns, tuple(rows)))
    if told := planned(plan):
        _tell_natives(flow, told, own, natives, words)
    for page in flow.pages:
        page.bare = True
    return flow.pages


def _tell_natives(
    flow: Flow, told: Mapping[str, Produced], own: Span, natives: Sequence[Sequence[str]], words: Wording
) -> None:  # fmt: skip
    """What is attached to this file, and which natives lie beside all of them."""
    inside = {name for each in natives for name in each}
    columns = (
        Column(words("column.exhibit"), 14), Column(words("parts.native"), 36, "mono"),
        Column(words("column.sha256_record"), 50, "mono"),
    )  # fmt: skip
    for key, names in (
        ("parts.attached", natives[own.no - 1]),
        ("parts.beside", [name for name in told if name not in inside]),
    ):
        rows = tuple((told[n].label, n, grouped(told[n].record_sha256)) for n in names)
        if rows:
            flow.space(10)
            set_block(flow, Grid(columns, rows, words(key)), lambda _: "")


def _holds(span: Span, spans: Sequence[Span], found: Sequence[Stretch], words: Wording) -> str:
    """What a part holds, by labels and titles; many exhibits by the first and the last."""
    told: list[str] = []
    chapters: list[str] = []

    def tell_chapters() -> None:
        if len(chapters) > _MOST_NAMED:
            told.append(words("parts.span", first=chapters[0], last=chapters[-1]))
        else:
            told.extend(chapters)
        chapters.clear()

    for stretch in found:
        if stretch.last < span.first or span.last < stretch.first:
            continue
        if stretch.chapter:
            chapters.append(_named(stretch, span, spans, words))
        else:
            tell_chapters()
            told.append(_named(stretch, span, spans, words))
    tell_chapters()
    return " · ".join(told)


def _named(stretch: Stretch, span: Span, spans: Sequence[Span], words: Wording) -> str:
    """Its label, with the number of the piece where it is cut."""
    parts = pieces(stretch, spans)
    if len(parts) == 1:
        return stretch.label
    return words("parts.piece", label=stretch.label, no=parts.index(span) + 1)


def goes_on(span: Span) -> str:
    """The destination of what began in an earlier part and goes on in this one."""
    return f"PART-{span.no}-GOES-ON"


def outline_of(
    outline: Sequence[Entry], span: Span, spans: Sequence[Span], found: Sequence[Stretch],
    words: Wording,
) -> list[Entry]:  # fmt: skip
    """A part's outline: its sheet and what stands in it; the first also says where all else is."""
    stretch_of = {stretch.dest: stretch for stretch in found}

    def shown(entry: Entry) -> Entry | None:
        stretch = stretch_of[entry.dest]
        parts = pieces(stretch, spans)
        title = entry.title
        if span in parts and len(parts) > 1:
            label = entry.label or entry.title
            piece = words("parts.piece", label=label, no=parts.index(span) + 1)
            title = piece + title.removeprefix(label)
        if span is parts[0]:
            return replace(entry, title=title, under=())
        if span in parts:
            return replace(entry, title=title, under=(), dest=goes_on(span))
        if span.no > 1:
            return None
        elsewhere = words("parts.elsewhere", title=title, part=parts[0].no, page=stretch.first)
        return replace(entry, title=elsewhere, under=(), dest="")

    own: list[Entry] = []
    for entry in outline:
        if entry.under:
            under = tuple(each for each in map(shown, entry.under) if each is not None)
            first = next((each.dest for each in under if each.dest), "")
            if under:
                own.append(replace(entry, dest=first, under=under))
        elif made := shown(entry):
            own.append(made)
    sheet = Entry(words("parts.over", no=span.no, of=span.of), f"PART-{span.no}")
    at = 1 if span.no == 1 and own and own[0].dest == "COVER" else 0
    return [*own[:at], sheet, *own[at:]]
