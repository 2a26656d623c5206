import platform

import casekit
from casekit.dossier.sections import record
from casekit.dossier.sheet import Facts, Grid
from casekit.dossier.wording import wording

WORDS = wording("neutral")


def test_the_versions_are_those_that_are_installed() -> None:
    import reportlab

    (grid,) = (block for block in record.versions(WORDS) if isinstance(block, Grid))
    found = dict(grid.rows)
    assert found["CaseKit"] == casekit.__version__
    assert found["CPython"] == platform.python_version()
    assert found["reportlab"] == reportlab.__version__
    assert set(record.TOOLS) <= set(found)
    assert record.versions(WORDS) == record.versions(WORDS)


def test_the_glossary_is_in_order_and_every_term_is_told_once() -> None:
    (table,) = record.glossary(WORDS)
    assert isinstance(table, Facts)
    terms = [row.label for row in table.rows]
    assert terms[0] == "Account"
    assert terms[-1] == "≈"
    assert terms[:-1] == sorted(terms[:-1], key=str.casefold)
    assert len(set(terms)) == len(terms)
    assert all(row.value.endswith(".") for row in table.rows)


def test_a_term_of_the_users_is_added_or_takes_the_place_of_ours() -> None:
    (before,) = record.glossary(WORDS)
    (table,) = record.glossary(WORDS, {" account ": "A login.", "Teacher": "The source."})
    assert isinstance(table, Facts)
    assert isinstance(before, Facts)
    rows = {row.label: row.value for row in table.rows}
    assert (rows["account"], rows["Teacher"]) == ("A login.", "The source.")
    assert "Account" not in rows
    assert len(table.rows) == len(before.rows) + 1
