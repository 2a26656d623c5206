"""What runs inside the confined worker: any file in, batches of items out, whatever it is wrapped in."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.archives import UNWRAPPED, Inner, unpacked_name, unwrap
from casekit.ingest.beside import beside, tape_files, zip_files
from casekit.ingest.charsets import more_facts
from casekit.ingest.columns import MOST_ITEMS, Columns, columns_of, items_in, shortened, whole
from casekit.ingest.containers import (
    Data,
    Member,
    next_gzip_member,
    open_zip,
    unpack_gzip,
    zip_members,
)
from casekit.ingest.limits import MAX_FRAME, LimitReached, budget, new_budget
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, int64, sha256
from casekit.ingest.sniff_pictures import is_picture
from casekit.ingest.within import UNPACKED, within

HEAD = 64 * 1024
"""Bytes of a file that its format is told from."""

_BATCH_WEIGHT = 1024 * 1024
_BATCH_PROBLEMS = 1_000
_MOST_RESCUES = 100
_DEEPEST_FAMILY = 100
"""Generations that no file has: whoever walks through a family would run out of stack."""
_LIKE = 4
"""First bytes in which the members of one gzip file are alike: `WARC`, or a record's first key."""

_RESUMED = "Behind the damaged place the packed data can be read again from here on."
_SIGN_OF_LIFE = 5.0
"""Seconds after which an empty batch says that items already in the case are still being passed over."""

_OFFICE = {"powerpoint": "pptx", "odf": "odf", "epub": "epub"}
"""Format ids of what a zip is by its directory; the others are read with Word files."""

Found = Parsed | Problem | Books


