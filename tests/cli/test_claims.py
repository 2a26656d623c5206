from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_claims_and_what_they_lack(cli: Cli, filled: Case) -> None:
    case = filled.folder
    assert "no claim yet" in cli("claim", case).out
    listed = cli("claim", case, "templates", "--law", "eu", "--json").lines
    assert len(listed) == 5
    assert {each["law"] for each in listed} == {"eu"}
    assert "to be checked by counsel" in cli("claim", case, "templates").out.lower()
    assert (
        cli("claim", case, "add", "--kind", "copyright", "--law", "neutral", "--json").json["claim"]
        == 1
    )
    cli("claim", case, "add", "Own")
    cli("claim", case, "element", 2, "Something", "--note", "about it")
    cli("claim", case, "set", 2, "--name", "Ours")
    cli("claim", case, "set", 5, "--element", "--name", "What must be shown")
    cli("fact", case, "add", "A fact", "--item", 1, "--element", 5)
    first, own = cli("claim", case, "--json").lines
    assert (first["name"], first["law"]) == ("Copyright", "neutral")
    assert own["name"] == "Ours"
    (element,) = own["elements"]
    assert (element["name"], element["state"], element["supporting"]) == (
        "What must be shown", "supported", [1],
    )  # fmt: skip
    gaps = cli("claim", case, "--gaps")
    assert (gaps.code, "What must be shown" in gaps.out) == (1, False)
    assert "● supported" in cli("claim", case).out
    cli("claim", case, "remove", 1)
    assert cli("claim", case, "--gaps").code == 0
    cli("claim", case, "remove", 5, "--element")
    assert cli("claim", case, "--json").json["elements"] == []
    assert "no template" in cli("claim", case, "add", "--kind", "torts").err
