"""A look at a file of records before it is imported: its columns and what a mapping makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from casekit.confine import Worker, WorkerFault
from casekit.errors import CaseKitError
from casekit.ingest.containers import Data, unpack_gzip
from casekit.ingest.dialects import Reading, mapped, recognise
from casekit.ingest.framing import Fault, Ledger, Record, json_lines, json_values
from casekit.ingest.limits import budget, new_budget
from casekit.ingest.parsed import Context
from casekit.ingest.readers import csv_records
from casekit.ingest.reading import argument_for, format_of
from casekit.ingest.strict_json import encode
from casekit.ingest.wide import is_wide, widely

LOOKED_AT = 200
"""Records that are looked at."""

SHOWN = 20
SAMPLES = 3
_CUT = 300
_DEEP = 4
_FRAMINGS = {"jsonl": json_lines, "json-records": json_values, "csv": csv_records.split}
_QUIET_SECONDS = 30.0


class Column(msgspec.Struct, frozen=True):
    """A column, or a dotted path into the records; `filled` of the records looked at have a value in it."""

    name: str
    filled: int
    samples: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """What a record became: texts cut to 300 characters, the instant as read, everything else by name."""

    line: int
    prompt: str
    output: str
    when: str
    zone: str
    fields: dict[str, str]


class Preview(msgspec.Struct, frozen=True):
    """What was seen of a file.

    Attributes:
        format: As sniffed.
        dialect: Name of the dialect that its first record is known by, or empty.
        columns: In the order in which they appear; none for a file of no records.
        shape: The first record's own columns, for a template.
        records: How many were looked at.
        faults: How many of them were no records.
        guess: JSON of the mapping that the columns' names suggest, or empty.
        rows: What the mapping, the dialect or the guess makes of the first records.
        unfit: How many records it makes nothing of.
    """

    format: str
    dialect: str = ""
    columns: tuple[Column, ...] = ()
    shape: tuple[str, ...] = ()
    records: int = 0
    faults: int = 0
    guess: str = ""
    rows: tuple[Row, ...] = ()
    unfit: int = 0


def preview(
    worker: Worker, untrusted_payload: int | bytes, name: str, mapping: str = ""
) -> Preview:
    """Look at a file.

    Args:
        worker: Reads; whatever the file does to it, the caller is safe.
        untrusted_payload: A descriptor open for reading, or the bytes.
        name: The file's name.
        mapping: JSON text of a mapping to try.

    Raises:
        CaseKitError: The file cannot be looked at.
    """
    argument = argument_for(Context(name=name, mapping=mapping))
    try:
        answer = worker.call(
            "casekit.ingest.preview:look", untrusted_payload, argument, quiet_seconds=_QUIET_SECONDS
        )
        return msgspec.msgpack.decode(answer, type=Preview)
    except (WorkerFault, msgspec.DecodeError) as error:
        raise CaseKitError(
            "{name} cannot be looked at: import it, and the report will say why.", name=name
        ) from error


def look(untrusted_data: Data, argument: bytes) -> bytes:
    """What `preview` asks the worker for: MessagePack of a `Preview`."""
    context = msgspec.msgpack.decode(argument, type=Context)
    new_budget()
    form = format_of(untrusted_data, context.name)
    if form == "gzip":
        untrusted_data = unpack_gzip(untrusted_data, budget()).data
        form = format_of(untrusted_data, context.name.removesuffix(".gz"))
    framing = _FRAMINGS.get(form)
    if framing is None:
        return msgspec.msgpack.encode(Preview(form))
    frames_of = widely(framing) if is_wide(untrusted_data) else framing
    frames = list(islice(frames_of(untrusted_data, Ledger()), LOOKED_AT))
    records = [each for each in frames if isinstance(each, Record) and type(each.value) is dict]
    if not records:
        return msgspec.msgpack.encode(Preview(form, faults=len(frames)))
    rows, unfit = _rows(records, context)
    guess = mapped.guess(records[0].value)
    found = Preview(
        form,
        recognise(records[0].value),
        tuple(_columns(records)),
        tuple(map(_shown, records[0].value)),
        len(frames),
        sum(isinstance(each, Fault) for each in frames),
        "" if guess is None else encode({target: path[0] for target, path in guess.paths}),
        tuple(rows),
        unfit,
    )
    return msgspec.msgpack.encode(found)


def _columns(records: list[Record]) -> Iterator[Column]:
    samples: dict[str, list[str]] = {}
    filled: dict[str, int] = {}
    for record in records:
        for name, value in _leaves(record.value, "", 0):
            samples.setdefault(name, [])
            if value in (None, ""):
                continue
            filled[name] = filled.get(name, 0) + 1
            shown = _shown(value)
            if len(samples[name]) < SAMPLES and shown not in samples[name]:
                samples[name].append(shown)
    for name, some in samples.items():
        yield Column(_shown(name), filled.get(name, 0), tuple(some))


def _leaves(value: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = f"{above}{key}"
        if type(inner) is dict and inner and depth < _DEEP:
            yield from _leaves(inner, f"{name}.", depth + 1)
        else:
            yield name, inner


def _rows(records: list[Record], context: Context) -> tuple[list[Row], int]:
    reading = Reading(context)
    rows: list[Row] = []
    unfit = 0
    for record in records:
        draft = reading.draft(record.value, record.raw)
        if draft is None:
            unfit += 1
        elif len(rows) < SHOWN:
            when = draft.when
            rows.append(
                Row(
                    record.line,
                    _shown(draft.prompt),
                    _shown(draft.output),
                    _shown(when.raw) if when else "",
                    when.zone if when else "",
                    {name: _shown(value) for name, value in draft.fields.items() if value},
                )
            )
    return rows, unfit


def _shown(value: Any) -> str:
    text = value if type(value) is str else repr(value)
    return text[:_CUT].encode("utf-8", "replace").decode()
