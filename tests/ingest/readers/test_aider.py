from __future__ import annotations

import pytest

from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers.aider import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import read_all, texts

TAG = "thinking-content-7bbeb8e1441453ad999a0bbba8a46d4b"
CHAT = f"""
# aider chat started at 2025-05-01 10:00:00

> Aider v0.80.0  
> Main model: gpt-4o with diff edit format  

#### /add a.py  
> Added a.py to the chat  

#### Why is it so?  
#### Say it.  

<{TAG}>

Hm.

</{TAG}>

Because:

#### Not asked
> not told

```
# code
```

> Tokens: 812 sent, 120 received. Cost: $0.0065 message, $0.0165 session.  
> Applied edit to a.py  

#### /model o3  
> Main model: o3 with diff edit format  

#### /ask And?  

Thus.

> Tokens: 2.1k sent, 14 received.  

#### Once more?  

# aider chat started at 2025-05-02 09:00:00

> Model: o3 with whole edit format  
""".encode()  # noqa: W291 - Aider ends its own lines so
CALLS = b"""TO LLM 2025-05-01T10:00:00
-------
SYSTEM Act as an expert.
SYSTEM 
SYSTEM Be short.
-------
USER Why?
LLM RESPONSE 2025-05-01T10:00:05
ASSISTANT So
ASSISTANT 
ASSISTANT LLM RESPONSE it is.
TO LLM (MERGE) 2025-05-01T10:01:00
-------
USER Why?
-------
ASSISTANT So.
-------
USER And?
"""  # noqa: W291 - as above


def answers(item: Parsed) -> list[Parsed]:
    return [each for each in item.children if each.kind == "exchange"]


def test_a_chat_gives_its_sessions_and_below_them_the_answers() -> None:
    assert format_of(CHAT, "x.md") == "aider"
    (first, second), problems, books = read_all(read, CHAT)
    assert (problems, books.quarantined) == ([], 0)
    assert first.when is not None
    assert (first.when.raw, first.when.zone) == ("2025-05-01 10:00:00", LOCAL)
    assert (first.title, second.title) == (
        "Why is it so?",
        "aider chat started at 2025-05-02 09:00:00",
    )
    one, two = answers(first)
    said = "Because:\n\n#### Not asked\n> not told\n\n```\n# code\n```"
    assert texts(one) == {"prompt": "Why is it so?\nSay it.", "output": said, "reasoning": "Hm."}
    told = one.exchange
    assert told is not None
    assert (told.model, told.input_tokens, told.output_tokens) == ("gpt-4o", 812, 120)
    assert (told.cost, told.currency) == (0.0065, "USD")
    assert "Applied edit to a.py" in told.extra
    assert (one.when, texts(two)["output"]) == (None, "Thus.")
    assert texts(two)["prompt"].endswith("user: /ask And?")
    assert two.exchange is not None
    assert (two.exchange.model, two.exchange.input_tokens) == ("o3", None)
    assert [each.kind for each in first.children] == ["exchange", "exchange", "request"]


def test_every_answer_has_its_own_bytes() -> None:
    first = read_all(read, CHAT)[0][0]
    start = first.steps[0].offset
    for each in answers(first):
        (step,) = each.steps
        piece = CHAT[start + step.offset :][: step.length].decode()
        assert piece.startswith(("<thinking", "Thus."))
        assert piece.endswith(texts(each)["output"])


def test_lines_that_lost_their_last_blanks_are_told_by_their_beginnings() -> None:
    bare = b"\n".join(each.rstrip() for each in CHAT.split(b"\n"))
    (first, _), _, _ = read_all(read, bare)
    assert texts(answers(first)[0])["output"] == "Because:"


def test_a_log_of_calls_gives_each_with_its_answer() -> None:
    assert format_of(CALLS, "x") == "aider"
    (one, two), problems, books = read_all(read, CALLS)
    assert ([each.kind for each in problems], books.quarantined) == (["no-model"], 0)
    assert texts(one) == {
        "system": "Act as an expert.\n\nBe short.",
        "prompt": "Why?",
        "output": "So\n\nLLM RESPONSE it is.",
    }
    assert one.when is not None
    assert (one.when.raw, one.when.zone) == ("2025-05-01T10:00:05", LOCAL)
    assert one.exchange is not None
    assert one.exchange.extra == '{"asked":"2025-05-01T10:00:00"}'
    assert two.kind == "request"
    assert "And?" in texts(two)["prompt"]
    assert two.exchange is not None
    assert two.exchange.extra == '{"call":"MERGE"}'
    named = read_all(read, CALLS, Context(model="m"))
    assert named[1] == []
    assert named[0][0].exchange is not None
    assert named[0][0].exchange.model == "m"


@pytest.mark.parametrize("data", [CHAT, CALLS])
def test_a_truncated_file_gives_what_is_there(data: bytes) -> None:
    whole = [texts(each) for each in read_all(read, data)[0]]
    for cut in range(0, len(data), 37):
        items, _, books = read_all(read, data[:cut])
        assert books.quarantined == 0
        assert len(items) <= len(whole)
        beheaded, _, books = read_all(read, data[cut:])
        assert books.quarantined == 0
        assert bool(beheaded) == bool(data[cut:].strip())


HOSTILE = (
    b"",
    b"\n \n",
    b"# aider chat started at 9999-99-99 99:99:99\n",
    b"TO LLM 9999-99-99T99:99:99\n-------\n\xff\xfe\n-------\n\nLLM RESPONSE 0000-00-00T::::::::\n",
    b"# aider chat started at 2025-05-01 10:00:00\n" + b"#### a  \n\n" * 2000,
    b"# aider chat started at 2025-05-01 10:00:00\n#### a  \n\xff\n> Tokens: "
    + b"9" * 400
    + b" sent, 1 received. Cost: $1.2.3 message  \n",
    b"TO LLM 2025-05-01T10:00:00\n-------\nLLM RESPONSE 2025-05-01T10:00:00\nLLM RESPONSE 2025-05-01T10:00:00",
)


@pytest.mark.parametrize("data", HOSTILE)
def test_a_hostile_file_is_read_to_its_end(data: bytes) -> None:
    _, problems, books = read_all(read, data)
    assert books.quarantined == 0
    assert {each.kind for each in problems} <= {"no-model"}


@pytest.mark.parametrize(
    "text", ["# aider chat", "TO LLM yesterday\n-------\n", "Notes\n#### a  \n"]
)
def test_other_texts_are_none(text: str) -> None:
    assert format_of(text.encode(), "x.md") != "aider"
