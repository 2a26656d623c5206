from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from casekit import i18n
from casekit.analysis import overlap
from casekit.queries.findings import FindingRow
from casekit.ui.finding_view import (
    KIND_WORDS,
    FindingView,
    FindingWants,
    figure,
    named_figures,
    plot,
)

BODY: dict[str, Any] = {
    "question": {"h1": "s was trained on answers of t.", "h0": "s was trained without them."},
    "result": {"share": 0.4, "hits": 24, "prompts": 60, "p": 0.5, "refused": None, "odd_name": 3},
    "controls": [{"model": "c", "hits": 2, "prompts": 60, "share": 0.0333}],
    "inputs": [
        {"role": "subject", "model": "s", "answers": 60, "root": "ab" * 32},
        {"role": "source", "model": "t", "answers": 60, "root": "cd" * 32},
    ],
    "limitations": ["A limit."],
    "innocent": ["Common sources."],
    "dropped": [],
    "pairs": [
        {
            "prompt": "Why?",
            "why": "rank 1",
            "left": {"item_id": 3},
            "right": {"item_id": 9},
            "runs": [],
        }
    ],
    "parameters": {"min_words": 8},
    "seed": 1,
    "versions": {"casekit": "0.1.0"},
}


def make_view(qtbot: QtBot, told: list[Any]) -> FindingView:
    view = FindingView(
        FindingWants(
            lambda label, query: told.append((label, query)),
            lambda label, ids: told.append((label, ids)),
            told.append,
        )
    )
    qtbot.addWidget(view)
    return view


def test_everything_that_a_court_asks_stands_on_the_page(
    dressed: QApplication, qtbot: QtBot
) -> None:
    told: list[Any] = []
    view = make_view(qtbot, told)
    view.show_finding(FindingRow(4, "overlap", "Shared wording", 0, BODY), "On 24 of 60 prompts.")
    said = [label.text() for label in view.findChildren(QLabel)]
    for wanted in (
        "F-4 · shared wording · 1970-01-01 00:00 UTC", "On 24 of 60 prompts.",
        "1  s was trained on answers of t.", "2  s was trained without them.", "Hits", "24", "odd name",
        "–  A limit.", "–  Common sources.", "rank 1",
        "Words of a shared run at least: 8 · Seed: 1 · casekit: 0.1.0",
    ):  # fmt: skip
        assert wanted in said
    for button in view.findChildren(QPushButton):
        button.click()
    assert told == [
        4,
        ("s", 'model:"s"'),
        ("t", 'model:"t"'),
        ("F-4 · Why?", [3, 9]),
    ]


def test_a_refusal_is_marked_and_text_from_evidence_stays_text(
    dressed: QApplication, qtbot: QtBot
) -> None:
    view = make_view(qtbot, [])
    body = {"result": {"refused": "few"}, "innocent": ["<b>bold</b>"]}
    view.show_finding(FindingRow(1, "lineage", "<i>x</i>", 0, body), "Refused: few.")
    labels = {label.text(): label for label in view.findChildren(QLabel)}
    assert labels["Refused: few."].property("warn") is True
    assert "–  <b>bold</b>" in labels
    assert plot(FindingRow(1, "lineage", "x", 0, body)) is None


def test_figures_read_as_they_are_said() -> None:
    row = {
        "hits": 1234,
        "p": 0.5,
        "auc_interval": [0.1, 0.9],
        "rivals": ["a", "b"],
        "lab": None,
        "odd": True,
    }
    assert [figure(key, row) for key in row] == [
        "1,234",
        "0.5",
        "[0.10, 0.90]",
        "a, b",
        "no",
        "yes",
    ]
    share = {"share": 0.4, "interval": [0.2756, 0.5346], "false_positive_upper": 0.95}
    assert [figure(key, share) for key in share] == ["40.0 %", "27.6 % – 53.5 %", "95.0 %"]


def test_the_subject_stands_beside_what_calibrates_it() -> None:
    strip = plot(FindingRow(1, "overlap", "x", 0, BODY))
    assert strip is not None
    assert [(row.name, row.shape) for row in strip.rows] == [("c", "ring"), ("s", "diamond")]
    lineage = {
        "controls": [{"model": "n", "family": "f", "log10_lr": -1.0}],
        "students": [{"model": "y", "family": "g", "log10_lr": 0.7}],
        "parameters": {"subject": "s"},
        "result": {"log10_lr": 0.3, "cap": 0.8},
    }
    strip = plot(FindingRow(1, "lineage", "x", 0, lineage))
    assert strip is not None
    assert [(row.name, row.shape) for row in strip.rows] == [
        ("stranger: f", "ring"),
        ("student: g", "disc"),
        ("s", "diamond"),
    ]
    assert [at for at, _ in strip.lines] == [0.0, 0.8]


def test_every_claim_of_a_name_can_be_read(dressed: QApplication, qtbot: QtBot) -> None:
    told: list[Any] = []
    view = make_view(qtbot, told)
    claim = {
        "model": "s",
        "item_id": 8,
        "language": "en",
        "prompt_names_a_lab": False,
        "around": "I am T",
    }
    body = {"claims": [claim, {**claim, "prompt_names_a_lab": True}, {**claim, "item_id": 5}]}
    view.show_finding(FindingRow(2, "identity", "x", 0, body), "")
    said = [label.text() for label in view.findChildren(QLabel)]
    assert "… I am T …" in said
    assert {"s · unasked · en", "s · the prompt names a lab · en"} <= set(said)
    view.findChildren(QPushButton)[-1].click()
    assert told == [("Claims of F-2", [8, 5])]


