from __future__ import annotations

from pathlib import Path

import pytest

from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item
from tests.cli.conftest import Cli


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
