"""What is expected of an item of each kind and is not there: told in the report, format by format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

from casekit.ops.columns import ItemColumns
from casekit.ops.items import NewItem

_WHO = ("account", "api_key", "end_user", "organisation", "project")
_RECIPIENTS = frozenset(("to", "cc", "bcc"))
_DATED = frozenset(("request", "record", "mail", "message", "event"))


def lacking(item: NewItem) -> list[str]:
    """The words for what an item lacks: those of `Exchange.completeness`, and `no-` with a field's name.

    An exchange: model, and in an API log who asked (`account`) and from where (`ip`) · a log line: time, ip,
    status · an entry of an administrator's log: time, account · a mail: time, sender, recipient, message-id ·
    a message: time, sender · an event: time · a contact: address · a document: text.
    """
    kind = item.columns["kind"]
    found = [] if kind not in _DATED or "sent_us" in item.columns else ["no-time"]
    if kind in ("exchange", "request", "record"):
        row = item.exchange or {}
        who = any(map(row.get, _WHO))
        known = "model" in row, who, bool(row.get("ip")), bool(row.get("status"))
        found += _of_call(kind, item.columns["collection"], row.get("completeness"), *known)
    elif kind in ("mail", "message"):
        found += _of_letter(item, kind == "mail")
    elif kind == "contact":
        found += [] if any(address for _, _, address in item.parties) else ["no-address"]
    elif kind == "document":
        found += [] if item.texts else ["no-text"]
    return found


def lacking_in(found: ItemColumns) -> Counter[str]:
    """The same words for items laid out as columns, and how many lack each."""
    row = found.exchange
    nothing: Sequence[Any] = (None,) * len(found)
    who = [column for name in _WHO if (column := row.get(name)) is not None]
    alike = Counter(
        zip(
            found.item["kind"],
            found.item["collection"],
            row.get("completeness", nothing),
            _there(found.item.get("sent_us", nothing)),
            _there(row.get("model", nothing)),
            map(any, zip(*who, strict=True)) if who else repeat(False, len(found)),
            map(bool, row.get("ip", nothing)),
            map(bool, row.get("status", nothing)),
            _any_text(found),
            strict=True,
        )
    )
    words: Counter[str] = Counter()
    for (kind, collection, missing, dated, *known, text), times in alike.items():
        said = [] if kind not in _DATED or dated else ["no-time"]
        if kind in ("exchange", "request", "record"):
            said += _of_call(kind, collection, missing, *known)
        elif kind in ("mail", "message"):
            said += ["no-sender"]  # a column holds no people
        elif kind == "document" and not text:
            said += ["no-text"]
        for word in said:
            words[word] += times
    return words


def _there(values: Sequence[Any]) -> list[bool]:
    return [value is not None for value in values]


def _any_text(found: ItemColumns) -> Iterator[bool]:
    if "document" not in found.item["kind"]:
        return iter(repeat(True, len(found)))
    texts = [column for _, column in found.texts]
    return map(any, zip(*texts, strict=True)) if texts else iter(repeat(False, len(found)))


def _of_call(
    kind: str, collection: str, missing: str | None, model: bool, who: bool, ip: bool, status: bool
) -> list[str]:
    if kind == "request":
        return [word for word, there in (("no-ip", ip), ("no-status", status)) if not there]
    if kind == "record":
        return [] if who else ["no-account"]
    found = missing.split() if missing else []
    found += [] if model else ["no-model"]
    if collection == "api-log":
        found += [word for word, there in (("no-account", who), ("no-ip", ip)) if not there]
    return found


def _of_letter(item: NewItem, by_mail: bool) -> list[str]:
    roles = {role for role, _, _ in item.parties}
    found = [] if roles & {"from", "sender"} else ["no-sender"]
    if by_mail:
        found += [] if roles & _RECIPIENTS else ["no-recipient"]
        found += [] if item.mail and item.mail.get("message_id") else ["no-message-id"]
    return found
