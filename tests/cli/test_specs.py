import json
from pathlib import Path

import pytest

from casekit.dossier.spec import DossierSpec, decode
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_a_spec_goes_from_a_file_into_the_case_and_out_again(
    filled: Case, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "spec.json"
    file.write_bytes(DossierSpec(title="For the hearing").encoded())
    assert cli("spec", filled.folder, "Hearing", "--save", file).code == 0
    assert cli("spec", filled.folder).out == "Hearing\n"
    assert cli("spec", filled.folder, "--json").json["name"] == "Hearing"
    printed = cli("spec", filled.folder, "Hearing").out
    assert decode(printed.encode()) == DossierSpec(title="For the hearing")
    assert cli("spec", filled.folder, "Hearing", "--rename", "Trial").code == 0
    assert cli("spec", filled.folder, "Hearing").code == 2
    assert cli("undo", filled.folder).code == 0
    assert cli("spec", filled.folder, "Hearing", "--delete").code == 0
    assert cli("spec", filled.folder).out == ""


def test_its_gaps_are_listed_and_what_stops_the_issuing_gives_exit_code_1(
    filled: Case, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"sections": ["cover", "certificates"]}')
    cli("spec", filled.folder, "C", "--save", file)
    told = cli("spec", filled.folder, "C", "--gaps")
    assert (told.code, "■ The section has no certificate" in told.out) == (1, True)
    kinds = [line["kind"] for line in cli("spec", filled.folder, "C", "--gaps", "--json").lines]
    assert "refusal" in kinds
    file.write_text('{"sections": ["cover"]}')
    cli("spec", filled.folder, "C", "--save", file)
    assert cli("spec", filled.folder, "C", "--gaps").code == 0


def test_a_saved_spec_is_written_as_a_dossier(filled: Case, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"sections": ["cover"], "title": "Saved", "narrative": {"scope": "kept"}}')
    assert cli("dossier", filled.folder, tmp_path / "d.pdf", "--spec", file).code == 2
    assert cli("spec", filled.folder, "S", "--save", file).code == 0
    made = cli("dossier", filled.folder, tmp_path / "d.pdf", "--saved", "S", "--json")
    assert made.json["pages"] == 1
    assert json.loads((tmp_path / "d.manifest.json").read_bytes())["dossier"]["title"] == "Saved"
    assert cli("dossier", filled.folder, tmp_path / "e.pdf", "--saved", "T").code == 2
    both = cli("dossier", filled.folder, tmp_path / "e.pdf", "--saved", "S", "--spec", file)
    assert (both.code, "not both" in both.err) == (2, True)
    assert cli("spec", filled.folder, "--delete").code == 2


def test_a_template_gives_the_make_up_and_dossiers_are_compared_in_words(
    filled: Case, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))
    assert cli("spec", filled.folder, "A", "--template", "archive").code == 0
    file = tmp_path / "spec.json"
    file.write_bytes(DossierSpec(title="Stated").encoded())
    assert cli("spec", filled.folder, "B", "--save", file).code == 0
    assert cli("spec", filled.folder, "B", "--template", "archive").code == 0
    told = cli("spec", filled.folder, "B", "--compare", "A")
    assert (told.code, told.out) == (1, "title: “Stated” is stated now.\n")
    same = cli("spec", filled.folder, "A", "--compare", "A")
    assert (same.code, same.out) == (0, "Nothing is different.\n")
    assert cli("spec", filled.folder, "A", "--compare", "issued").code == 2
    assert cli("spec", filled.folder, "B", "--keep-template", "Ours").code == 0
    assert cli("spec", filled.folder, "C", "--template", "Ours").code == 0
    assert decode(cli("spec", filled.folder, "C").out.encode()).title == ""
    assert cli("spec", filled.folder, "C", "--template", "none").code == 2
