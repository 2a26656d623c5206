"""The way from an original to an item's exact bytes: walked, written down and read again.

**The form in the case**, which never changes, because digests and other people's checks rest on it:
canonical JSON (UTF-8, keys in order, no white space) of the list of steps from the original's bytes to
the item's, such as `[{"how":"zip","name":"a.jsonl","number":3,"sha256":"…"},{"how":"slice",…}]`; an item
that is a whole original has `[]`. Each step is an object with the names of `parsed.Step`. A key whose
value is nothing (an empty text, 0, no line) is left out and reads as that. Hashes are lower-case hex.

What the steps mean, for those who walk them without CaseKit:

- `gzip`: all members unpacked and joined (RFC 1952), up to the first damaged byte.
- `zip`: the member at place `number` of the central directory, from 0, unpacked.
- `zip-local`: the member whose local header begins at `offset`, unpacked: the archive has no central
  directory that can be read.
- `bz2`, `xz`, `zst`: all streams of the file unpacked and joined, up to the first damaged place.
- `tar`: the content of a member, which is `length` bytes from `offset` of the archive; `number` is its place
  among all headers that name something, from 0.
- `7z`: the member at place `number` of the directory, from 0, unpacked.
- `ole`: the stream `name` of a compound file (MS-CFB), its path joined by `/`; with an `offset`, the `length`
  bytes of it from there on. A storage is written out as `mail.bundle` says.
- `slice`: `length` bytes from `offset`.
- `mime`: the body of MIME part `name` as it stands: `length` bytes from `offset`. Without a length the
  message has to be taken apart (its line ends or its charset are unusual), and `before` is then of the
  body with line feeds only.
- `row`: row `number` (from 0) of the table `name`, as canonical JSON (see `rows`).
- After any of them, `decoding` names what was undone; `before` is the SHA-256 of the bytes before that.
  `pkcs7`: the content was taken out of an S/MIME `signed-data` structure (RFC 5652, 5). `http` leaves of
  an HTTP message (RFC 9112) its body, the chunks and content codings undone. `flate`: RFC 1950, as in a
  PDF's streams. `sparse`: of a TAR archive's member, taken from its first header on, its content with the
  holes filled with zeros (GNU tar manual, D.2).
- `sha256` is that of the bytes the step gives.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import BinaryIO

import msgspec
import orjson

from casekit.errors import CaseKitError
from casekit.ingest.containers import Inflation
from casekit.ingest.limits import MAX_UNPACKED
from casekit.ingest.parsed import Step
from casekit.ingest.streams import HOWS, Unpacking
from casekit.ingest.zip_members import member_pieces, open_archive

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_AS_IS = ("", "7bit", "8bit", "binary")
_DAMAGED = (
    "The evidence is damaged: {what}. Run a verification and restore the original from a copy."
)


def to_json(steps: Sequence[Step]) -> str:
    """The steps as the case keeps them."""
    return orjson.dumps([_record(step) for step in steps]).decode()


def from_json(text: str) -> tuple[Step, ...]:
    """The steps that `to_json` wrote.

    Raises:
        CaseKitError: The text is no pointer.
    """
    try:
        records = orjson.loads(text)
        return tuple(msgspec.convert(_fields(record), Step) for record in records)
    except (
        orjson.JSONDecodeError,
        msgspec.ValidationError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise CaseKitError("A pointer in this case cannot be read; run a verification.") from error


def flatten(steps: Sequence[Step]) -> dict[str, object]:
    """The pointer for people: where in the original it lies, in one row.

    Returns:
        `member` (names of containers and parts, outermost first, joined by `!`), `line`, `offset` and
        `length` of the last slice, `sha256` (hex) of the item's bytes; None where there is none.
    """
    names = [step.name for step in steps if step.how != "slice" and step.name]
    last = steps[-1] if steps else None
    slices = [step for step in steps if step.how == "slice"]
    place = slices[-1] if slices else None
    return {
        "member": "!".join(names) or None,
        "line": place.line if place else None,
        "offset": place.offset if place else None,
        "length": place.length if place else None,
        "sha256": last.sha256.hex() if last else None,
    }


def resolve(source: BinaryIO, steps: Sequence[Step]) -> bytes:
    """The exact bytes of an item, checked against the hash of every step that is taken whole.

    A slice of the original is read by seeking; of a packed stream followed by a slice only what comes
    before the slice's end is unpacked, and the slice's own hash is what is checked.

    Args:
        source: A seekable reader of the original; it is left open.
        steps: From the original's bytes to the item's; none: all of the original.

    Raises:
        CaseKitError: The bytes are not those that were received.
    """
    if not steps:
        source.seek(0)
        return source.read()
    data: bytes | None = None
    at = 0
    while at < len(steps):
        step = steps[at]
        after = steps[at + 1] if at + 1 < len(steps) else None
        packed = step.how in ("gzip", "zip", *HOWS) and not step.decoding
        if packed and after is not None and after.how == "slice":
            pieces = _unpacked(source, data, step)
            data = _checked(_window(pieces, after.offset, after.length), after)
            at += 2
        elif step.how == "mime" and not step.length:
            part = _mime_part(_all(source) if data is None else data, step)
            data = _checked(part, msgspec.structs.replace(step, decoding="", before=b""))
            at += 1
        else:
            data = _checked(_taken(source, data, step), step)
            at += 1
    return data or b""


def _record(step: Step) -> dict[str, object]:
    """The step's named values in the order of their names, without the empty ones."""
    record: dict[str, object] = {}
    if step.before:
        record["before"] = step.before.hex()
    if step.decoding:
        record["decoding"] = step.decoding
    record["how"] = step.how
    if step.length:
        record["length"] = step.length
    if step.line is not None:
        record["line"] = step.line
    if step.name:
        record["name"] = step.name
    if step.number:
        record["number"] = step.number
    if step.offset:
        record["offset"] = step.offset
    if step.sha256:
        record["sha256"] = step.sha256.hex()
    return record


