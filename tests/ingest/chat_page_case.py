"""What the tests of chats kept as web pages share: a page of each exporter, and its reading."""

from __future__ import annotations

from pathlib import Path

from casekit.clock import from_us
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.readers import chat_page
from tests.ingest.records_case import read_all

_CHATS = Path(__file__).resolve().parent.parent / "data" / "chats"

TELEGRAM, DISCORD, FACEBOOK, IMESSAGE = (
    (_CHATS / f"{name}.html").read_bytes()
    for name in ("telegram", "discord", "facebook", "imessage")
)
PAGES = {"Telegram": TELEGRAM, "Discord": DISCORD, "Facebook": FACEBOOK, "iMessage": IMESSAGE}


def read(data: bytes, **context: str) -> tuple[list[Parsed], list[Problem], Books]:
    return read_all(chat_page.read, data, Context(**{"name": "messages.html", **context}))


def times(items: list[Parsed]) -> list[str]:
    return [f"{from_us(each.when.us):%Y-%m-%d %H:%M:%S}" if each.when else "" for each in items]
