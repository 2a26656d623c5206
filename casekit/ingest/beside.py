"""What the files of one archive say for each other: hides which members name a chat's people and rooms.

In a Slack export a message names its sender by an id, and its channel not at all: `users.json` has the
names, the folder and `channels.json` the channel.

Source: Slack Help Center, "How to read Slack data exports".
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from casekit.ingest.containers import Directory
from casekit.ingest.limits import Budget, LimitReached

MAX_LIST = 32 * 1024 * 1024
"""Bytes of a list of people or rooms; a longer one is read as records alone."""

PEOPLE = frozenset({"users.json", "org_users.json"})
ROOMS = {"channels.json": "channel", "groups.json": "private channel", "mpims.json": "group chat",
         "dms.json": "direct messages"}  # fmt: skip
"""Files of rooms and what a room of each is."""

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


def beside(directory: Directory, budget: Budget) -> str:
    """JSON text for `Context.beside`, or empty where the archive has no list of people or rooms."""
    people: dict[str, str] = {}
    rooms: dict[str, Room] = {}
    for number, name, _ in directory.files:
        base = name.rpartition("/")[2]
        if base in PEOPLE:
            for record in _records(directory, number, budget):
                people[str(record["id"])] = person_name(record)
        elif base in ROOMS:
            for record in _records(directory, number, budget):
                room = _room(record, ROOMS[base])
                rooms[room.name or room.id] = rooms[room.id] = room
    if not people and not rooms:
        return ""
    return orjson.dumps([people, {key: list(room) for key, room in rooms.items()}]).decode()


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


def _records(directory: Directory, number: int, budget: Budget) -> Iterator[dict[str, Any]]:
    """The records of a member that is a JSON array of objects with an id; none of any other."""
    entry = directory.archive.infolist()[number]
    if entry.file_size > MAX_LIST or entry.flag_bits & 1:
        return
    try:
        with directory.archive.open(entry) as stream:
            data = stream.read(MAX_LIST + 1)
        budget.use(len(data), len(data), max(1, entry.compress_size))
        found = orjson.loads(data)
    except (zipfile.BadZipFile, zlib.error, LimitReached, OSError, EOFError, ValueError,
            RuntimeError, IndexError):  # fmt: skip
        return  # what is wrong with the member is told where it is read for itself
    for record in found if type(found) is list else ():
        if type(record) is dict and type(record.get("id")) is str:
            yield record
