from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from casekit.errors import CaseKitError
from casekit.ingest.shortage import shortage_refused


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("x", None, Exception("database or disk is full")), "free some space"),
        (MemoryError(), "ulimit -v"),
        (RuntimeError("can't start new thread"), "ulimit -v"),
    ],
)
def test_too_little_of_something_is_one_sentence(error: Exception, said: str) -> None:
    with pytest.raises(CaseKitError, match=said), shortage_refused():
        raise error


@pytest.mark.parametrize(
    "error", [OperationalError("x", None, Exception("locked")), RuntimeError("other"), KeyError()]
)
def test_anything_else_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as met, shortage_refused():
        raise error
    assert met.value is error
