"""From framed records to items: what the readers of JSON, JSON Lines and CSV have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import msgspec

from casekit.ingest import nests
from casekit.ingest.containers import Data
from casekit.ingest.dialects import Reading
from casekit.ingest.dialects.draft import Draft, finish, item_of, title_of
from casekit.ingest.framing import MAX_RECORD, Fault, Ledger, Record, too_long
from casekit.ingest.joins import Group, Held
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.nests import Nest, Wrappings, large, nest_of
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.strict_json import BadJson, parse, parse_with_nan
from casekit.ingest.wide import HEAD, charset_of, is_wide, widely

PROBED = 200
"""Records that are looked at before a file is called one that nobody knows."""

_PROBED_BYTES = 16 * 1024 * 1024
_ENDINGS = frozenset({
    "json", "jsonl", "ndjson", "csv", "tsv", "txt", "gz", "bz2", "xz", "zst", "parquet", "pq",
    "xlsx", "xlsm", "xlsb", "xls", "ods",
})  # fmt: skip
_NOT_MODELS = re.compile(  # names that say what a file is, not who answered
    r"[\W_\d]*((model|test|train|training|eval|evaluation|sharegpt|chat|all|raw)?[\W_\d]*(answers?|batch|chats?|"
    r"completions?|conversations?|data|dataset|dump|eval|exports?|logs?|messages|outputs?|part|records?|requests?|"
    r"responses?|results?|samples?|sharegpt|test|train)?)[\W_\d]*"
)
_SET_WORDS = """
    activity myactivity history humaneval evalplus mbpp
    alpaca bench chat data dataset default demo dpo eval en head instruct instruction instructions kto messages
    mt of pair pairs part preference preferences prompts question questions records rlhf row rows sample samples
    seed sft sharegpt shard split tasks test toolcall train tree trees v valid validation zh
"""
_OF_SETS = frozenset(_SET_WORDS.split())
_HARNESS = re.compile(r"samples_.+_\d{4}-\d\d-\d\dT[\d.:-]+\.jsonl(?:\.gz)?")
_SHOWN_FAULTS = 20
_INNER = frozenset({"not-a-number", "duplicate-key", "bad-utf8", "number-range"})
_APART = _INNER | {"too-long", "truncated"}
"""What keeps a document from being parsed whole, and its records not from being looked up in its bytes."""
_TRIED = 3
"""Broken or overlong values of one file that are looked through for records."""
_NOTES = ("guessed-mapping", "mapped-by-template")

Framing = Callable[[Data, Ledger], Iterator[Record | Fault]]
Unknown = Callable[[Data, Context, str, tuple[Problem, ...]], Iterator[Parsed | Problem | Books]]


def read_records(
    untrusted_data: Data,
    context: Context,
    framing: Framing,
    media_type: str,
    unknown: Unknown | None = None,
) -> Iterator[Parsed | Problem | Books]:
    """One exchange for each record of a file, or one document if its records are of no known kind.

    Args:
        untrusted_data: The file's bytes.
        context: What the user said of it.
        framing: Splits the bytes into records and faults, and counts the separators; a file in UTF-16 or
            UTF-32 reaches it as UTF-8.
        media_type: Of one record.
        unknown: What to make of a file whose records nobody knows, instead of `document`.

    Yields:
        Items and problems in the file's order, then the books.
    """
    ledger = Ledger()
    reading = Reading(context)
    frames = _frames(framing, untrusted_data, ledger, context)
    probed, known = _probe(frames, reading)
    if not known:
        yield from (unknown or document)(untrusted_data, context, media_type, _why(probed, reading))
        return
    good = quarantined = 0
    named = False
    held = Held()
    for frame in _chain(probed, frames):
        if isinstance(frame, Fault):
            quarantined += frame.length
            yield frame.problem()
            continue
        raw = frame.raw
        draft = reading.draft(frame.value, raw, frame.around)
        if reading.problems:
            yield from reading.problems
            reading.problems.clear()
        if draft is None:
            quarantined += len(raw)
            yield _unknown(frame).problem()
        else:
            good += len(raw)
            for group in held.ended(reading.dialect, frame):
                yield _together(group, reading, media_type)
            if (freed := held.take(reading.dialect, frame)) is not None:
                yield from (_together(group, reading, media_type) for group in freed)
                continue
            item = finish(draft, frame.offset, frame.line, frame.note, media_type)
            if not named:
                named = True
                reading, item = yield from _first_named(item, frame, reading, media_type)
            yield item
    yield from (_together(group, reading, media_type) for group in held.rest())
    ledger.good += good
    ledger.quarantined += quarantined
    yield ledger.books()


def _first_named(
    item: Parsed, frame: Record, reading: Reading, media_type: str
) -> Generator[Problem, None, tuple[Reading, Parsed]]:
    """Say it if the first record does not name its model; the reading, and its item, that do."""
    context = reading.context
    told = _nameless(item, context, reading.dialect is None or reading.dialect.of_model)
    yield from told
    if not told or told[0].kind != "model-from-name":
        return reading, item
    reading = Reading(msgspec.structs.replace(context, model=model_in(context.name)))
    draft = reading.draft(frame.value, frame.raw, frame.around)
    reading.problems.clear()  # told already
    if draft is None:
        return reading, item
    return reading, finish(draft, frame.offset, frame.line, frame.note, media_type)


def _together(group: Group, reading: Reading, media_type: str) -> Parsed:
    """The exchange of a group: its first record's item, the others below it."""
    first, *others = group.frames
    draft = reading.together(
        group.dialect, [each.value for each in group.frames], first.raw, first.around
    )
    if draft is None:  # the parts are known, what they make is not
        draft = reading.draft(first.value, first.raw, first.around) or Draft(first.raw, Context())
    draft.children += tuple(
        msgspec.structs.replace(
            item_of(
                each.raw, each.offset, each.line, kind="record",
                collection=draft.collection or "outputs",
                title=f"{number} of {len(group.frames)}", texts=(), media_type=media_type,
            ),
            beside=True,
        )
        for number, each in enumerate(others, 2)
    )  # fmt: skip
    return finish(draft, first.offset, first.line, first.note, media_type)


