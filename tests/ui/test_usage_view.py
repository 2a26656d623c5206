from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from casekit.search import parse
from casekit.ui.fold import Fold
from casekit.ui.usage_plots import Adoption, Raster
from casekit.ui.usage_view import add_usage, query_of
from tests.ui.test_usage_plots import PLOTS

SCRIPT = {
    "sentence": "Grade the answer on {1}.",
    "blanks": [{"blank": 1, "examples": ["tax", "law"]}],
    "requests": 154, "accounts_asking": 14, "wordings": 83, "items": [7, 9],
}  # fmt: skip
GROUP = {
    "group": 1, "members": 40, "requests": 584, "linked_by": ["network", "client"], "named": 2,
    "not_named_because": "", "scripts": [SCRIPT],
}  # fmt: skip
BODY: dict[str, Any] = {
    "named": ["acct 1", "acct_2"],
    "prices": {"file": "list.csv", "sha256": "ab" * 32, "rows": []},
    "networks": {"file": "asn.csv", "sha256": "cd" * 32, "rows": [
        [7, "vpn", "a registry", "2026-01-02"], [9, "mobile", "a registry", "2026-01-02"]]},
    "accounts_named": [{"account": "acct 1", "group": 1}, {"account": "acct_2", "group": 1}],
    "plots": json.loads(json.dumps(PLOTS).replace('"group": 2', '"group": 1')),
    "groups": [GROUP, {**GROUP, "group": 2, "not_named_because": "too few", "scripts": []}],
    "analytics": [
        {"id": "A1", "name": "Infrastructure", "sentence": "2 groups.", "refused": None, "accounts": ["acct_2"],
         "consistent_with": "one hand", "innocent": ["An office."], "query": "SELECT 2"},
        {"id": "A7", "name": "Reasoning elicitation", "sentence": "Long.", "besides": "Short.", "refused": None,
         "accounts": [], "measures": [{"what": "share of prompts", "query": "SELECT 3", "groups": [
             {"group": 1, "mean": 0.97123, "control_mean": 0.0, "controls": 1200, "q": 0.0004},
             {"group": 2, "mean": 0.5, "control_mean": 0.0, "controls": 12, "q": 0.5}]}]},
        {"id": "A15", "name": "Answers that re-appear", "sentence": "7 answers.", "refused": None,
         "accounts": [], "models": [{"model": "s-7b", "role": "subject", "reappearing": 7, "answers": 80}],
         "pairs": [{"words": 15, "account": "acct_2", "in_controls": True, "left": {"item_id": 4},
                    "right": {"item_id": 5}}]},
        {"id": "A10", "name": "Release pivot", "sentence": "", "refused": None, "accounts": []},
        {"id": "A2", "name": "Shared keys", "sentence": " ", "refused": None, "accounts": []},
        {"id": "A16", "name": "Volume and value", "sentence": "9 exchanges.", "refused": None, "accounts": [],
         "value_refused": None, "value": {
             "by_group": [{"group": "1", "value": {"USD": "1.50"}, "requests_priced": 8}],
             "apart": [{"requests": 1, "words": "name no model"}], "query": "SELECT 1",
             "models_without_price": [{"model": "m", "requests": 3}]}},
        {"id": "A16", "name": "Volume and value", "refused": None, "value_refused": "no table", "accounts": []},
        {"id": "A13", "name": "Geography", "sentence": "", "refused": "no country", "accounts": []},
    ],
}  # fmt: skip


def test_groups_scripts_and_analytics_are_read_and_lead_to_their_requests(
    dressed: QApplication, qtbot: QtBot
) -> None:
    told: list[tuple[str, str]] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    add_usage(column, BODY, lambda label, query: told.append((label, query)))
    said = [label.text() for label in holder.findChildren(QLabel)]
    for wanted in (
        "Group 1 · 40 accounts · 584 requests · linked by network, client", "2 accounts named",
        "not named: too few", "“Grade the answer on {1}.”",
        "154 requests by 14 accounts in 83 wordings.", "tax · law …", "2 groups.",
        "Group 1: share of prompts", "0  (1,200)", "< 0.001", "Short.",
        "Consistent with one hand. An office.", "Nothing that a group shows.",
        "Group 1: 1.50 USD at list price for 8 requests", "▲ Counted apart, 1 request: name no model.",
        "No price: m, 3 requests", "▲ no value at list price: no table",
        "▲ not computed: no country", "By the prices of “list.csv”",
        "Kinds by “asn.csv”: a registry, 2026-01-02",
    ):  # fmt: skip
        assert wanted in said
    assert "Long." not in said
    assert len(holder.findChildren(Raster)) == len(holder.findChildren(Adoption)) == 1
    folds = {fold.toggle.text(): fold for fold in holder.findChildren(Fold)}
    assert list(folds) == ["▸ Query of A1", "▸ Query of A7", "▸ Query of A16"]
    for button in holder.findChildren(QPushButton):
        button.click()
    texts = [fold.label.text() for fold in folds.values() if fold.label]
    assert texts == ["SELECT 2", "SELECT 3", "SELECT 1"]
    both = 'account:("acct 1" OR "acct_2")'
    assert told == [
        ("Accounts named", both),
        ("Grade the answer on {1}.", "id:7 OR id:9"),
        ("Infrastructure", 'account:("acct_2")'),
        ("A7 · Group 1", both),
        ("s-7b", 'model:"s-7b"'),
        ("The longest pair, to be read side by side", "id:4 OR id:5"),
        ("15 words in a row · acct_2 · in a control too", "id:4 OR id:5"),
    ]
    for _, query in told:
        parse(query)
    parse(query_of(['odd "name"']))


def test_a_finding_of_another_kind_adds_nothing(dressed: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    add_usage(column, {"result": {}}, lambda *_: None)
    assert column.count() == 0


def test_an_account_that_is_named_leads_to_who_it_is(dressed: QApplication, qtbot: QtBot) -> None:
    told: list[str] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    add_usage(QVBoxLayout(holder), BODY, lambda *_: None, told.append)
    named = [str(one) for one in BODY["named"]]
    found = {
        button.text(): button
        for button in holder.findChildren(QAbstractButton)
        if button.accessibleName().startswith("Account ")
    }
    assert list(found) == named
    found[named[0]].click()
    assert told == named[:1]
