from __future__ import annotations

from pathlib import Path

import pytest

from casekit.store.case import Case
from tests.builders import file_items, make_item
from tests.cli.conftest import Cli
from tests.protocol_server import Server

APPROVED = ("--protocol", "anthropic", "--model", "r1", "--role", "subject", "--terms", "1", "--account-holder",
            "Aurora", "--terms-accepted", "yes", "--counsel", "J. H.", "--operator", "T. O.")  # fmt: skip


def test_a_set_is_designed_estimated_approved_and_asked(
    cli: Cli, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIT_API_KEY", "sk-quokka-77\n")
    file_items(case, [make_item("Terms")], tmp_path)
    (tmp_path / "list.txt").write_text("Why is the sky blue?\nName three rivers.\n")
    made = cli("collect", case.folder, "design", "first", "--question", "Q?", "--from", tmp_path / "list.txt",
               "--samples", "1", "--json").json  # fmt: skip
    assert (made["prompts"], made["candidates"], len(made["sha256"])) == (2, 2, 64)
    priced = cli("collect", case.folder, "estimate", "first", "--price-input", "1", "--price-output", "1000",
                 "--json").json  # fmt: skip
    assert (priced["questions"], priced["output_tokens"], priced["cost"]) == (2, 2048, "2.05")
    refused = cli("collect", case.folder, "run", "first", "--model", "r1")
    assert (refused.code, "Nobody has approved" in refused.err) == (2, True)
    assert (
        cli("collect", case.folder, "approve", "first", "--url", "http://x.example", *APPROVED).code
        == 2
    )
    with Server() as there:
        assert (
            cli("collect", case.folder, "approve", "first", "--url", there.url, *APPROVED).code == 0
        )
        done = cli("collect", case.folder, "run", "first", "--model", "r1", "--json").json
    assert (done["asked"], done["left"], done["states"], done["stopped"]) == (
        2,
        0,
        {"answered": 2},
        "",
    )
    assert {headers["x-api-key"] for _, headers, _ in there.seen} == {"sk-quokka-77"}
    shown = cli("collect", case.folder, "show", "first", "--prompts").out
    assert "r1 (subject) at http://127.0.0.1" in shown
    assert "Name three rivers." in shown
    assert "operator T. O." in shown
    assert cli("collect", case.folder, "--json").json["models"] == ["r1"]
