from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import collecting as ops
from casekit.queries import collecting as queries
from casekit.store.case import Case
from tests.builders import file_items, make_item
from tests.jobs.test_collecting import approval

PROMPTS = [{"no": n, "prompt": f"Why {n}?", "origin": "list", "sha256": "00"} for n in (1, 2)]


def test_what_is_done_is_counted_by_question_and_not_by_attempt(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("Terms")], tmp_path)
    with case.write() as s:
        ops.register(s, "first", {"prompts": PROMPTS, "samples": 2})
        ops.approve(s, "first", approval("https://x.example/v1"))
        rows = [
            {
                "prompt_no": 1,
                "sample": 1,
                "attempt": n,
                "state": state,
                "sent_us": n,
                "clock_us": 10 * n,
            }
            for n, state in enumerate(("cut", "unknown", "answered"), 1)
        ]
        ops.keep(s, 1, "a.warc", bytes(32), rows)
    with case.read() as s:
        chosen = queries.get(s, "first")
        one = queries.approved(s, chosen.id, "meridian-r1")
        found = queries.standing(s, chosen, one)
        assert queries.done(s, one.id) == ({(1, 1)}, {(1, 1): 3})
        assert queries.tapes(s, one.id) == {"a.warc"}
        with pytest.raises(CaseKitError, match="no prompt set"):
            queries.get(s, "second")
    assert (found.wanted, found.done, found.first_us, found.last_us, found.clock_us) == (
        4,
        1,
        1,
        3,
        20,
    )
    assert found.states == {"answered": 1, "cut": 1, "unknown": 1}
