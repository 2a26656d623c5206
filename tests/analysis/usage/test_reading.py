from __future__ import annotations

import random
from pathlib import Path

from casekit.analysis.usage import reading
from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.store.case import Case
from casekit.store.tables import exchange_join
from tests.analysis.usage import logs
from tests.builders import file_items, make_exchange


def test_inputs_are_the_log_by_model_without_what_is_sequestered(
    case: Case, tmp_path: Path
) -> None:
    rng = random.Random(1)
    who = logs.account(rng, "a")
    rows = [logs.row(rng, who, n, f"ask {n}", model=model) for n, model in enumerate("mmn")]
    heads = [logs.exchange_of(row) for row in rows]
    heads.append(logs.exchange_of(logs.row(rng, who, 9, "sum", model="m", kind="record")))
    file_items(case, [*heads, make_exchange("Q", "A", "m")], tmp_path)
    with case.read() as s:
        before = reading.inputs(s)
        assert (reading.decided(s), reading.joined(s)) == (([], []), ([], []))
    assert [(one["model"], one["answers"]) for one in before] == [("m", 2), ("n", 1)]
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    with case.read() as s:
        after = reading.inputs(s)
    assert [(one["model"], one["answers"]) for one in after] == [("m", 1), ("n", 1)]
    assert (after[0]["root"] != before[0]["root"], after[1] == before[1]) == (True, True)


def test_parts_of_one_exchange_are_joined_and_what_is_alone_is_not(
    case: Case, tmp_path: Path
) -> None:
    rng = random.Random(1)
    who = logs.account(rng, "a")
    heads = [logs.exchange_of(logs.row(rng, who, n, f"ask {n}")) for n in range(3)]
    file_items(case, heads, tmp_path)
    with case.write() as s:
        for item_id, join_id in ((1, 1), (2, 1), (3, 3)):
            s.execute(exchange_join.insert().values(item_id=item_id, join_id=join_id, ground="id"))
    with case.read() as s:
        assert reading.joined(s) == ([1, 2], [1, 1])
