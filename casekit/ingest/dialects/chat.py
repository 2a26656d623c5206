"""What every chat has in common: puts who said what, when and where into a draft in one way.

The facts of a message, each only where the source states it: `service`, `chat` (the conversation),
`channel`, `team`, `id` (the service's number of the message), `thread` (that of the message that began
the thread), `reply_to`, `event` (what happened, of a line that nobody said), `edited`, `deleted`,
`reactions`, `attachments` (names and links, never fetched), `mentions`, `repaired`, `extra` (what has no
place elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import UTC_ASSUMED, read_time
from casekit.ingest.parsed import Mail, Party, When

Record = dict[str, Any]

LOCAL = "assumed:no zone given, local time of the exporting device read as UTC"
MOST_RECIPIENTS = 20
"""People who are each named as having got a message; of larger groups the group alone is."""


def put_message(
    draft: Draft, service: str, *, text: str, when: When | None, parties: Iterable[Party],
    facts: Mapping[str, Any], more: Iterable[tuple[str, str]] = (),
) -> bool:  # fmt: skip
    """Make the draft a message of a chat; always True, as a dialect that knows its record answers.

    Args:
        draft: To fill.
        service: Such as `Slack`.
        text: What was said, verbatim.
        when: Its time.
        parties: Sender (`from`) first, then who or what it was sent to (`to`).
        facts: As the module says; empty ones are left out.
        more: Further texts by part.
    """
    draft.kind, draft.collection = "message", "correspondence"
    draft.texts = (("body", text), *more)
    draft.when = when
    draft.parties = tuple(each for each in parties if each.name or each.address)
    draft.facts = {"service": service, **{key: value for key, value in facts.items() if value}}
    draft.title = untold_title(draft.facts)
    draft.mail = threading(service, draft.facts)
    return True


def threading(service: str, facts: Mapping[str, Any]) -> Mail | None:
    """What puts a message into its thread: its own number and those it answers, oldest first."""
    number = _text(facts.get("id"))
    if not number:
        return None
    place = _text(facts.get("channel_id") or facts.get("chat_id") or facts.get("channel")
                  or facts.get("chat"))  # fmt: skip
    above = [_text(facts.get(name)) for name in ("thread", "reply_to")]
    refs = tuple(
        f"{service}/{place}/{each}" for each in dict.fromkeys(above) if each and each != number
    )
    return Mail(f"{service}/{place}/{number}", "", refs[-1:], refs, "", b"", ())


def untold_title(facts: Mapping[str, Any]) -> str:
    """What a message without words is called: what happened, or what was attached."""
    if facts.get("event"):
        return f"({facts['event']})"
    attached = facts.get("attachments")
    if type(attached) is list and attached:
        first = attached[0]
        name = first.get("name") or first.get("link") if type(first) is dict else first
        return f"({name})" if name else "(attachment)"
    return "(deleted)" if facts.get("deleted") else ""


def local_time(untrusted_value: object, field: str, raw: bytes = b"") -> When | None:
    """An instant whose source, if it names no zone, wrote the local time of the device."""
    found = read_time(untrusted_value, field, raw)
    if found is None or found.zone != UTC_ASSUMED:
        return found
    return When(found.us, found.raw, found.field, LOCAL, found.resolution_us)


def instant(record: Mapping[str, Any], names: Iterable[str], raw: bytes = b"") -> When | None:
    """The first of some fields that states a time."""
    for name in names:
        found = local_time(record[name], name, raw) if record.get(name) else None
        if found is not None:
            return found
    return None


def recipients(names: Iterable[Party], sender: Party | None) -> list[Party]:
    """The others in a conversation, if they are few enough to be named one by one."""
    known = list(names)
    if len(known) > MOST_RECIPIENTS:
        return []
    me = (sender.name, sender.address) if sender else ("", "")
    return [
        Party("to", each.name, each.address) for each in known if (each.name, each.address) != me
    ]


def objects(value: Any) -> list[Record]:
    """The objects of a list; of anything else none."""
    return [each for each in value if type(each) is dict] if type(value) is list else []


def inside(value: Any) -> Record:
    """An object; in place of anything else an empty one."""
    return value if type(value) is dict else {}


def text_of(record: Mapping[str, Any], *names: str) -> str:
    """The first of some fields that is a text or a whole number, as text; else empty."""
    for name in names:
        found = _text(record.get(name))
        if found:
            return found
    return ""


def rest_of(record: Mapping[str, Any], used: Iterable[str]) -> Record:
    """The fields that have no place elsewhere, without empty ones."""
    known = set(used)
    return {
        key: value for key, value in record.items()
        if key not in known and value is not False and value not in (None, "", [], {})
    }  # fmt: skip


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""
