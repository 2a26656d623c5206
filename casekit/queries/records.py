"""Items as flat records for export: every value that a list, a load file or another program may want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from casekit import clock
from casekit.queries import clearance, coding, conversations
from casekit.queries.ids import ItemIds
from casekit.queries.times import TIME_COLUMNS, instant_of, with_times
from casekit.store.tables import (
    custodian,
    exchange,
    exhibit,
    item,
    item_party,
    item_tag,
    mail,
    mail_thread,
    original,
    privilege,
    privilege_cleared,
    problem,
    receipt,
    tag,
)

CHUNK = 500
PROBLEM_FIELDS = ("path", "stage", "kind", "text", "line", "offset")


def records(s: Connection, ids: Sequence[int] | ItemIds) -> Iterator[dict[str, Any]]:
    """One mapping an item in the given order; keys without a value are absent.

    `pointer` is the canonical JSON text of the steps; hashes are hex; times are ISO 8601 UTC.
    """
    wanted = [int(i) for i in ids]
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        found = _chunk(s, chunk)
        yield from (found[i] for i in chunk if i in found)


def _chunk(s: Connection, ids: list[int]) -> dict[int, dict[str, Any]]:
    query = (
        select(
            item, original.c.sha256.label("original_sha256"), exchange.c.model, exchange.c.account,
            exchange.c.prompt_sha256, mail.c.subject, mail.c.message_id, mail.c.mih, mail_thread.c.thread_id,
            privilege.c.basis, privilege_cleared.c.item_id.label("cleared"),
            privilege_cleared.c.by.label("cleared_by"), privilege_cleared.c.at_us.label("cleared_us"),
            clearance.scope().label("scope"), clearance.disputed().label("disputed"),
            conversations.ANY_NAME.label("conversation"), *TIME_COLUMNS,
        )
        .join(original, original.c.id == item.c.original_id)
        .outerjoin(exchange, exchange.c.item_id == item.c.id)
        .outerjoin(mail, mail.c.item_id == item.c.id)
        .outerjoin(mail_thread, mail_thread.c.item_id == item.c.id)
        .outerjoin(privilege, privilege.c.item_id == item.c.id)
        .outerjoin(privilege_cleared, privilege_cleared.c.item_id == item.c.id)
        .where(item.c.id.in_(ids))
    )  # fmt: skip
    parties = _parties(s, ids)
    lists: dict[str, dict[int, Any]] = {
        "tags": _grouped(
            s,
            select(item_tag.c.item_id, tag.c.name)
            .join(tag)
            .where(item_tag.c.item_id.in_(ids))
            .order_by(tag.c.name),
        ),
        "exhibits": _grouped(
            s,
            select(exhibit.c.item_id, exhibit.c.label)
            .where(exhibit.c.item_id.in_(ids))
            .order_by(exhibit.c.position),
        ),
        "coding": {
            i: {n: list(v) for n, v in mine.items()} for i, mine in coding.values(s, ids).items()
        },
        "problems": _problems(s, ids),
        "attachments": _attachments(s, ids),
    }
    rows = s.execute(with_times(query)).all()
    custodians = _custodians(s, {row.original_id for row in rows})
    found = {}
    for row in rows:
        record = _basic(row)
        record.update(parties.get(row.id, {}))
        record.update(
            {name: by_item[row.id] for name, by_item in lists.items() if row.id in by_item}
        )
        record["custodian"] = "; ".join(custodians.get(row.original_id, ()))
        found[row.id] = {name: value for name, value in record.items() if value not in (None, "")}
    return found


def _basic(row: Row[Any]) -> dict[str, Any]:
    time = instant_of(row)
    return {
        "id": row.id,
        "kind": row.kind,
        "collection": row.collection,
        "title": row.title,
        "name": row.name,
        "media_type": row.media_type,
        "original_sha256": row.original_sha256.hex(),
        "pointer": row.pointer,
        "sha256": row.sha256.hex(),
        "size": row.size,
        "parent_id": row.parent_id,
        "sent_at": clock.iso(time.us) if time.us is not None else None,
        "sent_at_raw": row.sent_raw,
        "sent_at_zone": row.sent_zone,
        "sent_at_decision": time.decision and time.decision.reading,
        "subject": row.subject,
        "message_id": row.message_id,
        "mih": row.mih,
        "thread_id": row.thread_id,
        "conversation": row.conversation,
        "model": row.model,
        "account": row.account,
        "prompt_sha256": row.prompt_sha256.hex() if row.prompt_sha256 else None,
        "pages": row.pages,
        "language": row.language,
        "privilege": row.basis,
        "privilege_state": clearance.state_of(row).replace(clearance.NOT_APPLICABLE, ""),
        "cleared_by": row.cleared_by,
        "cleared_at": clock.iso(row.cleared_us) if row.cleared_us else None,
    }


def _parties(s: Connection, ids: list[int]) -> dict[int, dict[str, list[str]]]:
    query = (
        select(item_party)
        .where(item_party.c.item_id.in_(ids))
        .order_by(item_party.c.item_id, item_party.c.no)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for row in s.execute(query):
        shown = (
            f"{row.name} <{row.address}>" if row.name and row.address else row.name or row.address
        )
        found.setdefault(row.item_id, {}).setdefault(row.role, []).append(shown)
    return found


def _problems(s: Connection, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = select(problem).where(problem.c.item_id.in_(ids)).order_by(problem.c.id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in s.execute(query):
        values = {name: getattr(row, name) for name in PROBLEM_FIELDS}
        known = {name: value for name, value in values.items() if value is not None}
        found.setdefault(row.item_id, []).append(known)
    return found


def _attachments(s: Connection, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = select(
        item.c.parent_id, item.c.id, item.c.name, item.c.title, item.c.size, item.c.sha256
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in s.execute(query.where(item.c.parent_id.in_(ids)).order_by(item.c.id)):
        values = {
            "id": row.id,
            "name": row.name or row.title,
            "size": row.size,
            "sha256": row.sha256.hex(),
        }
        found.setdefault(row.parent_id, []).append(values)
    return found


def _custodians(s: Connection, original_ids: set[int]) -> dict[int, list[str]]:
    query = (
        select(receipt.c.original_id, custodian.c.name)
        .join(custodian, custodian.c.id == receipt.c.custodian_id)
        .where(receipt.c.original_id.in_(original_ids))
        .order_by(receipt.c.id)
    )
    return {key: list(dict.fromkeys(names)) for key, names in _grouped(s, query).items()}


def _grouped(s: Connection, query: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in s.execute(query):
        found.setdefault(key, []).append(value)
    return found
