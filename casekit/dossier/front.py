"""The dossier's front: cover with the court's caption, how to read it, and the index of exhibits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.dossier.blocks import LABEL_WIDTH, set_remark
from casekit.dossier.flow import ACCENT, GREY, HAIR, HOT, INK, Box, Flow, Link, Rule, Text
from casekit.dossier.sheet import Chapter, Cover, Remark
from casekit.dossier.wording import Wording


def set_cover(flow: Flow, cover: Cover) -> None:
    """The caption as the court expects it, the document's title and the facts of its making."""
    flow.turn()
    flow.page.bare = True
    left, _, right, top = flow.paper.frame
    if cover.draft:
        flow.text(right, top + 14, cover.draft, "sans-bold", 9, colour=HOT, align="right")
    if cover.designation:
        flow.text(left, top + 14, cover.designation, "sans-bold", 8, colour=INK)
    flow.y = top - 6
    flow.space(18)
    for part in _court_lines(cover.court):
        _centred(flow, part, "serif-bold", 13, 19)
    flow.space(30)
    _caption(flow, cover)
    flow.space(54)
    with flow.within("H1"):
        for line in flow.lines(cover.title, "serif-bold", 26, right - left):
            flow.need(33)
            flow.y -= 33
            flow.add(Text(left, flow.y + 8, 26, INK, line.runs))
    flow.space(14)
    flow.add(Rule(left, flow.y, right, flow.y, 1.2, INK))
    flow.space(14)
    table = flow.element("Table")
    for fact in cover.lines:
        row = table and table.add("TR")
        heads, says = row and row.add("TH", scope="Row"), row and row.add("TD")
        value = flow.lines(
            fact.value, fact.face, 7.5 if fact.face == "mono" else 9, right - left - 130
        )
        label = flow.lines(fact.label, "sans", 8, 122)
        flow.need(max(len(value), len(label)) * 13.5)
        start = flow.y
        with flow.inside(heads):
            flow.put(label, left, 8, 13.5, colour=GREY)
        low, flow.y = flow.y, start
        with flow.inside(says):
            flow.put(value, left + 130, 7.5 if fact.face == "mono" else 9, 13.5)
        flow.y = min(low, flow.y)
        flow.space(2)


def _caption(flow: Flow, cover: Cover) -> None:
    """Parties left of a line, number and judge right of it, as American courts print it."""
    left, _, right, _ = flow.paper.frame
    middle = left + (right - left) * 0.56
    start = flow.y
    page = flow.page
    for index, side in enumerate((cover.above, cover.below)):
        if index and side:
            flow.space(4)
            flow.put(flow.lines(cover.versus, "serif", 11, 60), left + 24, 11, 16)
            flow.space(4)
        for name, standing in side:
            flow.put(flow.lines(name, "serif-bold", 11, middle - left - 20), left, 11, 16)
            flow.put(flow.lines(standing, "serif", 11, middle - left - 44), left + 24, 11, 16)
    low = flow.y
    if flow.page is not page:
        return
    flow.y = start
    for text, face in ((cover.number, "serif-bold"), (cover.judge, "serif")):
        if text:
            flow.put(flow.lines(text, face, 11, right - middle - 18), middle + 18, 11, 16)
            flow.space(5)
    flow.y = min(low, flow.y) - 10
    flow.add(Rule(middle, start, middle, flow.y, 0.75, INK))
    flow.add(Rule(left, flow.y, middle, flow.y, 0.75, INK))


def set_reading(flow: Flow, remarks: Sequence[Remark], words: Wording) -> None:
    """How to read and verify the dossier."""
    flow.turn()
    flow.anchor("READING")
    set_title(flow, words("reading.title"))
    for remark in remarks:
        set_remark_with_heading(flow, remark)


def set_remark_with_heading(flow: Flow, remark: Remark) -> None:
    """A heading in the sans beside its paragraph."""
    left, _, right, _ = flow.paper.frame
    flow.need(44)
    start = flow.y
    heading = flow.lines(remark.heading, "sans-bold", 8, LABEL_WIDTH - 14)
    flow.put(heading, left, 8, 12.5, role="H2")
    low, flow.y = flow.y, start
    text = flow.lines(remark.text, "serif", 9.5, right - left - LABEL_WIDTH)
    flow.put(text, left + LABEL_WIDTH, 9.5, 12.5)
    flow.y = min(low, flow.y) if flow.y < start else flow.y
    flow.space(8)


def set_title(flow: Flow, text: str) -> None:
    """The title of a section."""
    left, _, right, _ = flow.paper.frame
    lines = flow.lines(text, "serif-bold", 15, right - left)
    flow.need(len(lines) * 20 + 40)
    flow.put(lines, left, 15, 20, role="H1")
    flow.space(10)


