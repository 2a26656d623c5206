from __future__ import annotations

import dataclasses

import msgspec
import pypdfium2
import pytest

from casekit.dossier import render as renderer
from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import glyphs
from casekit.dossier.layout import lay_out
from casekit.dossier.plan import plan
from casekit.dossier.preview import Sheets
from casekit.dossier.spec import SECTIONS, Certificate, DossierSpec
from casekit.dossier.wording import wording
from casekit.errors import Cancelled
from casekit.progress import Silent
from tests.dossier.conftest import Matter

EVERYTHING = DossierSpec(sections=SECTIONS, certificates=(Certificate("copies"),))
TURNED = msgspec.structs.replace(
    EVERYTHING, sections=("findings", "contents", "exhibits", "cover", "custody")
)


def sheets_of(matter: Matter, spec: DossierSpec, before: Sheets | None = None) -> Sheets:
    with matter.case.read() as s:
        decided = plan(s, _drawn(spec))
    return Sheets(decided, matter.built.originals, Silent(), before)


def _drawn(spec: DossierSpec) -> DossierSpec:
    from casekit.dossier.gaps import for_draft

    return for_draft(spec)


@pytest.mark.parametrize("spec", [EVERYTHING, TURNED, DossierSpec(profile="accessible")])
def test_the_pages_are_those_of_an_export(dossier: Matter, spec: DossierSpec) -> None:
    sheets = sheets_of(dossier, spec)
    sheets.lay_all(Silent())
    decided, words = sheets.plan, wording(sheets.plan.words)
    raws = renderer.raws_of(decided, dossier.built.originals)
    faces = glyphs(prepare(renderer.characters_of(decided, words, raws.values()), Silent()))
    layout = lay_out(decided, faces, words, lambda raw: raws[raw.item_id], Silent())
    strip = lambda page: dataclasses.replace(page, tags=[], root=None)  # noqa: E731
    assert [strip(p) for p in sheets.pages] == [strip(p) for p in layout.pages]
    for label, (first, _) in layout.chapters.items():
        assert sheets.firsts[label] == first


def test_only_what_is_needed_is_laid_out_and_the_total_comes_later(dossier: Matter) -> None:
    sheets = sheets_of(dossier, EVERYTHING)
    assert sheets.reach(1, Silent()) == 1
    assert len(sheets.pages) == 1
    assert sheets.section_of(1) == "cover"
    at = sheets.reach("reading", Silent())
    assert "of …" in text_of(sheets.draw(at))
    sheets.lay_all(Silent())
    assert sheets.whole
    assert f"Page {at} of {len(sheets.pages)}" in text_of(sheets.draw(at))
    assert "DRAFT" in text_of(sheets.draw(at))
    assert sheets.reach(10_000, Silent()) == len(sheets.pages)
    assert sheets.reach("nowhere", Silent()) == 1
    last = sheets.firsts["glossary"]
    assert [sheets.section_of(n) for n in (last - 1, last)] == ["versions", "glossary"]


def test_after_an_edit_what_is_the_same_is_not_set_again(
    dossier: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sheets_of(dossier, EVERYTHING)
    first.lay_all(Silent())
    set_again: list[str] = []
    from casekit.dossier import preview

    real = preview.lay_chapter
    monkeypatch.setattr(
        preview,
        "lay_chapter",
        lambda chapter, *a, **k: set_again.append(chapter.label) or real(chapter, *a, **k),
    )
    edited = msgspec.structs.replace(
        EVERYTHING, title="Another title", exhibits=None,
        sections=tuple(name for name in SECTIONS if name != "reading"),
    )  # fmt: skip
    second = sheets_of(dossier, edited, first)
    second.lay_all(Silent())
    assert [label for label in set_again if not label.startswith("S-")] == []
    fresh = sheets_of(dossier, edited)
    fresh.lay_all(Silent())
    assert second.pages == fresh.pages
    assert "Another title" in text_of(second.draw(1))


def test_it_can_be_cancelled_between_parts(dossier: Matter) -> None:
    class Stop(Silent):
        def step(self, done: int, total: int | None, text: str) -> None:
            raise Cancelled

    sheets = sheets_of(dossier, EVERYTHING)
    with pytest.raises(Cancelled):
        sheets.lay_all(Stop())
    sheets.lay_all(Silent())
    assert sheets.whole


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[0].get_textpage().get_text_range())
    finally:
        document.close()
