from __future__ import annotations

from pathlib import Path

import pytest

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_another_examiner_checks_what_one_redacted(
    filled: Case, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder: Path = filled.folder
    assert "0 redactions, 0 not approved; they need not be" in cli("check", folder).out
    cli("redact", folder, "1", "2", "--part", "prompt", "--from", "0", "--to", "2")
    cli("redact", folder, "1", "--part", "prompt", "--from", "0", "--to", "2")
    cli("pseudonym", folder, "give", "org_4471")
    assert cli("matter", folder, "set", "--redaction-review", "second").code == 0
    assert cli("check", folder, "approve", "--all").out == "0 redactions approved\n"
    assert cli("check", folder, "approve", "1").code == 2
    monkeypatch.setenv("CASEKIT_EXAMINER", "Second Examiner")
    assert (
        cli("check", folder, "reject", "1", "--reason", "too little").out
        == "1 redaction rejected\n"
    )
    shown = cli("check", folder).out
    assert "rejected by Second Examiner on " in shown
    assert "2 redactions, 2 not approved; they must be checked" in shown
    assert cli("check", folder, "approve", "--all").out == "1 redaction approved\n"
    listed = cli("check", folder, "--json").json
    assert listed["needed"] is True
    assert [(r["ref"], r["state"], r["by"], r["reason"]) for r in listed["redactions"]] == [
        ("1", "rejected", "Second Examiner", "too little"),
        ("pseudonym:1", "approved", "Second Examiner", ""),
    ]
    assert len(cli("check", folder, "--waiting", "--json").json["redactions"]) == 1
    assert cli("undo", folder).code == 0
    assert cli("check", folder, "approve", "1", "--reason", "right after all").code == 0
    for words in (
        ("approve",),
        ("approve", "1", "--all"),
        ("approve", "9"),
        ("reject", "9", "--reason", "x"),
    ):
        assert cli("check", folder, *words).code == 2
