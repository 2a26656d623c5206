from __future__ import annotations

import json
from pathlib import Path

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_templates_are_listed_taken_and_written(cli: Cli, filled: Case, tmp_path: Path) -> None:
    assert "coding CASE usual" in cli("coding", filled.folder).out
    assert cli("coding", filled.folder, "usual").code == 0
    listed = cli("coding", filled.folder).out
    assert "correspondence  (left only when complete)" in listed
    assert (
        "likeness         one (same, alike, different, unsure), while responsive is yes or unsure"
        in listed
    )
    assert "Codes spread to families: ask; to copies: ask." in listed
    rows = cli("coding", filled.folder, "--json").lines
    assert {"v": 1, "preset": "Hot", "key": "7", "codes": ["hot=yes"]} in rows
    whole = cli("coding", filled.folder, "show").out
    file = tmp_path / "set.json"
    file.write_text(whole)
    assert cli("coding", filled.folder, "set", file).code == 0
    assert cli("coding", filled.folder, "show").out == whole
    (tmp_path / "bad.toml").write_text("[[template]]\nevidence = 'mail'\n")
    assert "one of outputs" in cli("coding", filled.folder, "set", tmp_path / "bad.toml").err


def test_items_are_coded_shown_searched_and_taken_back(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    cli("coding", folder, "usual")
    done = cli("coding", folder, "code", 3, "responsive=yes", "issue=terms", "--json").json
    assert done["items"] == 1
    shown = cli("coding", folder, "show", 3, "--json").json
    assert shown["values"] == {"responsive": ["yes"], "issue": ["terms"]}
    assert shown["marks"]["responsive"]["by"] == "Test Examiner"
    assert shown["missing"] == ["privilege"]
    said = cli("coding", folder, "show", 3).out
    assert "Missing: privilege" in said
    assert "responsive       yes   Test Examiner, 20" in said
    assert cli("items", folder, "coded:responsive=yes", "--json").json["coding"] == {
        "responsive": ["yes"], "issue": ["terms"],
    }  # fmt: skip
    previewed = cli(
        "coding", folder, "code", "--query", "*", "responsive=no", "--preview", "--json"
    )
    assert previewed.json == {
        "v": 1, "code": "responsive=no", "items": 5, "already": 0, "other": 1, "without": 0,
    }  # fmt: skip
    assert "0 of 5 have it already, 1 have another" in (
        cli("coding", folder, "code", "--query", "*", "responsive=no", "--preview").out
    )
    assert cli("coding", folder, "code", 4, "--preset", "Attorney–client").code == 0
    assert cli("coding", folder, "show", 3, "--json").json["values"]["basis"] == ["attorney-client"]
    assert "Item 3 is withheld" in cli("coding", folder, "code", 3, "privilege=not-privileged").err
    assert cli("undo", folder).code == 0
    assert "basis" not in cli("coding", folder, "show", 3, "--json").json["values"]
    assert cli("coding", folder, "as", 3, 4).code == 0
    assert cli("coding", folder, "show", 4, "--json").json["values"]["responsive"] == ["yes"]


def test_presets_keys_and_policies(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    assert cli("coding", folder, "preset", "Night", "tag=night", "hot=yes", "--key", "f9").code == 0
    assert "    F9  Night: tag=night, hot=yes" in cli("coding", folder).out
    assert (
        "belongs to the window" in cli("coding", folder, "preset", "X", "hot=yes", "--key", "J").err
    )
    assert "preset “Night”" in cli("coding", folder, "preset", "X", "hot=yes", "--key", "F9").err
    cli("tag", folder, "night", 1)
    assert cli("coding", folder, "key", "night", "4").code == 0
    assert json.loads(cli("tag", folder, "--json").out)["key"] == "4"
    assert cli("coding", folder, "preset", "Night", "--remove").code == 0
    assert cli("coding", folder, "policy", "--families", "always").code == 0
    cli("coding", folder, "usual")
    assert "families: always; to copies: ask" in cli("coding", folder).out
    assert (
        cli("coding", folder, "code", 3, "responsive=no").out.count("and 1 of family or copies")
        == 1
    )
    assert cli("coding", folder, "code", "responsive=no").err.startswith("Name the items")
    assert "no preset “None”" in cli("coding", folder, "code", 1, "hot=yes", "--preset", "None").err
