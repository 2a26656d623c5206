"""The walk of one file: from a folder of evidence to a page of the dossier, headless, with no part replaced."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pypdfium2
import pytest

from casekit.dossier.spec import DossierSpec
from casekit.ingest import Provenance, ingest
from casekit.jobs import dossier
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.jobs.verify_dossier import verify_dossier
from casekit.ops import exhibits, privilege, tags
from casekit.progress import Silent
from casekit.queries import items, problems
from casekit.queries.conflicts import PrivilegeConflict
from casekit.search import index_pending, language, search
from casekit.store.case import Case, open_case

MAIL = b"""From: Priya Raman <priya@aurora.example>\r
To: legal@aurora.example\r
Subject: =?utf-8?b?5aSc6Ze055qE6LSm5oi3?=\r
Date: Tue, 16 Dec 2025 09:12:00 -0800\r
Message-ID: <walk-1@aurora.example>\r
Content-Type: multipart/mixed; boundary="b"\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
Twenty accounts never sleep. <script>alert(1)</script>\r
--b\r
Content-Type: text/plain; name="list.txt"\r
Content-Disposition: attachment; filename="list.txt"\r
Content-Transfer-Encoding: base64\r
\r
YWNjdF8wNDJlNWYyZAo=\r
--b--\r
"""
SECRET = MAIL.replace(b"walk-1", b"walk-2").replace(
    b"Twenty accounts never sleep", b"Counsel advises silence"
)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence from client"
    (folder / "邮件").mkdir(parents=True)
    (folder / "邮件" / "one.eml").write_bytes(MAIL)
    (folder / "邮件" / "two.eml").write_bytes(SECRET)
    answers = [
        {"instruction": f"Question {n}?", "output": f"Answer {n}, at length.", "generator": "m-1"}
        for n in range(5)
    ]
    (folder / "outputs.json").write_text(json.dumps(answers))
    return folder


def ids(case: Case, query: str) -> list[int]:
    with case.read() as s:
        return [int(i) for i in items.item_ids(s, language.parse(query), order="id")]


def test_a_folder_becomes_a_dossier_that_can_be_checked(
    case: Case, evidence: Path, tmp_path: Path
) -> None:
    report = ingest(case, [evidence], provenance=Provenance(custodian="Helen Marsh"))
    assert (report.files, report.items, report.exchanges, report.problems) == (3, 9, 5, [])
    assert (
        report.bytes_total
        == report.bytes_accounted
        == sum(p.stat().st_size for p in evidence.rglob("*.*"))
    )

    index_pending(case, Silent(), vectors=False)
    (mail,) = ids(case, 'kind:mail "never sleep"')
    assert ids(case, "夜间的账户 custodian:helen*") == ids(case, "kind:mail")
    assert [hit.id for hit in search(case, "length model:m-1", limit=9).hits] == ids(
        case, "model:m-1"
    )[::-1]
    assert raw_bytes(case, mail) == MAIL
    attachment = ids(case, "name:list.txt")[0]
    assert raw_bytes(case, attachment) == b"acct_042e5f2d\n"

    with case.write() as s:
        tags.add_tag(s, [mail], "hot")
        exhibits.mark_exhibit(s, mail, "A-1")
        exhibits.mark_exhibit(s, ids(case, "model:m-1")[0], "A-2")
        privilege.assert_privilege(s, ids(case, "silence"), "attorney-client")
    with pytest.raises(PrivilegeConflict):  # both mails carry the same list
        dossier.write(case, DossierSpec(), tmp_path / "blocked.pdf")
    with case.write() as s:
        privilege.pass_items(s, [mail, attachment], "The list is the log of the client")
    drafts = [
        dossier.write(case, DossierSpec(), tmp_path / f"{name}.pdf") for name in ("one", "two")
    ]
    assert drafts[0].sha256 == drafts[1].sha256
    issued = dossier.write(case, DossierSpec(), tmp_path / "issued.pdf", issue=True)
    text = extracted(issued.path)
    for expected in (
        "Twenty accounts never sleep. <script>alert(1)</script>",
        "夜间的账户",
        "Answer 0, at length.",
    ):
        assert expected in text
    assert "silence" not in text
    assert "DRAFT" in extracted(drafts[0].path)
    assert "DRAFT" not in text

    assert verify_dossier(issued.path).ok
    with open_case(case.folder) as again:
        assert verify(again).damaged == []
        with again.read() as s:
            assert items.rows(s, [mail])[0].bates.endswith("-0000001")


def extracted(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())


def test_a_second_import_adds_receipts_and_no_items(case: Case, evidence: Path) -> None:
    ingest(case, [evidence])
    again = ingest(case, [evidence], provenance=Provenance(custodian="Second"))
    assert (again.files, again.duplicates, again.items) == (3, 3, 0)
    assert again.bytes_accounted == again.bytes_total
    with case.read() as s:
        assert [r.custodian for r in items.view(s, 1).receipts] == ["", "Second"]


def test_a_supplied_hash_that_differs_is_a_permanent_problem(case: Case, evidence: Path) -> None:
    supplied = {"one.eml": "sha256:" + "0" * 64, "outputs.json": "md5:" + "0" * 32}
    report = ingest(case, [evidence], provenance=Provenance(supplied=supplied))
    assert [(p["kind"], p["path"]) for p in report.problems] == [
        ("supplied-hash-differs", "evidence from client/outputs.json"),
        ("supplied-hash-differs", "evidence from client/邮件/one.eml"),
    ]
    with case.read() as s:
        (receipt,) = items.view(s, ids(case, "message-id:walk-1@aurora.example")[0]).receipts
        assert (receipt.supplied_match, len(problems.problems(s))) == ("no", 2)


def test_the_command_line_imports_no_qt() -> None:
    import subprocess

    code = (
        "import sys, casekit.cli.demo, casekit.jobs.demo; "
        "sys.exit('PySide6' in sys.modules or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
