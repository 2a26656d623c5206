import dataclasses
from pathlib import Path

import pypdfium2
import pytest

from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.sheet import DossierPlan, Facts, Remark, Subhead
from casekit.dossier.spec import DossierSpec
from casekit.dossier.translated import language_of, languages_of
from casekit.errors import CaseKitError
from casekit.ops import matter, privilege, redactions
from casekit.ops.translations import pair_translation, waive_translation
from casekit.queries import items
from casekit.queries import matter as matter_queries
from casekit.queries.conflicts import PrivilegeConflict, conflicts
from casekit.store.case import Case
from tests.builders import decide_all
from tests.dossier.builders import Builder, answer, document

CHINESE = "客户的名称涉及保密协议，我需要先征得他们的同意。据我了解，其中一家是做数据标注的公司。"
ENGLISH = "The names of the customers are confidential, and I would first need to ask them. One labels data."
SPEC = DossierSpec(sections=("contents", "exhibits"))


@pytest.fixture
def paired(case: Case, built: Builder) -> Case:
    """Item 1 in Chinese, an exhibit of an American federal court; item 2 its translation; 3 a certificate."""
    texts = (CHINESE, f"{ENGLISH}\n" * 90, "I certify that this is a true translation.")
    for n, text in enumerate(texts, 1):
        built.add(f"{n}.html", document(f"{n}.html", text))
    built.exhibit(1, "A-1")
    with case.write() as s:
        matter.set_matter(s, {"profile": "us-federal"})
    decide_all(case)
    return case


def planned(case: Case, *, issue: bool = False) -> DossierPlan:
    with case.read() as s:
        return plan(s, SPEC, for_issue=issue)


def remarks(made: DossierPlan) -> list[str]:
    return [b.text for b in made.exhibits[0].blocks if isinstance(b, Remark)]


def pair(case: Case, made: str, **values: object) -> None:
    with case.write() as s:
        pair_translation(s, 1, 2, made=made, translator="Ann Ito", **values)  # type: ignore[arg-type]


def test_a_draft_marks_what_is_missing_and_issuing_is_refused(paired: Case) -> None:
    assert "This exhibit has a text in Chinese and no translation." in remarks(planned(paired))[0]
    with pytest.raises(CaseKitError, match=r"A-1 \(Chinese\)"):
        planned(paired, issue=True)
    pair(paired, "human", language="fr")
    with pytest.raises(CaseKitError, match="A-1"):
        planned(paired, issue=True)
    pair(paired, "human")
    made = planned(paired, issue=True)
    assert remarks(made)[0] == "A translation follows the text as it was received."
    assert [p.item_id for p in made.produced] == [1, 2]
    assert all(p.first for p in made.produced)


def test_a_language_that_is_only_guessed_is_asked_and_stops_nothing(
    case: Case, built: Builder
) -> None:
    built.add("1.html", document("1.html", "Export manifest totals nova region para"))
    built.exhibit(1, "A-1")
    with case.write() as s:
        matter.set_matter(s, {"profile": "us-federal"})
    decide_all(case)
    (asked,) = (said for said in remarks(planned(case)) if "too short to be sure" in said)
    assert asked.startswith("This exhibit may have a text in ca:")
    assert remarks(planned(case, issue=True)) == []
    with case.write() as s:
        waive_translation(s, [1], "It is English.")
    assert not any("too short" in said for said in remarks(planned(case)))


@pytest.mark.parametrize(
    ("languages", "wanted"), [("none", False), ("fr", True), ("en, zh", False)]
)
def test_the_matter_says_what_the_court_reads(languages: str, wanted: bool, paired: Case) -> None:
    with paired.write() as s:
        matter.set_matter(s, {"languages": languages})
    assert any("no translation" in text for text in remarks(planned(paired))) is wanted


