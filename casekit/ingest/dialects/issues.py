"""Tasks and what is said to them, as GitHub's API and `gh` give them and Jira and Linear export them.

Source: docs.github.com/rest "Issues"; cli/cli `gh issue list --json`; github/gh-migrator archives; Atlassian
Support "Export work items to CSV"; linear.app/docs "Exporting data".
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from casekit.clock import to_us
from casekit.ingest.dialects.chat import (
    LOCAL,
    inside,
    instant,
    objects,
    put_message,
    rest_of,
    text_of,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party, When

Record = dict[str, Any]

# -- GitHub ---------------------------------------------------------------------------------------

_PLACE = re.compile(
    r"https?://[^/]+/(?:api/v3/)?(?:repos/)?([^/]+/[^/]+)/(?:issues|pull|pulls)/(\d+)"
)
_USED = (
    "url", "html_url", "issue_url", "pull_request_url", "issue", "pull_request", "id", "node_id", "number",
    "title", "body", "user", "author", "created_at", "createdAt", "updated_at", "updatedAt", "closed_at",
    "closedAt", "comments", "type",
)  # fmt: skip
_NAMED = re.compile(r"https?://[^/]+/([^/]+)/?")


def read_github(record: Record, draft: Draft) -> bool:
    """An issue or a request to merge with its title, or a comment on one; comments inside it hang below."""
    body = "body" in record and ("created_at" in record or "createdAt" in record)
    if not body or not ("user" in record or "author" in record):
        return False
    links = [text_of(record, key) for key in _LINKS]
    links += [text_of(inside(record.get("pull_request")), "html_url")]
    place = next((found for each in links if (found := _PLACE.match(each))), None)
    is_issue = type(record.get("title")) is str and (place is not None or "number" in record)
    if place is None and not is_issue:
        return False
    number = (text_of(record, "number") if is_issue else "") or (place[2] if place else "")
    return _put_github(record, draft, place[1] if place else "", number, is_issue=is_issue)


_LINKS = ("html_url", "url", "issue_url", "pull_request_url", "issue", "pull_request")


def _put_github(
    record: Record, draft: Draft, repository: str, number: str, *, is_issue: bool
) -> bool:
    title = text_of(record, "title")
    facts: Record = {
        "chat": f"{repository}#{number}",
        "id": number if is_issue else text_of(record, "id", "url"),
        "thread": "" if is_issue else number,
        "state": text_of(record, "state"),
        "edited": text_of(record, "updated_at", "updatedAt"),
        "closed": text_of(record, "closed_at", "closedAt"),
        "link": text_of(record, "html_url", "url"),
        "extra": rest_of(record, (*_USED, "state")),
    }
    if facts["edited"] == text_of(record, "created_at", "createdAt"):
        del facts["edited"]
    for at, comment in enumerate(objects(record.get("comments"))):
        part = draft.part(("comments", at))
        _put_github(comment, part, repository, number, is_issue=False)
        draft.hang(part)
    return put_message(
        draft, "GitHub", facts=facts, parties=[_github_person(record)],
        text="\n\n".join(filter(None, (title if is_issue else "", text_of(record, "body")))),
        when=instant(record, ("created_at", "createdAt"), draft.raw),
    )  # fmt: skip


def _github_person(record: Record) -> Party:
    who = inside(record.get("user")) or inside(record.get("author"))
    account = text_of(who, "login")
    if not account and (found := _NAMED.fullmatch(text_of(record, "user", "author"))):
        account = found[1]
    return Party("from", text_of(who, "name"), account)


# -- Jira -----------------------------------------------------------------------------------------

_JIRA = ("Issue key", "Summary", "Created")
_JIRA_USED = (*_JIRA, "Description", "Creator", "Reporter", "Assignee", "Project name", "Updated")
_COMMENT = re.compile(r"Comment(?: \(\d+\))?")
_SAID = re.compile(r"(?P<time>[^;]{4,40});(?P<who>[^;]{0,200});(?P<text>.*)", re.DOTALL)
_JIRA_TIME = re.compile(
    r"(?P<day>\d{1,2})/(?P<name>[A-Z][a-z]{2})/(?P<year>\d{4}|\d\d) (?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d))?(?: (?P<half>[AP]M))?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_jira_row(record: Record, draft: Draft) -> bool:
    """A row of Jira's export: a task; each of its comments hangs below it, with its own time and person."""
    if not all(column in record for column in _JIRA):
        return False
    key = text_of(record, "Issue key")
    comments = [each for each in record if _COMMENT.fullmatch(each)]
    facts: Record = {
        "chat": key,
        "id": key,
        "team": text_of(record, "Project name"),
        "edited": text_of(record, "Updated"),
        "extra": rest_of(record, (*_JIRA_USED, *comments)),
    }
    for number, column in enumerate(comments, 1):
        said = _SAID.fullmatch(text_of(record, column))
        if said is None and not text_of(record, column):
            continue
        part = draft.part()
        put_message(
            part, "Jira", text=said["text"] if said else text_of(record, column),
            facts={"chat": key, "id": f"{key}/{number}", "thread": key},
            when=_jira_time(said["time"], column) if said else None,
            parties=[Party("from", "", said["who"] if said else "")],
        )  # fmt: skip
        draft.hang(part)
    words = (f"{key} {text_of(record, 'Summary')}", text_of(record, "Description"))
    return put_message(
        draft, "Jira", text="\n\n".join(filter(None, words)), facts=facts,
        when=_jira_time(text_of(record, "Created"), "Created"),
        parties=[Party("from", text_of(record, "Creator", "Reporter"), ""),
                 Party("to", text_of(record, "Assignee"), "")],
    )  # fmt: skip