class Inside(msgspec.Struct, frozen=True, array_like=True):
    """Files of one format inside a file: how many, their bytes, and those of them that were understood."""

    format: str
    files: int64
    size: int64
    understood: int64


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Some of what a file holds, in the file's order.

    Attributes:
        items: Top-level items with their families.
        problems: Trouble met on the way to the last of them.
        books: In the last batch of a file, where every byte went.
        format: What the file was taken for, such as `gzip` or `jsonl`.
        number: Number of this batch's first item among the file's top-level items, from 0.
        inside: In the last batch of a file, what was read of the files inside it.
        columns: The items where all of them are plain records; `items` is then empty.
    """

    items: tuple[Parsed, ...]
    problems: tuple[Problem, ...]
    books: Books | None
    format: str
    number: int64 = 0
    inside: tuple[Inside, ...] = ()
    columns: Columns | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode_batch = msgspec.msgpack.Decoder(Batch).decode


def argument_for(context: Context) -> bytes:
    """The argument that `read_stream` takes; names that are no text are made one."""
    return _encode(_mended(context))


def batch_from(untrusted_frame: bytes, *, columns: bool = False) -> Batch:
    """A frame of `read_stream`, checked against the schema.

    Args:
        untrusted_frame: As it came.
        columns: Leave plain records laid out as columns; else they are items like others.

    Raises:
        msgspec.ValidationError: The worker sent something else.
    """
    try:
        batch = _decode_batch(untrusted_frame)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, RecursionError) as error:
        raise msgspec.ValidationError(type(error).__name__) from None
    if batch.columns is not None:
        found = whole(batch.columns)
        if batch.items:
            raise msgspec.ValidationError("items beside columns")
        if columns:
            return msgspec.structs.replace(batch, columns=found)
        return msgspec.structs.replace(batch, items=items_in(found), columns=None)
    level = [item for item in batch.items if item.children]
    for _ in range(_DEEPEST_FAMILY):
        if not level:
            return batch
        level = [child for item in level for child in item.children if child.children]
    raise msgspec.ValidationError("families within families")


def read_stream(untrusted_data: Data, argument: bytes) -> Iterator[bytes]:
    """Read a whole file: the function that a worker runs.

    A batch has at most 200 items or about 1 MiB of text; a family is never split. The first
    `context.skip` top-level items are left out, with the problems that came before the last of them:
    those went with the batches that are in the case already.

    Args:
        untrusted_data: The original's bytes.
        argument: A `Context` as MessagePack, from `argument_for`.

    Yields:
        MessagePack of a `Batch`; the last one carries the books.
    """
    context = msgspec.msgpack.decode(argument, type=Context)
    new_budget()
    form = format_of(untrusted_data, context.name)
    items: list[Parsed] = []
    problems: list[Problem] = []
    books: Books | None = None
    seen = weight = 0
    said = time.monotonic()
    for found in read_any(untrusted_data, msgspec.structs.replace(context, skip=0), form):
        if isinstance(found, Books):
            books = found
            continue
        if isinstance(found, Parsed):
            seen += 1
        if seen < context.skip or (seen == context.skip and isinstance(found, Parsed)):
            if time.monotonic() - said > _SIGN_OF_LIFE:
                yield _encode(Batch((), (), None, form, seen))
                said = time.monotonic()
            continue
        if isinstance(found, Problem):
            problems.append(found)
        else:
            items.append(found)
            weight += _weight(found)
        if len(items) >= MOST_ITEMS or len(problems) >= _BATCH_PROBLEMS or weight >= _BATCH_WEIGHT:
            yield from _frames(Batch(tuple(items), tuple(problems), None, form, seen - len(items)))
            items, problems, weight = [], [], 0
    inside = tuple(Inside(name, *counts) for name, counts in budget().inside.items())
    last = Batch(tuple(items), tuple(problems), books, form, seen - len(items), inside)
    yield from _frames(last)


def _weight(item: Parsed) -> int:
    text = len(item.facts)
    for _, each in item.texts:
        text += len(each)
    if item.exchange is not None:
        text += len(item.exchange.messages) + len(item.exchange.extra)
    for child in item.children:
        text += _weight(child)
    return text


def _frames(batch: Batch) -> Iterator[bytes]:
    """The batch as one frame; a family too large for any frame is kept without its text."""
    try:
        frame = _encode(_laid_out(batch))
    except UnicodeEncodeError:  # half a surrogate pair, which no UTF-8 can carry
        batch = _mended(batch)
        frame = _encode(_laid_out(batch))
    if len(frame) <= MAX_FRAME:
        yield frame
        return
    problem = Problem(
        "limits", "too-much-text", "The item holds more text than can be read; its bytes are kept."
    )
    items = tuple(
        item
        if len(_encode(item)) < MAX_FRAME // 2
        else msgspec.structs.replace(
            item,
            kind="file",
            texts=(),
            exchange=None,
            mail=None,
            facts="",
            children=(),
            problems=(problem,),
        )
        for item in batch.items
    )
    yield _encode(msgspec.structs.replace(batch, items=items))


def _laid_out(batch: Batch) -> Batch:
    """The batch with its items as columns, if they are plain records."""
    columns = columns_of(batch.items)
    if columns is None:
        return batch
    return msgspec.structs.replace(batch, items=(), columns=shortened(columns))


def _mended(value: Any) -> Any:
    """The same value with every half of a surrogate pair replaced, wherever a text stands in it."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, tuple):
        return tuple(map(_mended, value))
    if isinstance(value, msgspec.Struct):
        names = value.__struct_fields__
        return msgspec.structs.replace(
            value, **{name: _mended(getattr(value, name)) for name in names}
        )
    return value


def format_of(untrusted_data: Data, name: str) -> str:
    """The format id of a file, by its content; office files are told from other zips by their directory."""
    from casekit.ingest.sniff import identify

    size = len(untrusted_data)
    try:
        form: str = identify(untrusted_data[:HEAD], size, name).id if size else "empty"
        if form in ("zip", "unknown", "odf") and (office := _office_format(untrusted_data)):
            return office
        if form != "unknown":
            return form
        if is_picture(untrusted_data[:18]):
            return "image"
        from casekit.ingest.sniff_zip import ends_as_zip

        return "zip" if ends_as_zip(untrusted_data) else form
    except Exception:  # noqa: BLE001 - telling formats apart must never cost a file
        return "unknown"


def _office_format(untrusted_data: Data) -> str:
    """The format of an office file, whose directory tells it; empty for any other file."""
    if untrusted_data[:2] == b"PK":
        from casekit.ingest.ooxml import flavour
        from casekit.ingest.zip_rescue import directory_of

        try:
            directory, _ = directory_of(untrusted_data, budget())
        except zipfile.BadZipFile:
            return ""
        kind = flavour(directory)
        if kind in ("excel", "odf"):
            from casekit.ingest.sheets import is_workbook

            if is_workbook(untrusted_data, directory):
                return "workbook"
        return _OFFICE.get(kind, "docx") if kind else ""
    from casekit.ingest.sniff_ole import ole_format

    return ole_format(untrusted_data)


