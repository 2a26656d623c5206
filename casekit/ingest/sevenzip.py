"""7z archives unpacked in memory by py7zr, an optional package: no name becomes a path, sizes come first."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casekit.ingest.containers import Data, DataFile, Pot
from casekit.ingest.limits import MAX_MEMBERS, Budget, LimitReached
from casekit.ingest.parsed import Problem, Stage, Step

_AES = b"\x06\xf1\x07\x01"
"""The method that encrypts (Methods.txt of the LZMA SDK: 7zAES)."""


class SevenProblem(Exception):
    """The archive cannot be read; `problem` says why."""

    def __init__(self, kind: str, text: str) -> None:
        self.problem = Problem("open", kind, text)
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class SevenMember:
    """One file of the archive.

    Attributes:
        number: Its place in the directory, from 0.
        name: Its name for display.
        data: Its bytes; None if they could not be had, then `problem` says why.
        sha256: Digest of `data`.
        problem: What is wrong with it.
    """

    number: int
    name: str
    data: Data | None
    sha256: bytes
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """How many symbolic links and other specials were not followed."""

    count: int


def seven_members(untrusted_data: Data, budget: Budget) -> Iterator[SevenMember | Links | Problem]:
    """Each file of the archive in directory order (7zFormat.txt of the LZMA SDK).

    Raises:
        SevenProblem: `needs-package`, `encrypted` or `bad-archive`.
    """
    archive = _opened(untrusted_data)
    try:
        files = list(archive.files)
        plain = [each for each in files[:MAX_MEMBERS] if each.is_file]
        others = [each for each in files[:MAX_MEMBERS] if not (each.is_file or each.is_directory)]
        if others:
            yield Links(len(others))
        if len(files) > MAX_MEMBERS:
            left = len(files) - MAX_MEMBERS
            yield Problem("limits", "members", f"{left} members beyond the limit were not read.")
        open_ones = [each for each in plain if not _is_sealed(each)]
        wanted, reached = _within(open_ones, len(untrusted_data), budget)
        rooms, beyond = _unpacked(archive, wanted)
        left_out = {each.id for each in open_ones[len(wanted) :]}
        for each in plain:
            if _is_sealed(each):
                yield _lost(each, "encrypted", "The member is encrypted; its password is needed.")
            elif each.id in left_out and reached is not None:
                yield _lost(each, reached.kind, reached.text, "limits")
            elif (room := rooms.get(each.id)) is None and each.id in beyond:
                yield _lost(each, "unknown-method", "The member is packed by an unknown method.")
            elif room is None:
                yield _lost(each, "bad-member", "The member, or one packed before it, is damaged.")
            else:
                yield SevenMember(each.id, each.filename, *room.finished)
    finally:
        archive.close()


def seven_end(untrusted_data: Data) -> int:
    """The byte behind the archive's directory, which ends it, as its first 32 bytes say (7zFormat.txt)."""
    head = untrusted_data[:32]
    if len(head) < 32:
        return len(untrusted_data)
    offset, length = (int.from_bytes(head[at : at + 8], "little") for at in (12, 20))
    return min(32 + offset + length, len(untrusted_data))


def _is_sealed(file: Any) -> bool:
    """Whether the run that a file is packed in is encrypted: others beside it may be open."""
    coders = file.folder.coders if file.folder is not None else ()
    return any(coder["method"] == _AES for coder in coders)


def _lost(file: Any, kind: str, text: str, stage: Stage = "open") -> SevenMember:
    name = str(file.filename)
    return SevenMember(file.id, name, None, b"", Problem(stage, kind, text, path=name))


def _opened(untrusted_data: Data) -> Any:
    try:
        import py7zr
    except ImportError:
        text = "7z archives need the package py7zr, which is not installed; the file is kept."
        raise SevenProblem("needs-package", text) from None
    try:
        return py7zr.SevenZipFile(DataFile(untrusted_data))  # type: ignore[arg-type]
    except py7zr.exceptions.PasswordRequired as error:
        text = "The archive is encrypted, its list of members too; its password is needed."
        raise SevenProblem("encrypted", text) from error
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever a damaged header leads it to
        raise SevenProblem("bad-archive", "The archive's directory cannot be read.") from error


