from __future__ import annotations

from pathlib import Path

from casekit.store.case import Case
from tests.builders import file_items, make_item, make_message
from tests.cli.conftest import Cli

HOUR = 3_600_000_000


def test_a_message_is_shown_among_its_neighbours(cli: Cli, case: Case, tmp_path: Path) -> None:
    said = [make_message(f"m{n}\nmore", "Ann", n * HOUR) for n in range(4)]
    file_items(case, [*said, make_message("m?", "", None), make_item()], tmp_path)
    assert cli("conversation", case.folder, 2, "--before", 1).out.splitlines() == [
        "Slack: general · 2 of 5",
        f"        1  1970-01-01T00:00:00 {'Ann':20} m0 more",
        f">       2  1970-01-01T01:00:00 {'Ann':20} m1 more",
        f"        3  1970-01-01T02:00:00 {'Ann':20} m2 more",
        f"        4  1970-01-01T03:00:00 {'Ann':20} m3 more",
        f"        5  {'':19} {'':20} m?",
    ]
    lines = cli("conversation", case.folder, 5, "--before", 1, "--after", 0, "--json").lines
    facts = {"service": "Slack", "channel": "general"}
    assert [{**each, "sent_at": ""} for each in lines[:1]] == [
        {"v": 1, "conversation": "Slack: general", "id": 4, "title": "m3\nmore", "sent_us": 3 * HOUR,
         "sent_at": "", "sender": "Ann", "text": "m3\nmore", "facts": facts},
    ]  # fmt: skip
    assert (lines[1]["id"], lines[1]["here"]) == (5, True)
    refused = cli("conversation", case.folder, 6)
    assert (refused.code, refused.err) == (2, "Item 6 is no message of a conversation.\n")


def test_conversations_are_listed_and_one_is_found_whole(
    cli: Cli, case: Case, tmp_path: Path
) -> None:
    quoted = [make_message("q", "Ann", 0, channel='the "big" one')]
    file_items(case, [*(make_message("m", "Ann", n) for n in (2, 1)), *quoted], tmp_path)
    assert cli("conversations", case.folder).out.splitlines() == [
        "       2  Slack: general", '       1  Slack: the "big" one',
    ]  # fmt: skip
    assert cli("conversations", case.folder, "--limit", 1, "--json").lines == [
        {"v": 1, "conversation": "Slack: general", "messages": 2}
    ]
    query = 'conversation:"Slack: the ""big"" one"'
    assert [each["id"] for each in cli("items", case.folder, query, "--json").lines] == [3]
    query = "conversation:*general"
    order = cli("items", case.folder, query, "--order", "date", "--json").lines
    assert [each["id"] for each in order] == [2, 1]
