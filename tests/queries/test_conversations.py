from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text

from casekit.ops.times import decide_time
from casekit.progress import Silent
from casekit.queries import facets, filters, items
from casekit.queries.conversations import IS_MESSAGE, NAME, around, name_of
from casekit.queries.facets import Count
from casekit.queries.filters import FieldIs
from casekit.queries.records import records
from casekit.search import filling
from casekit.store.case import Case
from casekit.store.tables import item
from tests.builders import file_items, make_exchange, make_item, make_message

S = 1_000_000


def chat(case: Case, tmp_path: Path) -> None:
    """Six messages of one chat in the hands of Helen, in two files; Ivo has a chat of the same name."""
    later = [make_message(f"m{n}", "Ann", n * S) for n in (5, 3, 4)]
    file_items(case, later, tmp_path, "b", "Helen")
    first = [
        make_message("m1", "Bob", S),
        make_message("m2", "Bob", 2 * S),
        make_message("m?", "Bob"),
    ]
    other = [make_message("o1", "Bob", 2 * S, channel="random")]
    file_items(case, [*first, *other], tmp_path, "a", "Helen")
    file_items(case, [make_message("i3", "Cy", 3 * S)], tmp_path, "c", "Ivo")


def shown(case: Case, item_id: int, before: int = 9, after: int = 9) -> tuple[list[str], list[str]]:
    with case.read() as s:
        found = around(s, item_id, before=before, after=after)
    assert found is not None
    return [each.text for each in found.before], [each.text for each in found.after]


def test_neighbours_stand_in_order_of_time_whichever_file_they_are_in(
    case: Case, tmp_path: Path
) -> None:
    chat(case, tmp_path)
    assert shown(case, 2) == (["m1", "m2"], ["m4", "m5", "m?"])
    assert shown(case, 2, 1, 1) == (["m2"], ["m4"])
    assert shown(case, 4) == ([], ["m2", "m3", "m4", "m5", "m?"])
    assert shown(case, 6) == (["m1", "m2", "m3", "m4", "m5"], [])
    assert shown(case, 2, 0, 0) == ([], [])
    with case.read() as s:
        found = around(s, 2, before=1, after=0)
    assert found is not None
    assert (found.name, found.position, found.total) == ("Slack: general", 3, 6)
    (one,) = found.before
    assert (one.id, one.title, one.sent_us, one.sender) == (5, "m2", 2 * S, "Bob")
    assert one.facts == {"service": "Slack", "channel": "general"}


def test_neighbours_follow_what_was_decided_of_their_times(case: Case, tmp_path: Path) -> None:
    hour = 3600 * S
    file_items(
        case,
        [make_message("m1", "Ann", 9 * hour), make_message("m3", "Ann", 11 * hour)],
        tmp_path,
        "a",
    )
    late = make_message("m2", "Bob", 10 * hour)
    late.columns["sent_zone"] = "assumed:utc"
    file_items(case, [late], tmp_path, "b")
    assert shown(case, 3) == (["m1"], ["m3"])
    with case.write() as s:
        decide_time(s, [3], "-02:00", "Bob’s phone.")
    assert (shown(case, 3), shown(case, 2)) == ((["m1", "m3"], []), (["m1"], ["m2"]))
    with case.read() as s:
        found = around(s, 2, before=0, after=1)
    assert found is not None
    assert (found.after[0].sent_us, found.after[0].time.state) == (12 * hour, "decided")


def test_chats_of_one_name_in_two_hands_are_not_mixed(case: Case, tmp_path: Path) -> None:
    chat(case, tmp_path)
    assert shown(case, 8) == ([], [])
    assert shown(case, 7) == ([], [])


def test_one_instant_is_in_order_of_receipt(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_message(f"m{n}", "Ann", S) for n in range(3)], tmp_path)
    assert shown(case, 2) == (["m0"], ["m2"])


def test_what_names_no_conversation_has_no_neighbours(case: Case, tmp_path: Path) -> None:
    broken = make_message("broken", "Ann", S)
    broken.columns["facts"] = "{"
    nowhere = make_message("nowhere", "Ann", S, channel=None)
    file_items(case, [make_item(), nowhere, broken], tmp_path)
    with case.read() as s:
        assert [around(s, n, before=1, after=1) for n in (1, 2, 3, 99)] == [None] * 4
        assert [name_of(s, n) for n in (1, 2, 3, 99)] == [""] * 4


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({}, "Slack: general"),
        ({"chat": "x"}, "Slack: general"),
        ({"channel_id": "C1"}, "Slack: general (C1)"),
        ({"channel": None, "chat": "Ann", "chat_id": "7"}, "Slack: Ann (7)"),
        ({"channel": None, "chat": "7", "chat_id": "7"}, "Slack: 7"),
        ({"channel": None, "chat_id": "7"}, "Slack: 7"),
        ({"service": "Discord", "team": "Lab"}, "Discord: Lab / general"),
    ],
)
def test_a_conversation_is_named_by_service_place_and_number(
    case: Case, tmp_path: Path, facts: dict[str, object], name: str
) -> None:
    file_items(case, [make_message("m", "Ann", S, **facts)], tmp_path)
    with case.read() as s:
        assert name_of(s, 1) == name


def test_a_conversation_can_be_counted_and_filtered(case: Case, tmp_path: Path) -> None:
    chat(case, tmp_path)
    turns = [make_exchange(f"{n}?", "x", "m", conversation_id="conv-1") for n in range(2)]
    file_items(case, turns, tmp_path, "log")
    filling.index_pending(case, Silent())
    late = make_exchange("late?", "x", "m", conversation_id="conv-1")
    file_items(case, [late], tmp_path, "log 2")

    def found(value: str, *, pattern: bool = False) -> list[int]:
        with case.read() as s:
            node = FieldIs("conversation", value, pattern)
            return [int(i) for i in items.item_ids(s, node, order="id")]

    with case.read() as s:
        assert facets.conversations(s) == [Count("Slack: general", 7), Count("Slack: random", 1)]
        assert facets.conversations(s, 1) == [Count("Slack: general", 7)]
        assert name_of(s, 9) == "conv-1"
        kept = [each.get("conversation") for each in records(s, [1, 7, 9])]
        assert kept == ["Slack: general", "Slack: random", "conv-1"]
    assert found("slack: GENERAL") == [1, 2, 3, 4, 5, 6, 8]
    assert found("*random*", pattern=True) == [7]
    assert found("general") == []
    assert found("conv-1") == [9, 10, 11]


def test_neighbours_and_counts_are_read_off_the_index(case: Case) -> None:
    with case.read() as s:
        query = select(item.c.id).where(IS_MESSAGE, NAME == "x").order_by(item.c.sent_us, item.c.id)
        sql = str(query.compile(compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row) for row in s.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    assert "item_by_conversation" in plan
    assert "TEMP B-TREE" not in plan
    assert filters.VALUE_FIELDS.count("conversation") == 1
