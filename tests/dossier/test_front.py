from collections.abc import Mapping

from casekit.dossier.flow import PAPERS, Box, Flow, Link, Text
from casekit.dossier.front import set_chapter_head, set_contents, set_cover
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.sheet import Chapter, Cover, Fact
from casekit.dossier.wording import wording


def chapter(n: int, title: str = "Answer of a model") -> Chapter:
    return Chapter(
        label=f"A-{n}", dest=f"EX-A-{n}", kind="exchange", over=f"Exhibit A-{n}", title=title,
        stamp="PLAINTIFF’S EXHIBIT", summary="Model output", date="14 Jan 2026", custodian="", bates="",
        designation="", blocks=(),
    )  # fmt: skip


def make(faces: Mapping[str, Glyphs]) -> Flow:
    return Flow(PAPERS["letter"], faces, 1)


def texts(flow: Flow) -> list[str]:
    return [
        "".join(run for _, run in op.runs)
        for page in flow.pages
        for op in page.ops
        if isinstance(op, Text)
    ]


def test_the_cover_has_caption_title_and_draft_mark(faces: Mapping[str, Glyphs]) -> None:
    flow = make(faces)
    cover = Cover(
        "United States District Court, Northern District of California",
        (("Aurora Labs, Inc.,", "Plaintiff,"),),
        "v.", (("Meridian AI Ltd.,", "Defendant."),), "Case No. 5:26", "Hon. V", "Dossier of exhibits",
        (Fact("Date", "2026-01-21"),), "CONFIDENTIAL", "DRAFT – NOT ISSUED",
    )  # fmt: skip
    set_cover(flow, cover)
    found = texts(flow)
    for wanted in (
        "UNITED STATES DISTRICT COURT", "NORTHERN DISTRICT OF CALIFORNIA", "v.", "Dossier of exhibits",
        "DRAFT – NOT ISSUED", "Case No. 5:26", "CONFIDENTIAL",
    ):  # fmt: skip
        assert wanted in found


def test_a_caption_of_forty_parties_goes_over_pages(faces: Mapping[str, Glyphs]) -> None:
    flow = make(faces)
    above = tuple((f"Plaintiff number {n},", "") for n in range(60))
    set_cover(flow, Cover("", above, "v.", (("D", "Defendant."),), "No. 1", "", "T", (), "", ""))
    assert "Plaintiff number 59," in texts(flow)
    assert "Defendant." in texts(flow)


def test_the_index_is_as_long_with_page_numbers_as_without(faces: Mapping[str, Glyphs]) -> None:
    chapters = [
        chapter(n, "A title that is long enough for two lines of the index " * (n % 3))
        for n in range(90)
    ]
    flows = []
    for pages in ({}, {f"EX-A-{n}": 10_000 + n for n in range(90)}):
        flow = make(faces)
        set_contents(
            flow,
            chapters,
            [("CUSTODY", "Chain of custody")],
            pages,
            wording("neutral"),
            [],
            {"EX-A-7": "part 3"} if pages else {},
        )
        flows.append(flow)
    assert len(flows[0].pages) == len(flows[1].pages) > 2
    links = [op.dest for page in flows[1].pages for op in page.ops if isinstance(op, Link)]
    assert links == [*(f"EX-A-{n}" for n in range(90)), "CUSTODY"]
    assert "10089" in texts(flows[1])


def test_a_stamp_stands_in_its_corner_and_the_title_beside_it(faces: Mapping[str, Glyphs]) -> None:
    flow = make(faces)
    set_chapter_head(flow, chapter(17, "A very long title " * 12))
    box = next(op for op in flow.page.ops if isinstance(op, Box))
    inside = []
    for op in flow.page.ops:
        if isinstance(op, Text):
            width = sum(faces["serif-bold"].measure(run).width for _, run in op.runs) * op.size
            if op.x + width > box.x and op.y > box.y:
                inside.append("".join(run for _, run in op.runs))
    assert inside == ["PLAINTIFF’S EXHIBIT", "A-17"]
    assert flow.page.dests == {"EX-A-17": 726}
