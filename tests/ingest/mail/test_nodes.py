from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.nodes import PERMUTED, PLAIN, Nodes
from tests.ingest.mail.mailbox import BLOCK, mailbox

LONG = bytes(range(256)) * 100  # four blocks
TREE = {
    0x21: (b"store", {}),
    0x200024: (LONG, {0x8025: (b"inside", {0x692: (b"deeper", {})}), 0x8045: (b"", {})}),
}
MANY = {n << 5 | 4: (f"item {n}".encode(), {}) for n in range(1, 60)}


@pytest.mark.parametrize("crypt", [PLAIN, PERMUTED])
@pytest.mark.parametrize("wide", [True, False])
def test_nodes_are_found_with_their_blocks_and_the_nodes_inside(wide: bool, crypt: int) -> None:
    nodes = Nodes(mailbox(TREE, wide=wide, crypt=crypt))
    item = nodes.node(0x200024)
    assert item is not None
    assert nodes.blocks(item) == [LONG[at : at + BLOCK] for at in range(0, len(LONG), BLOCK)]
    inner = nodes.inner(item)
    assert inner.keys() == {0x8025, 0x8045}
    assert nodes.blocks(inner[0x8025]) == [b"inside"]
    assert nodes.blocks(nodes.inner(inner[0x8025])[0x692]) == [b"deeper"]
    assert (nodes.blocks(inner[0x8045]), nodes.inner(inner[0x8045])) == ([], {})
    assert nodes.node(0x22) is None


@pytest.mark.parametrize("wide", [True, False])
def test_trees_of_several_pages_are_gone_down(wide: bool) -> None:
    nodes = Nodes(mailbox(MANY, wide=wide))
    for number, (data, _) in MANY.items():
        found = nodes.node(number)
        assert found is not None
        assert nodes.blocks(found) == [data]


def test_what_is_not_read_here_is_refused() -> None:
    good = mailbox(TREE)
    for at, value in ((0, 0), (10, 36), (513, 2)):
        with pytest.raises(ValueError, match=r"no mailbox|encoding"):
            Nodes(good[:at] + bytes([value]) + good[at + 1 :])
    with pytest.raises(ValueError, match="no mailbox"):
        Nodes(good[:500])


def test_a_list_of_blocks_that_lists_itself_ends() -> None:
    good = bytearray(mailbox({0x24: (LONG, {})}))
    at = good.index(struct.pack("<BBHI", 1, 1, 4, len(LONG)))
    own = 4 * 5 | 2
    good[at + 8 : at + 16] = own.to_bytes(8, "little")
    nodes = Nodes(bytes(good))
    found = nodes.node(0x24)
    assert found is not None
    with pytest.raises(ValueError, match="no list of blocks"):
        nodes.blocks(found)


@given(st.data())
def test_damaged_trees_raise_one_error_and_always_end(data: st.DataObject) -> None:
    hurt = bytearray(mailbox(TREE))
    for _ in range(data.draw(st.integers(1, 8))):
        hurt[data.draw(st.integers(14, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(hurt)))
    for each in (bytes(hurt), bytes(hurt[:cut])):
        try:
            nodes = Nodes(each)
            item = nodes.node(0x200024)
            if item is not None:
                nodes.blocks(item)
                for inner in nodes.inner(item).values():
                    nodes.blocks(inner)
        except ValueError:
            pass
