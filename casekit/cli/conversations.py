"""Commands that list conversations and show what was said around a message."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli.output import json_line, say
from casekit.errors import CaseKitError
from casekit.queries import conversations, facets
from casekit.queries.conversations import Said
from casekit.store.case import open_case


@click.command("conversations")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--limit", type=click.IntRange(1), default=facets.MOST_CONVERSATIONS, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a conversation.")
def conversations_command(case: Path, limit: int, as_json: bool) -> None:
    """List the conversations of CASE, those with most messages first."""
    with open_case(case) as opened, opened.read() as s:
        for each in facets.conversations(s, limit):
            if as_json:
                json_line({"v": 1, "conversation": each.value, "messages": each.count})
            else:
                say(f"{each.count:>8,}  {each.value}")


@click.command("conversation")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("item_id", metavar="ID", type=int)
@click.option("--before", type=click.IntRange(0, 1000), default=10, show_default=True)
@click.option("--after", type=click.IntRange(0, 1000), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a message.")
def conversation_command(case: Path, item_id: int, before: int, after: int, as_json: bool) -> None:
    """Show what was said before and after message ID in its conversation."""
    with open_case(case) as opened, opened.read() as s:
        found = conversations.around(s, item_id, before=before, after=after)
        if found is None:
            raise CaseKitError("Item {id} is no message of a conversation.", id=item_id)
        (here,) = conversations.said(s, [item_id])
    if not as_json:
        say(f"{found.name} · {found.position:,} of {found.total:,}")
    for each in (*found.before, here, *found.after):
        if as_json:
            json_line({"v": 1, "conversation": found.name, **_record(each, here=each is here)})
        else:
            say(_line(each, here=each is here))


def _line(each: Said, *, here: bool) -> str:
    when = clock.iso(each.sent_us)[:19] if each.sent_us is not None else ""
    text = " ".join(each.text.split()) or each.title
    return f"{'>' if here else ' '}{each.id:>8}  {when:19} {each.sender:20.20} {text[:100]}"


def _record(each: Said, *, here: bool) -> dict[str, Any]:
    values = asdict(each)
    decision = values.pop("time")["decision"]
    if each.sent_us is not None:
        values["sent_at"] = clock.iso(each.sent_us)
        values["sent_at_decision"] = decision and decision["reading"]
    found = {name: value for name, value in values.items() if value not in (None, "", {})}
    return {**found, "here": True} if here else found
