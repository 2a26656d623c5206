"""A campaign against the readers: real files, damaged at random, for as long as wanted.

    python -m tests.fuzz FOLDER... [--minutes N] [--seed N] [--keep FOLDER]

Every input follows from seed and number, so that a finding can be made again. An input is a finding if a
reader stops with an error of its own, its bytes do not add up, a pointer does not lead back to the bytes it
names, it takes longer than `PATIENCE` or ends the process. Kept findings are the seeds of tests.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from casekit.ingest import reading
from casekit.ingest.parsed import Context, Parsed, sha256
from casekit.ingest.pointer import resolve

LARGEST = 256 * 1024
PATIENCE = 20
MEMORY = 3 * 1024**3
MOST_OF_A_KIND = 40
POINTERS = 30
EDGES = (b"", b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"NaN", b"1e999", b"[" * 64,
         b'{"a":' * 64, b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\r", b"\n\n", b"\nFrom ", b'"', b"<",
         b"%", b"9" * 30, b"null", b"{}", b"../../x")  # fmt: skip


class Late(BaseException):
    """A reader takes too long; nothing in it may catch this."""


def seeds(folders: Sequence[Path], chance: random.Random) -> list[Path]:
    """Small files of the folders, at most `MOST_OF_A_KIND` of each ending and folder."""
    kinds: dict[tuple[str, str], list[Path]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= LARGEST:
                kinds.setdefault((path.parent.name, path.suffix.lower()), []).append(path)
    chosen = [chance.sample(paths, min(len(paths), MOST_OF_A_KIND)) for paths in kinds.values()]
    return [path for paths in chosen for path in paths]


def damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A file with some damage; `other` lends bytes."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at = chance.randrange(len(out) + 1)
        length = min(chance.choice((1, 2, 4, 16, 256)), len(out) - at)
        how = chance.randrange(7)
        if how == 0 and length:
            out[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            out[at : at + length] = chance.choice(EDGES)
        elif how == 2:
            out[at:at] = out[at : at + length] * chance.choice((1, 2, 50))
        elif how == 3:
            del out[at : at + length]
        elif how == 4:
            del out[at:]
        elif how == 5 and other:
            start = chance.randrange(len(other))
            out[at:at] = other[start : start + chance.choice((4, 64, 1024))]
        else:
            out[at : at + length] = chance.randbytes(length)
    return bytes(out)


def faults(data: bytes, name: str) -> Iterator[str]:
    """What is wrong with how a file is read."""
    begun = time.process_time()
    items: list[Parsed] = []
    books = None
    for frame in reading.read_stream(data, reading.argument_for(Context(name=name))):
        batch = reading.batch_from(frame)
        items += batch.items
        books = batch.books or books
        for problem in batch.problems:
            if problem.kind in ("reader-failed", "books"):
                yield f"{batch.format}: {problem.text}"
    if books is None or books.total != len(data):
        yield "The bytes do not add up."
    for item in items[:POINTERS]:
        try:
            found = resolve(io.BytesIO(data), item.steps)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            yield f"pointer of {item.kind}: {type(error).__name__}: {error}"
        else:
            if sha256(found) != item.sha256:
                yield f"pointer of {item.kind}: other bytes"
    if time.process_time() - begun > PATIENCE / 2:
        yield "slow"


def attempt(paths: Sequence[Path], seed: int, number: int) -> tuple[bytes, Path]:
    """Input `number` of a campaign, and the file it was made from."""
    chance = random.Random(f"{seed}/{number}")
    path = chance.choice(paths)
    return damaged(path.read_bytes(), chance.choice(paths).read_bytes(), chance), path


def work(paths: Sequence[Path], seed: int, numbers: range, end: float, told: int) -> None:
    """In a child: try the numbers in turn until `end`, saying each before it is tried, and what was found."""

    def late(*_: object) -> None:
        raise Late

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries say much of what they meet
    signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for number in numbers:
        if time.monotonic() > end:
            return
        os.write(told, f"{number}\t\n".encode())
        data, path = attempt(paths, seed, number)
        found = []
        signal.alarm(PATIENCE)
        try:
            found = list(faults(data, path.name))
        except Late:
            found = [f"hung at {traceback.extract_tb(sys.exc_info()[2])[-2]}"]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            found = [f"{type(error).__name__}: {error}"]
        finally:
            signal.alarm(0)
        for fault in dict.fromkeys(found):
            os.write(told, f"{number}\t{' '.join(fault.split())[:300]}\n".encode())


def said_by(child: int, pipe: int) -> Iterator[str]:
    """Lines of a child, which is killed where its own alarm cannot end an input."""
    rest = b""
    while True:
        if not select.select([pipe], [], [], PATIENCE * 1.5)[0]:
            os.kill(child, signal.SIGKILL)
        data = os.read(pipe, 65_536)
        if not data:
            os.close(pipe)
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)


def campaign(
    paths: Sequence[Path], seed: int, seconds: float, first: int = 0, step: int = 500
) -> tuple[int, list[tuple[int, str]]]:
    """Children at it one after the other until the time is over; inputs tried and (number, fault)."""
    end = time.monotonic() + seconds
    found: list[tuple[int, str]] = []
    at = start = first
    while time.monotonic() < end:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            work(paths, seed, range(at, at + step), end, write)
            os._exit(0)
        os.close(write)
        last = at
        for line in said_by(child, read):
            number, _, fault = line.partition("\t")
            last = int(number)
            if fault:
                found.append((last, fault))
        _, status = os.waitpid(child, 0)
        if status:
            found.append((last, f"ended the process with status {status}"))
        at = last + 1
    return at - start, found


def main() -> None:
    """Run a campaign and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    paths = seeds(asked.folders, random.Random(asked.seed))
    tried, found = campaign(paths, asked.seed, asked.minutes * 60, asked.first)
    print(f"{len(paths):,} files, {tried:,} inputs tried, {len({n for n, _ in found}):,} findings")
    for fault, times in Counter(fault for _, fault in found).most_common():
        number = next(n for n, what in found if what == fault)
        data, path = attempt(paths, asked.seed, number)
        print(f"{times:6} × {fault}   (input {number}, from {path.name})")
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"{number}-{path.name}").write_bytes(data)


if __name__ == "__main__":
    main()
