"""What any archive or packed file holds, told in one way: members with the step that leads to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casekit.ingest.containers import Data
from casekit.ingest.limits import budget
from casekit.ingest.parsed import Books, Problem, Step, sha256
from casekit.ingest.within import UNPACKED

if TYPE_CHECKING:
    from casekit.ingest.tapes import Tape, TapeMember

_CUT = "The archive ends inside this member; what is there is kept."
_AS_STORED = "The member is a sparse file; it is kept as it is stored, without its holes."
_ENDINGS = {
    "bz2": (".bz2", ".bz", ".tbz2", ".tbz", ".tb2"),
    "xz": (".xz", ".txz"),
    "zst": (".zst", ".zstd", ".tzst"),
    "gzip": (".gz", ".tgz", ".taz"),
}
BLOCK = 512
_AT_ONCE = BLOCK * 2048
_MOST_RESUMED = 1000
_TAPES = (".tbz2", ".tbz", ".tb2", ".txz", ".tzst", ".tgz", ".taz")


@dataclass(frozen=True, slots=True)
class Inner:
    """Bytes that lie in an archive.

    Attributes:
        data: The bytes.
        name: Their name for display.
        step: The way from the archive's bytes to these.
        path: What stands before the names of troubles inside it.
        facts: What the archive says of them besides.
    """

    data: Data
    name: str
    step: Step
    path: str
    facts: dict[str, object] = field(default_factory=dict)


Held = Inner | Problem | Books


def unwrap(form: str, untrusted_data: Data, name: str) -> Iterator[Held]:
    """Members and problems in the archive's order, and last the books of the archive's own bytes.

    Args:
        form: A key of `UNWRAPPED`.
        untrusted_data: The archive.
        name: Its file name, from which the name of a single member is made.

    Raises:
        LimitReached: It unfolds too far.
    """
    return UNWRAPPED[form](form, untrusted_data, name)


def unpacked_name(form: str, name: str) -> str:
    """The name without the ending of its packing; `a.tgz` is `a.tar`."""
    for ending in _ENDINGS[form]:
        if name.lower().endswith(ending):
            return name[: -len(ending)] + (".tar" if ending in _TAPES else "")
    return name


def _stream(form: str, untrusted_data: Data, name: str) -> Iterator[Held]:
    from casekit.ingest.streams import unpack_stream

    unpacked = unpack_stream(form, untrusted_data, budget())
    yield from unpacked.problems
    if unpacked.problems and not unpacked.taken:
        yield Books(0, len(untrusted_data))
        return
    inner = unpacked_name(form, name)
    step = Step(form, name=inner, length=len(unpacked.data), sha256=unpacked.sha256)  # type: ignore[arg-type]
    yield Inner(unpacked.data, inner, step, UNPACKED)
    size = len(untrusted_data)
    if [each.kind for each in unpacked.problems][-1:] == ["trailing-bytes"] and unpacked.taken:
        yield _rest(untrusted_data, unpacked.taken)
        yield Books(size)
    else:
        yield Books(unpacked.taken, size - unpacked.taken)


def _rest(untrusted_data: Data, start: int) -> Inner:
    """What stands behind an archive's own end, as a file of its own."""
    size = len(untrusted_data)
    data = untrusted_data[start:size]
    name = f"bytes {start} to {size - 1}"
    return Inner(
        data, name, Step("slice", offset=start, length=len(data), sha256=sha256(data)), name
    )


def _tape(_form: str, untrusted_data: Data, _name: str) -> Iterator[Held]:
    from casekit.ingest.tapes import Tape, is_tape

    size = len(untrusted_data)
    base = number = padding = lost = resumed = 0
    while True:
        tape = Tape(untrusted_data, base)
        for member in tape.members():
            yield from _on_tape(untrusted_data, member, number)
        yield from _told_of(tape)
        number += tape.headers
        if tape.left_out:
            break
        if tape.broken:
            start = _next_header(untrusted_data, tape.end) if resumed < _MOST_RESUMED else size
            if start == size:
                break
            text = (
                "A header in the archive is damaged; it is read again from the next whole one on."
            )
            yield Problem("open", "resumed", text, offset=tape.end, length=start - tape.end)
            lost, resumed, base = lost + start - tape.end, resumed + 1, start
            continue
        start = _next_tape(untrusted_data, tape.end)
        padding += start - tape.end
        if start == size:
            break
        text = "Behind the end of the archive stands more, which programs pass over; it was read."
        yield Problem("open", "unlisted-bytes", text, offset=start)
        if not is_tape(untrusted_data[start : start + BLOCK]):
            yield _rest(untrusted_data, start)
            break
        base = start
    rest = size - tape.end if tape.broken or tape.left_out else 0
    lost += rest
    if tape.left_out:
        yield Problem("limits", "members", "Members beyond the limit were not read.")
    elif tape.broken:
        text = "A header in the archive is damaged; what follows it is not read."
        yield Problem("open", "bad-archive", text, offset=tape.end, length=rest if tape.end else 0)
    yield Books(size - lost - padding, lost, padding)


