from __future__ import annotations

from pathlib import Path

import pytest

from casekit.cli.search import _print, _values
from casekit.search import Hit, NotSearched, SearchResult, Span
from casekit.store.case import Case
from tests.builders import file_items, make_item
from tests.cli.conftest import Cli


def test_words_are_found_for_people_and_for_programs(cli: Cli, filled: Case) -> None:
    cli("index", filled.folder, "--words-only")
    found = cli("search", filled.folder, "because AND model:aurora-4", "--json")
    assert found.code == 0
    (hit,) = found.lines
    assert (hit["v"], hit["id"], hit["spans"]) == (
        1,
        1,
        [{"part": "output", "start": 0, "stop": 7}],
    )
    plain = cli("search", filled.folder, "because", "--order", "rank", "--limit", 1)
    assert plain.out.split()[1:3] == ["exchange", "aurora-4"] or plain.out.split()[1:3] == [
        "exchange",
        "meridian-7b",
    ]
    assert "2 found\n" in plain.err
    assert cli("search", filled.folder, "nowhere", "--json").out == ""


def test_a_wrong_query_is_refused_with_a_caret(cli: Cli, filled: Case) -> None:
    refused = cli("search", filled.folder, "sky AND (blue")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[-1].strip() == "^"


def test_what_was_not_searched_is_told(cli: Cli, case: Case, tmp_path: Path) -> None:
    scan = make_item("scan", "image")
    scan.texts = []
    file_items(case, [scan, make_item("letter")], tmp_path)
    cli("index", case.folder, "--words-only")
    found = cli("search", case.folder, "letter", "--json")
    assert len(found.lines) == 1
    assert "1 not searched: " in found.err


