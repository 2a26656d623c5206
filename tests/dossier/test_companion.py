from casekit.dossier.companion import SECTIONS, Kind, companion, spec_of, visible
from casekit.dossier.plan import plan
from casekit.dossier.sheet import Grid
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.ops import redactions
from casekit.queries import privilege_log
from tests.dossier.builders import Builder, document, set_caption
from tests.dossier.conftest import Matter


def made(matter: Matter, kind: Kind, given: DossierSpec | None = None):  # type: ignore[no-untyped-def]
    with matter.case.read() as s:
        decided = plan(s, spec_of(kind, given or DossierSpec()))
        entries = privilege_log.entries(s)
    return companion(kind, decided, wording(decided.words), entries), decided


def test_an_index_has_the_rows_of_the_dossier_and_tells_nothing_withheld(dossier: Matter) -> None:
    found, decided = made(dossier, "index")
    labels = [c.label for c in (*decided.exhibits, *decided.findings)]
    assert [row[0] for row in found.grid.rows] == labels
    assert "C-2" not in labels
    assert "SECRETSUBJECT" not in str(found.texts())
    assert found.after == (
        "1 exhibit (1 item with families) withheld on the ground of attorney–client privilege; nothing of "
        "their content is in this dossier.",
    )
    tiers = {row[0]: row[5] for row in found.grid.rows}
    assert (tiers["B-1"], tiers["A-1"]) == ("ATTORNEYS’ EYES ONLY", "CONFIDENTIAL")


def test_a_chronology_is_the_one_of_the_dossier(dossier: Matter) -> None:
    found, _ = made(dossier, "chronology")
    printed = next(
        b for b in plan_of(dossier, ("chronology", "exhibits")).further["chronology"] if isinstance(b, Grid)
    )  # fmt: skip
    assert found.grid.rows == printed.rows
    assert found.before[0].startswith("Every exhibit that has a date")


def plan_of(matter: Matter, sections: tuple[str, ...]):  # type: ignore[no-untyped-def]
    with matter.case.read() as s:
        return plan(s, DossierSpec(sections=sections))  # type: ignore[arg-type]


def test_a_privilege_log_needs_no_exhibit_and_lies_on_its_side(dossier: Matter) -> None:
    found, decided = made(dossier, "privilege")
    assert (decided.exhibits, found.landscape) == ((), True)
    assert [row[0] for row in found.grid.rows] == [
        privilege_log.number_of(i) for i in withheld_ids(dossier)
    ]


def withheld_ids(matter: Matter) -> list[int]:
    with matter.case.read() as s:
        return [e.item_id for e in privilege_log.entries(s)]


def test_which_exhibits_are_in_is_as_given(dossier: Matter) -> None:
    found, _ = made(dossier, "index", DossierSpec(exhibits=("D-1",), findings=(), paper="a4"))
    assert ([row[0] for row in found.grid.rows], found.paper) == (["D-1"], "a4")
    assert set(SECTIONS) == {
        "index", "claims", "facts", "chronology", "trial", "privilege", "redactions",
        "issued",
    }  # fmt: skip


def test_a_redacted_title_stands_redacted_in_every_list(case, tmp_path) -> None:  # type: ignore[no-untyped-def]
    set_caption(case)
    built = Builder(case, tmp_path)
    new = document("note.html", "Pay Jonathan Quillfeather Vandermeer Osgood today.")
    built.exhibit(
        built.add("n.html", new)[0], "A-1", title="On Jonathan Quillfeather Vandermeer Osgood"
    )
    with case.write() as s:
        redactions.redact(s, [(1, "body", 4, 43)], "privacy")
    with case.read() as s:
        decided = plan(s, spec_of("redactions", DossierSpec()))
        index = plan(s, spec_of("index", DossierSpec()))
    found = companion("redactions", decided, wording(decided.words))
    assert [row[1] for row in found.grid.rows] == ["A-1"]
    listed = companion("index", index, wording(index.words))
    assert "[REDACTED: personal data]" in listed.grid.rows[0][1]
    assert "Quillfeather" not in str((found.texts(), listed.texts()))


def test_what_cannot_be_seen_is_shown_and_emoji_are_left_whole() -> None:
    assert visible("a\u202eb\x07c\r\nd\u200b") == "a[U+202E]b[U+0007]c\nd[U+200B]"
    assert visible("👩\u200d🚀 ❤\ufe0f") == "👩\u200d🚀 ❤\ufe0f"
    assert visible("x\ud800y") == "x[U+D800]y"
