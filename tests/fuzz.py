"""A campaign against the readers: real files, damaged at random, for as long as wanted.

    python -m tests.fuzz FOLDER... [--minutes N] [--seed N] [--first N] [--only FORMAT] [--keep FOLDER]

Each format gets as many inputs as any other, whatever the folders hold most of; where they hold none of a
format, a sample of `fuzz_samples` stands in. Every input follows from files, seed and number, so that a
finding can be made again. An input is a finding if a reader stops with an error of its own, its bytes do not
add up, a pointer does not lead back to the bytes it names, a problem stands at a place that the file does
not have, it takes longer than `PATIENCE` or ends the process. Kept findings are the seeds of tests.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from casekit.ingest import reading
from casekit.ingest.formats import FORMATS
from casekit.ingest.parsed import Context, Parsed, sha256
from casekit.ingest.pointer import resolve
from tests import fuzz_samples

LARGEST = 256 * 1024
LARGEST_ALONE = 1024 * 1024
"""Bytes of a file of a format that has no smaller one."""
PATIENCE = 20
MEMORY = 3 * 1024**3
MOST_OF_A_KIND = 40
POINTERS = 30
EDGES = (b"", b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"NaN", b"1e999", b"[" * 64,
         b'{"a":' * 64, b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\r", b"\n\n", b"\nFrom ", b'"', b"<",
         b"%", b"9" * 30, b"null", b"{}", b"../../x")  # fmt: skip


class Late(BaseException):
    """A reader takes too long; nothing in it may catch this."""


Seeds = Mapping[str, Sequence[Path]]
"""Files by format."""


def seeds(folders: Sequence[Path], chance: random.Random) -> Seeds:
    """Small files of the folders by format, at most `MOST_OF_A_KIND` of each ending and folder."""
    kinds: dict[tuple[str, str, bool], list[Path]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_ALONE:
                large = path.stat().st_size > LARGEST
                kinds.setdefault((path.parent.name, path.suffix.lower(), large), []).append(path)
    small: dict[str, list[Path]] = {}
    others: dict[str, list[Path]] = {}
    for (_, _, large), paths in kinds.items():
        for path in chance.sample(paths, min(len(paths), MOST_OF_A_KIND)):
            data = path.read_bytes()
            if data:
                held = others if large else small
                held.setdefault(reading.format_of(data, path.name), []).append(path)
    return dict(sorted({**others, **small}.items()))


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


def faults(data: bytes, name: str, met: set[str] | None = None) -> Iterator[str]:
    """What is wrong with how a file is read; `met` is told the formats that were read, inside it too."""
    begun = time.process_time()
    items: list[Parsed] = []
    books = None
    for frame in reading.read_stream(data, reading.argument_for(Context(name=name))):
        batch = reading.batch_from(frame)
        items += batch.items
        books = batch.books or books
        if met is not None:
            met |= {batch.format, *(inside.format for inside in batch.inside)}
        for problem in batch.problems:
            if problem.kind in ("reader-failed", "books"):
                yield f"{batch.format}: {problem.text}"
    if books is None or books.total != len(data):
        yield "The bytes do not add up."
    for item in items[:POINTERS]:
        yield from astray(data, item)
    if time.process_time() - begun > PATIENCE / 2:
        yield "slow"


def astray(data: bytes, item: Parsed) -> Iterator[str]:
    """Pointers of an item and of what it carries that do not lead to the bytes they name."""
    try:
        found = resolve(io.BytesIO(data), item.steps)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        yield f"pointer of {item.kind}: {type(error).__name__}: {error}"
        return
    if sha256(found) != item.sha256:
        yield f"pointer of {item.kind}: other bytes"
    for child in item.children[:POINTERS]:
        if not child.beside:
            yield from astray(found, child)


def attempt(paths: Seeds, seed: int, number: int) -> tuple[bytes, Path]:
    """Input `number` of a campaign, and the file it was made from."""
    chance = random.Random(f"{seed}/{number}")
    path = chance.choice(paths[chance.choice(list(paths))])
    other = chance.choice(paths[chance.choice(list(paths))])
    return damaged(path.read_bytes(), other.read_bytes(), chance), path


def work(paths: Seeds, seed: int, numbers: range, end: float, told: int) -> None:
    """In a child: try the numbers in turn until `end`, saying each before it is tried, and what was found.

    A line is a number, formats with blanks between them, and a fault, tabs between the three.
    """

    def late(*_: object) -> None:
        raise Late

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries say much of what they meet
    signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    for number in numbers:
        if time.monotonic() > end:
            return
        os.write(told, f"{number}\t\t\n".encode())
        data, path = attempt(paths, seed, number)
        found, met = [], set[str]()
        signal.alarm(PATIENCE)
        try:
            found = list(faults(data, path.name, met))
        except Late:
            found = [f"hung at {traceback.extract_tb(sys.exc_info()[2])[-2]}"]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            found = [f"{type(error).__name__}: {error}"]
        finally:
            signal.alarm(0)
        os.write(told, f"{number}\t{' '.join(sorted(met))}\t\n".encode())
        for fault in dict.fromkeys(found):
            os.write(told, f"{number}\t\t{' '.join(fault.split())[:300]}\n".encode())


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
    paths: Seeds, seed: int, seconds: float, first: int = 0, step: int = 500, most: float = math.inf
) -> tuple[int, list[tuple[int, str]], Counter[str]]:
    """Children at it one after the other until the time is over, or `most` inputs are tried.

    Returns:
        Inputs tried, each fault with the number of its input, and how many inputs each format was read in.
    """
    end = time.monotonic() + seconds
    found: list[tuple[int, str]] = []
    read_in: Counter[str] = Counter()
    at = start = first
    while time.monotonic() < end and at - start < most:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            numbers = range(at, at + int(min(step, start + most - at)))
            work(paths, seed, numbers, end, write)
            os._exit(0)
        os.close(write)
        last = at
        for line in said_by(child, read):
            number, met, fault = line.split("\t", 2)
            last = int(number)
            read_in.update(met.split())
            if fault:
                found.append((last, fault))
        _, status = os.waitpid(child, 0)
        if status:
            found.append((last, f"ended the process with status {status}"))
        at = last + 1
    return at - start, found, read_in


def main() -> None:
    """Run a campaign and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", action="append", choices=[each.id for each in FORMATS])
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="casekit-fuzz-") as place:
        fuzz_samples.write(Path(place))
        paths = seeds([*asked.folders, Path(place)], random.Random(asked.seed))
        if asked.only:
            paths = {form: paths[form] for form in asked.only}
        tried, found, read_in = campaign(paths, asked.seed, asked.minutes * 60, asked.first)
        tell(paths, asked.seed, tried, found, read_in, asked.keep)


def tell(
    paths: Seeds, seed: int, tried: int, found: list[tuple[int, str]], read_in: Counter[str],
    keep: Path | None,
) -> None:  # fmt: skip
    """Say what a campaign tried and found, and keep an input of each fault."""
    files = sum(map(len, paths.values()))
    print(f"{files:,} files, {tried:,} inputs tried, {len({n for n, _ in found}):,} findings")
    names = sorted({*paths, *read_in, *(each.id for each in FORMATS)})
    print(", ".join(f"{name} {read_in[name]:,}" for name in names))
    for fault, times in Counter(fault for _, fault in found).most_common():
        number = next(n for n, what in found if what == fault)
        data, path = attempt(paths, seed, number)
        print(f"{times:6} × {fault}   (input {number}, from {path.name})")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{number}-{path.name}").write_bytes(data)


if __name__ == "__main__":
    main()
