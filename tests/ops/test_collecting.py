from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import collecting as ops
from casekit.ops.journal import undoable_acts
from casekit.queries import collecting as queries
from casekit.store import canonical
from casekit.store.case import Case

BODY = {"prompts": [{"no": 1, "prompt": "Why?", "origin": "list", "sha256": "00"}], "samples": 1}


def test_a_set_is_registered_once_with_the_hash_of_its_bytes(case: Case) -> None:
    with case.write() as s:
        ops.register(s, " first ", BODY)
    with case.read() as s:
        made = queries.get(s, "first")
        assert undoable_acts(s, case.actor) == []  # a registration is not taken back
    assert (made.body, made.sha256) == (BODY, canonical.digest(BODY))
    for name, body, said in (
        ("first", BODY, "already"), ("", BODY, "needs a name"), ("next", {"prompts": []}, "no prompt"),
    ):  # fmt: skip
        with case.write() as s, pytest.raises(CaseKitError, match=said):
            ops.register(s, name, body)


@pytest.mark.parametrize("text", ["-1", "NaN", "1e999999999999", "two", "Infinity"])
def test_an_amount_is_a_number_that_can_be_paid(text: str) -> None:
    with pytest.raises(CaseKitError, match="no amount"):
        ops.amount(text)
