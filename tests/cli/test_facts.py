from __future__ import annotations

import pytest

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_a_fact_from_first_to_last(cli: Cli, filled: Case) -> None:
    case = filled.folder
    cli("claim", case, "add", "--kind", "terms", "--law", "neutral")
    made = cli(
        "fact", case, "add", "They signed up.", "--between", "2025-11-24", "2025-12-09", "--who", "Tom",
        "--status", "disputed-by-them", "--disputed-by", "Meridian", "--item", 2, "--element", 1, "--json",
    )  # fmt: skip
    assert made.json["fact"] == 1
    assert cli("fact", case, "from", 1, "output", 0, 7).out == "Fact 2 written.\n"
    cli("fact", case, "cite", 1, "--item", 1, "--part", "prompt", "--from", 0, "--to", 3, "--contradicts",
        "--note", "not so")  # fmt: skip
    cli("fact", case, "link", 1, 2, "--element", 2, "--against")
    cli("fact", case, "status", "undisputed", 2)
    cli("fact", case, "set", 2, "--material", "yes", "--text", "Because.", "--about", "2026-01")
    shown = cli("fact", case, "show", 1).out
    assert "contradicts: item 1" in shown
    assert "prompt 0–3 (not so)" in shown
    assert "“Why”" in shown
    two, one = sorted(cli("fact", case, "--json").lines, key=lambda row: -row["id"])
    assert (two["text"], two["status"], two["material"]) == ("Because.", "undisputed", "yes")
    assert two["date"] == {"kind": "about", "from": "2026-01", "to": "", "zone": "UTC"}
    assert one["people"] == ["Tom"]
    assert [(e["id"], e["stance"]) for e in one["elements"]] == [
        (1, "supports"),
        (2, "contradicts"),
    ]
    assert [c["item"] for c in one["citations"]] == [2, 1]
    cli("fact", case, "uncite", 1)
    cli("fact", case, "link", 1, "--element", 2, "--remove")
    assert "▲ nothing supports it" in cli("fact", case, "--uncited").out
    cli("fact", case, "remove", 1)
    assert [row["id"] for row in cli("fact", case, "--json").lines] == [2]
    cli("fact", case, "cite", 2, "--item", 2, "--also", 1, "--also", 3, "--contradicts")
    (kept,) = cli("fact", case, "--json").lines
    assert [c["item"] for c in kept["citations"]] == [1, 2, 1, 3]
    assert [c["stance"] for c in kept["citations"]] == ["supports", *["contradicts"] * 3]
    cli("undo", case)
    cli("undo", case)
    assert [
        row["id"] for row in cli("fact", case, "--status", "disputed-by-them", "--json").lines
    ] == [1]
    assert [row["id"] for row in cli("fact", case, "--item", 1, "--json").lines] == [1, 2]
    assert [row["id"] for row in cli("fact", case, "--element", 2, "--json").lines] == [2]
    assert [row["id"] for row in cli("fact", case, "--unevaluated", "--json").lines] == [1]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("add", "x", "--on", "2026", "--after", "2025"), "Date it once"),
        (("add", "x", "--on", "May"), "is no date"),
        (("cite", "1"), "--item"),
        (("set", "1", "2", "--text", "x"), "one fact at a time"),
        (("show", "9"), "no fact 9"),
        (("from", "9", "body", "0", "3"), "no item 9"),
    ],
)
def test_what_cannot_be_is_said(cli: Cli, filled: Case, asked: tuple[str, ...], says: str) -> None:
    done = cli("fact", filled.folder, *asked)
    assert done.code == 2
    assert says in done.err
