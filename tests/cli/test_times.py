from __future__ import annotations

from pathlib import Path

import pytest

from casekit.queries.zones import ORDER_ASSUMED
from casekit.store.case import Case
from tests.builders import file_items
from tests.cli.conftest import Cli
from tests.queries.test_times import RULE, timed


@pytest.fixture
def timed_case(case: Case, tmp_path: Path) -> Case:
    chat = [timed("2025-03-05T14:00:00"), timed("2025-03-06T23:30:00")]
    file_items(case, chat, tmp_path, "chat.txt")
    file_items(case, [timed("2025-03-06T05:00:00", "explicit")], tmp_path, "mail.eml")
    return case


def test_groups_are_listed_decided_and_given_back(timed_case: Case, cli: Cli) -> None:
    folder = timed_case.folder
    listed = cli("times", folder)
    assert listed.out.splitlines() == [
        "       1  chat.txt, line: 2 items, 2025-03-05T14:00:00Z to 2025-03-06T23:30:00Z as assumed",
        "          as written: 2025-03-05T14:00:00 | 2025-03-06T23:30:00",
        "          zone assumed: no zone given, read as UTC",
        "          ▲ not decided",
        "1 groups of times without a zone, 1 of them undecided.",
    ]
    done = cli(
        "times", folder, "decide", 2, "--as", "Asia/Shanghai", "--reason", "Her phone.", "--json"
    ).json
    assert (done["v"], done["label"]) == (1, "Times read as Asia/Shanghai")
    (group,) = cli("times", folder, "--json").json["groups"]
    decision = group["decision"]
    assert (group["number"], group["items"], group["first_at"]) == (1, 2, "2025-03-05T14:00:00Z")
    assert (decision["reading"], decision["reason"], decision["by"]) == (
        "Asia/Shanghai", "Her phone.", timed_case.actor,
    )  # fmt: skip
    item = cli("item", folder, 1, "--json").json
    assert (item["sent_at"], item["sent_at_raw"], item["sent_at_decision"]) == (
        "2025-03-05T06:00:00Z", "2025-03-05T14:00:00", "Asia/Shanghai",
    )  # fmt: skip
    assert "0 groups" in cli("times", folder, "--undecided").out
    assert ": Asia/Shanghai, because Her phone." in cli("times", folder).out
    assert cli("undo", folder).code == 0
    assert "▲ not decided" in cli("times", folder).out


def test_day_and_month_are_exchanged_where_the_file_left_them_open(
    case: Case, cli: Cli, tmp_path: Path
) -> None:
    chat = [timed("2021-04-03T10:00:00", RULE + ORDER_ASSUMED[0])]
    file_items(case, chat, tmp_path, "chat.txt")
    decided = ("decide", 1, "--as", "as-assumed", "--swap", "--reason", "She is American.")
    assert cli("times", case.folder, *decided).code == 0
    assert ": as-assumed, day and month exchanged, because She is" in cli("times", case.folder).out
    assert cli("item", case.folder, 1, "--json").json["sent_at"] == "2021-03-04T10:00:00Z"


def test_a_search_by_date_says_what_it_rests_on(timed_case: Case, cli: Cli) -> None:
    assert cli("index", timed_case.folder).code == 0
    found = cli("search", timed_case.folder, "date:2025-03-06")
    assert len(found.out.splitlines()) == 3
    assert "2 match only by an assumed time zone: casekit times" in found.err
    cli("times", timed_case.folder, "decide", "1", "--as", "left-out", "--reason", "Never set.")
    found = cli("search", timed_case.folder, "date:2025-03-06")
    assert len(found.out.splitlines()) == 1
    assert "2 not searched: time-left-out" in found.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((1, "--as", "Shanghai", "--reason", "x"), "no way to read a time"),
        ((3, "--as", "UTC", "--reason", "x"), "Item 3 has no time whose zone was assumed."),
        ((1, "--as", "UTC", "--reason", " "), "needs a reason"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    timed_case: Case, cli: Cli, arguments: tuple[object, ...], why: str
) -> None:
    refused = cli("times", timed_case.folder, "decide", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
