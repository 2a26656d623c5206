from __future__ import annotations

from casekit.ingest.cards.file import CardFile
from casekit.ingest.parsed import Books, Problem, Step, sha256

ONE, TWO = b"BEGIN:VCARD\nFN:A\nEND:VCARD\n", b"BEGIN:VCARD\nFN:B\nEND:VCARD\n"


def test_each_block_is_reached_and_the_rest_is_told() -> None:
    file = CardFile(ONE + b"stray\n" + TWO + b"\n\n")
    assert file.placed
    at = len(ONE) + 6
    assert [file.take(block) for block in file.root.blocks] == [
        Step("slice", offset=0, length=len(ONE), line=1, sha256=sha256(ONE)),
        Step("slice", offset=at, length=len(TWO), line=5, sha256=sha256(TWO)),
    ]
    stray, books = file.rest()
    assert isinstance(stray, Problem)
    assert (stray.kind, stray.line, stray.offset, stray.length) == ("bytes-outside", 4, len(ONE), 6)
    assert books == Books(len(ONE + TWO), 6, 2)


def test_what_no_reader_took_is_counted_as_a_separator() -> None:
    file = CardFile(ONE)
    assert list(file.rest()) == [Books(0, 0, len(ONE))]


def test_blocks_of_a_file_in_utf_16_have_no_place_in_it() -> None:
    raw = (ONE + b"stray\n").decode().encode("utf-16")
    file = CardFile(raw)
    (block,) = file.root.blocks
    assert (file.placed, block.text("FN")) == (False, "A")
    assert file.take(block) == Step("slice", length=len(raw), sha256=sha256(raw))
    stray, told, books = file.rest()
    assert isinstance(stray, Problem)
    assert isinstance(told, Problem)
    assert (stray.kind, stray.offset, told.kind) == ("bytes-outside", None, "utf-16")
    assert books == Books(len(raw))
