from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_searches_are_saved_counted_changed_and_taken_away(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    cli("index", folder, "--words-only")
    assert cli("search", "saved", folder).out == "No search is saved.\n"
    assert cli("search", "save", folder, " Why ", "because", "--note", "Ask Ann").code == 0
    assert cli("search", "save", folder, "wider", "saved:why OR terms").code == 0
    assert cli("search", "save", folder, "broken", "because (").code == 2
    first, second = cli("search", "saved", folder, "--count", "--json").lines
    assert (first["name"], first["note"], first["count"]["hits"]) == ("Why", "Ask Ann", 2)
    assert second["count"]["resolved"] == "because OR terms"
    told = cli("search", "saved", folder).out
    assert "2 items, 2 with family, counted " in told
    assert "    Ask Ann\n" in told
    assert cli("search", "edit", folder, "why", "--name", "Reason", "--note", "").code == 0
    queries = [line["query"] for line in cli("search", "saved", folder, "--json").lines]
    assert queries == ["because", "saved:Reason OR terms"]
    refused = cli("search", "delete", folder, "reason")
    assert (refused.code, "“wider”" in refused.err) == (2, True)
    assert cli("search", "delete", folder, "wider").code == 0
    assert cli("search", "delete", folder, "reason").code == 0
    assert cli("search", "delete", folder, "reason").code == 2