def _frames(
    framing: Framing, untrusted_data: Data, ledger: Ledger, context: Context
) -> Iterator[Record | Fault]:
    """The frames of a file with those of its nests in their place; their places and bytes are the file's."""

    def unnested(text: Data, counts: Ledger) -> Iterator[Record | Fault]:
        return _unnested(framing(text, counts), counts, text, context)

    return (widely(unnested) if is_wide(untrusted_data) else unnested)(untrusted_data, ledger)


def _unnested(
    frames: Iterator[Record | Fault], ledger: Ledger, data: Data, context: Context
) -> Iterator[Record | Fault]:
    """The frames, with the records of a document that holds many in its place.

    What stands around them counts as separators: it is handed to the dialect with each of them. A
    document beyond `MAX_RECORD` is never parsed whole, and one that breaks off cannot be: their records
    are looked up in the file's bytes.
    """
    wrapped, tried = None if context.mapping else Wrappings(), 0
    for frame in frames:
        found = None
        if isinstance(frame, Record):
            value = frame.value
            nest = nest_of(value) if type(value) is dict else None
            if nest is None and wrapped is not None:
                nest = wrapped.nest_of(value)
            if nest is None or data[frame.offset : frame.offset + len(frame.raw)] != frame.raw:
                yield frame
                continue
            found = (nest, value)
        elif frame.kind in _APART and frame.length and tried < _TRIED:
            tried += 1
            found = large(data, frame.offset)
        start, size = frame.offset, _size(frame)
        inside, last, told = 0, start, False
        frame_kind = frame.kind if isinstance(frame, Fault) else ""
        for each in _inner(data, start, start + size, frame.line, *found) if found else ():
            inside, last = inside + _size(each), each.offset + _size(each)
            told = told or frame_kind == (each.kind if isinstance(each, Fault) else each.note)
            yield each
        if not inside:
            yield frame
            continue
        if isinstance(frame, Fault) and frame_kind in _INNER and not told:
            yield frame._replace(length=0)  # it stands beside the records
        if isinstance(frame, Fault) and frame_kind == "truncated":
            rest = start + size - last
            inside += rest
            yield frame._replace(offset=last, length=rest)
        ledger.separators += size - inside


def _size(frame: Record | Fault) -> int:
    return frame.length if isinstance(frame, Fault) else len(frame.raw)


def _inner(
    data: Data, start: int, end: int, line: int, nest: Nest, value: Mapping[str, Any]
) -> Iterator[Record | Fault]:
    """The records of the document in `data` from `start` to `end`."""
    counted = start
    for (first, stop), around in nests.records(data, nest, value, start):
        if stop > end:
            return
        line += data[counted:first].count(b"\n")
        counted = first
        if stop - first > MAX_RECORD:
            yield Fault("too-long", too_long(), first, stop - first, line)
            continue
        raw = data[first:stop]
        try:
            parsed, note = _parsed(raw)
        except BadJson as bad:
            yield Fault(bad.kind, str(bad), first, len(raw), line)
        else:
            yield Record(raw, first, line, parsed, note, around)


