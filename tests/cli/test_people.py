from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_people_are_listed_decided_and_split(cli: Cli, filled: Case) -> None:
    case = filled.folder
    found = cli("people", case, "--kind", "address", "--json").json["appearances"]
    one, two = (f"address:{row['value']}" for row in found[:2])
    assert found[0]["items"] >= found[1]["items"]
    cli("people", case, "unite", one, two, "--name", "Ann", "--reason", "the same signature")
    told = cli("people", case).out
    assert "person 1: Ann (person)" in told
    assert "because the same signature" in told
    ids = [a["id"] for a in cli("people", case, "--json").json["persons"][0]["aliases"]]
    cli("people", case, "split", 1, ids[1], "--name", "Bea")
    cli("people", case, "rename", 2, "Bea B", "--kind", "shared")
    assert "person 2: Bea B (shared)" in cli("people", case).out
    cli("people", case, "remove", 2)
    assert "Bea" not in cli("people", case).out
    assert "says no kind" in cli("people", case, "unite", "Ann").err
    cli("people", case, "suggest", "--json")


def test_what_is_used_together_is_told(cli: Cli, filled: Case) -> None:
    case = filled.folder
    found = cli("people", case, "--json").json["appearances"]
    kind, value = next((row["kind"], row["value"]) for row in found)
    cli("people", case, "unite", f"{kind}:{value}", "--name", "Ann")
    told = cli("people", case, "links", "person:1").out
    assert f"person Ann - {kind} {value}  decided" in told
    assert cli("people", case, "links", "person:1", "--json").json["links"][0]["is_decided"]
    assert "does not appear" in cli("people", case, "links", "account:nobody at all").err
