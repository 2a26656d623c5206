from pathlib import Path

from casekit.ingest import ingest
from casekit.ops import redactions
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item
from tests.cli.conftest import Cli


def test_a_production_is_previewed_made_and_listed(case: Case, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("þ is thorn")
    ingest(case, [tmp_path / "note.txt"])
    refused = cli("produce", case.folder, tmp_path / "out", "--query", "*", "--preview")
    assert (refused.code, "item 1 “note.txt”" in refused.err) == (2, True)
    decide_all(case)
    asked = ("produce", case.folder, tmp_path / "out", "--query", "*", "--prefix", "ABC")
    assert "VOL001 would hold 1 documents" in cli(*asked, "--preview").out
    assert not (tmp_path / "out").exists()
    assert cli("productions", case.folder).out == "No Bates number was given yet.\n"
    told = cli(*asked, "--start", "7", "--json").json
    assert (told["volume"], told["documents"], told["first"]) == ("VOL001", 1, "ABC-0000007")
    assert Path(told["path"]) == tmp_path / "out" / "VOL001"
    ranges = [
        (r["first"], r["last"], r["production"])
        for r in cli("productions", case.folder, "--json").lines
    ]
    assert ranges == [("ABC-0000001", "ABC-0000006", ""), ("ABC-0000007", "ABC-0000007", "VOL001")]
    again = cli(*asked, "--prefix", "lower case")
    assert (again.code, "cannot be used" in again.err) == (2, True)


def test_pictures_that_were_not_judged_are_named(case: Case, cli: Cli, tmp_path: Path) -> None:
    photo = make_item("photo", "image", media_type="image/png", pages=1)
    photo.texts = []
    file_items(case, [make_item("told"), photo], tmp_path)
    decide_all(case)
    with case.write() as s:
        redactions.redact(s, [(1, "body", 0, 4)], "privacy")
    asked = (
        "produce",
        case.folder,
        tmp_path / "out",
        "--query",
        "*",
        "--prefix",
        "ABC",
        "--preview",
    )
    assert cli(*asked, "--json").json["unjudged"] == ["ABC-0000002"]
    assert "look at them: ABC-0000002\n" in cli(*asked).err


def test_a_replacement_is_made_listed_and_overlaid(case: Case, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note")
    ingest(case, [tmp_path / "note.txt"])
    decide_all(case)
    asked = ("produce", case.folder, tmp_path / "out")
    assert cli(*asked, "--query", "*", "--prefix", "ABC").code == 0
    assert cli(*asked).code == 2
    again = cli(*asked, "--replace", "ABC-0000001", "--reason", "Illegible.", "--json").json
    assert (again["volume"], again["first"]) == ("VOL002-REPL", "ABC-0000001")
    listed = cli("productions", case.folder).out
    assert "VOL002-REPL replaces VOL001: Illegible." in listed
    told = cli("productions", case.folder, "--json").lines[-1]
    assert (told["replaces"], told["reason"]) == ("VOL001", "Illegible.")
    over = ("overlay", case.folder, tmp_path / "out", "--query", "*", "--designation", "SECRET")
    assert cli(*over, "--preview").out == "OVL001 would change 1 documents, CONFIDENTIALITY\n"
    assert cli(*over, "--json").json["fields"] == ["CONFIDENTIALITY"]
    assert cli("verify", tmp_path / "out" / "OVL001").code == 0
    (tmp_path / "out" / "OVL001" / "DATA" / "OVL001.DAT").write_bytes(b"x")
    assert cli("verify", tmp_path / "out" / "OVL001").code == 1
