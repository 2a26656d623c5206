from pathlib import Path

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

SPEC = DossierSpec(sections=("chronology", "exhibits"))
DAY = 86_400_000_000


def at(new, us: int | None, zone: str = "+00:00", raw: str = ""):  # type: ignore[no-untyped-def]
    new.columns |= {
        "sent_us": us,
        "sent_zone": zone,
        "sent_raw": raw,
        "sent_resolution_us": 1_000_000,
    }
    return new


def test_exhibits_come_in_order_of_time_each_a_link_with_its_zone(
    case: Case, built: Builder
) -> None:
    late = at(document("l.txt", "late"), 30 * DAY, raw="31 Jan")
    guessed = at(document("g.txt", "guessed"), 10 * DAY, zone="assumed:utc")
    for label, new in (
        ("A-1", late),
        ("A-2", guessed),
        ("A-3", at(document("n.txt", "none"), None)),
    ):
        built.exhibit(built.add(f"{label}.txt", new)[0], label)
    with case.read() as s:
        decided = plan(s, SPEC)
    grid = next(b for b in decided.further["chronology"] if isinstance(b, Grid))
    assert [row[1] for row in grid.rows] == ["A-2", "A-1"]
    assert [row[0] for row in grid.rows] == ["≈ 1970-01-11 00:00:00 UTC", "1970-01-31 00:00:00 UTC"]
    assert [row[4] for row in grid.rows] == ["assumed, not decided", "stated by the source"]
    assert grid.rows[1][3] == "31 Jan"
    assert grid.links == ("EX-A-2", "EX-A-1")
    last = decided.further["chronology"][-1]
    assert isinstance(last, Remark)
    assert last.text == "Without a date: Exhibits A-3."


def test_a_case_without_dates_says_so(case: Case) -> None:
    with case.read() as s:
        texts = [b.text for b in plan(s, SPEC).further["chronology"] if isinstance(b, Remark)]
    assert "No exhibit has a date." in texts


def test_every_row_is_a_link_on_paper(case: Case, built: Builder, tmp_path: Path) -> None:
    import pikepdf

    from casekit.dossier.render import render

    for n in range(60):
        label = f"A-{n + 1}"
        built.exhibit(
            built.add(f"{n}.txt", at(document(f"{n}.txt", "text " * 30), n * DAY))[0], label
        )
    with case.read() as s:
        made = render(plan(s, SPEC), built.originals, tmp_path / "d.pdf")
    with pikepdf.open(made.path) as pdf:
        found = [str(a.Dest) for page in pdf.pages for a in page.get("/Annots", [])]
    assert sorted(found) == sorted(f"EX-A-{n + 1}" for n in range(60))
