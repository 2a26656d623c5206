from __future__ import annotations

import json
import struct

from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.ppt import read
from tests.ingest.ole_case import ole, record, show


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.ppt"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def talk(data: bytes, user: bytes) -> bytes:
    return ole({"PowerPoint Document": data, "Current User": user})


def test_slides_are_pages_with_their_comments() -> None:
    found = one(talk(*show(("First", "box\x0bline"), ("Second", "*"), saves=2)))
    assert (found.pages, found.media_type) == (2, "application/vnd.ms-powerpoint")
    assert found.texts == (
        ("page/1", "First\nbox\nline"),
        ("page/2", "Second"),
        ("comments", "[1] Why 0?\n[2] Why 1?"),
    )
    assert json.loads(found.facts) == {"comments": ["[1] Eve", "[2] Eve"], "saves": 2}


def test_an_encrypted_show_is_told() -> None:
    data, user = show(("a", "b"))
    locked = user[:12] + struct.pack("<I", 0xF3D1C4DF) + user[16:]
    assert [problem.kind for problem in one(talk(data, locked)).problems] == ["encrypted"]


def test_a_broken_chain_of_saves_still_gives_the_outline() -> None:
    data, user = show(("First", "box"))
    found = one(talk(data, user[:16] + b"\xff\xff\xff\x00"))
    assert found.texts == (("page/1", "First"),)


def test_a_truncated_or_empty_show_is_a_problem() -> None:
    data, user = show(("a", "b"))
    assert [p.kind for p in one(talk(b"", user)).problems] == ["bad-office-file"]
    assert [p.kind for p in one(talk(data, user)[:900]).problems] == ["bad-office-file"]
    assert [p.kind for p in one(talk(record(1000, b""), b"")).problems] == ["no-text"]


def test_a_record_that_holds_itself_ends() -> None:
    deep = b"x"
    for _ in range(200):
        deep = record(1006, deep, holds=True)
    found = one(talk(record(1000, deep, holds=True), b""))
    assert found.pages == 0


@given(noise=st.binary(max_size=40), place=st.integers(0, 600))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data, user = show(("First", "box"), ("Second", "x"))
    one(talk(data[:place] + noise + data[place + len(noise) :], user))
