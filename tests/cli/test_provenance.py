import json
from pathlib import Path

from casekit.store.case import Case
from tests.builders import decide_all
from tests.cli.conftest import Cli


def test_the_provenance_is_written_for_the_exhibits_of_a_spec(
    cli: Cli, filled: Case, tmp_path: Path
) -> None:
    cli("exhibit", filled.folder, 1, "A-1")
    cli("exhibit", filled.folder, 5, "A-2")
    decide_all(filled)
    out = tmp_path / "p.jsonld"
    done = cli("provenance", filled.folder, out)
    assert (done.code, done.out.startswith(f"{out}: 2 exhibits, 2 files, ")) == (0, True)
    (tmp_path / "spec.json").write_text('{"exhibits": ["A-2"]}')
    done = cli("provenance", filled.folder, out, "--spec", tmp_path / "spec.json", "--json")
    assert done.json["exhibits"] == 1
    assert "A-1" not in json.dumps(json.loads(out.read_bytes()))
    assert "name the file so" in cli("provenance", filled.folder, tmp_path / "p.txt").err
