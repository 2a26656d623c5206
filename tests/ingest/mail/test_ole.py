from __future__ import annotations

import pytest

from casekit.ingest.mail.bundle import Bundle
from casekit.ingest.mail.ole import open_ole, taken
from casekit.ingest.parsed import Step
from tests.ingest.outlook_case import compound_file

TREE = {"a": b"small", "b": b"large" * 2000, "c": {"d": b"deep", "e": {"f": b""}}}


def test_streams_and_storages_are_found_by_their_path() -> None:
    data = compound_file(TREE)
    storage = open_ole(data)
    assert storage is not None
    assert (sorted(storage.names()), storage.folders()) == (["a", "b"], ["c"])
    assert storage.stream("b") == TREE["b"]
    assert (storage.stream("c"), storage.stream("none")) == (b"", b"")
    assert taken(data, Step("ole", name="c/d")) == b"deep"
    inner = Bundle(taken(data, Step("ole", name="c")))
    assert (inner.stream("d"), inner.folder("e").names()) == (b"deep", ["f"])


def test_what_is_not_there_is_refused() -> None:
    data = compound_file(TREE)
    for path in ("x", "c/x", "x/y", ""):
        with pytest.raises(ValueError, match="not there"):
            taken(data, Step("ole", name=path))
    with pytest.raises(ValueError, match="opened"):
        taken(b"no compound file", Step("ole", name="a"))
    assert open_ole(data[:700]) is None


def test_a_stream_in_a_circle_is_no_longer_than_the_file_and_told() -> None:
    """Its stated size is 2 GB, and its chain of sectors never ends."""
    data = bytearray(compound_file(TREE))
    sector = 1 << int.from_bytes(data[30:32], "little")
    entry = data.index("b\0".encode("utf-16-le"), sector)
    first = int.from_bytes(data[entry + 116 : entry + 120], "little")
    table = (int.from_bytes(data[76:80], "little") + 1) * sector
    data[table + 4 * first : table + 4 * first + 4] = first.to_bytes(4, "little")
    data[entry + 120 : entry + 124] = (2**31 - 5).to_bytes(4, "little")
    storage = open_ole(bytes(data))
    assert storage is not None
    assert 0 < len(storage.stream("b")) <= len(data)
    assert storage.damaged
