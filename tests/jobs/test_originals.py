import gzip
from pathlib import Path

import pytest

from casekit.confine import Worker
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.ingest.pieces import PRELOAD
from casekit.jobs.originals import problem_bytes, raw_bytes
from casekit.queries import problems
from casekit.queries.problems import ProblemFilter
from casekit.store.case import Case


def test_the_exact_bytes_of_a_record_in_a_compressed_file(case: Case, tmp_path: Path) -> None:
    lines = [b'{"prompt": "a?", "output": "1"}', b'{"prompt":  "b?", "output": "2"}']
    (tmp_path / "m-1.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    ingest(case, [tmp_path / "m-1.jsonl.gz"])
    assert [raw_bytes(case, n) for n in (1, 2)] == lines
    with pytest.raises(CaseKitError, match="no item 3"):
        raw_bytes(case, 3)


def test_damaged_evidence_is_not_handed_out(case: Case, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"evidence")
    ingest(case, [tmp_path / "note.txt"])
    (original,) = case.vault.names()
    path = case.folder / "vault" / original.hex()[:2] / original.hex()
    path.chmod(0o640)
    path.write_bytes(b"evidenxe")
    with pytest.raises(CaseKitError):
        raw_bytes(case, 1)


def test_the_place_of_a_problem_is_found_whatever_the_files_are_called(
    case: Case, tmp_path: Path
) -> None:
    bad = b'{"prompt": "p", "output": "o"}\n{"cut": \n'
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "urgent!a.jsonl").write_bytes(bad)
    (folder / "urgent!b!.jsonl.gz").write_bytes(gzip.compress(bad))
    (folder / "urgent").write_bytes(b"text")
    ingest(case, [folder])
    with case.read() as s:
        rows = problems.problems(s, ProblemFilter(kind="bad-json"))
    assert [(row.inside, row.counted) for row in rows] == [
        (("s/urgent!a.jsonl", ""), "file"),
        (("s/urgent!b!.jsonl.gz", "unpacked"), "unpacked"),
    ]
    with Worker(preload=PRELOAD) as worker:
        assert [problem_bytes(case, worker, row, 5) for row in rows] == [b'{"cut'] * 2
