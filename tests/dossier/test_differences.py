from __future__ import annotations

import msgspec

from casekit.dossier.differences import of_plans, of_specs
from casekit.dossier.plan import plan
from casekit.dossier.spec import USUAL, Certificate, DossierSpec
from casekit.ops import exhibits, productions
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

BEFORE = DossierSpec(
    title="One", exhibits=("A-1", "A-2", "A-3"), narrative={"scope": "All of 2025.", "gaps": "None."},
    certificates=(Certificate("copies", {"name": "Ada"}),),
)  # fmt: skip


def test_equal_specs_have_no_difference() -> None:
    assert of_specs(BEFORE, BEFORE) == []


def test_every_change_of_a_spec_is_said_once_in_words() -> None:
    after = msgspec.structs.replace(
        BEFORE, title="Two", exhibits=("A-3", "A-1", "B-1"),
        sections=(*(name for name in USUAL if name != "hashes"), "glossary"),
        narrative={"scope": "All of 2026.", "clock": "Set."},
        certificates=(Certificate("copies", {"name": "Ada", "source": "A laptop."}),),
    )  # fmt: skip
    said = [str(one) for one in of_specs(BEFORE, after)]
    assert said[:5] == [
        "section glossary is new.",
        "section hashes is no longer in it.",
        "exhibit B-1 is new.",
        "exhibit A-2 is no longer in it.",
        "The order of the exhibits is another.",
    ]
    assert sorted(said[5:]) == [
        "certificates 1, source: “A laptop.” is stated now.",
        "narrative, clock: “Set.” is stated now.",
        "narrative, gaps: “None.” was taken out.",
        "narrative, scope: “All of 2025.” became “All of 2026.”.",
        "title: “One” became “Two”.",
    ]  # fmt: skip


def test_what_changed_since_a_dossier_was_issued_is_said_by_exhibit(
    case: Case, built: Builder
) -> None:
    class Made:
        sha256 = "00" * 32
        pages = 3

    ids = [built.add(f"{n}.txt", document(f"{n}.txt", f"text {n}"))[0] for n in range(3)]
    for item_id, label in zip(ids, ("A-1", "A-2"), strict=False):
        built.exhibit(item_id, label)
    spec = DossierSpec(sections=("cover", "contents", "exhibits"))
    with case.read() as s:
        issued = plan(s, spec, for_issue=True)
    with case.write() as s:
        productions.issue(s, issued, Made())
    with case.read() as s:
        assert [str(d) for d in of_plans(issued, plan(s, spec))] == []
    with case.write() as s:
        exhibits.unmark_exhibit(s, "A-2")
        exhibits.mark_exhibit(s, ids[2], "B-1")
        exhibits.unmark_exhibit(s, "A-1")
        exhibits.mark_exhibit(s, ids[0], "A-1", title="Another title")
    other = msgspec.structs.replace(spec, title="Second", sections=("cover", "exhibits", "custody"))
    with case.read() as s:
        assert [str(d) for d in of_plans(issued, plan(s, other))] == [
            f"title: “{issued.title}” became “Second”.",
            "section custody is new.",
            "section contents is no longer in it.",
            "exhibit B-1 is new.",
            "exhibit A-2 is no longer in it.",
            "exhibit A-1 prints something else.",
        ]
