from pathlib import Path

import docx

from casekit.ingest import ingest
from casekit.store.case import Case
from tests.builders import decide_all
from tests.cli.conftest import Cli


def test_a_notice_is_received_listed_and_released(cli: Cli, filled: Case) -> None:
    assert cli("clawback", filled.folder).out == "Nothing is sequestered and nothing taken back.\n"
    asked = ("clawback", filled.folder, "notice", "item 4", "ABC-0000007", "--from", "Meridian")
    refused = cli(*asked)
    assert (refused.code, "by which letter" in refused.err) == (2, True)
    done = cli(*asked, "--reference", "letter of 3 March")
    assert (done.code, done.out) == (1, "2 items sequestered on the notice of Meridian\n")
    assert done.err == "▲ Not found in this case: ABC-0000007\n"
    listed = cli("clawback", filled.folder).out.splitlines()
    assert [line[:8] for line in listed] == ["■ item 3", "■ item 4"]
    assert all("notice of Meridian, letter of 3 March" in line for line in listed)
    assert [line["id"] for line in cli("items", filled.folder, "--json").lines] == [1, 2, 5]
    nobody = cli("clawback", filled.folder, "release", 3, "--by", " ", "--reason", "x")
    assert (nobody.code, "who releases" in nobody.err) == (2, True)
    released = cli("clawback", filled.folder, "release", 3, "--by", "R. Judge", "--reason", "Order")
    assert released.out == "2 items released from sequestering by R. Judge\n"
    rows = cli("clawback", filled.folder, "--json").lines
    assert [(row["item_id"], row["sequestered"], row["released_by"]) for row in rows] == [
        (3, False, "R. Judge"),
        (4, False, "R. Judge"),
    ]
    assert cli("items", filled.folder, "--json").lines[2]["id"] == 3


def test_what_has_left_is_taken_back_and_the_letter_written(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    for n in (1, 2):
        (tmp_path / f"{n}.txt").write_text(f"letter {n}")
        ingest(case, [tmp_path / f"{n}.txt"])
    decide_all(case)
    out = tmp_path / "letter.docx"
    nothing = cli("clawback", case.folder, "letter", out)
    assert (nothing.code, out.exists()) == (2, False)
    cli("produce", case.folder, tmp_path / "out", "--query", "*", "--prefix", "ABC")
    asked = ("clawback", case.folder, "own", "ABC-0000002", "--basis", "work-product")
    assert cli(*asked, "--reason", "Slipped through").out == "1 item taken back\n"
    assert (
        "◆ item 2  ABC-0000002, produced in VOL001; work-product: Slipped through"
        in cli("clawback", case.folder).out
    )
    assert "◆ ABC-0000002  taken back" in cli("productions", case.folder).out
    assert cli("items", case.folder, "privilege:privileged", "--json").json["id"] == 2
    assert cli("clawback", case.folder, "letter", out).code == 0
    cells = [cell.text for row in docx.Document(out).tables[1].rows for cell in row.cells]
    assert {"ABC-0000002", "VOL001", "Slipped through"} <= set(cells)
    plain = tmp_path / "letter.txt"
    cli("clawback", case.folder, "letter", plain)
    assert "Numbers: ABC-0000002\nProduction: VOL001\n" in plain.read_text("utf-8")
    wrong = cli("clawback", case.folder, "letter", tmp_path / "letter.pdf")
    assert (wrong.code, ".docx or .txt" in wrong.err) == (2, True)
    again = cli(
        "produce", case.folder, tmp_path / "out", "--query", "*", "--prefix", "ABC", "--json"
    )
    assert (again.json["documents"], again.json["left_out"]) == (1, {"privileged": 1})