def test_figures_of_one_kind_have_names_of_their_own() -> None:
    assert named_figures("change", ["prompts", "interval", "difference", "odd_one"]) == [
        ("difference", "Difference in differences"),
        ("interval", "Its interval over prompts (95 %)"),
        ("prompts", "Prompts compared"),
        ("odd_one", "odd one"),
    ]
    assert named_figures("lineage", ["interval"]) == [("interval", "Interval of log10 LR (95 %)")]
    assert named_figures("overlap", ["interval", "hits", "share"]) == [
        ("share", "Share of prompts"),
        ("interval", "Its interval over prompts (95 %)"),
        ("hits", "Hits"),
    ]
    for kind in set(KIND_WORDS) - {
        "lineage"
    }:  # no interval of anything else is called one of a ratio
        assert not any("LR" in words for _, words in named_figures(kind, ["interval"])), kind


def test_a_move_stands_beside_rivals_placebos_and_variants() -> None:
    body = {
        "parameters": {"subject": "s"},
        "controls": [
            {"model": "r", "role": "rival in the source's place", "difference": 0.1},
            {"model": "p", "role": "placebo, before: q", "difference": -0.1},
        ],
        "variants": [{"model": "v", "difference": 0.0}],
        "result": {"difference": 0.4, "refused": None},
    }
    strip = plot(FindingRow(1, "change", "x", 0, body))
    assert strip is not None
    assert [(row.name, row.shape) for row in strip.rows] == [
        ("rivals in its place", "ring"), ("placebo pairs", "ring"), ("asked otherwise", "disc"),
        ("s", "diamond"),
    ]  # fmt: skip
    own = {
        "controls": [{"model": "c", "score": 0.1}],
        "inputs": [{"model": "s", "role": "subject"}],
        "result": {"score": 0.5},
    }
    strip = plot(FindingRow(2, "own", "x", 0, own))
    assert strip is not None
    assert [row.name for row in strip.rows] == ["c", "s"]


def test_what_is_no_model_leads_to_no_items(dressed: QApplication, qtbot: QtBot) -> None:
    told: list[object] = []
    view = make_view(qtbot, told)
    inputs = [
        {"model": "w.csv", "role": "file", "answers": 0, "root": "ab"},
        {"model": "", "role": "log", "answers": 3, "root": "cd"},
        {"model": "m", "role": "log", "answers": 4, "root": "ef"},
    ]
    view.show_finding(FindingRow(1, "usage", "x", 0, {"inputs": inputs}), "")
    said = [label.text() for label in view.findChildren(QLabel)]
    assert {"w.csv", "file", "no model named", "log"} <= set(said)
    links = [button for button in view.findChildren(QPushButton) if button.property("link")]
    assert [button.text() for button in links] == ["m"]


def test_a_finding_reads_chinese_in_a_chinese_window(dressed: QApplication, qtbot: QtBot) -> None:
    result = {
        "hits": 24, "prompts": 60, "share": 0.4, "p": 0.5, "p_floor": 0.5, "refused": None,
        "controls": 1, "controls_at_least_as_high": 0,
    }  # fmt: skip
    body = BODY | {
        "result": result,
        "question": {"h1": "s was trained on answers of t.", "h0": "Mine own words."},
        "innocent": ["Both models may have learned the same public text."],
        "pairs": [BODY["pairs"][0] | {"why": "rank 1 of 60 by longest run"}],
    }
    sentence = overlap.sentence(body)
    i18n.use("zh")
    try:
        view = make_view(qtbot, [])
        view.show_finding(FindingRow(4, "overlap", "T", 0, body), sentence)
    finally:
        i18n.use("en")
    said = {label.text(): label.toolTip() for label in view.findChildren(QLabel)}
    assert said["1  s 曾用 t 的回答训练。"] == "s was trained on answers of t."
    assert said["2  Mine own words."] == ""
    assert (
        said["–  两个模型可能学过同一公开文本。"]
        == "Both models may have learned the same public text."
    )
    assert said["按最长词串排第 1，共 60"] == "rank 1 of 60 by longest run"
    (shown,) = [text for text, tip in said.items() if tip == sentence]
    assert shown.startswith("在 60 个提示中，有 24 个的被检模型回答")
    assert shown.endswith("这本身并不说明措辞何以相同。")


def test_figures_of_usage_have_words() -> None:
    keys = ["groups", "exchanges", "named_accounts", "accounts_in_log", "without_account"]
    assert named_figures("usage", [*keys, "analytics_refused"]) == [
        ("exchanges", "Exchanges"),
        ("accounts_in_log", "Accounts in the log"),
        ("without_account", "Exchanges without an account"),
        ("groups", "Groups of linked accounts"),
        ("named_accounts", "Accounts named"),
        ("analytics_refused", "Analytics that the log does not allow"),
    ]
