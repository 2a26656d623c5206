from __future__ import annotations

import pytest

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.office_locked import read
from tests.ingest.ole_case import ole


@pytest.mark.parametrize(
    ("name", "word"), [("EncryptedPackage", "password"), ("\tDRMContent", "rights management")]
)
def test_locked_files_are_kept_and_told(name: str, word: str) -> None:
    data = ole({name: b"secret"})
    found, books = read(data, Context(name="a.docx"))
    assert isinstance(found, Parsed)
    assert (found.kind, found.texts, books) == ("document", (), Books(len(data)))
    assert [problem.kind for problem in found.problems] == ["encrypted"]
    assert word in found.problems[0].text
