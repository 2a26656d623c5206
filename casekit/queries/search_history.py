"""What was searched in a case, when, by whom and with how many hits, as the log has it: work product."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from casekit.store import custody as log
from casekit.store.tables import custody

RUN, NOTE = "search.run", "search.annotate"


@dataclass(frozen=True, slots=True)
class SearchRun:
    """One search of the history.

    Attributes:
        act: Number of the custody entry.
        at: ISO 8601 UTC.
        scope: The query within whose items it searched, or empty.
        hits: Items found then.
        last_item: Id of the last item that the case had then.
        note: The last remark on it, or empty.
        resolved: Scope and query as they were meant then, with every saved search in them put in its place;
            empty where they held none.
    """

    act: int
    at: str
    by: str
    query: str
    scope: str
    mode: str
    hits: int
    last_item: int
    note: str = ""
    resolved: str = ""


def history(s: Connection, limit: int = 200) -> list[SearchRun]:
    """The searches that were written down, newest first."""
    found: list[SearchRun] = []
    notes: dict[int, str] = {}
    for seq, leaf in s.execute(
        select(custody.c.seq, custody.c.leaf).order_by(custody.c.seq.desc())
    ):
        if b'"search.' not in leaf:
            continue
        content = orjson.loads(leaf)
        if content["op"] not in {RUN, NOTE}:
            continue
        args = log.detail(s, seq).body["args"]
        if content["op"] == NOTE:
            notes.setdefault(args["act"], args["text"])
            continue
        found.append(
            SearchRun(
                seq, content["at"], content["actor"], args["query"], args["scope"], args["mode"],
                args["hits"], args["last_item"], notes.get(seq, ""), args.get("resolved", ""),
            )
        )  # fmt: skip
        if len(found) == limit:
            break
    return found
