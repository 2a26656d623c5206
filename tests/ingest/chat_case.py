"""What the tests of chats share: records read as a file of them is, and a message in one row."""

from __future__ import annotations

import json
from typing import Any

from casekit.ingest.parsed import Context, Parsed, Problem
from casekit.ingest.readers import json_records
from tests.ingest.records_case import read_all


def messages(value: Any, **context: str) -> list[Parsed]:
    """The items of a JSON document, its books and pointers checked; nothing may be wrong with it."""
    items, problems, _ = read_json(value, **context)
    assert problems == []
    return items


def read_json(value: Any, **context: str) -> tuple[list[Parsed], list[Problem], Any]:
    data = json.dumps(value, indent=1, ensure_ascii=False).encode()
    return read_all(json_records.read, data, Context(**{"name": "f.json", **context}))


def facts(item: Parsed) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(item.facts)
    return found


def people(item: Parsed) -> list[tuple[str, str, str]]:
    return [(each.role, each.name, each.address) for each in item.parties]


def text(item: Parsed, part: str = "body") -> str:
    return dict(item.texts).get(part, "")


def thread(item: Parsed) -> tuple[str, tuple[str, ...]]:
    assert item.mail is not None
    assert item.mail.in_reply_to == item.mail.references[-1:]
    return item.mail.message_id, item.mail.references
