import pytest

from casekit.errors import CaseKitError
from casekit.ops.signing import issued_title, record_signature
from casekit.queries import custody
from casekit.store import custody as custody_log
from casekit.store.case import Case
from casekit.store.tables import production

ABOUT = {"where": "beside", "level": "B", "signer": "Jane Roe", "certificate_sha256": "ab" * 32}


def test_a_signature_of_what_was_issued_stands_in_the_log_for_good(case: Case) -> None:
    with case.write() as s:
        s.execute(
            production.insert().values(
                kind="dossier", title="For the hearing", at_us=1, custody_seq=1, plan_sha256=bytes(32),
                pdf_sha256=b"\x01" * 32, pages=3, plan="{}",
            )
        )  # fmt: skip
        changes = record_signature(s, "01" * 32, "02" * 32, ABOUT)
    assert (changes.label, changes.undo) == ("Dossier “For the hearing” signed by Jane Roe", None)
    with case.read() as s:
        assert custody.entries(s)[-1].op == "dossier.sign"
        (leaf,) = custody_log.leaves(s, custody_log.head(s) - 1, custody_log.head(s))
        assert leaf.content["class"] == "custody"  # printed, and never held back as work product
        assert issued_title(s, "01" * 32) == "For the hearing"


def test_what_the_case_did_not_issue_is_refused(case: Case) -> None:
    with case.write() as s, pytest.raises(CaseKitError, match="not as this case issued it"):
        record_signature(s, "01" * 32, "02" * 32, ABOUT)
