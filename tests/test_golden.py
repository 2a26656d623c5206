"""Cases written by earlier versions open, verify and hold what they held."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from casekit.ingest import ingest
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.ops import journal, tags
from casekit.queries import items
from casekit.queries.records import records
from casekit.store.case import Case, open_case

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(path.stem for path in GOLDEN.glob("v*.casekit"))


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old(version: str, tmp_path: Path) -> Case:
    shutil.copytree(GOLDEN / f"{version}.casekit", tmp_path / "old.casekit")
    return open_case(tmp_path / "old")


def test_there_is_a_golden_case_of_the_first_version() -> None:
    assert "v1" in VERSIONS


def test_an_old_case_is_whole_and_holds_what_it_held(old: Case, version: str) -> None:
    expected = json.loads((GOLDEN / f"{version}.items.json").read_text("utf-8"))
    with old:
        report = verify(old)
        assert (report.damaged, report.checked["items"]) == ([], len(expected))
        with old.read() as s:
            found = list(records(s, items.item_ids(s, order="id")))
        assert [
            {key: record.get(key) for key in held}  # what later versions add is not what it held
            for record, held in zip(found, expected, strict=True)
        ] == expected
        for record in expected:
            assert len(raw_bytes(old, record["id"])) == record["size"]


def test_an_old_case_can_be_worked_on(old: Case, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("came later")
    with old:
        assert ingest(old, [tmp_path / "new.txt"]).items == 1
        with old.write() as s:
            done = tags.add_tag(s, [1], "later")
            journal.undo(s, done.act)
        assert verify(old).ok
