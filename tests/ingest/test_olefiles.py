from __future__ import annotations

import struct

from casekit.ingest.office import Found
from casekit.ingest.olefiles import open_ole, read_ole_facts
from casekit.ingest.parsed import When
from tests.ingest.ole_case import ole


def summary(**texts: str) -> bytes:
    """A property set with an author and a time (MS-OLEPS 2.21)."""
    author = texts["author"].encode("cp1251") + b"\0"
    author += bytes(-len(author) % 4)
    values = [
        (1, struct.pack("<Ii", 2, 1251)),
        (4, struct.pack("<II", 30, len(author)) + author),
        (13, struct.pack("<IQ", 64, 133_600_000_000_000_000)),
    ]
    table, body = b"", b""
    at = 8 + 8 * len(values)
    for number, value in values:
        table += struct.pack("<II", number, at + len(body))
        body += value
    section = struct.pack("<II", at + len(body), len(values)) + table + body
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 0, bytes(16), 1)
    return (
        head + bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9") + struct.pack("<I", 48) + section
    )


def test_streams_are_found_whatever_their_case() -> None:
    with open_ole(ole({"WORDDOCUMENT": b"content"})) as found:
        assert found is not None
        assert found.stream("WordDocument").rstrip(b"\0") == b"content"
        assert found.stream("1Table") == b""


def test_properties_macros_and_objects_are_facts() -> None:
    data = ole(
        {
            "\x05SummaryInformation": summary(author="Ада"),
            "Macros/dir": b"x",
            "ObjectPool/_123": b"y",
        }
    )
    made = Found()
    with open_ole(data) as found:
        assert found is not None
        read_ole_facts(found, made)
    assert made.facts == {
        "properties": {"creator": "Ада", "modified": "2024-05-12T15:06:40+00:00"},
        "application": {},
        "macros": True,
        "embedded": ["_123"],
        "signed": False,
    }
    assert made.when == When(1715526400000000, "2024-05-12T15:06:40+00:00", "properties modified")


def test_a_property_that_states_four_thousand_million_values_costs_no_time() -> None:
    vector = struct.pack("<II", 0x1001, 0xFFFFFFFF)  # of values that take no bytes
    data = summary(author="Ада").replace(struct.pack("<Ii", 2, 1251), vector)
    made = Found()
    with open_ole(ole({"\x05SummaryInformation": data})) as found:
        assert found is not None
        read_ole_facts(found, made)
    assert made.facts["properties"]["modified"] == "2024-05-12T15:06:40+00:00"


def test_what_is_none_is_none() -> None:
    with open_ole(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)) as found:
        assert found is None
