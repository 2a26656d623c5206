"""A finding on usage to read: accounts by time, groups with their scripts, every analytic with its control."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from casekit.i18n import tr, tr_count
from casekit.queries.usage_figures import network_sources
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.finding_parts import head, line, link, said
from casekit.ui.fold import Fold
from casekit.ui.sidebar import quoted
from casekit.ui.usage_places import places
from casekit.ui.usage_plots import adoption, rasters

MOST_SCRIPTS = 6
MOST_PAIRS = 10
MOST_EACH, ACROSS = 24, 4  # accounts that are shown one by one
WIDTHS = (0, 76, 130, 90)  # pixels at least, of the columns of figures
NAMES = (
    "Infrastructure", "Shared keys", "Template prompting", "Coverage", "Daily rhythm", "Bursts",
    "Reasoning elicitation", "Grading use", "Output maximisation", "Release pivot", "Retries", "Synchrony",
    "Geography", "Account life cycle", "Answers that re-appear", "Volume and value",
)  # fmt: skip
"""What the analytics of a finding are called, from A1 to A16."""
TABLES = {"A13": "networks", "A16": "prices"}
"""Of an analytic that rests on a table of a person's, where the finding keeps that."""
Listing = Callable[[str, str], None]  # told a label and a query


def _requests(number: int) -> str:
    return tr_count("1 request", "{n} requests", number)


def add_usage(
    column: QVBoxLayout,
    body: Mapping[str, Any],
    on_query: Listing,
    on_account: Callable[[str], None] | None = None,
) -> None:
    """Add groups and analytics below what every finding shows; `on_account` leads to who one is."""
    named = [str(one) for one in body.get("named") or ()]
    if named:
        column.addWidget(head(tr("Accounts named")))
        column.addWidget(_accounts(named, tr("Accounts named"), on_query))
        if on_account is not None:
            column.addLayout(_each(named, on_account))
    _times(column, body, on_query)
    if body.get("groups"):
        column.addWidget(head(tr("Groups of linked accounts")))
    for group in body.get("groups") or ():
        _group(column, group, on_query)
    if body.get("analytics"):
        column.addWidget(head(tr("Every analytic, beside its control")))
    members: dict[int, list[str]] = {}
    for row in body.get("accounts_named") or ():
        members.setdefault(int(row["group"]), []).append(str(row["account"]))
    shown: dict[str, Sequence[QWidget]] = {"A10": adoption(body), "A13": places(body)}
    for one in body.get("analytics") or ():
        _analytic(column, body, one, members, shown.get(str(one["id"]), ()), on_query)


def query_of(accounts: Sequence[str]) -> str:
    """What lists the requests of some accounts."""
    return f"account:({' OR '.join(quoted(one) for one in accounts)})"


def _accounts(accounts: Sequence[str], label: str, on_query: Listing) -> Any:
    shown = ", ".join(accounts[:6]) + (" …" if len(accounts) > 6 else "")
    words = f"{tr_count('1 account', '{n} accounts', len(accounts))}: {shown}"
    button = link(words, partial(on_query, label, query_of(accounts)))
    button.setToolTip(tr("List their requests"))
    return button


