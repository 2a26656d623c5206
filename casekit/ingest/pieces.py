"""Some bytes of a file at the place of a problem, found in the worker through all that it is wrapped in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from casekit.confine import Worker, WorkerFault
from casekit.ingest.archives import UNWRAPPED, Inner, unpacked_name, unwrap
from casekit.ingest.containers import Data, unpack_gzip, zip_members
from casekit.ingest.limits import budget, new_budget
from casekit.ingest.reading import format_of
from casekit.ingest.within import UNPACKED
from casekit.ingest.zip_rescue import directory_of

PRELOAD = ("casekit.ingest.pieces",)
_QUIET_SECONDS = 60.0
_OF_THE_PACKING = ("trailing-bytes", "resumed")
"""Problems whose place is counted in the packed bytes."""
_PACKINGS = ("gzip", "bz2", "xz", "zst")
"""Formats that hold one stream. Problems name it `unpacked`; those of older cases leave its name out."""
_GAP = re.compile(r"bytes (\d+) to (\d+)(?:/|$)")


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where to look.

    Attributes:
        name: The file's name, as it was read under.
        path: The member inside, as problems name it; empty for the file itself.
        kind: The problem's kind.
        offset: First byte, counted in the member.
        length: How many bytes.
    """

    name: str
    path: str
    kind: str
    offset: int
    length: int


def cut(worker: Worker, untrusted_payload: int | bytes, place: Place) -> bytes | None:
    """The bytes at a place; None where they cannot be told for certain, or not be reached."""
    if place.offset < 0 or place.length < 1:
        return None
    argument = msgspec.msgpack.encode(place)
    try:
        frame = worker.call(
            "casekit.ingest.pieces:piece", untrusted_payload, argument, quiet_seconds=_QUIET_SECONDS
        )
        found = msgspec.msgpack.decode(frame, type=bytes | None)
    except (WorkerFault, msgspec.ValidationError, msgspec.DecodeError):
        return None
    return None if found is None else found[: place.length]


def piece(untrusted_data: Data, argument: bytes) -> bytes:
    """What runs in the worker: MessagePack of the bytes, or of nothing."""
    place = msgspec.msgpack.decode(argument, type=Place)
    new_budget()
    found: list[bytes] = []
    try:
        for data in _reached(untrusted_data, place.name, place.path, place):
            found.append(bytes(data[place.offset : place.offset + place.length]))
            if len(found) > 1:
                break
    except Exception:  # noqa: BLE001 - limits too: a hostile file costs its own preview
        found = []
    return msgspec.msgpack.encode(found[0] if len(found) == 1 and found[0] else None)


def _reached(data: Data, name: str, path: str, place: Place) -> Iterator[Data]:
    """Every file that the path may mean: members may share a name."""
    form = format_of(data, name)
    if not path and (form not in _PACKINGS or place.kind in _OF_THE_PACKING):
        yield data
    elif (gap := _GAP.match(path)) and int(gap[2]) < len(data):
        start, end = int(gap[1]), int(gap[2]) + 1
        yield from _reached(data[start:end], gap[0].rstrip("/"), path[gap.end() :], place)
    else:
        with budget().deeper():
            for inner, inner_name, rest in _members(data, name, path, form):
                yield from _reached(inner, inner_name, rest, place)


def _members(data: Data, name: str, path: str, form: str) -> Iterator[tuple[Data, str, str]]:
    """Members that the path leads to or through, with what of it is left below each."""
    if form in _PACKINGS:
        yield from _unpacked(data, name, path, form)
    elif form in ("zip", "wacz"):
        for member in zip_members(directory_of(data, budget())[0], budget()):
            rest = _below(member.name, path)
            if rest is not None and member.data is not None:
                yield member.data, member.name, rest
    elif form in UNWRAPPED:
        for held in unwrap(form, data, name):
            if isinstance(held, Inner):
                rest = _below(held.path, path)
                if rest is not None:
                    yield held.data, held.name, rest


def _unpacked(data: Data, name: str, path: str, form: str) -> Iterator[tuple[Data, str, str]]:
    """What a packed file holds; by a path that leaves its name out only if nothing is damaged."""
    if form == "gzip":
        unpacked = unpack_gzip(data, budget())
    else:
        from casekit.ingest.streams import unpack_stream

        unpacked = unpack_stream(form, data, budget())
    inner = unpacked_name(form, name)
    rest = _below(UNPACKED, path)
    if rest is not None:
        yield unpacked.data, inner, rest
    elif all(each.kind == "trailing-bytes" for each in unpacked.problems):
        yield unpacked.data, inner, path


def _below(member: str, path: str) -> str | None:
    """What is left of a path below a member; None if it leads elsewhere."""
    if path == member:
        return ""
    return path[len(member) + 1 :] if path.startswith(f"{member}/") else None
