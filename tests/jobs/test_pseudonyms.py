from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import pseudonyms as job
from casekit.jobs.verify import verify
from casekit.ops import pseudonyms
from casekit.queries import custody
from casekit.store.case import Case

WORD = "twelve words or more"


def test_the_key_leaves_sealed_and_the_log_says_so(case: Case, tmp_path: Path) -> None:
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
        pseudonyms.give(s, "person", ["Ann Lee"])
        pseudonyms.give(s, "person", ["Annie"], same_as=2)
        pseudonyms.lift(s, [1])
    out = tmp_path / "key.json"
    key = job.write_key(case, out, WORD)
    data = out.read_bytes()
    assert (key.sha256, key.count) == (hashlib.sha256(data).hexdigest(), 2)
    assert [word for word in (b"4471", b"Ann", b"Annie") if word in data] == []
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    told = json.loads(job.read_key(out, WORD))
    assert [(p["pseudonym"], p["values"], p["in_use"]) for p in told["pseudonyms"]] == [
        ("Account 001", ["org_4471"], False), ("Person 002", ["Ann Lee", "Annie"], True),
    ]  # fmt: skip
    assert told["case"] == case.uuid
    with case.read() as s:
        last = custody.entries(s, act_class="custody")[-1]
    assert last.label == "Sealed key of 2 pseudonyms written"
    assert verify(case).damaged == []


def test_a_refused_key_leaves_no_file_and_no_entry(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "key.json"
    with pytest.raises(CaseKitError, match="no key yet"):
        job.write_key(case, out, WORD)
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
    head = case.head()
    with pytest.raises(CaseKitError, match="at least 12"):
        job.write_key(case, out, "short")
    with pytest.raises(CaseKitError, match="cannot be written"):
        job.write_key(case, tmp_path / "missing" / "key.json", WORD)
    out.write_text("mine")
    with pytest.raises(CaseKitError, match="already there"):
        job.write_key(case, out, WORD)
    assert (out.read_text(), case.head(), len(list(tmp_path.glob("*key*")))) == ("mine", head, 1)
    with pytest.raises(CaseKitError, match="no sealed file"):
        job.read_key(out, WORD)
    with pytest.raises(CaseKitError, match="cannot be read"):
        job.read_key(tmp_path, WORD)
