from datetime import UTC, datetime

import pytest

from casekit.clock import from_us
from casekit.ingest.load_fields import digest, field, parties, when
from casekit.ingest.parsed import Party


def test_fields_are_known_under_the_names_of_the_trade() -> None:
    assert field({"Beg Bates": "", "BEGDOC": " A-1 "}, "first") == "A-1"
    assert field({"Native_Link": "x"}, "native") == "x"
    assert field({"other": "x"}, "native") == ""


def test_a_hash_is_known_by_its_length() -> None:
    row = {"HASHVALUE": "A" * 40, "SHA256HASH": "zz"}
    assert [digest(row, kind) for kind in ("md5", "sha1", "sha256")] == ["", "a" * 40, ""]


def test_people_are_told_apart() -> None:
    row = {"FROM": "Ann Lee <a@x>", "TO": "b@x; Bob;\n", "CC": '"Cy" [c@x]'}
    assert parties(row) == (
        Party("from", "Ann Lee", "a@x"), Party("to", "", "b@x"), Party("to", "Bob", ""),
        Party("cc", "Cy", "c@x"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "found", "zone"),
    [
        ({"DATESENT": "2026-01-05", "TIMESENT": "02:30:00", "TIMEZONE": "UTC"},
         datetime(2026, 1, 5, 2, 30, tzinfo=UTC), "explicit"),
        ({"DATESENT": "20260105"}, datetime(2026, 1, 5, tzinfo=UTC), "assumed:UTC"),
        ({"DateSent": "01/25/2026 1:05 PM"}, datetime(2026, 1, 25, 13, 5, tzinfo=UTC), "assumed:UTC"),
        ({"DATESENT": "25.01.2026"}, datetime(2026, 1, 25, tzinfo=UTC), "assumed:UTC"),
        ({"DATESENT": "2026-01-05", "TIMESENT": "02:30", "TIMEZONE": "UTC, zone assumed"},
         datetime(2026, 1, 5, 2, 30, tzinfo=UTC), "assumed:UTC"),
    ],
)  # fmt: skip
def test_a_time_is_read(row: dict[str, str], found: datetime, zone: str) -> None:
    read = when(row)
    assert read is not None
    assert (from_us(read.us), read.zone) == (found, zone)


@pytest.mark.parametrize("text", ["01/05/2026", "soon", "2026-13-45", "99/99/2026", ""])
def test_a_time_that_could_be_another_is_none(text: str) -> None:
    assert when({"DATESENT": text}) is None
