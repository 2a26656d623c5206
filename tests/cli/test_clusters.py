from __future__ import annotations

import pytest

from casekit.progress import Silent
from casekit.search import topics, vectors
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.search.cluster_case import add_letters, add_topics


@pytest.fixture
def letters(case: Case) -> Case:
    """Near-duplicates 1 to 3 and 12 documents of three topics."""
    add_letters(case)
    add_topics(case, each=4)
    vectors.index_pending(case, HashEmbedder(256), Silent())
    return case


def test_before_anything_is_computed_it_says_how(cli: Cli, letters: Case) -> None:
    assert cli("clusters", letters.folder).out.splitlines() == [
        "Near-duplicates have not been looked for: casekit clusters CASE near",
        "Topics have not been looked for: casekit clusters CASE topics",
    ]
    assert "no group 1 now" in cli("clusters", letters.folder, "show", "near", 1).err
    assert "no topic 1 now" in cli("clusters", letters.folder, "show", "topic", 1).err


def test_near_duplicates_are_grouped_shown_and_named(cli: Cli, letters: Case) -> None:
    case = letters.folder
    assert cli("clusters", case, "near").out.startswith("1 groups of 3 items, 80 %")
    told = cli("clusters", case).out
    assert "near     1          3 items, at least 93 %  item 2: Letter again" in told
    shown = cli("clusters", case, "show", "near", 1).out.splitlines()
    assert [line.strip() for line in shown] == [
        "2  principal  Letter again", "1      100 %  Letter", "the same words",
        "3       93 %  Another day", "- TWELFTH", "+ 14th",
    ]  # fmt: skip
    lines = cli("clusters", case, "show", "near", 1, "--json").lines
    assert [(line["id"], line["principal"]) for line in lines] == [
        (2, True),
        (1, False),
        (3, False),
    ]
    assert "near-duplicates of 3 items" in cli("clusters", case, "name", "near", 1, "Letters").out
    assert [h["id"] for h in cli("search", case, "cluster:letters", "--json").lines] == [3, 1, 2]
    cli("clusters", case, "rename", "letters", "Mails")
    assert "named Mails: 3 items, near" in cli("clusters", case).out
    cli("clusters", case, "forget", "Mails")
    assert "named" not in cli("clusters", case).out.replace("have", "")
    assert "no named cluster" in cli("clusters", case, "forget", "Mails").err
    assert cli("clusters", case, "near", "--threshold", 95, "--json").json["members"] == 2


def test_topics_are_found_and_shown_as_an_aid(
    cli: Cli, letters: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = letters.folder
    told = cli("clusters", case, "topics", "--number", 4, "--seed", 5)
    assert "4 topics, computed" in told.out
    assert "with seed 5 from vectors of hashed words (hash); 1 items without a vector" in told.out
    assert "no finding" in told.out
    monkeypatch.setattr(topics, "SEED", 5)
    first = cli("clusters", case, "--json").json
    again = cli("clusters", case, "topics", "--number", 4, "--json").json
    assert again["found"] == first["topics"]
    shown = cli("clusters", case, "show", "topic", 1, "--json").lines
    assert len(shown) == first["topics"][0]["items"]
    assert cli("clusters", case, "show", "topic", 1, "--most", 1).out.count("\n") == 1
    cli("review", case, "make", "Queue", "--query", "topic:1")
    assert "Queue  0 of" in cli("review", case).out
