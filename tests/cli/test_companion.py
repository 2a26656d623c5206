from pathlib import Path

import docx

from casekit.cli import companion as command
from casekit.dossier.companion import KINDS
from casekit.dossier.sections.withheld import FORMATS
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_lists_are_written_by_kind_and_spec(cli: Cli, filled: Case, tmp_path: Path) -> None:
    cli("exhibit", filled.folder, 3, "A-1")
    cli("exhibit", filled.folder, 5, "A-2")
    cli("privilege", filled.folder, 3, 4, 5, "--clear")
    out = tmp_path / "index.docx"
    done = cli("companion", filled.folder, "index", out)
    assert (done.code, done.out) == (0, f"{out}: 2 rows.\n")
    assert len(docx.Document(out).tables[1].rows) == 3
    (tmp_path / "spec.json").write_text('{"exhibits": ["A-2"], "paper": "a4"}')
    done = cli("companion", filled.folder, "index", out, "--spec", tmp_path / "spec.json", "--json")
    assert done.json == {"v": 1, "file": str(out), "rows": 1, "undescribed": 0}
    refused = cli("companion", filled.folder, "privilege", tmp_path / "log.xlsx")
    assert (refused.code, "Nothing is withheld" in refused.err) == (2, True)


def test_a_log_by_category_has_a_row_each_and_says_what_is_missing(
    cli: Cli, filled: Case, tmp_path: Path
) -> None:
    cli("privilege", filled.folder, 1, 2)
    out = tmp_path / "log.xlsx"
    done = cli("companion", filled.folder, "privilege", out, "--format", "category")
    assert done.out.startswith(f"{out}: 1 rows.\n▲ 2 withheld items have no description yet")
    assert cli("privilege", filled.folder, "--log", tmp_path / "log.docx").code == 0
    assert len(docx.Document(tmp_path / "log.docx").tables[1].rows) == 3


def test_the_command_offers_all_kinds_and_formats_there_are() -> None:
    assert command.KINDS == KINDS
    assert tuple(command.LOG_FORMATS) == tuple(FORMATS)
