"""Puts small items into a case by the same op that an import uses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from casekit.ops import items as item_ops
from casekit.ops.items import Filed, NewItem, Received, Row
from casekit.ops.privilege import clear_items
from casekit.queries.items import item_ids
from casekit.queries.tree import FieldIs
from casekit.store.case import Case


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def make_item(title: str = "An item", kind: str = "document", **columns: object) -> NewItem:
    data = title.encode()
    row: Row = {
        "kind": kind,
        "collection": "documents",
        "title": title,
        "name": "",
        "media_type": "text/plain",
        "pointer": "[]",
        "sha256": sha(data),
        "size": len(data),
        "language": "",
        "facts": "",
        **columns,
    }
    return NewItem(row, texts=[("body", f"The text of {title}.")])


def make_exchange(prompt: str, output: str, model: str, **values: object) -> NewItem:
    new = make_item(prompt, "exchange", collection="outputs")
    new.texts = [("prompt", prompt), ("output", output)]
    new.exchange = {"model": model, "prompt_sha256": sha(prompt.encode()), **values}
    return new


def make_mail(subject: str, sender: str, to: str, sent_us: int | None = None) -> NewItem:
    new = make_item(subject, "mail", collection="correspondence", sent_us=sent_us)
    new.parties = [("from", "", sender), ("to", "", to)]
    new.mail = {
        "message_id": f"<{subject}@x>",
        "subject": subject,
        "headers": json.dumps([["Subject", subject]]),
    }
    return new


def make_message(text: str, sender: str, sent_us: int | None = None, **facts: object) -> NewItem:
    """One of a chat, by default of `Slack: general`."""
    told = {"service": "Slack", "channel": "general", **facts}
    new = make_item(
        text, "message", collection="correspondence", sent_us=sent_us, facts=json.dumps(told)
    )
    new.texts = [("body", text)]
    new.parties = [("from", sender, "")]
    return new


def file_items(
    case: Case, heads: list[NewItem], tmp_path: Path, name: str = "file.txt", custodian: str = ""
) -> bytes:
    """Deposit one original that holds the items, file them, and return its SHA-256."""
    source = tmp_path / name
    source.write_bytes("\n".join(h.columns["title"] for h in heads).encode() + name.encode())
    deposit = case.vault.deposit(source)
    for head in heads:
        item_ops.digest_family(head, deposit.sha256)
    with case.write() as s:
        run = item_ops.start_run(s, json.dumps([name]), "none")
        received = Received(deposit.sha256, deposit.size, custodian, {"path": name})
        item_ops.file_batch(s, run, [received], [Filed(deposit.sha256, "text", "read", heads)])
        item_ops.finish_run(s, run, "finished", "{}")
    return deposit.sha256


def decide_all(case: Case) -> None:
    """Decide of every item of which nobody has that it is not privileged, as a reviewer would."""
    with case.read() as s:
        ids = [int(i) for i in item_ids(s, FieldIs("privilege", "undecided"))]
    with case.write() as s:
        clear_items(s, ids)
