from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ingest import ingest
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item
from tests.cli.conftest import Cli
from tests.ingest.documents import pdf


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    letter = make_item("letter")
    letter.texts = [("body", "Ann Lee, 078-05-1120, wrote to ann  lee.")]
    file_items(case, [letter, make_exchange("Who is Ann Lee?", "Nobody.", "m-1")], tmp_path)
    return case


def test_words_and_forms_are_withheld_where_they_stand(filed: Case, cli: Cli) -> None:
    shown = cli("redact", filed.folder, "1", "2", "--words", "Ann Lee", "--preview", "--json").json
    assert [(f["item"], f["part"], f["from"], f["to"]) for f in shown["found"]] == [
        (1, "body", 0, 7), (1, "body", 31, 39), (2, "prompt", 7, 14),
    ]  # fmt: skip
    assert "0 passages are withheld" in cli("redact", filed.folder).out
    done = cli("redact", filed.folder, "1", "--words", "Ann Lee", "--preset", "ssn",
               "--reason", "third-party", "--authority", "Rule 5.2(a)")  # fmt: skip
    assert (done.code, done.out) == (0, "3 passages redacted\n")
    listed = cli("redact", filed.folder, "--json").json["redactions"]
    assert [(r["start"], r["stop"], r["reason"], r["authority"]) for r in listed] == [
        (0, 7, "third-party", "Rule 5.2(a)"),
        (9, 20, "third-party", "Rule 5.2(a)"),
        (31, 39, "third-party", "Rule 5.2(a)"),
    ]
    assert (
        "item 1, body: characters 9 to 19  third-party, Rule 5.2(a)"
        in cli("redact", filed.folder, "1").out
    )
    assert cli("redact", filed.folder, "--lift", "2").out == "1 passage shown again\n"
    assert len(cli("redact", filed.folder, "--json").json["redactions"]) == 2


def test_a_place_is_named_whole_or_refused(filed: Case, cli: Cli) -> None:
    assert cli("redact", filed.folder, "1", "--part", "body", "--from", "0", "--to", "3").code == 0
    for words in (
        ("1", "--part", "body"), ("--part", "body", "--from", "0", "--to", "3"),
        ("1", "--part", "html", "--from", "0", "--to", "3"), ("7", "--words", "x"), ("--lift", "9"),
    ):  # fmt: skip
        assert cli("redact", filed.folder, *words).code == 2
    assert "0 passages in 0 items" in cli("redact", filed.folder, "2", "--preset", "iban").out


@pytest.fixture
def paged(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "letter.pdf").write_bytes(pdf("Ann Lee met Bo Low", "Nobody else"))
    ingest(case, [tmp_path / "letter.pdf"])
    return case


def test_boxes_are_drawn_painted_over_words_listed_and_lifted(paged: Case, cli: Cli) -> None:
    shown = cli("redact", paged.folder, "1", "--box", "1:0,0,40,50", "--preview", "--json").json
    (box,) = shown["boxes"]
    assert (box["page"], box["left"], box["bottom"], box["source"]) == (1, 0.0, 50.0, "text")
    assert box["words"][:2] == ["Ann", "Lee"]
    assert (
        cli("redact", paged.folder, "1", "--box", "2:all", "--elsewhere").out == "1 box redacted\n"
    )
    done = cli("redact", paged.folder, "1", "--words", "Bo Low", "--paint", "--reason", "court-order",
               "--authority", "ECF 12")  # fmt: skip
    assert (done.code, done.out) == (0, "1 box redacted\n")
    listed = cli("redact", paged.folder, "--json").json["boxes"]
    assert [(b["page"], b["reason"], b["elsewhere"], b["words"]) for b in listed] == [
        (1, "court-order", False, 2),
        (2, "privacy", True, 2),
    ]
    text = cli("redact", paged.folder).out
    assert "box 1  item 1, page 2: 0.0–100.0 % across, 0.0–100.0 % down  privacy" in text
    assert "0 passages, and 2 boxes are withheld" in text
    assert cli("redact", paged.folder, "--lift-box", "1").out == "1 box shown again\n"
    kept = cli("redact", paged.folder, "1", "--box", "2:0,0,50,50", "--all-but")
    assert kept.code == 0
    assert "page 2: all but 0.0–50.0 %" in cli("redact", paged.folder).out


def test_all_but_a_passage_is_withheld(filed: Case, cli: Cli) -> None:
    whole = cli("redact", filed.folder, "1", "--all-but", "--preview", "--json").json["found"]
    assert whole == [{"item": 1, "part": "body", "from": 0, "to": 40}]
    done = cli(
        "redact", filed.folder, "1", "--all-but", "--part", "body", "--from", "9", "--to", "20"
    )
    assert (done.code, done.out) == (0, "2 passages redacted\n")
    listed = cli("redact", filed.folder, "--json").json["redactions"]
    assert [(r["start"], r["stop"]) for r in listed] == [(0, 9), (20, 40)]


@pytest.mark.parametrize(
    "words",
    [
        ("1", "--box", "1:0,0,10"), ("1", "--box", "x:all"), ("1", "--box", "1:50,0,10,10"),
        ("1", "--box", "9:all"), ("1", "--box", "1:0,0,101,10"), ("--box", "1:all"), ("1", "--paint"),
        ("1", "--paint", "--words", "Bo", "--all-but"), ("--lift-box", "4"),
    ],
)  # fmt: skip
def test_what_is_no_box_is_refused(paged: Case, cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("redact", paged.folder, *words).code == 2
    assert "boxes" not in cli("redact", paged.folder).out