def _on_tape(untrusted_data: Data, member: TapeMember, number: int) -> Iterator[Held]:
    """One member; its place is counted from `number`, that of the tape's first."""
    if member.problem is not None:
        yield member.problem
        if member.problem.stage == "limits":
            return
    if member.headers is not None:
        held = _filled(untrusted_data, member, number)
        yield held
        if isinstance(held, Inner):
            return
    data = untrusted_data[member.offset : member.offset + member.size]
    step = Step(
        "tar", name=member.name, number=number + member.number, offset=member.offset,
        length=member.size, sha256=sha256(data),
    )  # fmt: skip
    yield Inner(data, member.name, step, member.name)


def _filled(untrusted_data: Data, member: TapeMember, number: int) -> Inner | Problem:
    """A sparse member with its holes filled, or why it is kept as it is stored."""
    from casekit.ingest.sparse import Cut, Holes, filled, fits

    as_stored = Problem("open", "sparse", _AS_STORED, path=member.name)
    if not fits(member.filled, member.size, budget()):
        return as_stored
    span = untrusted_data[member.headers : member.offset + member.size]
    try:
        data, digest = filled(span)
    except Cut:
        return Problem("open", "truncated", _CUT, path=member.name)
    except Holes:
        return as_stored
    budget().use(len(data), len(data), member.size)
    step = Step(
        "tar", name=member.name, number=number + member.number, offset=member.headers or 0,
        length=len(span), decoding="sparse", before=sha256(span), sha256=digest,
    )  # fmt: skip
    return Inner(data, member.name, step, member.name)


def _told_of(tape: Tape) -> Iterator[Problem]:
    """What a tape holds that is no file."""
    if tape.links:
        text = f"{tape.links} links in the archive were not followed."
        yield Problem("open", "links-skipped", text)
    if tape.devices:
        text = f"{tape.devices} devices and pipes in the archive hold nothing and were left out."
        yield Problem("open", "devices-skipped", text)


def _next_header(untrusted_data: Data, end: int) -> int:
    """The first whole header behind a damaged one that begins at `end`, whole blocks from it, or the size."""
    from casekit.ingest.tapes import MARK, MARK_AT, is_tape

    at = end + BLOCK
    while (found := untrusted_data.find(MARK, at + MARK_AT)) >= 0:
        start = found - MARK_AT
        if (start - end) % BLOCK == 0 and is_tape(untrusted_data[start : start + BLOCK]):
            return start
        at = start + 1
    return len(untrusted_data)


def _next_tape(untrusted_data: Data, end: int) -> int:
    """The first block behind `end` that is not of zeros, or the size."""
    at, size = end, len(untrusted_data)
    while at < size and not untrusted_data[at : at + _AT_ONCE].strip(b"\0"):
        at += _AT_ONCE
    while at < size and not untrusted_data[at : at + BLOCK].strip(b"\0"):
        at += BLOCK
    return min(at, size)


def _seven(_form: str, untrusted_data: Data, _name: str) -> Iterator[Held]:
    from casekit.ingest.sevenzip import Links, SevenProblem, seven_end, seven_members

    size = len(untrusted_data)
    lost = False
    try:
        for member in seven_members(untrusted_data, budget()):
            if isinstance(member, Problem):
                yield member
                lost = True
            elif isinstance(member, Links):
                text = f"{member.count} links in the archive were not followed."
                yield Problem("open", "links-skipped", text)
            elif member.data is None:
                assert member.problem is not None
                yield member.problem
                lost = True
            else:
                step = Step(
                    "7z", name=member.name, number=member.number, length=len(member.data),
                    sha256=member.sha256,
                )  # fmt: skip
                yield Inner(member.data, member.name, step, member.name)
    except SevenProblem as found:
        yield found.problem
        lost = True
    end = seven_end(untrusted_data)
    if not lost and end < size:
        text = "Behind the end of the archive stands more, which programs pass over; it was read."
        yield Problem("open", "unlisted-bytes", text, offset=end)
        yield _rest(untrusted_data, end)
    yield Books(0, size) if lost else Books(size)


def _object(_form: str, untrusted_data: Data, name: str) -> Iterator[Held]:
    from casekit.ingest.ole_objects import objects
    from casekit.ingest.olefiles import open_ole

    size = len(untrusted_data)
    whole = True
    with open_ole(untrusted_data) as ole:
        for held in () if ole is None else objects(ole, name.rpartition(".")[0] or name):
            whole = whole and isinstance(held, Inner)
            yield held
    if ole is None:
        yield Problem("open", "bad-archive", "The file's directory is damaged.")
    yield Books(size) if whole and ole is not None else Books(0, size)


UNWRAPPED: dict[str, Callable[[str, Data, str], Iterator[Held]]] = {
    "bz2": _stream,
    "xz": _stream,
    "zst": _stream,
    "tar": _tape,
    "7z": _seven,
    "ole-object": _object,
}
"""Format id to the function that takes it apart; `reading` does gzip and zip."""
