"""The originals: exact bytes, written once under the SHA-256 of their content, never a path of theirs.

Deposit follows the protocol that survives kill -9 at any system call: stream to a temporary name
while hashing, fsync, make read-only, rename to the final name on the same file system, fsync the
folder (`settle`, once for many deposits). Only then may a transaction mention the original.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent

CHUNK = 1 << 20
SYNCED = 64 * CHUNK
"""Bytes after which a copy is sent to the disk on the way, so that little of it is left at the end."""
READ_ONLY = 0o440
WAITING = "tmp"


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a deposit gave: the content's SHA-256 (32 bytes), its size in bytes, and whether it is new.

    `md5` and `sha1` (hex) are there only where a supplied hash of that kind must be compared.
    """

    sha256: bytes
    size: int
    new: bool
    md5: str = ""
    sha1: str = ""


class Vault:
    """The folder of originals of one case; nothing outside builds a path into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsettled: set[Path] = set()

    def create(self) -> None:
        """Make the empty folders."""
        (self._folder / WAITING).mkdir(parents=True)

    def deposit(
        self,
        source: Path,
        progress: Progress | None = None,
        *,
        also: tuple[str, ...] = (),
        settle: bool = True,
    ) -> Deposit:
        """Copy a regular file into the vault and return its hash and size.

        Args:
            source: A regular file; links and devices are refused.
            progress: Told the bytes copied.
            also: Further digests wanted in the same pass: `md5`, `sha1`.
            settle: False where the caller calls `settle` itself before it mentions the originals.

        Raises:
            CaseKitError: The file cannot be read, is no regular file, or changed while it was read.
        """
        try:
            deposit = self._copy(source, progress or Silent(), also)
            if settle:
                self.settle()
        except OSError as error:
            raise CaseKitError(
                "{name} could not be taken into the case ({why}): make it readable, check the free "
                "space and import it again.",
                name=source.name,
                why=error.strerror or type(error).__name__,
            ) from error
        return deposit

    def settle(self) -> None:
        """Make the names of all deposits so far survive a power cut."""
        while self._unsettled:
            sync_folder(self._unsettled.pop())

    def open(self, sha256: bytes) -> BinaryIO:
        """A seekable reader of an original's bytes.

        Raises:
            CaseKitError: The original is missing from the vault.
        """
        try:
            return self._path(sha256).open("rb")
        except OSError as error:
            raise CaseKitError(
                "The original {sha} is missing from the case: run a verification and restore it from a copy.",
                sha=sha256.hex(),
            ) from error

    def holds(self, sha256: bytes) -> bool:
        """Whether a file lies under that name; `hash_of` says whether it is the right one."""
        return self._path(sha256).is_file()

    def give(self, sha256: bytes, other: Vault) -> Deposit:
        """Deposit an original in another case's vault; the caller settles that one.

        Raises:
            CaseKitError: It is missing or cannot be copied.
        """
        self.open(sha256).close()
        return other.deposit(self._path(sha256), settle=False)

    def hash_of(self, sha256: bytes) -> tuple[bytes, int] | None:
        """SHA-256 and size of what now lies under that name; None if nothing does."""
        try:
            with self._path(sha256).open("rb") as f:
                found = hashlib.file_digest(f, "sha256").digest()
                return found, f.tell()
        except OSError:
            return None

    def names(self) -> Iterator[bytes]:
        """The SHA-256 of every original that lies in the vault."""
        for folder in sorted(self._folder.iterdir()):
            if len(folder.name) == 2:
                for entry in sorted(folder.iterdir()):
                    with contextlib.suppress(ValueError):
                        yield bytes.fromhex(entry.name)

    def strangers(self) -> list[str]:
        """Names in the vault that are not originals' names."""
        found = []
        for folder in sorted(self._folder.iterdir()):
            if folder.name == WAITING:
                continue
            for entry in sorted(folder.iterdir()) if folder.is_dir() else [folder]:
                name = entry.name
                if (
                    len(name) != 64
                    or not name.startswith(folder.name)
                    or name.strip("0123456789abcdef")
                ):
                    found.append(entry.relative_to(self._folder).as_posix())
        return found

    def clear_waiting(self, *, older_than: float = 86_400) -> int:
        """Remove half-copied files that a crash left behind; returns how many.

        Args:
            older_than: Seconds; younger ones may belong to an import that is running.
        """
        left = [
            p for p in self._waiting().iterdir() if time.time() - p.stat().st_mtime >= older_than
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _waiting(self) -> Path:
        folder = self._folder / WAITING
        folder.mkdir(exist_ok=True)
        return folder

    def _path(self, sha256: bytes) -> Path:
        name = sha256.hex()
        return self._folder / name[:2] / name

    def _copy(self, source: Path, progress: Progress, also: tuple[str, ...]) -> Deposit:
        before = source.lstat()
        if not stat.S_ISREG(before.st_mode):
            raise CaseKitError(
                "{name} is not a regular file: links and devices are not imported.",
                name=source.name,
            )
        temporary = self._waiting() / secrets.token_hex(16)
        digests = {kind: hashlib.new(kind, usedforsecurity=False) for kind in ("sha256", *also)}
        try:
            size = self._stream(source, temporary, digests, before.st_size, progress)
            new = self._settle(temporary, digests["sha256"].digest(), size)
        finally:
            temporary.unlink(missing_ok=True)
        return Deposit(
            digests["sha256"].digest(),
            size,
            new,
            md5=digests["md5"].hexdigest() if "md5" in digests else "",
            sha1=digests["sha1"].hexdigest() if "sha1" in digests else "",
        )

    def _stream(
        self,
        source: Path,
        target: Path,
        digests: dict[str, hashlib._Hash],
        total: int,
        progress: Progress,
    ) -> int:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        size = 0
        with (
            open(os.open(source, flags), "rb") as reader,  # noqa: PTH123
            target.open("xb") as writer,
            _Beside(writer.fileno(), digests) as beside,
        ):
            while chunk := reader.read(CHUNK):
                beside.take(chunk)
                writer.write(chunk)
                size += len(chunk)
                if size > CHUNK:
                    progress.step(size, total, source.name)
            writer.flush()
            beside.end()
            os.fsync(writer.fileno())
            if os.fstat(reader.fileno()).st_size != size:
                raise CaseKitError(
                    "{name} changed while it was copied: import it again when it is at rest.",
                    name=source.name,
                )
        return size

    def _settle(self, temporary: Path, sha256: bytes, size: int) -> bool:
        """Give the copy its final name; a file that is already there must hold the same bytes."""
        target = self._path(sha256)
        present = self.hash_of(sha256)
        if present == (sha256, size):
            return False
        if present is not None:
            raise CaseKitError(
                "The original {sha} in the case is damaged, so its new copy was not accepted over it: "
                "run a verification first.",
                sha=sha256.hex(),
            )
        target.parent.mkdir(exist_ok=True)
        temporary.chmod(READ_ONLY)
        temporary.rename(target)
        self._unsettled |= {target.parent, self._folder}
        return True


class _Beside:
    """What threads do beside the copying of a file: hash its pieces, and send what is written to the disk.

    A file of one piece is hashed at once, without a thread.

    Args:
        descriptor: The copy, open for writing; its pieces must be written at once.
        digests: Are fed all pieces in their order.
    """

    def __init__(self, descriptor: int, digests: dict[str, hashlib._Hash]) -> None:
        self._descriptor = descriptor
        self._digests = digests
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="casekit-vault")
        self._hashing: Future[None] | None = None
        self._syncing: Future[None] | None = None
        self._pieces = self._unsynced = 0

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    def take(self, piece: bytes) -> None:
        """Hash a piece that is about to be written; the piece before must have been.

        Raises:
            OSError: What was written does not reach the disk.
        """
        if self._hashing is not None:
            self._hashing.result()
        if not self._pieces:
            self._hash(piece)
        else:
            self._hashing = self._threads.submit(self._hash, piece)
        self._pieces += 1
        self._unsynced += len(piece)
        if self._unsynced > SYNCED and (self._syncing is None or self._syncing.done()):
            self._wait_for_disk()
            self._unsynced = 0
            self._syncing = self._threads.submit(os.fsync, self._descriptor)

    def end(self) -> None:
        """Wait for all of it; raises like `take`."""
        if self._hashing is not None:
            self._hashing.result()
        self._wait_for_disk()

    def _wait_for_disk(self) -> None:
        if self._syncing is not None:
            self._syncing.result()  # the system tells of a fault once, so it must be heard

    def _hash(self, piece: bytes) -> None:
        for each in self._digests.values():
            each.update(piece)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
