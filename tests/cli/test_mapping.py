from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.ingest.test_templates import COLUMNS, MAPPING, TABLE


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def test_an_unknown_table_is_looked_at_mapped_and_recognised(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    table, mapping = tmp_path / "log.csv", tmp_path / "m.json"
    table.write_text(TABLE)
    mapping.write_text(MAPPING)
    plain = cli("mapping", "preview", table)
    assert plain.code == 0
    assert "known by: nothing" in plain.out
    assert "antwort  (2)  Darum. | Dann." in plain.out
    tried = cli("mapping", "preview", table, "--mapping", mapping, "--json").json
    assert (tried["v"], tried["unfit"], tried["rows"][0]["output"]) == (1, 0, "Darum.")
    assert cli("mapping", "save", "Kundenlog", table, "--mapping", mapping).code == 0
    assert cli("mapping", "--json").json == {
        "v": 1, "name": "Kundenlog", "columns": list(COLUMNS), "fields": json.loads(MAPPING),
    }  # fmt: skip
    assert cli("ingest", case.folder, table, "--json").json["exchanges"] == 2
    assert cli("mapping", "remove", "Kundenlog").code == 0
    assert (cli("mapping").out, cli("mapping", "remove", "Kundenlog").code) == ("", 2)


def test_a_wrong_mapping_is_refused_before_anything_is_imported(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    table, mapping = tmp_path / "log.csv", tmp_path / "m.json"
    table.write_text(TABLE)
    mapping.write_text('{"prompt": "frage", "colour": "wer"}')
    for words in (
        ("mapping", "preview", table),
        ("mapping", "save", "x", table),
        ("ingest", case.folder, table),
    ):
        refused = cli(*words, "--mapping", mapping)
        assert (refused.code, "fills colour" in refused.err) == (2, True)
    mapping.write_text('{"prompt": "frage", "output": "anwort", "account": "wer.name"}')
    shown = cli("mapping", "preview", table, "--mapping", mapping).out
    assert "columns that no record looked at has: anwort" in shown
