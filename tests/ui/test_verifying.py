from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from casekit import i18n
from casekit.jobs.verify import Damage, VerifyReport, verify
from casekit.store import tables
from casekit.store.case import Case
from casekit.ui import verifying

PROGRAMMERS = re.compile(r"(?i)\b(schema|rows?|table|column|sqlite\w*|null|type)\b|\w_\w|[{}]")
DAMAGE = (
    "UPDATE matter SET value='Other'",
    "UPDATE item SET title='Other' WHERE id=3",
    "DROP INDEX IF EXISTS ix_item_kind",
    "CREATE TABLE aside (x)",
    "UPDATE sqlite_sequence SET seq=seq+5",
)


@pytest.fixture
def damaged(sample_case: Case) -> VerifyReport:
    from sqlalchemy import text

    with sample_case.write() as s:
        triggers = text("SELECT name FROM sqlite_master WHERE type='trigger'")
        for name in s.execute(triggers).scalars().all():
            s.execute(text(f'DROP TRIGGER "{name}"'))
        for statement in DAMAGE:
            s.execute(text(statement))
    return verify(sample_case)


@pytest.fixture
def chinese() -> Iterator[None]:
    i18n.use("zh")
    yield
    i18n.use("en")


def plain(report: VerifyReport) -> list[str]:
    return verifying.told(report).split("\n\n")[0].split("\n")


def test_damage_is_told_without_words_of_the_database(damaged: VerifyReport) -> None:
    words = plain(damaged)
    assert len(words) == len(damaged.damaged)
    assert [each for each in words if PROGRAMMERS.search(each)] == []
    assert "Structure of the case file: It holds a part that CaseKit did not make." in words
    assert any(each.startswith("Matter") and "changed outside CaseKit" in each for each in words)
    names = [name for name, _ in verifying.figures(damaged)]
    assert [each for each in names if PROGRAMMERS.search(each)] == []
    exact = verifying.told(damaged).split("\n\n")[1]
    assert "schema of aside: CaseKit did not make this table." in exact


def test_an_original_is_told_by_the_name_it_came_under() -> None:
    report = VerifyReport(
        damaged=[Damage("original 7a", "It is missing from the vault.", (), ("a.eml",))]
    )
    assert plain(report) == ["Original 7a, received as a.eml: It is missing from the vault."]


@pytest.mark.usefixtures("chinese")
def test_damage_is_told_in_chinese(damaged: VerifyReport) -> None:
    names = [name for name, _ in verifying.figures(damaged)]
    for each in (*plain(damaged), *names):
        assert re.search(r"[\u4e00-\u9fff]", each), each


def test_every_place_of_the_case_has_words() -> None:
    for name in tables.metadata.tables:
        for key in ('{"id":7}', '{"item_id":7,"tag_id":2}', "none"):
            assert not PROGRAMMERS.search(verifying.place(f"table {name}, row {key}"))
        assert not PROGRAMMERS.search(verifying.place(f"table {name}, column x"))
    assert set(verifying.KEPT) <= set(tables.metadata.tables)
    assert verifying.place('table exhibit, row {"id":1}') == "exhibit no. 1"
    assert (
        verifying.place('table item_tag, row {"item_id":2,"tag_id":2}') == "tag on an item, item 2"
    )


def test_a_case_that_is_whole_has_nothing_to_tell() -> None:
    assert verifying.told(VerifyReport()) == ""
