"""Registering prompt sets, approving whom they are asked, and recording what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries import collecting as queries
from casekit.queries import sequestered
from casekit.store import canonical
from casekit.store.collect_tables import asking, endpoint, prompt_set
from casekit.store.tables import item

PROTOCOLS = ("openai", "anthropic")
ROLES = ("subject", "source", "control", "other")
KINDS = frozenset({"collecting"})
_NEEDED = {
    "account_holder": "the holder of the account", "terms_accepted": "who accepted the terms, and when",
    "counsel": "the counsel who approves it", "operator": "the operator, who may have to testify",
    "url": "the address of the endpoint", "model": "the model",
}  # fmt: skip


def register(s: Connection, name: str, body: Mapping[str, Any]) -> Changes:
    """Register a prompt set: its bytes and their hash stand in the log before anything is asked.

    It cannot be changed or undone afterwards; another choice is another set, beside it.

    Raises:
        CaseKitError: The name is empty or taken, or there is no prompt.
    """
    name = name.strip()
    if not name:
        raise CaseKitError("A prompt set needs a name.")
    if s.execute(select(prompt_set.c.id).where(prompt_set.c.name == name)).first() is not None:
        raise CaseKitError(
            "There is a prompt set “{name}” already: choose another name.", name=name
        )
    if not body["prompts"]:
        raise CaseKitError("There is no prompt to be asked.")
    written = canonical.encode(body)
    act = Act(s, "collect.register", f"Prompt set “{name}” registered", act_class="custody")
    act.insert(
        prompt_set,
        {
            "name": name, "body": written.decode(), "sha256": canonical.digest(body), "by": s.info["actor"],
            "made_us": clock.now_us(),
        },
    )  # fmt: skip
    return act.record(KINDS, undoable=False)


def approve(s: Connection, name: str, values: Mapping[str, Any]) -> Changes:
    """Record whom a set is asked, on whose account, under which terms, and who approved and does it.

    Args:
        s: Writing session.
        name: Of the set.
        values: The columns of `endpoint` but `set_id`, `by` and `at_us`.

    Raises:
        CaseKitError: Something is missing, the terms are no item of the case, or the model has an approval.
    """
    chosen = queries.get(s, name)
    row = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    lacking = [words for key, words in _NEEDED.items() if not row.get(key)]
    if lacking:
        raise CaseKitError(
            "Nothing is asked before these are recorded: {what}.", what="; ".join(lacking)
        )
    if row["protocol"] not in PROTOCOLS or row["role"] not in ROLES:
        raise CaseKitError(
            "The protocol is openai or anthropic, the role subject, source, control or other."
        )
    for key in ("price_input", "price_output", "most"):
        row[key] = amount(row.get(key) or "")
    if bool(row["price_input"]) != bool(row["price_output"]) or (
        row["most"] and not row["price_input"]
    ):
        raise CaseKitError(
            "State both prices, of a million tokens asked and answered: a limit of cost needs them."
        )
    if row["price_input"] and not (row.get("currency") and row.get("price_source")):
        raise CaseKitError(
            "Say in which currency the prices are, and where and when you read them."
        )
    terms_id = int(row["terms_id"])
    sequestered.refuse(s, [terms_id])
    if s.execute(select(item.c.id).where(item.c.id == terms_id)).first() is None:
        raise sequestered.missing(s, terms_id)
    if any(one.model == row["model"] for one in queries.endpoints(s, chosen.id)):
        raise CaseKitError(
            "Asking “{model}” the set “{name}” is approved already: an approval is not changed. Register the "
            "set under another name to ask it anew.",
            model=row["model"], name=name,
        )  # fmt: skip
    label = f"Asking “{row['model']}” at {row['url']} the set “{name}” approved by {row['counsel']}"
    act = Act(s, "collect.approve", label, act_class="custody")
    row = {"currency": "", "price_source": "", **row}
    act.insert(
        endpoint, {"set_id": chosen.id, **row, "by": s.info["actor"], "at_us": clock.now_us()}
    )
    return act.record(KINDS, undoable=False)


def begin(s: Connection, told: Mapping[str, Any]) -> Changes:
    """Record that asking begins: set and hash, endpoint, operator, parameters, what is left to ask."""
    act = Act(s, "collect.begin", f"Asking “{told['model']}” begins", act_class="custody")
    return act.record(KINDS, undoable=False, extra=dict(told))


def keep(
    s: Connection, endpoint_id: int, tape: str, sha256: bytes, rows: Sequence[Mapping[str, Any]]
) -> Changes:
    """Record the questions of a tape that has become an original of the case, and what came of each."""
    label = f"{len(rows):,} questions asked, kept in {tape}"
    act = Act(s, "collect.keep", label, act_class="custody")
    for row in rows:
        act.insert(asking, {"endpoint_id": endpoint_id, **row, "tape": tape})
    return act.record(KINDS, undoable=False, extra={"tape": tape, "original": sha256.hex()})


def amount(text: str) -> str:
    """An amount as written; empty where there is none."""
    if not text:
        return ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10**12:
        raise CaseKitError("“{text}” is no amount: write it like 2.50.", text=text)
    return text
