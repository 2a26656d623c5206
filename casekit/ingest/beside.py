"""What the files of one archive say for each other: hides which members name a chat's people and rooms.

In a Slack export a message names its sender by an id, and its channel not at all: `users.json` has the
names, the folder and `channels.json` the channel.
A Zulip export names both by numbers, and has their names in `realm.json`.

Source: Slack Help Center, "How to read Slack data exports"; zulip/zulip `zerver/lib/export.py`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

import orjson

from casekit.ingest.containers import Data, Directory
from casekit.ingest.limits import Budget, LimitReached

MAX_LIST = 32 * 1024 * 1024
"""Bytes of a list of people or rooms; a longer one is read as records alone."""

PEOPLE = frozenset({"users.json", "org_users.json"})
ROOMS = {"channels.json": "channel", "groups.json": "private channel", "mpims.json": "group chat",
         "dms.json": "direct messages"}  # fmt: skip
"""Files of rooms and what a room of each is."""
REALM = "realm.json"
"""Of a Zulip export: everything but the messages."""

MOST_MEMBERS = 20
"""Members of a room that are named as those who got a message; a larger room stands for its members."""


class Room(NamedTuple):
    """Where messages are said.

    Attributes:
        id: The service's own, such as `C0JGLMMNX`.
        kind: A value of `ROOMS`.
        name: As the service shows it; of direct messages empty.
        members: Ids of at most `MOST_MEMBERS` people, or none.
    """

    id: str
    kind: str
    name: str
    members: tuple[str, ...]


class Beside(NamedTuple):
    """What an archive tells of its chats.

    Attributes:
        people: Name by the id of a person.
        rooms: Room by the name of the folder that its messages lie in.
    """

    people: dict[str, str]
    rooms: dict[str, Room]


NOTHING = Beside({}, {})


Listed = Iterable[tuple[str, Callable[[], Data]]]
"""Names of an archive's files, each with what gives its bytes, none if they cannot be had."""


def beside(files: Listed) -> str:
    """JSON text for `Context.beside`, or empty where the archive has no list of people or rooms."""
    people: dict[str, str] = {}
    rooms: dict[str, Room] = {}
    for name, read in files:
        base = name.rpartition("/")[2]
        if base in PEOPLE:
            for record in _records(_json(read)):
                people[str(record["id"])] = person_name(record)
        elif base in ROOMS:
            for record in _records(_json(read)):
                room = _room(record, ROOMS[base])
                rooms[room.name or room.id] = rooms[room.id] = room
        elif base == REALM:
            _put_realm(_json(read), people, rooms)
    if not people and not rooms:
        return ""
    return orjson.dumps([people, {key: list(room) for key, room in rooms.items()}]).decode()


def zip_files(directory: Directory, budget: Budget) -> Listed:
    """The files of a zip, for `beside`."""
    for _, name, entry in directory.files:
        yield name, partial(_unpacked, directory.archive, entry, budget)


def tape_files(untrusted_data: Data) -> Listed:
    """The files of a TAR archive, for `beside`."""
    from casekit.ingest.tapes import Tape

    for member in Tape(untrusted_data).members():
        if member.size <= MAX_LIST:
            start, end = member.offset, member.offset + member.size
            yield member.name, partial(_piece, untrusted_data, start, end)


@lru_cache(maxsize=4)
def read_beside(text: str) -> Beside:
    """What `beside` wrote."""
    if not text:
        return NOTHING
    people, rooms = orjson.loads(text)
    made = {
        key: Room(number, kind, name, tuple(members))
        for key, (number, kind, name, members) in rooms.items()
    }
    return Beside(people, made)


def person_name(untrusted_user: dict[str, Any]) -> str:
    """The name that the service shows: real name, else display name, else account name."""
    profile = untrusted_user.get("profile")
    places = (profile if type(profile) is dict else {}, untrusted_user)
    for key in ("real_name", "display_name", "name"):
        for place in places:
            if type(place.get(key)) is str and place[key]:
                return str(place[key])
    return ""


def _room(record: dict[str, Any], kind: str) -> Room:
    name = record.get("name")
    members = record.get("members")
    known = [each for each in members if type(each) is str] if type(members) is list else []
    few = tuple(known) if len(known) <= MOST_MEMBERS else ()
    return Room(str(record["id"]), kind, name if type(name) is str else "", few)


def _piece(data: Data, start: int, end: int) -> bytes:
    return data[start:end]


def _put_realm(value: Any, people: dict[str, str], rooms: dict[str, Room]) -> None:
    """The names in a Zulip export; a channel under the number that its messages have as recipient."""
    if type(value) is not dict:
        return
    for record in _listed(value, "zerver_userprofile", "full_name"):
        people[str(record["id"])] = record["full_name"]
    channels = {each["id"]: each["name"] for each in _listed(value, "zerver_stream", "name")}
    for record in _listed(value, "zerver_recipient", ""):
        name = channels.get(record.get("type_id")) if record.get("type") == _TO_CHANNEL else None
        if name is not None:
            key = f"zulip {record['id']}"
            rooms[key] = Room(str(record["id"]), "channel", name, ())


_TO_CHANNEL = 2


def _listed(value: dict[str, Any], key: str, text: str) -> list[dict[str, Any]]:
    """The records of a table with a number, and a text under `text` if that is said."""
    rows = value.get(key)
    return [
        each
        for each in (rows if type(rows) is list else [])
        if type(each) is dict
        and type(each.get("id")) is int
        and type(each.get("type_id", 0)) is int
        and (not text or type(each.get(text)) is str)
    ]


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    if entry.file_size > MAX_LIST or entry.flag_bits & 1:
        return b""
    try:
        with archive.open(entry) as stream:
            data = stream.read(MAX_LIST + 1)
        budget.use(len(data), len(data), max(1, entry.compress_size))
    except (zipfile.BadZipFile, zlib.error, LimitReached, OSError, EOFError, ValueError,
            RuntimeError, IndexError):  # fmt: skip
        return b""  # what is wrong with the member is told where it is read for itself
    return data


def _json(read: Callable[[], Data]) -> Any:
    try:
        return orjson.loads(read()[:])
    except ValueError:
        return None


def _records(value: Any) -> Iterator[dict[str, Any]]:
    """The records of a JSON array of objects with an id; none of anything else."""
    for record in value if type(value) is list else ():
        if type(record) is dict and type(record.get("id")) is str:
            yield record
