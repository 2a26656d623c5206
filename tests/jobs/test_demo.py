from pathlib import Path

import pytest

from casekit.dossier.plan import plan
from casekit.jobs import demo
from casekit.jobs import finding as finding_jobs
from casekit.progress import Silent
from casekit.queries import exhibits, findings, items
from casekit.search import language
from casekit.store.case import open_case


@pytest.mark.slow
def test_the_demo_makes_a_whole_case_and_is_quick_the_second_time(tmp_path: Path) -> None:
    steps: list[str] = []

    def start(what: str) -> Silent:
        steps.append(what)
        return Silent()

    first = demo.run(tmp_path / "the demo", start)
    assert (first.built, first.verified.damaged, first.found_by_words > 4) == (True, [], True)
    assert "Six API accounts on the Northgate network" in first.found_by_meaning
    with open_case(first.case) as case, case.read() as s:
        assert {e.kind for e in exhibits.exhibits(s)} == {"exchange", "mail", "document", "image"}
        made = findings.findings(s)
        assert [each.kind for each in made] == ["overlap", "identity", "usage"]
        assert made[0].body["result"]["hits"] > 15
        withheld = items.rows(s, items.item_ids(s, language.parse("privileged:yes"), order="id"))
        assert [row.title for row in withheld] == [
            "Privileged & Confidential — Attorney-Client Communication",
            "Re: Privileged & Confidential — Attorney-Client Communication",
        ]
    with open_case(first.case) as case:
        with case.read() as s:
            kept = [row.id for row in findings.findings(s)]
        assert [finding_jobs.make_again(case, number).differences for number in kept] == [
            (),
            (),
            (),
        ]
    pdf = first.dossier.read_bytes()
    with open_case(first.case) as case, case.read() as s:
        plan(s, for_issue=True)  # nothing in the sample stands in the way of issuing
    steps.clear()
    second = demo.run(tmp_path / "the demo", start)
    assert (second.built, second.dossier.read_bytes() == pdf) == (False, True)
    assert steps == ["Indexing by word and by meaning", "Writing the dossier", "Verifying the case"]
