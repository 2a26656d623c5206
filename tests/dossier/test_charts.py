import msgspec

from casekit.dossier import charts, pseudonyms, sheet
from casekit.dossier.plan import plan
from casekit.ops import findings
from casekit.ops import pseudonyms as give
from casekit.store.case import Case
from tests.dossier import usage_body


def test_a_plan_with_every_chart_comes_back_from_its_stored_form(case: Case) -> None:
    with case.write() as s:
        findings.add_finding(s, "usage", "Usage", usage_body.body(["acct_one", "acct_two"]))
    with case.read() as s:
        made = plan(s)
    kinds = {type(block) for block in made.findings[0].blocks}
    assert {charts.Raster, charts.Curves, charts.Piles, charts.Template} <= kinds
    assert sheet.decode(made.encoded()) == made
    assert sheet.decode(made.encoded()).encoded() == made.encoded()


def test_numbers_of_a_chart_are_no_text_that_a_pseudonym_could_meet(case: Case) -> None:
    with case.write() as s:
        give.give(s, "account", ["200000"])
        give.give(s, "account", ["acct-ninety"])
        given = pseudonyms.of_case(s, pseudonyms.wording_of(s))
    axis = charts.Axis(0, 20, "Requests", (charts.Tick(20, "200000"),))
    rows = (charts.Dots("acct-ninety", (20.0,), note="1 of 3"),)
    made = pseudonyms._inside(charts.Strip(axis, rows, "acct-ninety"), given)
    assert made.axis == axis
    assert made.rows[0].name == made.alt
    assert made.rows[0].name.startswith("[Account ")


def test_charts_are_frozen() -> None:
    tick = charts.Tick(1.0, "1")
    assert msgspec.json.decode(msgspec.json.encode(tick), type=charts.Tick) == tick
