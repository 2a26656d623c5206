"""The components of a calendar or address book: where each begins and ends, and the lines in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from casekit.ingest.cards.lines import Line
from casekit.ingest.parsed import Parsed, Problem, Step, sha256

MAX_DEPTH = 20


@dataclass(slots=True)
class Block:
    """What stands between BEGIN and END.

    Attributes:
        name: Upper case, such as VEVENT.
        start: First byte of its BEGIN line.
        end: Byte behind its END line, or where it breaks off.
        lines: Its own lines, without those of the blocks inside.
        blocks: Blocks inside.
        closed: Whether its END is there.
    """

    name: str
    start: int
    end: int = 0
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    closed: bool = False

    def first(self, name: str) -> Line | None:
        """The first line called `name`."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """Text of the first line called `name`, or nothing."""
        line = self.first(name)
        return line.text if line is not None else ""

    def all(self, name: str) -> list[Line]:
        """All lines called `name`."""
        return [line for line in self.lines if line.name == name]

    def walk(self) -> Iterator[Block]:
        """This block and all inside it, in order."""
        yield self
        for block in self.blocks:
            yield from block.walk()


def read_blocks(lines: Iterable[Line], size: int) -> Block:
    """A file's blocks, below one without a name; what is not closed ends where the next one begins.

    Args:
        lines: Of the file.
        size: Its bytes.
    """
    root = Block("", 0, size, closed=True)
    open_now = [root]
    for line in lines:
        kind = line.raw_text.strip().upper() if line.name in ("BEGIN", "END") else ""
        if line.name == "BEGIN":
            _end_same(open_now, kind, line.start)
            made = Block(kind, line.start, size)
            if len(open_now) <= MAX_DEPTH:
                open_now[-1].blocks.append(made)
                open_now.append(made)
        elif line.name == "END":
            names = [block.name for block in open_now]
            if kind in names[1:]:
                while open_now[-1].name != kind:
                    open_now.pop().end = line.start
                ended = open_now.pop()
                ended.end, ended.closed = line.end, True
        else:
            open_now[-1].lines.append(line)
    return root


def _end_same(open_now: list[Block], kind: str, at: int) -> None:
    """A block cannot lie in one of its own kind: the one before it was not closed."""
    if kind.startswith("V") and kind in [block.name for block in open_now[1:]]:
        while open_now[-1].name != kind:
            open_now.pop().end = at
        open_now.pop().end = at


def outside(data: bytes, root: Block) -> Iterator[Problem]:
    """What stands in a file before, between and behind its blocks and is not blank."""
    at, line = 0, 1
    for start, end in [
        *((block.start, block.end) for block in root.blocks),
        (len(data), len(data)),
    ]:
        piece = data[at:start]
        if piece.removeprefix(b"\xef\xbb\xbf").strip():
            text = "These bytes stand in none of the file's entries and were not read."
            yield Problem("frame", "bytes-outside", text, line=line, offset=at, length=len(piece))
        line += data.count(b"\n", at, max(at, end))
        at = max(at, end)


def slice_of(data: bytes, block: Block, line: int) -> Step:
    """The step to a block's lines.

    Args:
        data: The file.
        block: The block.
        line: Line it begins at, from 1.
    """
    raw = data[block.start : block.end]
    return Step("slice", offset=block.start, length=len(raw), line=line, sha256=sha256(raw))


def inline_file(data: bytes, block: Block, line: Line, name: str) -> tuple[Step, bytes] | None:
    """A file written into a value in base64: the step to it from the block's bytes, and its bytes."""
    from casekit.ingest.mail.transfer import undo

    coded = (
        line.parameters.get("ENCODING", "").upper() in ("B", "BASE64")
        or "BASE64" in line.parameters
    )
    begin = line.value_start
    if line.value[:5].lower() == b"data:":
        comma = line.value.find(b";base64,", 0, 200)
        coded = comma >= 0
        begin = data.find(b",", begin, line.end) + 1
    if not coded or not begin:
        return None
    raw = data[begin : line.end]
    given = undo(raw, "base64").data
    step = Step(
        "slice",
        name=name,
        offset=begin - block.start,
        length=len(raw),
        decoding="base64",
        before=sha256(raw),
        sha256=sha256(given),
    )
    return step, given


def not_closed(item: Parsed, block: Block) -> tuple[Problem, ...]:
    """The item's problems, and one more where its block breaks off."""
    if block.closed:
        return item.problems
    text = "Its END line is missing; what stands before the break was read."
    return (*item.problems, Problem("parse", "open-end", text))
