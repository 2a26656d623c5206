import pytest

from casekit.dossier.cite import Pinpoint, pinpoint
from casekit.dossier.flow import PAPERS
from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.store.case import Case
from tests.dossier.builders import ANSWER, PROMPT, Builder, answer
from tests.dossier.pdf_text import glyphs_of


def test_a_passage_is_cited_by_page_and_line(case: Case, built: Builder) -> None:
    text = "\n".join(f"line number {n}" for n in range(200))
    item = built.add("a.jsonl", answer(PROMPT, text, "m"))[0]
    built.exhibit(item, "A-17")
    with case.read() as s:
        decided = plan(s, DossierSpec(sections=("exhibits",)))
    start = text.index("line number 40")
    stop = text.index("line number 45")
    place = pinpoint(decided, item, "output", start, stop)
    made = render(decided, built.originals, case.folder.parent / "out.pdf")
    page = glyphs_of(made.path)[place.page - 1]
    top = PAPERS["letter"].frame[3]
    base = top - (place.line - 0.5) * 15
    on_line = "".join(
        g.character for g in page if abs((g.top + g.bottom) / 2 - base) < 7 and g.left > 98
    )
    assert on_line.replace(" ", "") == "linenumber40"
    assert str(place) == f"Ex. A-17 at {place.page}:{place.line}–{place.line + 4}"


def test_a_cite_over_pages_and_of_one_line() -> None:
    assert str(Pinpoint("A-1", 2, 40, 3, 2)) == "Ex. A-1 at 2:40–3:2"
    assert str(Pinpoint("A-1", 2, 4, 2, 4)) == "Ex. A-1 at 2:4"
    assert str(Pinpoint("A-17", 3, 5, 3, 9)) == "Ex. A-17 at 3:5–9"


def test_a_passage_in_no_exhibit_is_refused(case: Case, built: Builder) -> None:
    item = built.add("a.jsonl", answer(PROMPT, ANSWER, "m"))[0]
    with case.read() as s:
        decided = plan(s)
    with pytest.raises(CaseKitError, match="mark it as an exhibit"):
        pinpoint(decided, item, "output", 0, 3)