def _jira_time(text: str, field: str) -> When | None:
    """Such as `01/Feb/24 3:04 PM`, the local time of who exported it; or another form that states a time."""
    found = _JIRA_TIME.fullmatch(text.strip())
    if found is None or found["name"] not in _MONTHS:
        return instant({field: text}, (field,))
    hour, year = int(found["hour"]), int(found["year"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "PM" else 0)
    try:
        moment = dt.datetime(
            year if year > 99 else 2000 + year, _MONTHS.index(found["name"]) + 1, int(found["day"]),
            hour, int(found["minute"]), int(found["second"] or 0), tzinfo=dt.UTC,
        )  # fmt: skip
    except ValueError:
        return None
    step = 1_000_000 if found["second"] else 60_000_000
    return When(to_us(moment), text, field, LOCAL, step)


# -- Linear ---------------------------------------------------------------------------------------

_LINEAR = ("ID", "Team", "Title", "Description", "Status", "Creator", "Created")
_LINEAR_USED = (*_LINEAR, "Assignee", "Updated", "Parent issue")


def read_linear_row(record: Record, draft: Draft) -> bool:
    """A row of Linear's export: a task."""
    if not all(column in record for column in _LINEAR):
        return False
    key, above = text_of(record, "ID"), text_of(record, "Parent issue")
    facts: Record = {
        "chat": key,
        "team": text_of(record, "Team"),
        "id": key,
        "state": text_of(record, "Status"),
        "edited": text_of(record, "Updated"),
        "part_of": above,
        "extra": rest_of(record, _LINEAR_USED),
    }
    words = (f"{key} {text_of(record, 'Title')}", text_of(record, "Description"))
    return put_message(
        draft, "Linear", text="\n\n".join(filter(None, words)), facts=facts,
        when=instant(record, ("Created",), draft.raw),
        parties=[_linear_person("from", text_of(record, "Creator")),
                 _linear_person("to", text_of(record, "Assignee"))],
    )  # fmt: skip


def _linear_person(role: str, text: str) -> Party:
    return Party(role, "", text) if "@" in text else Party(role, text, "")
