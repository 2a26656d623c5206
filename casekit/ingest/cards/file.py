"""A calendar or address book as a file: its blocks, the steps to those that become items, and its books."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from casekit.ingest.cards.blocks import Block, outside, read_blocks, slice_of
from casekit.ingest.cards.lines import read_lines
from casekit.ingest.charsets import decode_text
from casekit.ingest.containers import Data
from casekit.ingest.parsed import Books, Problem, Step, sha256


class CardFile:
    """A file of blocks, of which a reader takes those that it makes items of.

    Attributes:
        data: Its bytes; those of its text in UTF-8 where it was written in UTF-16.
        placed: Whether places in `data` are places in the file.
        root: Its blocks, below one without a name.
    """

    def __init__(self, untrusted_data: Data) -> None:
        raw = untrusted_data[:]
        self.placed = raw[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in raw[:64]
        self.data = raw if self.placed else decode_text(raw).text.encode()
        self.root = read_blocks(read_lines(self.data), len(self.data))
        self._raw = raw
        self._taken, self._at, self._line = 0, 0, 1

    def take(self, block: Block) -> Step:
        """The step to a block that becomes an item; blocks are taken in their order.

        Where blocks have no place in the file it is the step to all of it.
        """
        self._line += self.data.count(b"\n", self._at, block.start)
        self._at = block.start
        self._taken += block.end - block.start
        if self.placed:
            return slice_of(self.data, block, self._line)
        return Step("slice", length=len(self._raw), sha256=sha256(self._raw))

    def rest(self) -> Iterator[Problem | Books]:
        """What stands outside all blocks, and at the end where the bytes went."""
        lost = 0
        for problem in outside(self.data, self.root):
            lost += problem.length or 0
            yield (
                problem
                if self.placed
                else msgspec.structs.replace(problem, line=None, offset=None, length=None)
            )
        size = len(self._raw)
        if not self.placed:
            text = "The file was written in UTF-16; its entries have no place in its bytes."
            yield Problem("parse", "utf-16", text)
            yield Books(size)
        else:
            yield Books(self._taken, lost, size - self._taken - lost)
