from collections.abc import Mapping

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.layout import lay_chapter, lay_out
from casekit.dossier.sheet import Raw
from casekit.dossier.wording import wording
from casekit.progress import Silent
from tests.dossier.conftest import Matter


def no_raw(_: Raw) -> str:
    return ""


def test_pages_are_numbered_from_one_without_gaps_and_chapters_know_their_length(
    dossier: Matter, faces: Mapping[str, Glyphs]
) -> None:
    layout = lay_out(dossier.plan, faces, wording(dossier.plan.words), no_raw, Silent())
    assert [p.no for p in layout.pages] == list(range(1, len(layout.pages) + 1))
    for label, (first, pages) in layout.chapters.items():
        chapter = layout.pages[first - 1 : first - 1 + pages]
        assert f"EX-{label}" in chapter[0].dests
        assert [(p.part, p.parts) for p in chapter] == [(n, pages) for n in range(1, pages + 1)]
    assert layout.places["CONTENTS"] == 3


def test_a_chapter_alone_is_laid_out_as_in_the_dossier(
    dossier: Matter, faces: Mapping[str, Glyphs]
) -> None:
    layout = lay_out(dossier.plan, faces, wording(dossier.plan.words), no_raw, Silent())
    chapter = dossier.plan.exhibits[0]
    alone = lay_chapter(chapter, dossier.plan.paper, faces, no_raw)
    first, pages = layout.chapters[chapter.label]
    assert [p.ops for p in alone.pages] == [
        p.ops for p in layout.pages[first - 1 : first - 1 + pages]
    ]


def test_sections_come_in_the_order_of_the_plan(
    dossier: Matter, faces: Mapping[str, Glyphs]
) -> None:
    import msgspec

    plan = msgspec.structs.replace(dossier.plan, sections=("custody", "contents", "exhibits"))
    layout = lay_out(plan, faces, wording(plan.words), no_raw, Silent())
    assert [e.dest for e in layout.outline] == ["CUSTODY", "CONTENTS", "EX-A-1"]
