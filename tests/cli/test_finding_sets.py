from __future__ import annotations

from pathlib import Path

from casekit.store.case import Case
from tests.analysis import test_sets
from tests.cli.conftest import Cli


def test_sets_are_compared_kept_and_computed_again(cli: Cli, case: Case, tmp_path: Path) -> None:
    test_sets.fill(case, tmp_path)
    asked = ("--subject", "subject", "--source", "source")
    named = [word for m in test_sets.CONTROLS for word in ("--control", m)]
    done = cli("finding", "sets", case.folder, *asked, *named, "--json")
    assert (done.code, done.json["kind"], done.json["families"]) == (0, "sets", 6)
    told = cli("finding", case.folder, "sets", *asked, *named).out.splitlines()
    assert "0 of 6 families" in told[0]
    assert [line.split()[0] for line in told[1:]] == [
        "exact",
        "near",
        "runs",
        "same",
        "rare",
        "longest",
    ]
    assert cli("finding", "rerun", case.folder, 2).code == 0
    assert "  longest" in cli("finding", "show", case.folder, 2).out
    population = tmp_path / "population.csv"
    rows = ["model,family,role", "source,lab-t,original"]
    rows += [f"{m},{test_sets.FAMILIES.get(m, m)},nonstudent" for m in test_sets.CONTROLS]
    population.write_text("\n".join(rows))
    by_family = cli("finding", "sets", case.folder, *asked, "--population", population, "--json")
    assert by_family.json["families"] == 5
    assert cli("finding", "rerun", case.folder, 3).code == 0
    few = cli("finding", "sets", case.folder, *asked, *named[:8])
    assert (few.code, "No figure: there are 4 families of controls" in few.out) == (2, True)
    assert cli("finding", "rerun", case.folder, 4).code == 0
    assert "needs control models" in cli("finding", "sets", case.folder, *asked).err
