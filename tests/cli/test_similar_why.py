from __future__ import annotations

import pytest

from casekit.progress import Silent
from casekit.search import engine, filling, vectors
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.search.builders import add


def test_it_prints_sentences_rare_words_and_runs_and_what_they_are_not(
    cli: Cli, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "load", lambda: HashEmbedder(256))
    with case.write() as s:
        add(s, texts={"body": "The zither was tuned at dawn today. Bread was eaten by them all."})
        add(s, texts={"body": "It rained and rained again. The zither was tuned at dawn today."})
    filling.index_pending(case, Silent())
    vectors.index_pending(case, HashEmbedder(256), Silent())
    told = cli("similar", case.folder, 1, 2, "--why").out
    assert told.startswith("likeness 0.")
    assert "  1.000  The zither was tuned at dawn today." in told
    assert "zither  in 2 of 2 items" in told
    assert "[1] 7 words in a row: The zither was tuned at dawn today" in told
    assert "None of this is a finding" in told
    found = cli("similar", case.folder, 1, 2, "--why", "--json").json
    assert (found["finding"], found["items"], len(found["runs"])) == (False, 2, 1)
    assert found["sentences"][0]["left"] == [0, 35]
