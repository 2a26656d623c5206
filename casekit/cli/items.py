"""Commands that list items and show one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from casekit.cli.output import json_line, say, say_text
from casekit.ingest import pointer
from casekit.jobs.originals import raw_bytes
from casekit.queries import items as item_queries
from casekit.queries.facets import language_of
from casekit.queries.ids import ItemIds
from casekit.queries.joined import Joined, by_ground, of_ground
from casekit.queries.quotes import quoted_spans
from casekit.queries.recognised import short_version
from casekit.queries.records import CHUNK, records
from casekit.search import query as parsed_query
from casekit.store.case import open_case


@click.command("items")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query", default="")
@click.option(
    "--order",
    type=click.Choice(["date", "-date", "id", "title", "model", "account", "size"]),
    default="id",
)
@click.option("--limit", type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an item.")
def items_command(
    case: Path, query: str, order: item_queries.Order, limit: int | None, as_json: bool
) -> None:
    """List the items of CASE, all or those that QUERY finds."""
    with open_case(case) as opened:
        node = parsed_query(opened, query.strip() or "*")
        with opened.read() as s:
            ids = item_queries.item_ids(s, node, order=order, limit=limit)
            for record in _with_languages(s, ids):
                if as_json:
                    json_line(_shown(record))
                else:
                    say(_line(record))


def _with_languages(s: Any, ids: ItemIds | list[int]) -> Iterator[dict[str, Any]]:
    """The records, each with the language that its text was found to be in where its source states none."""
    for start in range(0, len(ids), CHUNK):
        some = [int(i) for i in ids[start : start + CHUNK]]
        known = language_of(s, some)
        for record in records(s, some):
            if record["id"] in known:
                record.setdefault("language", known[record["id"]])
            yield record


def _line(record: dict[str, Any]) -> str:
    who = record.get("model") or ", ".join(record.get("from", ()))
    when = record.get("sent_at", "")[:19]
    return f"{record['id']:>8}  {record['kind']:9} {when:19} {who:24.24} {record['title'][:80]}"


@click.command("item")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="ID", type=int)
@click.option("--raw", is_flag=True, help="Write the exact bytes to stdout.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def item_command(case: Path, item_id: int, raw: bool, as_json: bool) -> None:
    """Show one item whole, or its exact bytes."""
    with open_case(case) as opened:
        if raw:
            sys.stdout.buffer.write(raw_bytes(opened, item_id))
            return
        parsed_query(opened, "*")  # sees that the index is there to be asked
        with opened.read() as s:
            view = item_queries.view(s, item_id)
            record = _shown(next(_with_languages(s, [item_id])))
    record.update(_texts(view))
    record.update(_joined(view.joined))
    if view.confinement:
        record["read_under"] = view.confinement
    if view.read:  # never among the item's own words
        record["machine_text"] = [asdict(each) for each in view.read]
    if as_json:
        json_line(record)
        return
    for name, value in record.items():
        if name not in {"joined", "machine_text", "text", "v", *(part for part, _ in view.texts)}:
            say(f"{name:16} {value}")
    for other in record.get("joined", ()):
        line = f" line {other['line']}" if "line" in other else ""
        say(f"{other['side']:16} item {other['id']}, {other['path']}{line}")
    for part, text in view.texts:
        say_text(f"\n── {part}\n{text}")
    for half in view.joined.others if view.joined else ():
        for part, text in half.texts:
            say_text(f"\n── {part}, of item {half.item_id}\n{text}")
    for each in view.read:
        sure = "" if each.confidence is None else f", {each.confidence} % sure by its own account"
        by = f"{each.engine} {short_version(each.version)}"
        say_text(f"\n── {each.part}, read by {by}{sure}\n{each.text}")


_GROUNDS = {
    "job": "joined: the record of the batch names both files",
    "batch-id": "joined: both files' names bear the id of the batch",
    "prompt": "joined: the same id, and the answer repeats the prompt",
    "custom-id": "joined: the same id, which no other could bear",
    "id": "joined: the same id, which the service gives once",
    "alone": "not joined: no other record bears the id",
    "several": "not joined: several bear the id, and nothing says which is meant",
    "differs": "not joined: a record bears the id, but its model, time, prompt or file does not fit",
}


@click.command("joins")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--ground", type=click.Choice(list(_GROUNDS)), help="List those of one ground.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one object an item with --ground."
)
def joins_command(case: Path, ground: str | None, as_json: bool) -> None:
    """Count requests and answers that stand in different files: which CASE joins, which not, and why."""
    with open_case(case) as opened:
        if ground is not None:
            parsed_query(opened, "*")  # sees that the index is there to be asked
        with opened.read() as s:
            if ground is None:
                _say_counts(by_ground(s), as_json=as_json)
                return
            for record in _with_languages(s, of_ground(s, ground)):
                if as_json:
                    json_line(_shown(record))
                else:
                    say(_line(record))


def _say_counts(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        json_line({"v": 1, "grounds": counts})
        return
    for name, number in counts.items():
        say(f"{number:>9,}  {name:9}  {_GROUNDS[name]}")
    if not counts:
        say("No request or answer stands in a file of its own.")


def _joined(joined: Joined | None) -> dict[str, Any]:
    """The other parts of an exchange, what says that they are its parts, or why it has none."""
    if joined is None:
        return {}
    if joined.alone:
        return {"not_joined": joined.ground}
    others = []
    for other in joined.others:
        told: dict[str, Any] = {"id": other.item_id, "side": other.side, "path": other.path}
        if other.line is not None:
            told["line"] = other.line
        told |= {"offset": other.offset, "length": other.size, "sha256": other.sha256.hex()}
        if other.texts:
            told["texts"] = dict(other.texts)
        others.append(told)
    return {"joined_by": joined.ground, "joined": others}


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, **record, "pointer": pointer.flatten(pointer.from_json(record["pointer"]))}


def _texts(view: item_queries.ItemView) -> dict[str, Any]:
    """`text` is what the item says; an exchange has its parts and parameters besides."""
    parts = {
        part: text
        for part, text in view.texts
        if part in {"system", "prompt", "output", "reasoning"} or part.startswith("answer/")
    }
    body = "\n\n".join(
        text for part, text in view.texts if part == "body" or part.startswith("page/")
    )
    found: dict[str, Any] = {"text": body or "\n\n".join(parts.values()), **parts}
    if view.mail:
        found["quoted"] = [
            {"start": start, "stop": stop, "kind": kind}
            for start, stop, kind in quoted_spans(view.text("body"))
        ]
    if view.exchange:
        names = ("temperature", "top_p", "seed", "max_tokens")
        parameters = {name: view.exchange[name] for name in names if name in view.exchange}
        if "parameters" in view.exchange:
            parameters.update(orjson.loads(view.exchange["parameters"]))
        found["parameters"] = parameters
        others = (
            "request_id",
            "finish_reason",
            "status",
            "input_tokens",
            "output_tokens",
        )
        found.update({name: view.exchange[name] for name in others if name in view.exchange})
        if view.completeness:
            found["completeness"] = view.completeness
    if view.facts:
        found["facts"] = view.facts
    return found
