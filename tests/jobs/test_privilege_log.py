import csv
import zipfile
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import privilege_log
from casekit.ops import privilege
from casekit.store.case import Case
from tests.builders import file_items, make_mail

DAY = 86_400_000_000


@pytest.fixture
def held(case: Case, tmp_path: Path) -> Case:
    """Mails 1 and 2 withheld as one category, 3 as another whose author begins a formula."""
    mails = [make_mail(f"S{n}", "c@firm.example", "h@aurora.example", n * DAY) for n in range(2)]
    mails.append(make_mail("S3", '=HYPERLINK("x")', "h@aurora.example"))
    mails.append(make_mail("open", "a@x.example", "b@x.example"))
    file_items(case, mails, tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1, 2], "attorney-client", note="Advice on the contract")
        privilege.assert_privilege(s, [3], "work-product")
    return case


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_a_row_an_item_says_who_when_why_and_no_formula(held: Case, tmp_path: Path) -> None:
    done = privilege_log.write(held, tmp_path / "log.csv")
    assert (done.rows, done.items, done.undescribed) == (3, 3, 1)
    first, _, last = rows(tmp_path / "log.csv")
    assert first == {
        "Log number": "PRIV-0000001", "Bates number": "", "Attached to": "", "Kind": "mail",
        "Date (UTC)": "1970-01-01 00:00:00", "Author": "c@firm.example", "To": "h@aurora.example", "Cc": "",
        "Bcc": "", "Privilege": "Attorney–client privilege", "Description": "Advice on the contract",
        "Treatment": "Withheld in full",
    }  # fmt: skip
    assert (last["Author"], last["Description"]) == ('\'=HYPERLINK("x")', "")


def test_categories_have_their_span_people_and_numbers(held: Case, tmp_path: Path) -> None:
    privilege_log.write(held, tmp_path / "log.csv", "category")
    first, second = rows(tmp_path / "log.csv")
    assert (first["Items"], first["First date (UTC)"], first["Last date (UTC)"], first["Log numbers"]) == (
        "2", "1970-01-01 00:00:00", "1970-01-02 00:00:00", "PRIV-0000001; PRIV-0000002",
    )  # fmt: skip
    assert (second["Privilege"], second["Items"], second["First date (UTC)"]) == (
        "Work product",
        "1",
        "",
    )


def test_metadata_alone_leaves_the_description_out(held: Case, tmp_path: Path) -> None:
    privilege_log.write(held, tmp_path / "log.csv", "metadata")
    assert "Description" not in rows(tmp_path / "log.csv")[0]
    assert rows(tmp_path / "log.csv")[0]["File type"] == "text/plain"


def test_a_workbook_has_strings_alone_and_neither_subject(held: Case, tmp_path: Path) -> None:
    privilege_log.write(held, tmp_path / "log.xlsx")
    with zipfile.ZipFile(tmp_path / "log.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "PRIV-0000003" in texts
    assert "S3" not in texts


def test_what_a_workbook_cannot_hold_is_cut_and_says_so(held: Case, tmp_path: Path) -> None:
    with held.write() as s:
        privilege.describe(s, [1], "x" * 40_000)
    privilege_log.write(held, tmp_path / "log.xlsx")
    with zipfile.ZipFile(tmp_path / "log.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "xxx … (cut: longer than a cell may be; whole in the list as .docx)</t>" in texts
    privilege_log.write(held, tmp_path / "log.csv")
    assert rows(tmp_path / "log.csv")[0]["Description"] == "x" * 40_000
    with pytest.raises(CaseKitError, match="is not there"):
        privilege_log.write(held, tmp_path / "absent" / "log.csv")


def test_what_cannot_be_written_is_refused_and_leaves_no_file(held: Case, tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="written as"):
        privilege_log.write(held, tmp_path / "log.txt")
    with held.write() as s:
        privilege.release_privilege(s, [1, 2, 3])
    with pytest.raises(CaseKitError, match="Nothing is withheld"):
        privilege_log.write(held, tmp_path / "log.csv")
    assert list(tmp_path.glob("*log.*")) == []
