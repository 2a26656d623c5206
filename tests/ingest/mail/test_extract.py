from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ingest.mail.extract import mime_part
from tests.ingest.mail_case import DATA


def test_a_part_is_cut_out_by_its_number_and_decoded() -> None:
    raw = (DATA / "family.eml").read_bytes()
    assert mime_part(raw, "2") == b"account,requests\nacct_1,900\n"
    assert mime_part(raw, "1.1") == b"See the table.\n"
    assert mime_part(raw, "3").startswith(b"From: sam@meridian.example\n")
    wide = b"\xff\xfe" + raw.decode().encode("utf-16-le")
    assert mime_part(wide, "2") == b"account,requests\nacct_1,900\n"


def test_a_number_without_a_part_is_refused() -> None:
    with pytest.raises(CaseKitError, match=r"no part 2\.1"):
        mime_part(b"Subject: x\n\nbody", "2.1")