def _fields(record: dict[str, object]) -> list[object]:
    known = dict(record)
    for name in ("before", "sha256"):
        known[name] = bytes.fromhex(str(known.get(name, "")))
    order = Step.__struct_fields__
    if not known.keys() <= set(order):
        raise ValueError("unknown key")
    empty = Step("slice")
    return [known.get(name, getattr(empty, name)) for name in order]


TAKERS: dict[str, str] = {
    "ole": "casekit.ingest.mail.ole:taken",
    "pst": "casekit.ingest.mail.pst:taken",
    "row": "casekit.ingest.rows:take_row",
    "bz2": "casekit.ingest.streams:take",
    "xz": "casekit.ingest.streams:take",
    "zst": "casekit.ingest.streams:take",
    "tar": "casekit.ingest.tapes:take",
    "zip-local": "casekit.ingest.zip_rescue:take",
    "7z": "casekit.ingest.sevenzip:take",
}
"""For each further kind of step the `module:function` that goes it again: `(untrusted_data, step) -> bytes`.

The function raises `ValueError` with a few words where the bytes are not there any more.
"""


def _taken(source: BinaryIO, data: bytes | None, step: Step) -> bytes:
    """The bytes a step takes, before decoding."""
    if step.how in TAKERS:
        module, _, function = TAKERS[step.how].partition(":")
        try:
            taken: bytes = getattr(import_module(module), function)(
                _all(source) if data is None else data, step
            )
        except ValueError as error:
            raise CaseKitError(_DAMAGED, what=f"a {step.how} step: {error}") from error
        return taken
    if step.how in ("gzip", "zip"):
        return b"".join(_limited(_unpacked(source, data, step)))
    if data is not None:
        return data[step.offset : step.offset + step.length]
    source.seek(step.offset)
    return source.read(step.length)


def _checked(taken: bytes, step: Step) -> bytes:
    if step.before and hashlib.sha256(taken).digest() != step.before:
        raise CaseKitError(_DAMAGED, what=f"the bytes of a {step.how} step are not those received")
    given = _decoded(taken, step.decoding)
    if step.sha256 and hashlib.sha256(given).digest() != step.sha256:
        raise CaseKitError(
            _DAMAGED, what=f"the result of a {step.how} step is not what was received"
        )
    return given


def _decoded(taken: bytes, decoding: str) -> bytes:
    if decoding in _AS_IS:
        return taken
    if decoding == "mboxrd":
        return _QUOTED_FROM.sub(rb"\1", taken)
    if decoding == "flate":
        return _inflated(taken)
    if decoding == "sparse":
        from casekit.ingest.sparse import Holes, undone

        try:
            return undone(taken)
        except Holes as error:
            raise CaseKitError(_DAMAGED, what="a sparse member cannot be filled") from error
    if decoding in ("base64", "quoted-printable", "uuencode"):
        from casekit.ingest.mail.transfer import undo

        return undo(taken, decoding).data
    if decoding == "pkcs7":
        from casekit.ingest.mail.cms import signed_content

        return signed_content(taken) or b""
    if decoding == "http":
        from casekit.ingest.http_body import http_payload

        try:
            return http_payload(taken)
        except ValueError as error:
            raise CaseKitError(_DAMAGED, what="no HTTP message is found") from error
    raise CaseKitError(
        "This version of CaseKit cannot undo {decoding}; use a newer one.", decoding=decoding
    )


def _inflated(taken: bytes) -> bytes:
    unpack = zlib.decompressobj()
    try:
        given = unpack.decompress(taken, MAX_UNPACKED)
    except zlib.error as error:
        raise CaseKitError(_DAMAGED, what="a packed slice cannot be unpacked any more") from error
    if not unpack.eof:
        raise CaseKitError(_DAMAGED, what="a packed slice has no end any more")
    return given


def _mime_part(message: bytes, step: Step) -> bytes:
    from casekit.ingest.mail.extract import mime_part

    return mime_part(message, step.name)


def _all(source: BinaryIO) -> bytes:
    source.seek(0)
    return source.read()


def _unpacked(source: BinaryIO, data: bytes | None, step: Step) -> Iterator[bytes]:
    """What a gzip file or a zip's member gives, piece by piece."""
    packed: BinaryIO = source if data is None else io.BytesIO(data)
    packed.seek(0)
    if step.how == "gzip":
        yield from Inflation(packed.read)
        return
    if step.how in HOWS:
        yield from Unpacking(step.how, packed.read)
        return
    try:
        with open_archive(packed) as archive:
            yield from member_pieces(archive, archive.infolist()[step.number])
    except (
        zipfile.BadZipFile,
        zlib.error,
        IndexError,
        EOFError,
        RuntimeError,
        struct.error,
    ) as error:
        raise CaseKitError(
            _DAMAGED, what="an archive's member cannot be unpacked any more"
        ) from error


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    given = 0
    for piece in pieces:
        given += len(piece)
        if given > MAX_UNPACKED:
            raise CaseKitError(_DAMAGED, what="an archive's member has grown")
        yield piece


def _window(pieces: Iterator[bytes], offset: int, length: int) -> bytes:
    """The bytes from `offset` on, `length` of them; the stream is read no further than that."""
    held: list[bytes] = []
    at = 0
    for piece in pieces:
        start, stop = offset - at, offset + length - at
        if start < len(piece) and stop > 0:
            held.append(piece[max(0, start) : stop])
        at += len(piece)
        if at >= offset + length:
            break
    return b"".join(held)