def test_a_hit_is_printed_with_the_scores_it_has(
    filled: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    hit = Hit(1, 0.12345678, None, 0.5, (Span("output", 3, 9),))
    assert _values(hit) == {
        "v": 1, "id": 1, "score": 0.123457, "meaning_score": 0.5,
        "spans": [{"part": "output", "start": 3, "stop": 9}],
    }  # fmt: skip
    _print(filled, SearchResult((hit,), 1, (NotSearched("no text yet", 1200),)), as_json=False)
    shown = capsys.readouterr()
    assert shown.out == "       1  exchange  aurora-4                 Why is the sky blue?\n"
    assert shown.err == "1 found\n1,200 not searched: no text yet\n"


def test_a_hit_in_what_a_machine_read_is_said_to_be_one(
    filled: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    hit = Hit(1, 0.5, spans=(Span("ocr/page/1", 3, 9),))
    assert _values(hit)["read_by_machine"] is True
    _print(filled, SearchResult((hit,), 1, ()), as_json=False)
    assert capsys.readouterr().out.endswith("Why is the sky blue? · as a machine read it\n")
    mixed = Hit(1, 0.5, spans=(Span("ocr/page/1", 3, 9), Span("body", 0, 2)))
    assert "read_by_machine" not in _values(mixed)


def test_a_report_counts_each_term_of_a_file(cli: Cli, filled: Case, tmp_path: Path) -> None:
    cli("index", filled.folder, "--words-only")
    terms = tmp_path / "terms.txt"
    terms.write_text("because\nbecause AND (x\ngrass OR letter\n")
    told = cli("search", "report", filled.folder, terms, "--json").json
    assert [(t.get("hits"), t.get("unique"), t.get("with_family")) for t in told["terms"]] == [
        (2, 1, 2), (None, None, None), (2, 1, 3),
    ]  # fmt: skip
    assert (told["searched"], told["total"], told["terms"][1]["position"]) == (5, 3, 12)
    plain = cli("search", "report", filled.folder, terms, "--within", "kind:exchange")
    assert "          2           1           2  because" in plain.out
    assert "^ This parenthesis is never closed." in plain.out
    assert "Set searched: kind:exchange" in plain.err
    out = tmp_path / "r.xlsx"
    assert cli("search", "report", filled.folder, terms, "--xlsx", out).code == 0
    assert out.is_file()
    terms.write_text("# nothing\n")
    assert cli("search", "report", filled.folder, terms).code == 2


def test_values_of_fields_are_counted(cli: Cli, filled: Case) -> None:
    cli("index", filled.folder, "--words-only")
    told = {line["field"]: line for line in cli("search", "facets", filled.folder, "--json").lines}
    assert {v["value"]: v["count"] for v in told["kind"]["values"]}["exchange"] == 2
    assert told["model"]["values"][0]["query"] == "model:aurora-4"
    plain = cli("search", "facets", filled.folder, "because", "--field", "model", "--limit", 1)
    assert plain.out.split() == ["model", "1", "aurora-4", "and", "1", "more"]
    assert cli("search", "facets", filled.folder, "--field", "colour").code == 2


def test_searches_are_recorded_on_request_and_done_again(cli: Cli, filled: Case) -> None:
    cli("index", filled.folder, "--words-only")
    cli("search", filled.folder, "because")
    assert cli("search", "history", filled.folder).out == ""
    cli("search", filled.folder, "because", "--record")
    told = cli("search", "history", filled.folder, "--again", "--json").json
    assert (told["query"], told["hits"], told["now"], told["received_since"]) == (
        "because",
        2,
        2,
        0,
    )
    assert cli("search", "annotate", filled.folder, told["act"], "agreed").code == 0
    assert "agreed" in cli("search", "history", filled.folder, "--again").out


def test_two_items_are_compared_and_judged(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    assert cli("similar", folder).out == "No pair has been judged.\n"
    made = cli("similar", folder, 1, 2, "unsure")
    assert (made.code, made.out) == (0, "Items 1 and 2 judged: unsure\n")
    listed = cli("similar", folder, "--json").json
    assert {k: listed[k] for k in ("item", "other", "verdict", "disputed")} == {
        "item": 1, "other": 2, "verdict": "unsure", "disputed": False
    }  # fmt: skip
    assert "unsure" in cli("similar", folder).out
    compared = cli("similar", folder, 1, 2)
    assert "0 words shared" in compared.err
    assert cli("similar", folder, 4, 5, "--json").json["runs"] == []
    cli("similar", folder, 1, 2, "none")
    assert cli("similar", folder, 1, 2, "none").code == 2
    assert cli("similar", folder, "--json").lines == []


def test_a_saved_search_is_listed_and_stands_inside_another(cli: Cli, filled: Case) -> None:
    cli("index", filled.folder, "--words-only")
    assert cli("search", "saved", filled.folder).out == "No search is saved.\n"
    saved = cli("search", "save", filled.folder, "why", "because")
    assert (saved.code, saved.out) == (0, "Search “why” saved\n")
    assert cli("search", "save", filled.folder, "bad", "(because").code == 2
    (told,) = cli("search", "saved", filled.folder, "--json").lines
    assert (told["v"], told["name"], told["query"], told["mode"]) == (1, "why", "because", "words")
    found = cli("search", filled.folder, "saved:why model:aurora-4", "--json")
    assert [hit["id"] for hit in found.lines] == [1]
    missing = cli("search", filled.folder, "saved:what")
    assert (missing.code, "no saved search “what”" in missing.err) == (2, True)


def test_what_can_be_written_next(cli: Cli, filled: Case) -> None:
    cli("index", filled.folder, "--words-only")
    told = cli("search", "complete", filled.folder, "because model:mer", "--json").lines
    assert [(line["text"], line["sort"]) for line in told] == [
        ("because model:meridian-7b", "value")
    ]
    assert told[0]["count"] == len(
        cli("search", filled.folder, "model:meridian-7b", "--json").lines
    )
    assert "model:" in cli("search", "complete", filled.folder, "--limit", 99).out
