from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casekit.store import dialect
from casekit.store.case import Case, create_case, open_case
from casekit.store.tables import matter

ASKED = select(matter.c.value).where(func.lower(matter.c.key) == "name")


def told(case: Case) -> list[str]:
    with case.read() as s:
        found = [s.execute(ASKED).scalar_one()]
    with case.write() as s:
        return [*found, s.execute(ASKED).scalar_one()]


def test_a_statement_is_compiled_once_for_all_cases_and_for_reading_and_writing(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[Any, Any] = {}
    monkeypatch.setattr(dialect, "compiled", kept)
    with open_case(case.folder) as one, create_case(tmp_path / "Other", "Other v. One") as other:
        assert told(one) == ["Aurora v. Meridian"] * 2
        assert told(other) == ["Other v. One"] * 2
        assert told(one) == ["Aurora v. Meridian"] * 2
    assert ["lower(" in str(one) for one in kept.values()].count(True) == 1


def test_few_are_kept() -> None:
    assert dialect.compiled.capacity == dialect.MOST_COMPILED
