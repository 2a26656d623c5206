from __future__ import annotations

import json

from casekit.ingest.beside import MOST_MEMBERS, NOTHING, Room, beside, read_beside
from casekit.ingest.containers import open_zip
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.reading import read_any
from tests.ingest.documents import zipped

USERS = [
    {"id": "U01", "name": "ann", "profile": {"real_name": "Ann Lee"}},
    {"id": "U02", "name": "bob", "profile": {}},
    {"name": "nobody"},
]


def told(members: dict[str, bytes]) -> str:
    return beside(open_zip(zipped(members)), new_budget())


def test_people_and_rooms_are_found_wherever_the_folder_is() -> None:
    rooms = [{"id": "C1", "name": "general", "members": ["U01"]}]
    many = [{"id": "D1", "members": [f"U{n}" for n in range(MOST_MEMBERS + 1)]}]
    found = read_beside(
        told(
            {
                "export/users.json": json.dumps(USERS).encode(),
                "export/channels.json": json.dumps(rooms).encode(),
                "export/dms.json": json.dumps(many).encode(),
            }
        )
    )
    general = Room("C1", "channel", "general", ("U01",))
    assert found.people == {"U01": "Ann Lee", "U02": "bob"}
    assert found.rooms == {
        "general": general,
        "C1": general,
        "D1": Room("D1", "direct messages", "", ()),
    }


def test_other_archives_and_broken_lists_tell_nothing() -> None:
    assert told({"a.txt": b"a"}) == ""
    assert (
        told({"users.json": b"{no", "channels.json": b'{"id": 3}', "dms.json": b'[7, {"id": 7}]'})
        == ""
    )
    assert read_beside("") == NOTHING


def test_an_export_in_one_archive_names_its_people_even_when_they_come_last() -> None:
    day = [{"type": "message", "user": "U01", "text": "hello", "ts": "1709977571.000001"}]
    data = zipped(
        {
            "general/2024-03-09.json": json.dumps(day).encode(),
            "users.json": json.dumps(USERS[:2]).encode(),
        }
    )
    new_budget()
    found = list(read_any(data, Context(name="export.zip"), "zip"))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [each.kind for each in items] == ["message", "contact", "contact"]
    assert [(each.role, each.name) for each in items[0].parties] == [
        ("from", "Ann Lee"), ("to", "#general"),
    ]  # fmt: skip
    assert isinstance(found[-1], Books)
