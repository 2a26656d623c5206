from __future__ import annotations

import mmap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, sha256
from casekit.ingest.readers.mbox import read
from tests.ingest.mail_case import DATA, kinds, read_all
from tests.waiting import within_processor_seconds

FROM = b"From a@b Mon Jan  5 10:00:00 2026\n"


def test_a_mailbox_becomes_its_messages_each_with_its_place() -> None:
    data = (DATA / "box.mbox").read_bytes()
    items, problems, books = read_all(read, data)
    assert [item.title for item in items] == ["One", "One, again", "Dīes"]
    assert problems == []
    separators = 51 + 1 + 30 + 1 + 31  # three From lines and the empty lines before two of them
    assert books == Books(len(data) - separators, 0, separators)
    raw = data[51 : data.index(b"\nFrom 1844347792267117879@xxx")]
    assert items[0].steps == (
        Step("slice", offset=51, length=len(raw), line=2, sha256=sha256(raw)),
    )
    assert items[0].sha256 == sha256(raw)


def test_body_lines_that_begin_with_from_split_nothing_and_lose_only_the_mark() -> None:
    data = (DATA / "box.mbox").read_bytes()
    items, _, _ = read_all(read, data)
    text = "First.\n\nFrom Tuesday on we log everything.\nFrom the start, in fact.\n"
    assert items[0].texts == (("body", text),)
    assert b">From the start" in data[items[0].steps[0].offset :][: items[0].size]


def test_a_repeated_message_id_gives_variants_and_suppresses_nothing() -> None:
    items, _, _ = read_all(read, (DATA / "box.mbox").read_bytes())
    first, second = (item.mail for item in items[:2])
    assert first is not None
    assert second is not None
    assert first.mih == second.mih != ""
    assert first.content_hash != second.content_hash


def test_an_attachments_place_is_counted_from_the_messages_first_byte() -> None:
    data = (DATA / "box.mbox").read_bytes()
    items, _, _ = read_all(read, data)
    (child,) = items[2].children
    (step,) = child.steps
    begin = items[2].steps[0].offset + step.offset
    assert data[begin : begin + step.length] == b"a line"


def test_line_ends_and_a_memory_map_change_nothing(tmp_path: Path) -> None:
    data = (DATA / "box.mbox").read_bytes()
    lf, _, _ = read_all(read, data)
    crlf, _, books = read_all(read, data.replace(b"\n", b"\r\n"))
    assert [item.texts for item in crlf] == [item.texts for item in lf]
    assert [item.steps[0].line for item in crlf] == [item.steps[0].line for item in lf]
    assert books.separators == 51 + 1 + 30 + 1 + 31 + 5
    path = tmp_path / "box"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert [found for found in read(mapped, Context()) if isinstance(found, Parsed)] == lf


def test_what_stands_before_the_first_message_is_quarantined() -> None:
    data = b"\n\njunk\nmore\n\n" + FROM + b"A: 1\n\nx\n"
    items, problems, books = read_all(read, data)
    text = "The file does not begin with a message; these bytes were left out."
    assert problems == [Problem("frame", "no-separator", text, offset=2, length=11, line=3)]
    assert [item.size for item in items] == [8]
    assert books == Books(8, 11, 2 + len(FROM))
    items, problems, books = read_all(read, b"no mailbox at all")
    assert ([p.length for p in problems], items, books) == ([17], [], Books(0, 17, 0))


def test_netscapes_mailboxes_without_empty_lines_and_dates() -> None:
    data = b"From -\nSubject: 1\n\nx\nFrom - Mon Jun  3 12:50:27 1996\nSubject: 2\n\ny\n"
    items, _, books = read_all(read, data)
    assert [item.title for item in items] == ["1", "2"]
    assert books.separators == 7 + 32
    # without a well-known field behind it, the same line is text
    items, _, _ = read_all(read, data.replace(b"Subject: 2", b"said: he"))
    assert len(items) == 1


def test_empty_messages_and_a_cut_from_line() -> None:
    items, _, _ = read_all(read, FROM + b"\n" + FROM + b"\n" + FROM.rstrip())
    assert [item.size for item in items] == [0, 0, 0]


