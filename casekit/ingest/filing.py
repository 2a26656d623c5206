"""Turns what a reader parsed into what the case stores: one place where the two shapes meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import orjson

from casekit.ingest.columns import Columns
from casekit.ingest.parsed import Exchange, Mail, Parsed, Problem, Step
from casekit.ingest.pointer import to_json
from casekit.ops.columns import ItemColumns
from casekit.ops.items import Graft, KeptFile, NewItem, Row, digest_family

_EXCHANGE_FIELDS = tuple(Exchange.__struct_fields__)
_ABSENT = msgspec.structs.astuple(Exchange())  # each the one object of its kind: None, "", b"", ()


def new_item(parsed: Parsed, path: str, above: tuple[Step, ...] = ()) -> NewItem:
    """The rows of an item and its family.

    Args:
        parsed: As read; its steps lead from its parent's bytes.
        path: Where the original was received from, for the problems' places.
        above: The steps from the original to the parent's bytes.
    """
    steps = (*above, *parsed.steps)
    columns: Row = {
        "kind": parsed.kind,
        "collection": parsed.collection,
        "title": parsed.title,
        "name": parsed.name,
        "media_type": parsed.media_type,
        "pointer": to_json(steps),
        "sha256": parsed.sha256,
        "size": parsed.size,
        "language": parsed.language,
        "facts": parsed.facts,
    }
    if parsed.pages is not None:
        columns["pages"] = parsed.pages
    when = parsed.when
    if when is not None:
        columns["sent_us"] = when.us
        columns["sent_raw"] = when.raw
        columns["sent_field"] = when.field
        columns["sent_zone"] = when.zone
        columns["sent_resolution_us"] = when.resolution_us
    return NewItem(
        columns,
        texts=parsed.texts,
        parties=[(party.role, party.name, party.address) for party in parsed.parties],
        mail=_mail(parsed.mail) if parsed.mail is not None else None,
        exchange=_exchange(parsed.exchange) if parsed.exchange is not None else None,
        problems=[problem_row(problem, path) for problem in parsed.problems],
        children=[
            new_item(child, path, steps[:-1] if child.beside else steps)
            for child in parsed.children
        ],
    )


def laid_out(columns: Columns, path: str) -> ItemColumns:
    """The rows of plain records, laid out as they came.

    Args:
        columns: As read, checked.
        path: Where the original was received from, for the problems' places.
    """
    nothing = ("",) * len(columns)
    return ItemColumns(
        {
            "kind": columns.kind,
            "collection": columns.collection,
            "title": columns.title,
            "name": nothing,
            "media_type": columns.media_type,
            "pointer": _pointers(columns),
            "sha256": columns.sha256,
            "size": columns.size,
            "sent_us": columns.us,
            "sent_raw": columns.raw,
            "sent_field": columns.field,
            "sent_zone": columns.zone,
            "sent_resolution_us": columns.resolution_us,
            "language": columns.language,
            "facts": nothing,
        },
        columns.texts,
        columns.filled(),
        [
            (place, problem_row(problem, path))
            for place, problems in columns.problems
            for problem in problems
        ],
    )


def _pointers(columns: Columns) -> list[str]:
    """What `to_json` gives for each: steps are written a million times, and only the last one differs."""
    above = to_json(columns.above)[1:-1]
    head = f"[{above}," if above else "["
    return [
        f'{head}{{"how":"slice","length":{size},"line":{line},"offset":{offset},"sha256":"{sha256.hex()}"}}]'
        if size and offset and line is not None
        else to_json(
            (*columns.above, Step("slice", offset=offset, length=size, line=line, sha256=sha256))
        )
        for size, offset, line, sha256 in zip(
            columns.size, columns.offset, columns.line, columns.sha256, strict=True
        )
    ]


def read_after_all(
    heads: Sequence[NewItem], known: Mapping[str, str], kept: Mapping[str, KeptFile], sha256: bytes
) -> list[Graft]:
    """What a new reading of an original has made of files inside it that lay in the case as kept.

    Args:
        heads: The families as they are read now.
        known: Kinds of the heads in the case, by pointer; a head that is new comes with its whole family.
        kept: The kept files, by pointer.
        sha256: Of the original.
    """
    found: list[Graft] = []
    waiting = [
        child
        for head in heads
        if kept and known.get(head.columns["pointer"]) == head.columns["kind"]
        for child in head.children
    ]
    while waiting:
        child = waiting.pop(0)
        file = kept.get(child.columns["pointer"])
        if file is None:
            waiting[:0] = child.children
            continue
        below = child.columns["kind"] == "file"
        read = tuple(child.children) if below else (child,)
        for each in read:
            digest_family(each, sha256, file.digest if below else file.parent_digest)
        if read:
            found.append(Graft(file, read, below))
    return found


def problem_row(problem: Problem, path: str) -> Row:
    """The columns of a problem; `path` is the file's, before the member's."""
    return {
        "path": f"{path}!{problem.path}" if problem.path and path else path or problem.path,
        "stage": problem.stage,
        "kind": problem.kind,
        "text": problem.text,
        "line": problem.line,
        "offset": problem.offset,
        "length": problem.length,
    }


def _exchange(found: Exchange) -> Row:
    values = msgspec.structs.astuple(found)
    each = zip(_EXCHANGE_FIELDS, values, _ABSENT, strict=True)
    row = {name: value for name, value, absent in each if value is not absent}
    if found.completeness:
        row["completeness"] = " ".join(found.completeness)
    return row


def _mail(found: Mail) -> Row:
    values = {
        "message_id": found.message_id,
        "mih": found.mih,
        "in_reply_to": _json(found.in_reply_to),
        "refs": _json(found.references),
        "subject": found.subject,
        "content_hash": found.content_hash,
        "headers": _json(found.headers),
    }
    return {name: value for name, value in values.items() if value}


def _json(values: tuple[object, ...]) -> str:
    return orjson.dumps(values).decode() if values else ""
