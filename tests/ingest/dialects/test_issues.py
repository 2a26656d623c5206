from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers import csv_records
from casekit.ingest.reading import read_any
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.records_case import read_all

API = "https://api.github.example/repos/a/b/issues"
ISSUE = {
    "url": f"{API}/5", "html_url": "https://github.example/a/b/issues/5", "id": 1, "number": 5,
    "title": "Outputs look copied", "user": {"login": "octo", "id": 3}, "labels": [{"name": "bug"}],
    "state": "open", "comments": 2, "created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-01-03T03:04:05Z",
    "closed_at": None, "body": "See this.",
}  # fmt: skip
COMMENT = {
    "url": f"{API}/comments/9", "html_url": "https://github.example/a/b/issues/5#issuecomment-9",
    "issue_url": f"{API}/5", "id": 9, "user": {"login": "bob"}, "created_at": "2024-01-02T05:04:05Z",
    "updated_at": "2024-01-02T05:04:05Z", "body": "Agreed",
}  # fmt: skip
LISTED = {
    "author": {"login": "octo", "name": "Octo"}, "body": "See this.", "createdAt": "2024-01-02T03:04:05Z",
    "number": 5, "title": "T", "url": "https://github.example/a/b/issues/5",
    "comments": [{"id": "c1", "author": {"login": "bob"}, "body": "Agreed",
                  "createdAt": "2024-01-02T05:04:05Z"}],
}  # fmt: skip
MOVED = {
    "type": "issue_comment", "url": "https://github.example/a/b/issues/5#issuecomment-9",
    "issue": "https://github.example/a/b/issues/5", "user": "https://github.example/bob", "body": "Agreed",
    "created_at": "2024-01-02T05:04:05Z",
}  # fmt: skip
JIRA = (
    b"Summary,Issue key,Issue Type,Creator,Assignee,Created,Updated,Description,Comment,Comment\n"
    b'Collect,PRJ-1,Task,Bob,Ann,01/Feb/24 3:04 PM,,"All of X",02/Feb/24 12:00 AM;ann;First; then,no form\n'
    b"Odd,PRJ-2,Task,Bob,,31/Feb/24 3:04 PM,,,,\n"
)
LINEAR = (
    b"ID,Team,Title,Description,Status,Priority,Creator,Assignee,Created,Updated,Parent issue\n"
    b"ENG-1,Eng,Distil it,Do it,Done,High,ann@x.example,Bob,2024-01-02T03:04:05.000Z,,ENG-0\n"
)


def test_a_github_issue_and_its_comment_make_a_thread() -> None:
    issue, comment = messages([ISSUE, COMMENT])
    assert (issue.title, text(issue)) == ("Outputs look copied", "Outputs look copied\n\nSee this.")
    assert people(issue) == [("from", "", "octo")]
    assert issue.when is not None
    assert issue.when.zone == "explicit"
    assert facts(issue) == {
        "service": "GitHub", "chat": "a/b#5", "id": "5", "state": "open", "edited": "2024-01-03T03:04:05Z",
        "link": "https://github.example/a/b/issues/5", "extra": {"labels": [{"name": "bug"}]},
    }  # fmt: skip
    assert thread(issue) == ("GitHub/a/b#5/5", ())
    assert thread(comment) == ("GitHub/a/b#5/9", ("GitHub/a/b#5/5",))
    assert "edited" not in facts(comment)


def test_what_gh_lists_has_its_comments_below() -> None:
    (item,) = messages([LISTED])
    assert people(item) == [("from", "Octo", "octo")]
    (said,) = item.children
    assert (text(said), people(said)) == ("Agreed", [("from", "", "bob")])
    assert thread(said) == ("GitHub/a/b#5/c1", ("GitHub/a/b#5/5",))


def test_archives_of_a_move_name_people_by_links() -> None:
    (item,) = messages([MOVED])
    assert people(item) == [("from", "", "bob")]
    assert facts(item)["chat"] == "a/b#5"
    assert facts(item)["thread"] == "5"


def test_jira_rows_have_their_comments_below() -> None:
    items, problems, _ = read_all(csv_records.read, JIRA)
    assert problems == []
    first, odd = items
    assert (first.title, text(first)) == ("PRJ-1 Collect", "PRJ-1 Collect\n\nAll of X")
    assert people(first) == [("from", "Bob", ""), ("to", "Ann", "")]
    assert first.when is not None
    assert (first.when.us, first.when.raw) == (1706799840_000_000, "01/Feb/24 3:04 PM")
    assert first.when.zone.startswith("assumed:no zone given, local time")
    said, other = first.children
    assert (text(said), people(said)) == ("First; then", [("from", "", "ann")])
    assert said.when is not None
    assert said.when.us == 1706832000_000_000
    assert thread(said) == ("Jira/PRJ-1/PRJ-1/1", ("Jira/PRJ-1/PRJ-1",))
    assert (text(other), other.when, people(other)) == ("no form", None, [])
    assert (odd.when, odd.children) == (None, ())


@pytest.mark.parametrize(
    ("time", "us"),
    [
        ("01/Feb/2024 15:04:05", 1706799845_000_000),
        ("2024-02-01 15:04", 1706799840_000_000),
        ("01/Feb/24 13:04 PM", None),
        ("01/Foo/24 3:04 PM", None),
    ],
)
def test_times_of_jira(time: str, us: int | None) -> None:
    (item,) = messages([{"Issue key": "P-1", "Summary": "s", "Created": time}])
    assert (item.when.us if item.when else None) == us


def test_linear_rows_are_tasks() -> None:
    items, problems, _ = read_all(csv_records.read, LINEAR)
    assert problems == []
    (item,) = items
    assert text(item) == "ENG-1 Distil it\n\nDo it"
    assert people(item) == [("from", "", "ann@x.example"), ("to", "Bob", "")]
    assert facts(item) == {
        "service": "Linear", "chat": "ENG-1", "team": "Eng", "id": "ENG-1", "state": "Done",
        "part_of": "ENG-0", "extra": {"Priority": "High"},
    }  # fmt: skip


@pytest.mark.parametrize("record", [ISSUE, COMMENT, LISTED, MOVED])
def test_wrong_values_cost_no_record(record: dict[str, Any]) -> None:
    for key in record:
        for value in (None, 7, "x", [], [7], {"x": 1}, [["x"]]):
            items, _, _ = read_json([{**record, key: value}])
            assert len(items) == 1


def test_cut_and_other_records() -> None:
    assert recognise({"body": "b", "user": "u", "created_at": "2024-01-01"}) == ""
    assert recognise({"Issue key": "a", "Summary": "b"}) == ""
    cut = json.dumps([ISSUE, COMMENT]).encode()[:-20]
    items = [
        e for e in read_any(cut, Context(name="f.json"), "json-records") if isinstance(e, Parsed)
    ]
    assert [each.kind for each in items][:1] == ["message"]
    items, problems, _ = read_all(csv_records.read, JIRA[:-30])
    assert (len(items), [each.kind for each in problems]) == (1, ["field-count"])
