from __future__ import annotations

import pytest

from casekit.ingest.mail.bundle import MAGIC, Bundle, Place, write_bundle, write_tree

TREE = {"b": b"two", "a": b"", "é": {"x": b"1", "y": {"z": b"deep"}}}


def test_a_tree_comes_back_from_its_bytes_and_is_written_the_same_way_in_any_order() -> None:
    data = write_tree(TREE)
    found = Bundle(data)
    assert (found.names(), found.folders()) == (["a", "b"], ["é"])
    assert (found.stream("b"), found.stream("none")) == (b"two", b"")
    assert found.folder("é").folder("y").stream("z") == b"deep"
    assert found.folder("none").names() == []
    assert write_bundle(found) == data == write_tree(dict(reversed(TREE.items())))


def test_all_that_lies_inside_is_a_slice() -> None:
    data = write_tree(TREE)
    place = Bundle(data).folder("é").folder("y").place("z")
    assert data[place.offset : place.offset + place.length] == b"deep"
    inner = Bundle(data).place("é")
    assert data[inner.offset : inner.offset + inner.length] == write_tree(TREE["é"])  # type: ignore[arg-type]
    assert Bundle(write_tree({"a": b"x"})).place("a") == Place(len(MAGIC) + 14, 1)


@pytest.mark.parametrize("end", [0, 5, 30, 40])
def test_bytes_cut_short_are_refused(end: int) -> None:
    with pytest.raises(ValueError, match="storage"):
        Bundle(write_tree(TREE)[:end])