def test_nothing_is_assumed_of_other_forums_and_codes_are_checked(paired: Case) -> None:
    with paired.write() as s:
        matter.set_matter(s, {"profile": "eu"})
    planned(paired, issue=True)
    with paired.read() as s:
        present = matter_queries.get(s)
    assert languages_of(present) == ()
    assert languages_of(dataclasses.replace(present, profile="england-wales")) == ("en",)
    with pytest.raises(CaseKitError, match="languages are codes"), paired.write() as s:
        matter.set_matter(s, {"languages": "English"})


def test_the_answer_tells_the_language_of_an_exchange_and_the_source_before_it(
    case: Case, built: Builder
) -> None:
    built.add("1.json", answer(CHINESE, ENGLISH, "aurora-4"))
    stated = document("2.html", ENGLISH)
    stated.columns["language"] = "zh-Hans"
    built.add("2.html", stated)
    with case.read() as s:
        assert [language_of(items.view(s, i)) for i in (1, 2)] == ["en", "zh"]


def test_why_none_is_needed_is_printed(paired: Case) -> None:
    with paired.write() as s:
        waive_translation(s, [1], "It lists names only.")
    assert (
        remarks(planned(paired, issue=True))[0] == "No translation is printed: It lists names only."
    )


def test_a_machine_is_named_over_every_page_of_its_translation_and_no_other(
    paired: Case, built: Builder, tmp_path: Path
) -> None:
    pair(paired, "machine", certificate_id=3, dated="2026-03-14")
    made = planned(paired)
    facts = next(b for b in made.exhibits[0].blocks if isinstance(b, Facts) and b.heading)
    assert {f.label: f.value for f in facts.rows} == {
        "Made by": "a machine", "Translator": "Ann Ito", "From": "Chinese", "Into": "English",
        "Date": "2026-03-14", "Certificate": "printed after the translation",
    }  # fmt: skip
    assert made.exhibits[0].summary.endswith(" · with a machine translation")
    done = render(made, built.originals, tmp_path / "d.pdf")
    pdf = pypdfium2.PdfDocument(done.path)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    marked = ["MACHINE TRANSLATION FROM CHINESE" in text for text in texts]
    translated = ["names of the customers" in text for text in texts]
    assert marked == translated
    assert sum(marked) >= 3
    assert "I certify that" in texts[-1]
    assert not marked[-1]


def test_a_translation_that_is_an_exhibit_is_named_and_bears_its_mark(
    paired: Case, built: Builder
) -> None:
    pair(paired, "machine")
    built.exhibit(2, "A-2")
    made = planned(paired, issue=True)
    assert remarks(made)[0] == "Its translation is Exhibit A-2."
    assert [c.mark for c in made.exhibits] == ["", "MACHINE TRANSLATION FROM CHINESE"]
    assert not any(isinstance(b, Subhead) for b in made.exhibits[0].blocks)


@pytest.mark.parametrize(("cut", "part"), [(1, (0, 9)), (2, (0, 40))])
def test_of_a_pair_both_are_redacted_or_nothing_is_shown(
    cut: int, part: tuple[int, int], paired: Case
) -> None:
    pair(paired, "human")
    with paired.write() as s:
        redactions.redact(s, [(cut, "body", *part)], "privacy")
    with pytest.raises(CaseKitError, match=f"redacted in item {cut}"):
        planned(paired)


def test_a_translation_of_what_is_withheld_gives_it_away(paired: Case, built: Builder) -> None:
    pair(paired, "human")
    with paired.write() as s:
        privilege.assert_privilege(s, [2], "attorney-client")
    with paired.read() as s:
        assert [(c.item_id, c.withheld_id, c.why) for c in conflicts(s)] == [(1, 2, "translation")]
    with pytest.raises(PrivilegeConflict, match="is a translation or the original of"):
        planned(paired)
    with paired.write() as s:
        privilege.pass_items(s, [1], "The letter itself was sent to the other side")
    made = planned(paired)
    assert "no translation" in remarks(made)[0]
    assert b"names of the customers" not in made.encoded()
