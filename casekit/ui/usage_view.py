"""A finding on usage to read: groups of accounts with their scripts, every analytic with its control."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from casekit.i18n import tr, tr_count
from casekit.ui.finding_parts import head, line, link
from casekit.ui.sidebar import quoted

MOST_SCRIPTS = 6
NAMES = (
    "Infrastructure", "Shared keys", "Template prompting", "Coverage", "Daily rhythm", "Bursts",
    "Reasoning elicitation", "Grading use", "Output maximisation", "Release pivot", "Retries", "Synchrony",
    "Geography", "Account life cycle", "Answers that re-appear", "Volume and value",
)  # fmt: skip
"""What the analytics of a finding are called, from A1 to A16."""
Listing = Callable[[str, str], None]  # told a label and a query


def add_usage(column: QVBoxLayout, body: Mapping[str, Any], on_query: Listing) -> None:
    """Add groups and analytics below what every finding shows."""
    named = [str(one) for one in body.get("named") or ()]
    if named:
        column.addWidget(head(tr("Accounts named")))
        column.addWidget(_accounts(named, tr("Accounts named"), on_query))
    if body.get("groups"):
        column.addWidget(head(tr("Groups of linked accounts")))
    for group in body.get("groups") or ():
        _group(column, group, on_query)
    if body.get("analytics"):
        column.addWidget(head(tr("Every analytic, beside its control")))
    for one in body.get("analytics") or ():
        _analytic(column, one, on_query)


def query_of(accounts: Sequence[str]) -> str:
    """What lists the requests of some accounts."""
    return f"account:({' OR '.join(quoted(one) for one in accounts)})"


def _accounts(accounts: Sequence[str], label: str, on_query: Listing) -> Any:
    shown = ", ".join(accounts[:6]) + (" …" if len(accounts) > 6 else "")
    words = f"{tr_count('1 account', '{n} accounts', len(accounts))}: {shown}"
    button = link(words, partial(on_query, label, query_of(accounts)))
    button.setToolTip(tr("List their requests"))
    return button


def _group(column: QVBoxLayout, group: Mapping[str, Any], on_query: Listing) -> None:
    why = group.get("not_named_because")
    said = (
        tr("not named: {why}", why=str(why))
        if why
        else tr("{n} accounts named", n=int(group["named"]))
    )
    column.addWidget(
        line(
            tr(
                "Group {no} · {members} accounts · {requests} requests · linked by {traits}",
                no=group["group"], members=group["members"], requests=group["requests"],
                traits=", ".join(map(str, group.get("linked_by", ()))),
            )
        )
    )  # fmt: skip
    column.addWidget(line(said, quiet=True))
    for script in (group.get("scripts") or ())[:MOST_SCRIPTS]:
        column.addWidget(line(f"“{script['sentence']}”"))
        blanks = "; ".join(
            f"{{{blank['blank']}}} {', '.join(map(str, blank['examples']))} …"
            for blank in script.get("blanks", ())
        )
        asked = tr(
            "{requests} requests by {accounts} accounts in {wordings} wordings",
            requests=script["requests"], accounts=script["accounts_asking"], wordings=script["wordings"],
        )  # fmt: skip
        column.addWidget(line(f"{asked}. {blanks}", quiet=True))
        ids = script.get("items") or ()
        if ids:
            query = " OR ".join(f"id:{int(one)}" for one in ids)
            column.addWidget(
                link(tr("List examples"), partial(on_query, str(script["sentence"])[:60], query))
            )


def _analytic(column: QVBoxLayout, one: Mapping[str, Any], on_query: Listing) -> None:
    refused = one.get("refused")
    column.addWidget(line(f"{one['id']}  {tr(str(one['name']))}"))
    if refused:
        said = line(tr("▲ not computed: {why}", why=str(refused)), quiet=True)
    else:
        said = line(
            str(one.get("sentence") or "").strip() or tr("Nothing that a group shows."), quiet=True
        )
    column.addWidget(said)
    _value(column, one)
    accounts = [str(each) for each in one.get("accounts") or ()]
    if accounts:
        column.addWidget(_accounts(accounts, str(one["name"]), on_query))
    if accounts and one.get("consistent_with"):
        told = tr("Consistent with {what}.", what=str(one["consistent_with"]))
        column.addWidget(line(" ".join((told, *map(str, one.get("innocent", ())))), quiet=True))


def _value(column: QVBoxLayout, one: Mapping[str, Any]) -> None:
    """What was asked at list price, by group, and what is counted apart; or why there is no such figure."""
    if one.get("value_refused"):
        why = tr("▲ no value at list price: {why}", why=str(one["value_refused"]))
        column.addWidget(line(why, quiet=True))
    value = one.get("value")
    if not value:
        return
    for group in value.get("by_group", ()):
        money = ", ".join(f"{amount} {currency}" for currency, amount in group["value"].items())
        said = tr(
            "Group {no}: {money} at list price for {requests} requests",
            no=group["group"], money=money or "0", requests=group["requests_priced"],
        )  # fmt: skip
        column.addWidget(line(said))
    for apart in value.get("apart", ()):
        said = tr("Counted apart: {n} requests {why}", n=apart["requests"], why=str(apart["words"]))
        column.addWidget(line(f"▲ {said}.", quiet=True))
    for model in value.get("models_without_price", ()):
        said = tr("No price: {model}, {n} requests", model=model["model"], n=model["requests"])
        column.addWidget(line(said, quiet=True))
    column.addWidget(line(tr("Query: {sql}", sql=str(value["query"])), quiet=True, size=11))
