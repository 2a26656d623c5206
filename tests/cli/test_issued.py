from pathlib import Path

from casekit.ingest import ingest
from casekit.store.case import Case
from tests.builders import decide_all
from tests.cli.conftest import Cli


def test_versions_are_listed_sent_and_written(cli: Cli, case: Case, tmp_path: Path) -> None:
    assert cli("issued", case.folder).out == "Nothing was issued yet.\n"
    (tmp_path / "note.txt").write_text("An open note.")
    ingest(case, [tmp_path / "note.txt"])
    decide_all(case)
    cli("produce", case.folder, tmp_path / "out", "--query", "*", "--prefix", "ABC")
    asked = ("issued", case.folder, "sent", 1, "--to", "Brandt LLP", "--how", "disk")
    assert cli(*asked, "--on", "2026-03-14").out == "“VOL001” sent to Brandt LLP\n"
    wrong = cli(*asked, "--on", "yesterday")
    assert (wrong.code, "no day" in wrong.err) == (2, True)
    told = cli("issued", case.folder).out
    assert "VOL001" in told
    assert "ABC-0000001" in told
    assert "→ Brandt LLP, 2026-03-14, disk" in told
    record = cli("issued", case.folder, "--json").json
    assert (record["number"], record["kind"], record["items"]) == (1, "volume", 1)
    for ending in ("xlsx", "docx"):
        out = tmp_path / f"r.{ending}"
        assert cli("issued", case.folder, "write", out).out == f"{out}: 1 versions.\n"
        assert out.is_file()