def _within(files: list[Any], packed: int, budget: Budget) -> tuple[list[Any], Problem | None]:
    """The files that may be unpacked, by the sizes that the directory states and the library keeps to."""
    wanted: list[Any] = []
    given = 0
    for each in files:
        size = max(0, int(each.uncompressed or 0))
        given += size
        try:
            budget.use(size, given, packed)
        except LimitReached as reached:
            return wanted, Problem("limits", reached.kind, reached.text)
        wanted.append(each)
    return wanted, None


def _unpacked(archive: Any, wanted: list[Any]) -> tuple[dict[int, _Room], set[int]]:
    """The content of each file by its id, and the ids of those packed by a method that is not known.

    A file that is damaged, and what is packed behind it in one run, is not there.
    """
    from py7zr.exceptions import UnsupportedCompressionMethodError
    from py7zr.io import MemIO

    held: dict[int, _Room] = {}
    beyond: set[int] = set()

    class Rooms:
        """Gives the library a place in memory for each file it unpacks."""

        def create(self, filename: str) -> _Room:
            return held.setdefault(int(filename), _Room())

    chosen = {each.id for each in wanted}
    for each in archive.files:
        room = MemIO(str(each.id), Rooms()) if each.id in chosen else None  # type: ignore[arg-type]
        archive.worker.register_filelike(each.id, room)
    for files, start, end in _packed_runs(archive):
        if not any(each.id in chosen for each in files):
            continue
        try:
            archive.worker.extract_single(archive.fp, files, None, start, end, None)
        except MemoryError:
            raise
        except UnsupportedCompressionMethodError:
            beyond.update(each.id for each in files)
        except Exception:  # noqa: BLE001, S110 - the files that are whole are told from the others below
            pass
    whole: dict[int, _Room] = {}
    for each in wanted:
        found = held.get(each.id)
        if found is not None and found.pot.size == each.uncompressed and _fits(each, found):
            whole[each.id] = found
    return whole, beyond


def _packed_runs(archive: Any) -> Iterator[tuple[list[Any], int, int]]:
    """The files that are packed together, with the first byte of what they are packed to and the one behind.

    Each run unpacks for itself, so damage in one costs no other. A run may have several packed streams (a
    program has four under BCJ2), which the library's own list of places counts as one.

    Source: 7zFormat.txt of the LZMA SDK, “Pack Info” and “Folder”.
    """
    runs: dict[int, list[Any]] = {}
    for each in archive.files:
        runs.setdefault(id(None if each.emptystream else each.folder), []).append(each)
    if empty := runs.get(id(None)):
        yield empty, 0, 0
    streams = getattr(archive.header, "main_streams", None)
    if streams is None:
        return
    places, stream = streams.packinfo.packpositions, 0
    for folder in streams.unpackinfo.folders:
        behind = stream + len(folder.packed_indices)
        if (files := runs.get(id(folder))) and behind < len(places):
            base = archive.worker.src_start
            yield files, base + places[stream], base + places[behind]
        stream = behind


def _fits(file: Any, found: _Room) -> bool:
    data = found.finished[0]
    return file.crc32 is None or not len(data) or zlib.crc32(data) == file.crc32


class _Room:
    """What py7zr writes one file to."""

    def __init__(self) -> None:
        self.pot = Pot()
        self._finished: tuple[Data, bytes] | None = None

    @property
    def finished(self) -> tuple[Data, bytes]:
        """The bytes and their digest."""
        if self._finished is None:
            self._finished = self.pot.finish()
        return self._finished

    def write(self, piece: bytes) -> int:
        self.pot.add(bytes(piece))
        return len(piece)

    def read(self, _size: int | None = None) -> bytes:
        return b""

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self.pot.size

    def close(self) -> None:
        return None


def take(untrusted_data: Data, step: Step) -> bytes:
    """The step `7z` again: the member at place `number` of the directory, from 0, unpacked.

    Raises:
        ValueError: py7zr is not installed, or the member cannot be unpacked.
    """
    try:
        archive = _opened(untrusted_data)
    except SevenProblem as found:
        raise ValueError(str(found)) from found
    try:
        wanted = [each for each in archive.files if each.id == step.number]
        room = _unpacked(archive, wanted)[0].get(step.number)
    finally:
        archive.close()
    if room is None:
        raise ValueError("the member cannot be unpacked any more")
    return room.finished[0][:]
