from __future__ import annotations

from casekit.ingest.cards.blocks import Block, inline_file, not_closed, read_blocks, slice_of
from casekit.ingest.cards.lines import read_lines
from casekit.ingest.parsed import Parsed, Step, sha256


def blocks(data: bytes) -> Block:
    return read_blocks(read_lines(data), len(data))


def shape(block: Block) -> object:
    return (block.name, [line.name for line in block.lines], [shape(one) for one in block.blocks])


def test_blocks_lie_in_each_other_and_have_their_own_lines() -> None:
    data = b"BEGIN:VCALENDAR\nA:1\nBEGIN:VEVENT\nB:2\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
    root = blocks(data)
    assert shape(root) == (
        "", [], [("VCALENDAR", ["A"], [("VEVENT", ["B"], [("VALARM", [], [])])])],
    )  # fmt: skip
    event = root.blocks[0].blocks[0]
    assert data[event.start : event.end].startswith(b"BEGIN:VEVENT")
    assert data[event.start : event.end].endswith(b"END:VEVENT\n")
    raw = data[event.start : event.end]
    assert slice_of(data, event, 3) == Step(
        "slice", offset=event.start, length=len(raw), line=3, sha256=sha256(raw)
    )
    assert [one.name for one in root.walk()] == ["", "VCALENDAR", "VEVENT", "VALARM"]


def test_what_is_not_closed_ends_where_the_next_one_begins() -> None:
    data = b"BEGIN:VEVENT\nA:1\nBEGIN:VEVENT\nB:2\nEND:VEVENT\nEND:OTHER\nBEGIN:VEVENT\nC:3"
    first, second, third = blocks(data).blocks
    assert (first.closed, second.closed, third.closed) == (False, True, False)
    assert (first.end, third.end) == (second.start, len(data))
    item = Parsed("event", "correspondence", "", (), b"", 0)
    assert [problem.kind for problem in not_closed(item, first)] == ["open-end"]
    assert not_closed(item, second) == ()


def test_blocks_too_deep_are_left_to_those_around_them() -> None:
    data = b"".join(b"BEGIN:X%d\n" % number for number in range(1000))
    assert len(list(blocks(data).walk())) == 21


def test_a_file_in_a_value_is_a_slice_of_its_block() -> None:
    data = b"X:\nBEGIN:VCARD\nPHOTO;ENCODING=b:aGVs\n bG8=\nLOGO:data:x/y;base64,aGk=\nURL:x\nEND:VCARD\n"
    (card,) = blocks(data).blocks
    photo, logo, url = card.lines
    for line, content in ((photo, b"hello"), (logo, b"hi")):
        held = inline_file(data, card, line, "n")
        assert held is not None
        step, given = held
        raw = data[card.start :][step.offset : step.offset + step.length]
        assert (given, step.before, step.sha256) == (content, sha256(raw), sha256(content))
    assert inline_file(data, card, url, "n") is None