def read_any(untrusted_data: Data, context: Context, form: str) -> Iterator[Found]:
    """Items, problems and books of a file of format `form`, whatever happens while it is read.

    The books always add up to the file's size, and a file that gives no item and no quarantined record
    is itself one item, kept and not read.
    """
    items = quarantined = 0
    any_read = False
    books: Books | None = None
    try:
        for found in _read(untrusted_data, context, form):
            if isinstance(found, Books):
                books = found
                continue
            if isinstance(found, Parsed):
                items += 1
                any_read = any_read or found.kind != "file"
            quarantined += isinstance(found, Problem) and bool(found.length)
            yield found
    except LimitReached as reached:
        yield Problem("limits", reached.kind, reached.text)
    except (MemoryError, RecursionError) as error:
        kind = "memory" if isinstance(error, MemoryError) else "nesting"
        yield Problem(
            "limits", kind, "Reading it needs more memory or nesting than one file may use."
        )
    except Exception as error:  # noqa: BLE001 - a reader's bug costs one file, and never the others
        yield Problem("parse", "reader-failed", f"The reader stopped with {type(error).__name__}.")
    if not items and not quarantined:
        yield kept(untrusted_data, context.name)
    size = len(untrusted_data)
    budget().weigh(form, size, books.understood if books is not None and any_read else 0)
    yield from _checked(books, size)


def _checked(books: Books | None, size: int) -> Iterator[Found]:
    if books is None:
        yield Books(0, size)
        return
    if books.total != size:
        yield Problem(
            "verify",
            "books",
            f"The reader accounts for {books.total:,} of {size:,} bytes.",
            length=0,
        )
    yield books


def kept(untrusted_data: Data, name: str, media_type: str = "") -> Parsed:
    """The item for bytes that are kept and not read."""
    size = len(untrusted_data)
    return Parsed(
        "file",
        "other",
        name or "file",
        (),
        sha256(untrusted_data),
        size,
        name=name,
        media_type=media_type,
    )


def _read(untrusted_data: Data, context: Context, form: str) -> Iterator[Found]:
    if form == "gzip":
        with budget().deeper():
            yield from _read_gzip(untrusted_data, context)
    elif form == "zip":
        with budget().deeper():
            yield from _read_zip(untrusted_data, context)
    elif form in UNWRAPPED:
        with budget().deeper():
            yield from _read_archive(untrusted_data, context, form)
    else:
        from casekit.ingest.readers import READERS

        reader: Any = READERS.get(form) or READERS["unknown"]
        yield from reader(untrusted_data, context)


def _read_gzip(untrusted_data: Data, context: Context) -> Iterator[Found]:
    size = len(untrusted_data)
    name = unpacked_name("gzip", context.name)
    inner = msgspec.structs.replace(context, name=name)
    start: int | None = 0
    good = end = 0
    like = b""
    for _ in range(_MOST_RESCUES):
        if start is None:
            break
        packed = untrusted_data[start:] if start else untrusted_data
        unpacked = unpack_gzip(packed, budget())
        yield from unpacked.problems
        step = Step("gzip", name=name, length=len(unpacked.data), sha256=unpacked.sha256)
        steps = (_slice_of(packed, start), step) if start else (step,)
        path = f"bytes {start} to {size - 1}/{UNPACKED}" if start else UNPACKED
        for found in read_any(unpacked.data, inner, format_of(unpacked.data, name)):
            if not isinstance(found, Books):
                yield _under(found, steps, path)
        good, end = good + unpacked.taken, start + unpacked.taken
        like = like or unpacked.data[:_LIKE]
        damaged = start + unpacked.begun
        hurt = unpacked.problems and unpacked.problems[-1].kind != "truncated"
        start = next_gzip_member(untrusted_data, damaged + 1, like) if hurt and like else None
        if start is not None:
            good -= max(0, end - start)  # it looked ahead into what is read again
            yield Problem("open", "resumed", _RESUMED, offset=start)
        elif [each.kind for each in unpacked.problems][-1:] == ["trailing-bytes"] and end:
            yield from _read_slice(untrusted_data, end, size, context)
            good += size - end
    yield Books(good, size - good)


def _slice_of(data: Data, start: int) -> Step:
    return Step("slice", offset=start, length=len(data), sha256=sha256(data))


