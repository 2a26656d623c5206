from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ops import clawback, people
from casekit.ops.clawback import Notice
from casekit.ops.items import NewItem
from casekit.ops.times import decide_time
from casekit.queries.neighbours import Group, neighbours
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

S = 1_000_000


def record(at_s: int | None, account: str, key: str = "", ip: str = "", zone: str = "") -> NewItem:
    new = make_exchange(f"{at_s} {account}", "x", "m1", account=account, api_key=key, ip=ip)
    new.columns.update(sent_us=None if at_s is None else at_s * S)
    if zone:
        new.columns.update(sent_zone=zone, sent_field="time", sent_raw="2026", sent_resolution_us=S)
    return new


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Items 1 to 8: five of account a, the third asked about; 6 to 8 share its key or its IP."""
    made = [
        record(t, "a", "k" if t == 30 else "", "9.9" if t == 30 else "")
        for t in (10, 20, 30, 40, 50)
    ]
    made += [record(30, "b", key="k"), record(29, "c", ip="9.9"), record(None, "a")]
    file_items(case, made, tmp_path)
    return case


def told(groups: list[Group]) -> dict[str, tuple[list[tuple[int, float]], list[tuple[int, float]]]]:
    return {
        g.name: tuple([(n.row.id, n.gap_us / S) for n in side] for side in (g.before, g.after))
        for g in groups
    }


def test_records_before_and_after_share_the_value_and_stand_in_order_of_time(filed: Case) -> None:
    with filed.read() as s:
        found = neighbours(s, 3)
        assert told(found) == {
            "account": ([(1, -20), (2, -10)], [(4, 10), (5, 20)]),
            "api_key": ([], [(6, 0)]),
            "ip": ([(7, -1)], []),
        }
        assert not any(g.cut_before or g.cut_after for g in found)
        assert told(neighbours(s, 3, most=1))["account"] == ([(2, -10)], [(4, 10)])
        assert list(told(neighbours(s, 1))) == ["account"]
        assert neighbours(s, 8) == []  # it has no time
        near = neighbours(s, 3, within=1)[0]
        assert (told([near])["account"], near.cut_before, near.cut_after) == (([], []), True, True)


def test_what_is_sequestered_is_no_neighbour(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2", "item 6"], reference="letter"))
    with filed.read() as s:
        found = told(neighbours(s, 3))
        assert neighbours(s, 2) == []
    assert found["account"] == ([(1, -20)], [(4, 10), (5, 20)])
    assert found["api_key"] == ([], [])


def test_times_count_as_decided_and_what_is_left_out_is_nowhere(
    filed: Case, tmp_path: Path
) -> None:
    rule = "assumed:no zone given, read as UTC"
    off = [record(at, "a", zone=rule) for at in (3600 + 35, 3600 + 60, 33)]
    file_items(filed, off, tmp_path, "local.txt")
    file_items(filed, [record(31, "a", zone=rule)], tmp_path, "wild.txt")
    with filed.read() as s:
        assert told(neighbours(s, 3))["account"][1] == [(12, 1), (11, 3), (4, 10)]
    for number, reading in ((9, "+01:00"), (12, "left-out")):
        with filed.write() as s:
            decide_time(s, [number], reading, "The clerk says so.")
    with filed.read() as s:
        assert told(neighbours(s, 3))["account"][1] == [(9, 5), (4, 10), (5, 20)]
        assert told(neighbours(s, 9))["account"] == (
            [(1, -25), (2, -15), (3, -5)],
            [(4, 5), (5, 15), (10, 25)],
        )
        assert neighbours(s, 12) == []
        cut = neighbours(s, 3, within=4)[
            0
        ]  # two of each shift: what lies beyond the nearer end is not told
    assert cut.cut_after
    assert told([cut])["account"][1] == [(9, 5), (4, 10)][: len(cut.after)]


def test_accounts_that_were_united_are_followed_together(filed: Case) -> None:
    with filed.write() as s:
        people.unite(s, [("account", "a"), ("account", "c"), ("account", "elsewhere")], "Ann")
    with filed.read() as s:
        account = neighbours(s, 3)[0]
        assert (account.value, account.united) == ("a", ("c", "elsewhere"))
        assert told([account])["account"] == ([(1, -20), (2, -10), (7, -1)], [(4, 10), (5, 20)])
        assert neighbours(s, 6)[0].united == ()
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["7"], reference="letter"))
    with filed.read() as s:
        account = neighbours(s, 3)[0]
        assert account.united == ()
        assert [n.row.id for n in account.before] == [1, 2]