def test_a_count_by_content_length_that_differs_is_told() -> None:
    quoting = FROM + b"Content-Length: %d\n\nsee:\n\n" + FROM + b"Subject: inner\n\nx\n"
    length = len(quoting) - quoting.index(b"see:")
    items, problems, _ = read_all(read, quoting % length)
    assert len(items) == 2
    assert [problem.kind for problem in problems] == ["content-length"]
    assert "has 2 messages, read by Content-Length 1;" in problems[0].text
    items, problems, _ = read_all(
        read, FROM + b"Content-Length: 2\n\nx\n\n" + FROM + b"A: 1\n\ny\n"
    )
    assert (len(items), problems) == (2, [])


def test_a_truncated_mailbox_keeps_all_whole_messages() -> None:
    data = (DATA / "box.mbox").read_bytes()
    whole, _, _ = read_all(read, data)
    for end in range(0, len(data), 11):
        items, _, _ = read_all(read, data[:end])
        assert items[:-1] == whole[: max(0, len(items) - 1)]


def test_a_hostile_mailbox_ends_in_a_clear_state() -> None:
    hostile = (DATA / "hostile.eml").read_bytes()
    items, _, _ = read_all(read, FROM + hostile + b"\n" + FROM + b"\0\xff" * 1000 + b"\n" * 1000)
    assert len(items) == 2
    assert "repeated-field" in kinds(items[0])
    items, _, _ = read_all(read, FROM + b"\nFrom " * 50_000)
    assert len(items) == 1


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    FROM,
                    b"From -\n",
                    b"\n",
                    b"\r\n",
                    b"A: 1\n",
                    b"Subject: x\n",
                    b"text\n",
                    b">From x\n",
                    b"From",
                ]
            ),
            max_size=6,
        ).map(b"".join),
        max_size=6,
    ).map(b"".join)
)
def test_the_books_always_add_up(data: bytes) -> None:
    with within_processor_seconds(10):
        read_all(read, data)


INSIDE = b"From the start it was so.\n>From here too.\nFrom ann Mon Jan  5 10:00:00 2026\n"


def box(body: bytes, *, counted: bool) -> bytes:
    """Two messages, the first with `body`, the second plain."""
    made = b""
    for text in (body, b"Two\n"):
        length = b"Content-Length: %d\n" % len(text) if counted else b""
        made += FROM + b"Subject: x\n" + length + b"\n" + text + b"\n"
    return made


QUOTED = INSIDE.replace(b"From ", b">From ")
QUOTED_ONCE = QUOTED.replace(b">>From ", b">From ")
BARE = INSIDE.replace(b">From ", b"From ")


@pytest.mark.parametrize(
    ("dialect", "data", "text", "problems"),
    [
        # mboxo does not quote `>From ` once more: the text loses a mark that was there
        ("mboxo", box(QUOTED_ONCE, counted=False), BARE, []),
        ("mboxrd", box(QUOTED, counted=False), INSIDE, []),
        ("mboxcl", box(QUOTED, counted=True), INSIDE, []),
        # nothing is quoted here and only the count tells where the message ends; no empty line stands
        # before the line that looks like a separator, and no header field behind it
        ("mboxcl2", box(INSIDE, counted=True), BARE, []),
        ("mboxcl2 with a message inside",
         box(b"See:\n\nFrom ann Mon Jan  5 10:00:00 2026\nSubject: y\n\nInner\n", counted=True),
         b"See:\n", ["content-length"]),
    ],
)  # fmt: skip
def test_the_dialects_of_mailboxes(
    dialect: str, data: bytes, text: bytes, problems: list[str]
) -> None:
    items, found, _ = read_all(read, data)
    assert (dialect, dict(items[0].texts)["body"]) == (dialect, text.decode())
    assert [problem.kind for problem in found] == problems
    assert len(items) == 2 + len(problems)
    if problems:
        assert "3 messages, read by Content-Length 2" in found[0].text


def test_messages_between_lines_of_mmdf() -> None:
    line = b"\1\1\1\1\n"
    one, two = (b"From: a@b\nSubject: %d\nMessage-ID: <%d@b>\n\nWords\n" % (n, n) for n in (1, 2))
    for data in (
        line + one + line + line + two + line,
        line + one + line + two,
        line + one + line + line + two,
        line + b"From a@b Mon Jan  1 00:00:00 2024\n" + one + line + line + two + line,
    ):
        items, problems, books = read_all(read, data)
        assert problems == []
        assert [each.title for each in items] == ["1", "2"]
        assert books.good == len(one) + len(two)
    items, problems, books = read_all(read, line + one + line + b"stray bytes")
    assert (len(items), [each.kind for each in problems]) == (1, ["bytes-outside"])
    assert (books.quarantined, books.separators) == (11, 2 * len(line))