def _read_archive(untrusted_data: Data, context: Context, form: str) -> Iterator[Found]:
    if form == "tar":
        known = beside(tape_files(untrusted_data)) or context.beside
        context = msgspec.structs.replace(context, beside=known)
    for held in unwrap(form, untrusted_data, context.name):
        if not isinstance(held, Inner):
            yield held
            continue
        above = held.path.rpartition("/")[0].rpartition("/")[2]
        inner = msgspec.structs.replace(context, name=held.name, folder=above or context.folder)
        for found in read_any(held.data, inner, format_of(held.data, held.name)):
            if not isinstance(found, Books):
                yield _under(found, (held.step,), held.path, held.facts)


def _read_zip(untrusted_data: Data, context: Context) -> Iterator[Found]:
    size = len(untrusted_data)
    saved = None
    try:
        directory = open_zip(untrusted_data)
    except zipfile.BadZipFile:
        from casekit.ingest.zip_rescue import BY_HEADERS, NO_DIRECTORY, rescue

        saved = rescue(untrusted_data, budget())
        yield Problem("open", "bad-archive", NO_DIRECTORY if saved is None else BY_HEADERS)
        if saved is None:
            yield kept(untrusted_data, context.name, "application/zip")
            yield Books(0, size)
            return
        directory = saved.directory
        yield from saved.problems
    lost = saved.lost if saved else 0
    context = msgspec.structs.replace(
        context,
        folder=context.name,
        beside=beside(zip_files(directory, budget())) or context.beside,
    )
    for member in zip_members(directory, budget()):
        start, end = saved.extents[member.number] if saved else (None, member.packed)
        if member.data is None:
            lost += end - (start or 0)
        yield from _read_member(member, context, start)
    if saved is None:
        yield from _read_gaps(untrusted_data, directory.archive, context)
    if directory.links:
        text = f"{directory.links} symbolic links in the archive were not followed."
        yield Problem("open", "links-skipped", text)
    if directory.left_out:
        text = f"{directory.left_out} members beyond the limit were not read."
        yield Problem("limits", "members", text)
        lost = size
    lost = min(lost, size)
    yield Books(size - lost, lost)


def _read_gaps(untrusted_data: Data, archive: zipfile.ZipFile, context: Context) -> Iterator[Found]:
    """What lies in a zip where its directory leads nobody, read for itself."""
    from casekit.ingest.zip_gaps import MOST, gaps

    found = gaps(untrusted_data, archive)
    for start, end in found[:MOST]:
        said = (
            f"{end - start:,} bytes of the archive are in no member that it lists; they were read."
        )
        yield Problem("open", "unlisted-bytes", said, offset=start)
        yield from _read_slice(untrusted_data, start, end, context)
    if found[MOST:]:
        said = f"{len(found) - MOST:,} more runs of bytes that are in no member were not read."
        yield Problem("limits", "unlisted-bytes", said, offset=found[MOST].start)


def _read_slice(untrusted_data: Data, start: int, end: int, context: Context) -> Iterator[Found]:
    """A run of a container's bytes, read as the file it may be."""
    data = untrusted_data[start:end]
    step = _slice_of(data, start)
    name = f"bytes {start} to {end - 1}"
    inner = msgspec.structs.replace(context, name=name)
    for found in read_any(data, inner, format_of(data, name)):
        if not isinstance(found, Books):
            yield _under(found, (step,), name)


def _read_member(member: Member, context: Context, start: int | None) -> Iterator[Found]:
    """A member of a zip; `start` is the place of its header where no directory has its number."""
    if member.problem is not None:
        yield member.problem
    if member.data is None:
        return
    step = Step(
        "zip" if start is None else "zip-local", name=member.name, offset=start or 0,
        number=member.number if start is None else 0, length=len(member.data), sha256=member.sha256,
    )  # fmt: skip
    above = member.name.rpartition("/")[0].rpartition("/")[2]
    inner = msgspec.structs.replace(context, name=member.name, folder=above or context.folder)
    for found in read_any(member.data, inner, format_of(member.data, member.name)):
        if not isinstance(found, Books):
            yield _under(found, (step,), member.name)


def _under(
    found: Parsed | Problem,
    way: tuple[Step, ...],
    path: str,
    facts: dict[str, object] | None = None,
) -> Parsed | Problem:
    """What was found inside a container, as seen from outside it."""
    if isinstance(found, Problem):
        return within(found, path)
    told = more_facts(found.facts, facts) if facts else found.facts
    return msgspec.structs.replace(within(found, path), steps=(*way, *found.steps), facts=told)
