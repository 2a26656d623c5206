from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_terms_from_first_to_last(cli: Cli, filled: Case) -> None:
    case = filled.folder
    cli("terms", case, "add", "Terms of Service", "--party", "Aurora")
    cli("terms", case, "version", 1, 5, "--label", "2025", "--from", "2025-10-01")
    cli("terms", case, "version", 1, 4, "--label", "2026", "--from", "2026-02-01")
    cli("terms", case, "clause", 1, "2(c)", "body", 0, 3)
    cli("terms", case, "evidence", 1, "acceptance", 3, "--on", "2025-12-01", "--account", "acct_1")
    shown = cli("terms", case).out
    assert "1  2025: item 5, 2025-10-01 – until the next UTC" in shown
    assert "acceptance 2025-12-01, acct_1: item 3" in shown
    told = cli("terms", case, "at", "2026-01-14", "--account", "acct_1").out
    assert told == (
        "Terms of Service: 2025, item 5\n   evidence of notice: none\n"
        "   evidence of acceptance: item 3, 2025-12-01\n"
    )
    made = cli("terms", case, "at", "2026-03", "--json").json
    assert (made["version"]["label"], made["acceptances"]) == ("2026", [])
    assert "none published" in cli("terms", case, "at", "2024").out
    assert [v["id"] for v in cli("terms", case, "--json").json["versions"]] == [1, 2]
    assert "is no date" in cli("terms", case, "at", "soon").err
    cli("terms", case, "change", 2, "--label", "2027", "--from", "2027")
    cli("terms", case, "remove", "evidence", 1)
    cli("terms", case, "remove", "clause", 1)
    shown = cli("terms", case).out
    assert "2  2027: item 4, 2027 – open UTC" in shown
    assert "acceptance" not in shown
    assert "clauses" not in shown
    assert "no document 4" in cli("terms", case, "remove", "document", 4).err