def set_contents(
    flow: Flow, chapters: Sequence[Chapter], others: Sequence[tuple[str, str]],
    pages: Mapping[str, int], words: Wording, withheld: Sequence[str], parts: Mapping[str, str],
) -> None:  # fmt: skip
    """The index: one row an exhibit and a finding, each a link, with the page it begins on.

    `pages` maps destinations to page numbers, `parts` to the part of the dossier, if there are several; the
    rows' heights do not depend on them.
    """
    flow.turn()
    flow.anchor("CONTENTS")
    set_title(flow, words("contents.title"))
    left, _, right, _ = flow.paper.frame
    spots = (left, left + 46, right - 170, right - 108, right)
    widths = (40.0, right - 170 - left - 46 - 14, 58.0, 82.0)

    def head() -> None:
        flow.head_again = None
        flow.add(Rule(left, flow.y, right, flow.y, 0.75, INK))
        flow.y -= 14
        row = flow.element("TR")
        for key, x in zip(("label", "what", "date", "bates", "page"), spots, strict=True):
            flow.text(
                x, flow.y + 3, words(f"contents.{key}"), "sans-bold", 7, colour=GREY,
                align="right" if key == "page" else "left", tag=row and row.add("TH", scope="Column"),
            )  # fmt: skip
        flow.y -= 4
        flow.add(Rule(left, flow.y, right, flow.y, 0.5, INK))
        flow.head_again = head

    with flow.within("Table"):
        head()
        for chapter in chapters:
            _index_row(flow, chapter, spots, widths, pages, parts)
    flow.head_again = None
    flow.space(14)
    for dest, title in others:
        lines = flow.short(title, "serif", 10, right - left - 70, 3)
        flow.need(16 * len(lines))
        with flow.within("P"), flow.within("Link"):
            flow.put(lines, left, 10, 16)
            _page_number(flow, pages.get(dest, 0), right, flow.y + 4)
            flow.text(
                right - 26, flow.y + 4, parts.get(dest, ""), "sans", 7, colour=GREY, align="right"
            )
            flow.add(Link(left, flow.y, right, flow.y + 16 * len(lines), dest))
    flow.space(12)
    for text in withheld:
        set_remark(flow, Remark(text, small=True))


def _index_row(
    flow: Flow, chapter: Chapter, spots: tuple[float, ...], widths: tuple[float, ...],
    pages: Mapping[str, int], parts: Mapping[str, str],
) -> None:  # fmt: skip
    left, right = spots[0], spots[-1]
    label = flow.lines(chapter.label, "sans-bold", 8, widths[0])
    what = flow.short(chapter.title, "serif", 9.5, widths[1], 3)
    under = flow.short(chapter.summary, "sans", 7, widths[1], 2) if chapter.summary else []
    date = flow.short(chapter.date, "sans", 7.5, widths[2], 3)
    bates = flow.short(chapter.bates.replace(" – ", " –\n"), "mono", 7, widths[3], 3)
    beside = max(len(label), len(date), len(bates)) * 11
    height = max(len(what) * 13 + len(under) * 10, beside, 23) + 8
    flow.need(height)
    top = flow.y
    row = flow.element("TR")
    cells = [row and row.add("TD") for _ in range(5)]
    link = cells[1] and cells[1].add("Link")
    flow.y = top - 4
    with flow.inside(link):
        flow.put(what, spots[1], 9.5, 13)
        flow.put(under, spots[1], 7, 10, colour=GREY)
    for n, lines, size in ((0, label, 8.0), (2, date, 7.5), (3, bates, 7.0)):
        flow.y = top - 5
        with flow.inside(cells[n]):
            flow.put(lines, spots[n], size, 11, colour=INK if n else ACCENT)
    flow.y = top - height
    with flow.inside(cells[4]):
        _page_number(flow, pages.get(chapter.dest, 0), right, top - 13.5)
        if chapter.dest in parts:
            flow.text(right, top - 23.5, parts[chapter.dest], "sans", 7, colour=GREY, align="right")
    flow.add(Link(left, flow.y, right, top, chapter.dest), link)
    flow.add(Rule(left, flow.y, right, flow.y, 0.5, HAIR))


def _page_number(flow: Flow, number: int, x: float, y: float) -> None:
    flow.text(x, y, str(number), "sans", 8, align="right")


def set_chapter_head(flow: Flow, chapter: Chapter) -> None:
    """The head of an exhibit or finding: number, title, and its stamp, if any, in a corner of its own."""
    flow.turn()
    flow.anchor(chapter.dest)
    left, _, right, top = flow.paper.frame
    foot = _stamp(flow, chapter) if chapter.stamp else top
    width = right - left - 116 - 24
    flow.put(flow.lines(chapter.over, "sans-bold", 8, width), left, 8, 12, colour=ACCENT)
    flow.y -= 7
    with flow.within("H1"):
        for line in flow.lines(chapter.title, "serif-bold", 15, width):
            flow.put([line], left, 15, 20)
    flow.y = min(flow.y, foot) - 10


def _stamp(flow: Flow, chapter: Chapter) -> float:
    """The stamp's box; returns where it ends."""
    _, _, right, top = flow.paper.frame
    stamp = flow.short(chapter.stamp, "sans", 6.5, 108, 2)
    height = 22 + 9 * len(stamp)
    box = Box(right - 116, top - height + 8, 116, height, 0.9)
    flow.add(box)
    middle = right - 58
    for index, line in enumerate(stamp):
        y = top - 3 - 9 * index
        flow.add(Text(middle - line.width / 2, y, 6.5, INK, line.runs))
    label = flow.short(chapter.label, "sans-bold", 13, 112, 1)[0]
    flow.add(Text(middle - label.width / 2, box.y + 6.5, 13, INK, label.runs))
    return box.y


def set_section(flow: Flow, dest: str, title: str) -> None:
    """The beginning of a section of tables."""
    flow.turn()
    flow.anchor(dest)
    set_title(flow, title)


def _court_lines(court: str) -> list[str]:
    """The court's name as captions print it: capitals, its district on a line of its own."""
    parts = court.split("\n") if "\n" in court else court.split(", ", 1)
    return [part.strip().upper() for part in parts if part.strip()]


def _centred(flow: Flow, text: str, face: str, size: float, leading: float) -> None:
    left, _, right, _ = flow.paper.frame
    for line in flow.lines(text, face, size, right - left - 40):
        flow.need(leading)
        flow.y -= leading
        x = (left + right - line.width) / 2
        flow.add(Text(x, flow.y + 4, size, INK, line.runs))
