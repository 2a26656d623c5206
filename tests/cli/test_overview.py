from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_the_state_of_the_matter_in_words_and_as_json(cli: Cli, filled: Case) -> None:
    cli("claim", filled.folder, "add", "Breach of the terms")
    told = cli("overview", filled.folder).out
    assert told.startswith("Aurora v. Meridian\n")
    assert "   – Mark the first exhibit" in told
    assert "Breach of the terms: 0 elements" in told
    made = cli("overview", filled.folder, "--json").json
    assert made["items"] == sum(each["count"] for each in made["collections"])
    assert "exhibit" in [step["key"] for step in made["steps"]]
    assert [each["name"] for each in made["claims"]] == ["Breach of the terms"]
