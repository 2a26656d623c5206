"""The real chat exports of the corpus against what another program reads out of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casekit.clock import from_us
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.reading import format_of, read_any
from tests.ingest.chat_case import facts, people, text

pytestmark = pytest.mark.corpus


def read(path: Path) -> list[Parsed]:
    data = path.read_bytes()
    new_budget()
    context = Context(name=path.name, folder=path.parent.name)
    found = list(read_any(data, context, format_of(data, path.name)))
    books = found[-1]
    assert isinstance(books, Books)
    assert (books.total, books.quarantined) == (len(data), 0)
    return [each for each in found if isinstance(each, Parsed)]


def in_words(value: str) -> str:
    """The target has every line break, and every seam between formatted pieces, as a blank."""
    return "".join(value.split())


@pytest.mark.parametrize("service", ["whatsapp", "signal", "telegram", "instagram"])
def test_messages_that_somebody_said_equal_the_target(corpus: Path, service: str) -> None:
    folder = corpus / "chat" / "chat-miner" / "test" / service
    target: list[dict[str, Any]] = json.loads((folder / "target.json").read_text("utf-8"))
    expected = sorted((t["timestamp"], t["author"], in_words(t["message"])) for t in target)
    exports = [path for path in sorted(folder.iterdir()) if path.name.startswith("test")]
    assert exports
    for path in exports:
        said = sorted(
            (
                from_us(item.when.us).strftime("%Y-%m-%dT%H:%M:%S"),
                people(item)[0][1],
                in_words(text(item)),
            )
            for item in read(path)
            if item.when is not None and "event" not in facts(item)
        )
        assert said == expected, path.name


def test_the_slack_export_is_read_whole(corpus: Path) -> None:
    items = read(corpus / "slack" / "slack-export-viewer" / "tests" / "testarchive.zip")
    assert Counter(each.kind for each in items) == {"message": 158, "record": 32, "contact": 4}
    spoken = [each for each in items if each.kind == "message"]
    assert {facts(each)["channel"] for each in spoken} == {"enrique", "traveling-sailor"}
    named = [p for each in spoken for p in people(each) if p[0] == "from" and p[2].startswith("U")]
    assert named
    assert all(name for _, name, _ in named)


def test_the_teams_export_is_read_whole(corpus: Path) -> None:
    (path,) = (corpus / "teams").glob("*.json")
    said, event = read(path)
    assert (text(said), people(said)[0][1]) == ("DM from deactivated user", "Will Begon")
    assert (people(event)[0][0], facts(event)["event"]) == ("actor", "unknownFutureValue")
