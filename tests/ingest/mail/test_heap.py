from __future__ import annotations

import struct

import pytest

from casekit.ingest.mail.heap import read_heap
from tests.ingest.mail.mailbox import heap

CONTEXT = 0xBC
TREE = struct.pack("<BBBBI", 0xB5, 2, 6, 0, 0x40)
SUBJECT = "Limits".encode("utf-16-le")


def record(number: int, kind: int, where: int) -> bytes:
    return struct.pack("<HHI", number, kind, where)


def test_small_values_stand_in_the_table_and_others_in_items() -> None:
    rows = record(0x0037, 0x1F, 0x60) + record(0x0017, 3, 2) + record(0x0E1B, 0x0B, 0)
    data = heap(CONTEXT, TREE, rows, SUBJECT)
    assert read_heap(data) == (
        {0x37: (0x1F, SUBJECT), 0x17: (3, b"\2\0\0\0"), 0x0E1B: (0x0B, b"\0")},
        True,
    )


def test_a_tree_with_levels_is_followed() -> None:
    tree = struct.pack("<BBBBI", 0xB5, 2, 6, 1, 0x40)
    keys = struct.pack("<HI", 0x37, 0x60)
    assert read_heap(heap(CONTEXT, tree, keys, record(0x17, 3, 1))) == (
        {0x17: (3, b"\1\0\0\0")},
        True,
    )


@pytest.mark.parametrize("row", [record(0x1000, 0x1F, 0x813F), record(0x0E1B, 0x0B, 1)])
def test_what_lies_in_other_nodes_is_missed(row: bytes) -> None:
    found = read_heap(heap(CONTEXT, TREE, row))
    assert found is not None
    assert not found[1]


def test_other_bytes_are_none_and_broken_ones_end() -> None:
    data = heap(CONTEXT, TREE, record(0x37, 0x1F, 0x60), SUBJECT)
    assert read_heap(b"") is None
    assert read_heap(b"x" * 100) is None
    assert read_heap(heap(CONTEXT, b"\0" * 8)) is None
    for end in range(len(data)):
        read_heap(data[:end])
    for at in range(len(data)):
        read_heap(data[:at] + b"\xff" + data[at + 1 :])
