from __future__ import annotations

from casekit.ingest.mail.mapi import read_properties
from casekit.ingest.mail.tnef import TnefStorage
from tests.ingest.tnef_case import SAMPLE, attribute, block, file, tnef


def test_attributes_and_properties_are_one_storage() -> None:
    storage = TnefStorage(SAMPLE)
    own = read_properties(storage, 0, storage.charset)
    assert (storage.charset, storage.damaged) == ("cp1251", False)
    assert (own.text(0x0037), own.text(0x001A), own.text(0x1000)) == ("Стоп", "IPM.Note", "Body\n")
    assert own.time_us(0x0039) == 1_767_607_200_000_000
    assert len(storage.folders()) == 3


def test_the_place_of_an_attachment_is_that_of_its_bytes() -> None:
    held = TnefStorage(SAMPLE).folder("__attach_version1.0_#00000000")
    place = held.place("__substg1.0_37010102")
    assert place is not None
    assert SAMPLE[place.offset : place.offset + place.length] == b"a,b\r\n"


def test_named_properties_keep_their_number() -> None:
    named = bytes(16) + (0).to_bytes(4, "little") + (0x820D).to_bytes(4, "little")
    one = block(_8005=7)
    data = tnef(attribute(1, 0x9003, one[:8] + named + one[8:]))
    storage = TnefStorage(data)
    assert storage.named == {0x820D: 0x8005}
    assert read_properties(storage, 0, names=storage.named).number(0x8005) == 7


def test_a_wrong_checksum_and_a_missing_end_are_damage() -> None:
    assert TnefStorage(SAMPLE[:-1] + b"\xff").damaged
    assert TnefStorage(SAMPLE[:-3]).damaged
    assert TnefStorage(b"no such thing").damaged
    assert TnefStorage(b"no such thing").folder("__attach_version1.0_#zz").names() == []


def test_a_file_without_a_beginning_is_one_all_the_same() -> None:
    data = tnef(attribute(2, 0x800F, b"x"))
    assert TnefStorage(data).folders() == ["__attach_version1.0_#00000000"]
    assert TnefStorage(tnef(file(b"", b""), file(b"", b""))).folders()[1:] == [
        "__attach_version1.0_#00000001"
    ]