def _parsed(raw: bytes) -> tuple[Any, str]:
    """A record of a document; scores that are NaN must not cost the answers beside them."""
    try:
        return parse(raw)
    except BadJson as bad:
        if bad.kind != "not-a-number":
            raise
    return parse_with_nan(raw)


def _probe(frames: Iterator[Record | Fault], reading: Reading) -> tuple[list[Record | Fault], bool]:
    """The first frames of a file, up to and with the first whose kind is known."""
    probed: list[Record | Fault] = []
    weight = 0
    for frame in frames:
        probed.append(frame)
        if isinstance(frame, Record):
            weight += len(frame.raw)
            if reading.draft(frame.value, frame.raw, frame.around) is not None:
                return probed, True
        if len(probed) >= PROBED or weight >= _PROBED_BYTES:
            break
    return probed, False


def _chain(first: list[Record | Fault], rest: Iterator[Record | Fault]) -> Iterator[Record | Fault]:
    yield from first
    yield from rest


def model_in(name: str) -> str:
    """The model that a file of outputs is named after, or empty where the name says no more than what it is."""
    folder, _, stem = name.rpartition("/")
    if _HARNESS.fullmatch(stem):  # the harness names its folder after the model
        return folder.rpartition("/")[2].replace("__", "/")
    while (cut := stem.rpartition("."))[2].lower() in _ENDINGS:
        stem = cut[0]
    words = filter(None, re.split(r"[\W_\d]+", stem.lower()))
    said = _NOT_MODELS.fullmatch(stem.lower()) or _OF_SETS.issuperset(words)
    return "" if said else stem


def _nameless(item: Parsed, context: Context, of_model: bool) -> tuple[Problem, ...]:
    """What to say of a file of outputs whose first record does not name the model.

    Args:
        item: The record's.
        context: The file's.
        of_model: Whether such files are called after the model, and not after the questions.
    """
    answers = [item] if item.kind == "exchange" else item.children
    answer = next((each.exchange for each in answers if each.kind == "exchange"), None)
    if item.collection != "outputs" or answer is None or answer.model:
        return ()
    if "output" not in dict(item.texts) or answer.joint.endswith("/answer"):
        return ()  # of a half of an exchange the other half names the model
    model = model_in(context.name) if of_model else ""
    if model and not answer.conversation_id and not item.children:
        said = (
            f"The records do not name the model that answered; the file's name, {model}, was taken."
        )
        return (Problem("parse", "model-from-name", said),)
    said = "The records do not name the model that answered; say it when the file is added."
    return (Problem("parse", "no-model", said),)


def _unknown(frame: Record) -> Fault:
    text = "The record is not of the kind of the file's other records."
    return Fault("unknown-record", text, frame.offset, len(frame.raw), frame.line)


def _why(probed: list[Record | Fault], reading: Reading) -> tuple[Problem, ...]:
    """What to say of a file that became one document."""
    faults = [each.problem() for each in probed if isinstance(each, Fault)][:_SHOWN_FAULTS]
    told = [each for each in reading.problems if each.kind not in _NOTES]
    if any(isinstance(each, Record) for each in probed):
        text = "Its records are of no known kind; the file is kept as one document."
    else:
        text = "No record could be read from it; the file is kept as one document."
    return (*told, *faults, Problem("parse", "unknown-dialect", text))


def document(
    untrusted_data: Data, context: Context, media_type: str, problems: tuple[Problem, ...]
) -> Iterator[Parsed | Problem | Books]:
    """The whole file as one document with its text in `body`, then the books."""
    size = len(untrusted_data)
    text, more = decode(untrusted_data)
    yield Parsed(
        "document",
        "documents",
        context.name or title_of(text) or "document",
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        media_type=media_type,
        texts=(("body", text),) if text else (),
        problems=(*problems, *more),
    )
    yield Books(size)


def decode(untrusted_data: Data) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, up to `MAX_TEXT` characters; what is no character becomes U+FFFD and is told."""
    charset, skip = charset_of(untrusted_data[:HEAD])
    cut = untrusted_data[skip : skip + 4 * MAX_TEXT]
    text = cut.decode(charset, "replace")
    problems = []
    if "\ufffd" in text and text.encode(charset, "replace") != cut:
        said = "Some of its bytes are no valid text and are shown as replacement characters."
        problems.append(Problem("parse", "bad-utf8", said))
    if len(text) > MAX_TEXT or len(untrusted_data) > skip + len(cut):
        text = text[:MAX_TEXT]
        said = f"Only its first {MAX_TEXT:,} characters can be searched."
        problems.append(Problem("limits", "text-cut", said))
    return text, tuple(problems)
