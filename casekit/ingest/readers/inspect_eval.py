"""Reads Inspect's `.eval` logs: the samples of the archive are exchanges, its head is a document."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casekit.ingest import places
from casekit.ingest.containers import Data, Directory, Member, open_zip, zip_members
from casekit.ingest.framing import MAX_RECORD, Fault, Ledger, Record, json_values
from casekit.ingest.limits import MAX_TEXT, budget
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.records import decode, read_records
from casekit.ingest.strict_json import BadJson, encode, parse

_HEADS = ("header.json", "_journal/start.json")
"""Where the log's head is; the second while the run goes on, or where it broke off."""
_SAMPLES = "samples/"
_EVENTS = ("events", "events_data")
_MOST = 1_000_000
"""Members of a log: one a sample, and large benchmarks have more samples than archives have files."""

_Found = Parsed | Problem | Books


def read(untrusted_data: Data, context: Context) -> Iterator[_Found]:
    """The log's head as a document and each sample as an exchange that knows the head.

    The other members (journal, summaries, reductions) say the same again; their names are facts of the
    document. Of two members with one name the later counts, as for Inspect.

    Source: UKGovernmentBEIS/inspect_ai `log/_recorders/eval.py`.
    """
    size = len(untrusted_data)
    with budget().deeper():
        try:
            directory = open_zip(untrusted_data, _MOST)
        except zipfile.BadZipFile:
            yield Problem("open", "bad-archive", "The archive's directory cannot be read.")
            return  # kept as a file by whoever asked for it
        last = {name: number for number, name, _ in directory.files}
        for number, name, _ in directory.files:
            if last[name] != number:
                said = "The archive holds a later member of the same name, which was read instead."
                yield Problem("open", "replaced-member", said, path=name)
        lost = 0
        head, item, problem = _head(directory, last, context)
        if problem is not None:
            yield problem
        if item is not None:
            yield item
        samples = [n for name, n in last.items() if name.startswith(_SAMPLES)]
        for member in zip_members(_only(directory, samples), budget()):
            if member.problem is not None:
                yield member.problem
            if member.data is None:
                lost += member.packed
            else:
                yield from _sample(member, member.data, head, context)
        if directory.left_out:
            text = f"{directory.left_out} members beyond the limit were not read."
            yield Problem("limits", "members", text)
            lost = size
        lost = min(lost, size)
        yield Books(size - lost, lost)


def _only(directory: Directory, numbers: list[int]) -> Directory:
    wanted = set(numbers)
    return dataclasses.replace(
        directory, files=tuple(each for each in directory.files if each[0] in wanted)
    )


def _head(
    directory: Directory, last: Mapping[str, int], context: Context
) -> tuple[dict[str, Any], Parsed | None, Problem | None]:
    """The log's head as parsed, its item, and what is wrong with it."""
    name = next((each for each in _HEADS if each in last), None)
    if name is None:
        return {}, None, Problem("parse", "no-header", "The log has no header.")
    (member,) = zip_members(_only(directory, [last[name]]), budget())
    if member.data is None:
        return {}, None, member.problem
    problem = None
    if name != _HEADS[0]:
        said = "The log has no header: the run was not finished. Its journal was read instead."
        problem = Problem("parse", "unfinished", said)
    raw = member.data[:MAX_TEXT]
    try:
        value, _ = parse(raw)
    except BadJson as bad:
        problem = Problem("parse", bad.kind, str(bad), path=name)
        value = {}
    head: dict[str, Any] = value if type(value) is dict else {}
    run = head.get("eval")
    run = run if type(run) is dict else {}
    title = " · ".join(str(run[key]) for key in ("task", "model") if run.get(key))
    others = [each for each in last if not each.startswith(_SAMPLES) and each != name]
    facts = {
        "log": "Inspect",
        "status": head.get("status"),
        "samples": sum(each.startswith(_SAMPLES) for each in last),
        "other_members": sorted(others)[:1000],
    }
    item = Parsed(
        "document", "outputs", title or context.name or name, (_step(member),), member.sha256,
        len(member.data), name=name, media_type="application/json", texts=(("body", decode(raw)[0]),),
        facts=encode(facts),
    )  # fmt: skip
    return head, item, problem


def _step(member: Member) -> Step:
    size = len(member.data or b"")
    return Step("zip", name=member.name, number=member.number, length=size, sha256=member.sha256)


def _sample(
    member: Member, data: Data, head: Mapping[str, Any], context: Context
) -> Iterator[_Found]:
    """The items of one sample, as seen from outside the archive."""

    def framing(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
        for frame in json_values(untrusted_data, ledger):
            if isinstance(frame, Fault) and frame.kind == "too-long":
                frame = _without_events(untrusted_data, frame)
            if isinstance(frame, Record):
                frame = msgspec.structs.replace(frame, around=head)
            yield frame

    inner = msgspec.structs.replace(context, name=member.name)
    for found in read_records(data, inner, framing, "application/json"):
        if isinstance(found, Problem):
            yield msgspec.structs.replace(found, path=member.name)
        elif isinstance(found, Parsed):
            yield msgspec.structs.replace(found, steps=(_step(member), *found.steps))


def _without_events(data: Data, fault: Fault) -> Record | Fault:
    """A sample too large to be parsed whole, read without its events: they say again what its messages say."""
    value: dict[str, Any] = {}
    for name, (first, stop) in places.values(data, fault.offset):
        if name in _EVENTS or stop - first > MAX_RECORD:
            continue
        try:
            value[name], _ = parse(data[first:stop])
        except BadJson:
            return fault
    raw = data[fault.offset : fault.offset + fault.length]
    return Record(raw, fault.offset, fault.line, value, "events-unread") if value else fault
