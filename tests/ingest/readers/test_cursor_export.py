from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers.cursor_export import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import read_all, texts

HEAD = "# Fix the bug\n_Exported on 5/15/2025 at 17:47:04 PDT from Cursor (0.50.4)_\n"
CHAT = f"""{HEAD}
---

**User**

Why?

---

**Cursor**

So:

---

```
# Else
**User**
```

---

**User**

And?

---

**Cursor**

Thus.

---

# Other
_Exported on 2026/2/28 at GMT+8 10:28:33 from Cursor (2.4.27)_

---

**User**

Alone?
""".encode()


def answers(item: Parsed) -> list[Parsed]:
    return [each for each in item.children if each.kind == "exchange"]


def test_a_chat_gives_its_answers_each_with_its_own_bytes() -> None:
    assert format_of(CHAT, "x.md") == "cursor-export"
    (first, other), problems, books = read_all(read, CHAT)
    assert ([each.kind for each in problems], books.quarantined) == (["no-model"], 0)
    assert (first.title, other.title, first.when) == ("Fix the bug", "Other", None)
    one, two = answers(first)
    assert texts(one) == {"prompt": "Why?", "output": "So:\n\n---\n\n```\n# Else\n**User**\n```"}
    assert texts(two)["output"] == "Thus."
    assert texts(two)["prompt"].endswith("user: And?")
    for each in (one, two):
        start = first.steps[0].offset + each.steps[0].offset
        assert CHAT[start : start + each.size].decode() == texts(each)["output"]
    assert first.exchange is not None
    assert first.exchange.extra == '{"exported":"5/15/2025 at 17:47:04 PDT","version":"0.50.4"}'
    assert [each.kind for each in other.children] == ["request"]
    assert read_all(read, CHAT, Context(model="m"))[1] == []


def test_a_truncated_chat_gives_the_turns_that_are_there() -> None:
    for cut in range(0, len(CHAT), 23):
        items, _, books = read_all(read, CHAT[:cut])
        assert books.quarantined == 0
        assert len(items) <= 2
        beheaded, _, books = read_all(read, CHAT[cut:])
        assert books.quarantined == 0
        assert bool(beheaded) == bool(CHAT[cut:].strip())


@pytest.mark.parametrize("data", [
    b"", HEAD.encode(), HEAD.encode() + b"\xff\xfe", HEAD.encode() + b"\n---\n\n**User**\n" * 2000,
    HEAD.encode() + b"\nwords before\n\n---\n\n**Cursor**\n\n---\n\n---\n",
    HEAD.encode() * 3 + b"---\n\n**User**",
])  # fmt: skip
def test_a_hostile_file_is_read_to_its_end(data: bytes) -> None:
    items, problems, books = read_all(read, data)
    assert (books.quarantined, bool(items)) == (0, bool(data))
    assert {each.kind for each in problems} <= {"no-model"}
    if b"words before" in data:
        assert "words before" in texts(items[0])["body"]


@pytest.mark.parametrize("text", ["# Title\n_Exported on 1/1/2025_\n", "**User**\n\nWhy?\n"])
def test_other_markdown_stays_text(text: str) -> None:
    assert format_of(text.encode(), "x.md") == "text"
