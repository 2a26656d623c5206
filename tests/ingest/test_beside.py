from __future__ import annotations

import json

from casekit.ingest.beside import (
    MOST_MEMBERS,
    NOTHING,
    Room,
    beside,
    read_beside,
    tape_files,
    zip_files,
)
from casekit.ingest.containers import open_zip
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.reading import read_any
from tests.ingest.documents import zipped
from tests.ingest.test_tapes import tape

USERS = [
    {"id": "U01", "name": "ann", "profile": {"real_name": "Ann Lee"}},
    {"id": "U02", "name": "bob", "profile": {}},
    {"name": "nobody"},
]


def told(members: dict[str, bytes]) -> str:
    return beside(zip_files(open_zip(zipped(members)), new_budget()))


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


def test_a_cut_archive_names_its_people_too() -> None:
    day = [{"type": "message", "user": "U01", "text": "hello", "ts": "1709977571.000001"}]
    data = zipped(
        {
            "users.json": json.dumps(USERS[:2]).encode(),
            "general/2024-03-09.json": json.dumps(day).encode(),
        }
    )
    found = read_any(data[:-30], Context(name="x.zip"), "zip")
    said = [each for each in found if isinstance(each, Parsed) and each.kind == "message"]
    assert [each.parties[0].name for each in said] == ["Ann Lee"]


REALM = {
    "zerver_userprofile": [{"id": 11, "full_name": "Ann Lee"}, {"id": "x"}, 3],
    "zerver_stream": [{"id": 4, "name": "general"}, {"id": 5}],
    "zerver_recipient": [
        {"id": 20, "type": 2, "type_id": 4},
        {"id": 21, "type": 1, "type_id": 11},
        {"id": 22, "type": 2, "type_id": [4]},
    ],
}


def test_a_zulip_export_names_people_and_channels() -> None:
    files = {"e/realm.json": json.dumps(REALM).encode(), "e/a.txt": b"a"}
    found = read_beside(beside(tape_files(tape(files))))
    assert found.people == {"11": "Ann Lee"}
    assert found.rooms == {"zulip 20": Room("20", "channel", "general", ())}
    assert beside(tape_files(tape({"realm.json": b"[]"}))) == ""
    assert beside(tape_files(tape(files)[:700])) == ""