def _each(accounts: Sequence[str], on_account: Callable[[str], None]) -> QGridLayout:
    """The first accounts one by one, each leading to who it is."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    for number, one in enumerate(accounts[:MOST_EACH]):
        button = link(one, partial(on_account, one))
        button.setToolTip(tr("Who it is: open it under People"))
        button.setAccessibleName(tr("Account {name}: open it under People", name=one))
        grid.addWidget(button, number // ACROSS, number % ACROSS, Qt.AlignmentFlag.AlignLeft)
    grid.setColumnStretch(ACROSS, 1)
    return grid


def _times(column: QVBoxLayout, body: Mapping[str, Any], on_query: Listing) -> None:
    """Accounts by time, where the log tells times."""
    drawn = rasters(body, lambda one: on_query(one, query_of([one])))
    if drawn:
        column.addWidget(head(tr("Accounts by time: the stronger a mark, the more requests")))
    for _, each in drawn:
        column.addWidget(each)


def _group(column: QVBoxLayout, group: Mapping[str, Any], on_query: Listing) -> None:
    why = group.get("not_named_because")
    told = (
        tr("not named: {why}", why=translated(str(why)))
        if why
        else tr_count("1 account named", "{n} accounts named", int(group["named"]))
    )
    column.addWidget(
        line(
            tr(
                "Group {no} · {members} accounts · {requests} · linked by {traits}",
                no=group["group"], members=group["members"], requests=_requests(group["requests"]),
                traits=", ".join(map(str, group.get("linked_by", ()))),
            )
        )
    )  # fmt: skip
    column.addWidget(line(told, quiet=True))
    for script in (group.get("scripts") or ())[:MOST_SCRIPTS]:
        column.addWidget(_card(script, on_query))


def _card(script: Mapping[str, Any], on_query: Listing) -> QFrame:
    """A script as a card: its sentence with blanks, who asks it how often, and what fills the blanks."""
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 8)
    column.setSpacing(4)
    sentence = line(f"“{script['sentence']}”")
    sentence.setFont(fonts.serif(14))
    column.addWidget(sentence)
    asked = tr(
        "{requests} by {accounts} in {wordings}", requests=_requests(script["requests"]),
        accounts=tr_count("1 account", "{n} accounts", script["accounts_asking"]),
        wordings=tr_count("1 wording", "{n} wordings", script["wordings"]),
    )  # fmt: skip
    column.addWidget(line(f"{asked}.", quiet=True))
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(2, 1)
    for row, blank in enumerate(script.get("blanks", ())):
        place = line(f"{{{blank['blank']}}}")
        place.setFont(fonts.mono(12))
        grid.addWidget(place, row, 0, Qt.AlignmentFlag.AlignTop)
        if "different" in blank:
            words = tr("{n} different of {of}", n=blank["different"], of=blank["of"])
            grid.addWidget(line(words, quiet=True), row, 1, Qt.AlignmentFlag.AlignTop)
        examples = " · ".join(one for one in map(str, blank["examples"]) if one)
        grid.addWidget(line(f"{examples} …"), row, 2)
    column.addLayout(grid)
    ids = script.get("items") or ()
    if ids:
        run = partial(on_query, str(script["sentence"])[:60], _items(ids))
        column.addWidget(link(tr("List examples"), run), 0, Qt.AlignmentFlag.AlignLeft)
    return card


def _analytic(
    column: QVBoxLayout, body: Mapping[str, Any], one: Mapping[str, Any],
    members: Mapping[int, Sequence[str]], drawn: Sequence[QWidget], on_query: Listing,
) -> None:  # fmt: skip
    refused = one.get("refused")
    title = line(f"{one['id']}  {tr(str(one['name']))}")
    title.setFont(fonts.sans(13, fonts.MEDIUM))
    title.setContentsMargins(0, 8, 0, 0)
    column.addWidget(title)
    if refused:
        column.addWidget(
            line(tr("▲ not computed: {why}", why=translated(str(refused))), quiet=True)
        )
    elif _figures(column, one, members, on_query):
        if one.get("besides"):
            column.addWidget(said(str(one["besides"])))
    elif sentence := str(one.get("sentence") or "").strip():
        column.addWidget(said(sentence, quiet=True))
    else:
        column.addWidget(line(tr("Nothing that a group shows."), quiet=True))
    for each in drawn:
        column.addWidget(each)
    if one.get("networks_refused"):
        words = tr("▲ kinds of networks: no table says of which kind the networks of this log are")
        column.addWidget(line(words, quiet=True))
    if one["id"] in TABLES and body.get(TABLES[one["id"]]):
        column.addWidget(_table(body, TABLES[one["id"]]))
    _models(column, one, on_query)
    _value(column, one)
    accounts = [str(each) for each in one.get("accounts") or ()]
    if accounts:
        column.addWidget(_accounts(accounts, str(one["name"]), on_query))
    if accounts and one.get("consistent_with"):
        told = tr("Consistent with {what}.", what=translated(str(one["consistent_with"])))
        innocent = [translated(str(each)) for each in one.get("innocent", ())]
        column.addWidget(line(" ".join((told, *innocent)), quiet=True))
    queries = _queries(one)
    if queries:
        column.addWidget(Fold(tr("Query of {id}", id=str(one["id"])), "\n\n".join(queries)))


def _table(body: Mapping[str, Any], name: str) -> QLabel:
    """Which table a person gave, and for kinds of networks by whose word they are."""
    kept = body[name]
    if name == "prices":
        words = tr("By the prices of “{name}”", name=str(kept["file"]))
    else:
        told = "; ".join(network_sources(body)) or "–"
        words = tr("Kinds by “{name}”: {sources}", name=str(kept["file"]), sources=told)
    shown = line(words, quiet=True)
    shown.setToolTip(f"SHA-256 {kept['sha256']}")
    return shown


def _figures(
    column: QVBoxLayout, one: Mapping[str, Any], members: Mapping[int, Sequence[str]],
    on_query: Listing,
) -> bool:  # fmt: skip
    """The measures of groups that are named, beside their controls; False where there are none.

    The figure of a group lists the requests that it was computed from.
    """
    rows = [
        (measure, group)
        for measure in one.get("measures") or ()
        for group in measure.get("groups") or ()
        if int(group["group"]) in members
    ]
    if not rows:
        return False
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    heads = ("", tr("group"), tr("controls (number)"), tr("p, corrected"))
    for place, (words, wide) in enumerate(zip(heads, WIDTHS, strict=True)):
        grid.setColumnMinimumWidth(place, wide)
        grid.addWidget(line(words, quiet=True), 0, place)
    for row, (measure, group) in enumerate(rows, start=1):
        number = int(group["group"])
        what = line(tr("Group {no}: {what}", no=number, what=translated(str(measure["what"]))))
        grid.addWidget(what, row, 0)
        label = f"{one['id']} · {tr('Group {no}', no=number)}"
        figure = link(_number(group["mean"]), partial(on_query, label, query_of(members[number])))
        figure.setToolTip(tr("List the requests of its {n} accounts", n=len(members[number])))
        figure.setAccessibleName(f"{what.text()}: {_number(group['mean'])}")
        grid.addWidget(figure, row, 1, _MIDDLE)
        beside = f"{_number(group['control_mean'])}  ({group['controls']:,})"
        for place, words in ((2, beside), (3, _chance(group["q"]))):
            value = line(words)
            value.setWordWrap(False)
            value.setFont(fonts.figures())
            grid.addWidget(value, row, place, _MIDDLE)
    column.addLayout(grid)
    return True


def _models(column: QVBoxLayout, one: Mapping[str, Any], on_query: Listing) -> None:
    """What re-appears in which model, and the pairs to be read."""
    for row in one.get("models") or ():
        name = str(row["model"])
        words = tr(
            "{model}, {role}: {n} answers of the log re-appear in {of} of its own",
            model=name, role=tr(str(row["role"])), n=row["reappearing"], of=row["answers"],
        )  # fmt: skip
        column.addWidget(link(words, partial(on_query, name, f"model:{quoted(name)}")))
    pairs = one.get("pairs") or ()
    if pairs:
        ids = [int(pair[side]["item_id"]) for pair in pairs for side in ("left", "right")]
        words = tr_count(
            "The longest pair, to be read side by side",
            "The longest {n} pairs, to be read side by side",
            len(pairs),
        )
        column.addWidget(link(words, partial(on_query, words, _items(ids))))
    for pair in pairs[:MOST_PAIRS]:
        words = tr("{n} words in a row", n=pair["words"])
        if pair.get("account"):
            words += f" · {pair['account']}"
        if pair.get("in_controls"):
            words += f" · {tr('in a control too')}"
        ids = [int(pair[side]["item_id"]) for side in ("left", "right")]
        column.addWidget(link(words, partial(on_query, words, _items(ids))))


def _items(ids: Sequence[int]) -> str:
    return " OR ".join(f"id:{int(one)}" for one in ids)


def _queries(one: Mapping[str, Any]) -> list[str]:
    """Every query that an analytic was computed from, once each."""
    told = [one.get("query"), *(measure.get("query") for measure in one.get("measures") or ())]
    told.append((one.get("value") or {}).get("query"))
    return list(dict.fromkeys(str(query) for query in told if query))


def _chance(value: Any) -> str:
    """A p in three digits after the point."""
    if value is None:
        return "–"
    return "< 0.001" if float(value) < 0.001 else f"{float(value):.3f}"


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def _number(value: Any) -> str:
    """A figure in at most four digits, as it is read aloud."""
    if value is None:
        return "–"
    number = float(value)
    if number == int(number) and abs(number) < 1e9:
        return f"{int(number):,}"
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.3g}"


def _value(column: QVBoxLayout, one: Mapping[str, Any]) -> None:
    """What was asked at list price, by group, and what is counted apart; or why there is no such figure."""
    if one.get("value_refused"):
        why = tr("▲ no value at list price: {why}", why=translated(str(one["value_refused"])))
        column.addWidget(line(why, quiet=True))
    value = one.get("value")
    if not value:
        return
    for group in value.get("by_group", ()):
        money = ", ".join(f"{amount} {currency}" for currency, amount in group["value"].items())
        told = tr(
            "Group {no}: {money} at list price for {requests}",
            no=group["group"], money=money or "0", requests=_requests(group["requests_priced"]),
        )  # fmt: skip
        column.addWidget(line(told))
    for apart in value.get("apart", ()):
        why = translated(str(apart["words"]))
        told = tr(
            "Counted apart, {requests}: {why}", requests=_requests(apart["requests"]), why=why
        )
        column.addWidget(line(f"▲ {told}.", quiet=True))
    for model in value.get("models_without_price", ()):
        told = tr(
            "No price: {model}, {requests}",
            model=model["model"],
            requests=_requests(model["requests"]),
        )
        column.addWidget(line(told, quiet=True))
