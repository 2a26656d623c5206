"""From framed records to items: what the readers of JSON, JSON Lines and CSV have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

import msgspec

from casekit.ingest import nests
from casekit.ingest.containers import Data
from casekit.ingest.dialects import Reading
from casekit.ingest.dialects.draft import Draft, finish, item_of, title_of
from casekit.ingest.framing import Fault, Ledger, Record
from casekit.ingest.joins import Group, Held
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.nests import nest_of
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.strict_json import BadJson, parse

PROBED = 200
"""Records that are looked at before a file is called one that nobody knows."""

_PROBED_BYTES = 16 * 1024 * 1024
_ENDINGS = frozenset({"json", "jsonl", "ndjson", "csv", "tsv", "txt", "gz"})
_NOT_MODELS = re.compile(  # names that say what a file is, not who answered
    r"[\W_\d]*((model|test|train|training|eval|evaluation|sharegpt|chat|all|raw)?[\W_\d]*(answers?|batch|chats?|"
    r"completions?|conversations?|data|dataset|dump|eval|exports?|logs?|messages|outputs?|part|records?|requests?|"
    r"responses?|results?|samples?|sharegpt|test|train)?)[\W_\d]*"
)
_SHOWN_FAULTS = 20
_NOTES = ("guessed-mapping", "mapped-by-template")

Framing = Callable[[Data, Ledger], Iterator[Record | Fault]]


def read_records(
    untrusted_data: Data, context: Context, framing: Framing, media_type: str
) -> Iterator[Parsed | Problem | Books]:
    """One exchange for each record of a file, or one document if its records are of no known kind.

    Args:
        untrusted_data: The file's bytes.
        context: What the user said of it.
        framing: Splits the bytes into records and faults, and counts the separators.
        media_type: Of one record.

    Yields:
        Items and problems in the file's order, then the books.
    """
    ledger = Ledger()
    reading = Reading(context)
    frames = _unnested(framing(untrusted_data, ledger), ledger)
    probed, known = _probe(frames, reading)
    if not known:
        yield from document(untrusted_data, context, media_type, _why(probed, reading))
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
            dialect = reading.dialect
            if dialect is not None and dialect.joint and (key := dialect.joint(frame.value)):
                for group in held.add(dialect, key, frame):
                    yield _together(group, reading, media_type)
                continue
            item = finish(draft, frame.offset, frame.line, frame.note, media_type)
            if not named:
                named = True
                told = _nameless(item, context)
                yield from told
                if told and told[0].kind == "model-from-name":
                    reading = _named_reading(context, frame)
                    draft = reading.draft(frame.value, raw, frame.around) or draft
                    item = finish(draft, frame.offset, frame.line, frame.note, media_type)
            yield item
    for group in held.rest():
        yield _together(group, reading, media_type)
    ledger.good += good
    ledger.quarantined += quarantined
    yield ledger.books()


def _named_reading(context: Context, first: Record) -> Reading:
    """A reading that takes the model's name from the file's; what it says of its first record was told."""
    reading = Reading(msgspec.structs.replace(context, model=model_in(context.name)))
    reading.draft(first.value, first.raw, first.around)
    reading.problems.clear()
    return reading


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


def _unnested(frames: Iterator[Record | Fault], ledger: Ledger) -> Iterator[Record | Fault]:
    """The frames, with the records of a document that holds many in its place.

    What stands around them counts as separators: it is handed to the dialect with each of them.
    """
    for frame in frames:
        nest = None
        if isinstance(frame, Record) and type(frame.value) is dict:
            nest = nest_of(frame.value)
        if nest is None or isinstance(frame, Fault):
            yield frame
            continue
        inside, counted, line = 0, 0, frame.line
        for (start, stop), around in nests.records(frame.raw, nest, frame.value):
            line += frame.raw.count(b"\n", counted, start)
            counted = start
            raw = frame.raw[start:stop]
            inside += len(raw)
            try:
                value, note = parse(raw)
            except BadJson as bad:
                yield Fault(bad.kind, str(bad), frame.offset + start, len(raw), line)
            else:
                yield Record(raw, frame.offset + start, line, value, note, around)
        if inside:
            ledger.separators += len(frame.raw) - inside
        else:
            yield frame


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
    stem = name.rpartition("/")[2]
    while (cut := stem.rpartition("."))[2].lower() in _ENDINGS:
        stem = cut[0]
    return "" if _NOT_MODELS.fullmatch(stem.lower()) else stem


def _nameless(item: Parsed, context: Context) -> tuple[Problem, ...]:
    """What to say of a file of outputs whose first record does not name the model."""
    answers = [item] if item.kind == "exchange" else item.children
    answer = next((each.exchange for each in answers if each.kind == "exchange"), None)
    if item.collection != "outputs" or answer is None or answer.model:
        return ()
    model = model_in(context.name)
    if model and not answer.conversation_id:
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


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode(untrusted_data: Data) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, up to `MAX_TEXT` characters; what is no character becomes U+FFFD and is told."""
    head = untrusted_data[:4]
    skip, charset = next(
        ((len(bom), name) for bom, name in _BOMS if head.startswith(bom)), (0, "utf-8")
    )
    if not skip:
        charset = _wide(head) or charset
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


def _wide(head: bytes) -> str:
    """UTF-16 without a mark, told by the empty halves of two ASCII characters; or empty."""
    if len(head) == 4 and head.count(0) == 2:
        if head[0] == head[2] == 0:
            return "utf-16-be"
        if head[1] == head[3] == 0:
            return "utf-16-le"
    return ""
