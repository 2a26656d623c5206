from collections.abc import Iterator

from casekit.dossier.charts import Piles, Raster, Template
from casekit.dossier.plan import plan
from casekit.dossier.sheet import Block, Facts, Grid, Remark, Subhead
from casekit.dossier.spec import USUAL, DossierSpec
from casekit.ops import findings
from casekit.store.case import Case
from tests.dossier import usage_body
from tests.dossier.builders import Builder, log_record

NAMED = ["acct_one", "acct_two", "acct_three"]


def blocks(case: Case, body: dict, spec: DossierSpec | None = None) -> tuple[Block, ...]:  # type: ignore[type-arg]
    with case.write() as s:
        findings.add_finding(s, "usage", "Usage of the log", body)
    with case.read() as s:
        return plan(s, spec).findings[-1].blocks


def facts(made: tuple[Block, ...]) -> dict[str, str]:
    return {row.label: row.value for b in made if isinstance(b, Facts) for row in b.rows}


def texts(made: tuple[Block, ...]) -> Iterator[str]:
    yield from (b.text for b in made if isinstance(b, Remark | Subhead))


def test_every_analytic_is_printed_with_question_control_counts_and_both_readings(
    case: Case,
) -> None:
    made = blocks(case, usage_body.body(NAMED))
    heads = [text for text in texts(made) if text[:1] == "A" and text[1:2].isdigit()]
    assert heads == [
        "A1  Infrastructure", "A7  Reasoning elicitation", "A10  Release pivot", "A11  Retries",
        "A12  Synchrony", "A16  Volume and value",
    ]  # fmt: skip
    at = next(n for n, b in enumerate(made) if isinstance(b, Subhead) and b.text.startswith("A7"))
    table, grid = made[at + 1], made[at + 2]
    assert isinstance(table, Facts)
    assert isinstance(grid, Grid)
    assert {row.label: row.value for row in table.rows} == {
        "Question": "How large is the share of prompts that ask for steps of reasoning?",
        "Result": "Group 1 asks for reasoning.",
        "Consistent with": "collection",
        "Innocent reading": "Teachers ask for it.",
        "Accounts": "3 of the 3 named; 1 other account shows it and is not named",
    }
    what = "Share of prompts that ask for reasoning"
    assert grid.rows == ((what, "1", "4", "0.75", "50", "0.051", "0.0001", "0.0004"),)
    assert any("Of the 1 other groups tested 0 reach" in text for text in texts(made))
    assert facts(made)["Computed again by"] == "casekit finding rerun CASE 1"
    assert not any("no error rate can be given" in text for text in texts(made))


def test_queries_are_printed_where_the_method_is_stated(case: Case) -> None:
    made = blocks(case, usage_body.body(NAMED))
    assert "A7 reasoning" not in facts(made)
    assert any("(SHA-256 of all in order: " in text for text in texts(made))
    stated = blocks(case, usage_body.body(NAMED), DossierSpec(sections=(*USUAL, "method")))
    assert facts(stated)["A7 reasoning"] == 'SELECT "account" FROM "log"'


def test_named_accounts_have_their_exact_counts_and_others_no_name(case: Case) -> None:
    made = blocks(case, usage_body.body(NAMED))
    grid = next(b for b in made if isinstance(b, Grid) and b.columns[0].title == "Account")
    assert grid.rows[0] == (
        "acct_one",
        "1",
        "20",
        "12",
        "A7 reasoning: 9 of 10, corrected p 0.0100",
    )
    assert "acct_ordinary" not in str(made)
    assert "sk-secret-1234" not in str(made)
    raster = next(b for b in made if isinstance(b, Raster) and "BY ACCOUNT AND TIME" in b.heading)
    assert [row.name for row in raster.rows] == [
        "Group 1, 4 accounts", *NAMED, "account 4",
        "Matched controls: 2 accounts of no group with as many requests", "control 1", "control 2",
    ]  # fmt: skip


def test_templates_show_their_blanks_and_where_they_can_be_read(case: Case, built: Builder) -> None:
    ids = built.add("log.jsonl", log_record(1), log_record(2))
    built.exhibit(ids[0], "B-1")
    made = blocks(case, usage_body.body(NAMED, ids))
    (card,) = (b for b in made if isinstance(b, Template))
    assert card.slots == (("{1}", "9 of 40", "tides · rent"),)
    assert card.note == (
        "40 requests by 3 accounts in 21 wordings, numbers left out. "
        f"Examples: Exhibit B-1, item {ids[1]} of the case."
    )


def test_value_is_printed_with_its_table_and_what_is_counted_apart(case: Case) -> None:
    made = blocks(case, usage_body.body(NAMED))
    grid = next(b for b in made if isinstance(b, Grid) and b.heading.startswith("BY ROW OF"))
    assert grid.rows == (
        ("aurora-4", "2025-10-01 – still", "https://aurora.example/prices · 2025-10-01", "890", "12.34 USD"),
    )  # fmt: skip
    said = next(text for text in texts(made) if "prices.csv" in text)
    assert "cd" * 32 in said
    assert "not a measure of loss" in said
    assert facts(made)["Counted apart"] == "10 have no time that can be relied on\naurora-5: 3"
    assert any(isinstance(b, Piles) for b in made)


def test_a_finding_without_plots_or_names_prints_sensibly(case: Case) -> None:
    body = usage_body.body([])
    del body["plots"]
    body["groups"][0] |= {"named": 0, "not_named_because": "4 accounts are too few", "scripts": []}
    made = blocks(case, body)
    assert "No account is named." in list(texts(made))
    assert facts(made)["Outcome"] == "Nobody is named: 4 accounts are too few"
    assert not any(isinstance(b, Raster | Piles) for b in made)


def test_a_finding_with_next_to_nothing_prints(case: Case) -> None:
    made = blocks(case, {"result": {"exchanges": 3}, "groups": [], "analytics": []})
    assert facts(made)["Exchanges of the log"] == "3"
